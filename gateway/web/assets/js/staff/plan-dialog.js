/** Which plan this is and what it includes; and what to say where a plan does not include something. */

import { html } from '../../vendor/preact.js';
import { Refusal } from '../core/api.js';
import { _, ngettext, number } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { useApp } from './context.js';

/** @param {Plan} plan @param {number} used */
export function roomsText(plan, used) {
  if (plan.meeting_rooms === null) return _('{used} Meeting Rooms of as many as you like', { used: number(used) });
  return ngettext('{used} of {n} Meeting Room', '{used} of {n} Meeting Rooms', plan.meeting_rooms, { used: number(used) });
}

/** @param {{ onClose: () => void }} props */
export function PlanDialog({ onClose }) {
  const { plan } = useApp().me.entitlements;
  return html`<${Dialog} title=${_('Your plan: {plan}', { plan: plan.name })} onClose=${onClose}><${PlanFacts} /><//>`;
}

export function PlanFacts() {
  const { plan, meeting_rooms_used: used } = useApp().me.entitlements;
  const aliases = plan.aliases.filter((alias) => alias !== plan.name).join(', ');
  return html`
    ${aliases && html`<p class="quiet">${_('also called {names}', { names: aliases })}</p>`}
    <dl class="facts">
      <div><dt>${_('Meeting Rooms')}</dt><dd>${roomsText(plan, used)}
        ${plan.meeting_rooms !== null && html`<meter min="0" max=${plan.meeting_rooms} value=${used} aria-label=${_('Meeting Rooms in use')}></meter>`}</dd></div>
      <div><dt>${_('Names of Meeting Rooms')}</dt><dd>${plan.meeting_rooms_renamed ? _('can be changed at any time') : _('are fixed on this plan')}</dd></div>
      <div><dt>${_('Waiting Area')}</dt><dd>${plan.waiting_area ? _('included') : _('not included; Premium has it')}</dd></div>
      <div><dt>${_('Send Invitation')}</dt><dd>${_('included, as on every plan')}</dd></div>
    </dl>
  `;
}

/** A plan's refusal in words: what it has, what is used, and which plan would allow it. @param {unknown} error @returns {string | null} */
export function limitText(error) {
  if (!(error instanceof Refusal) || error.problem.allowed === undefined) return null;
  const { plan, used, allowed, allowed_by: better } = error.problem;
  const has = _('{plan} has {allowed}, and {used} are in use.', { plan, allowed: allowed ?? '∞', used });
  return better ? `${has} ${_('{plan} would allow it.', { plan: better })}` : has;
}
