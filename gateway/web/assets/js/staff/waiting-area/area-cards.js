/** The Waiting Areas that the member sees: whether each is open, how many wait, its link, and suspending it. */

import { html, useState } from '../../../vendor/preact.js';
import { explain, post } from '../../core/api.js';
import { followLink } from '../../core/route.js';
import { _, ngettext } from '../../core/texts.js';
import { Count } from '../../parts/badge.js';
import { CopyButton } from '../../parts/copy.js';
import { Icon } from '../../parts/icons.js';
import { toast } from '../../parts/toasts.js';
import { useApp } from '../context.js';
import { AreaState, areaAddress } from './area-state.js';
import { SuspendDialog } from './suspend-dialog.js';

/** Of all areas together the server shows so many, from the front. */
export const MOST_SHOWN = 100;

/** @param {{ areas: WaitingArea[], callers: Caller[] }} props */
export function AreaCards({ areas, callers }) {
  const { acceptNext, me } = useApp();
  const [suspending, setSuspending] = useState(/** @type {WaitingArea | null} */ (null));
  const runs = ['owner', 'admin'].includes(me.member.role);
  if (!areas.length) {
    if (!me.entitlements.plan.waiting_area) return null;
    return html`<p class="notice"><${Icon} name="help" /><span>${runs ? _('None of your clinics has a Waiting Area yet.') : _('Your clinics have no Waiting Area yet. Ask whoever runs your organisation’s account.')} ${runs && html`<a href="/settings/waiting-areas" onClick=${followLink}>${_('Make one')}</a>`}</span></p>`;
  }
  return html`
    <ul class="area-cards">${areas.map((area) => {
      const shown = callers.filter((caller) => caller.area_id === area.id && !caller.room_id).length;
      // of a long queue only the front is shown
      const waiting = shown >= MOST_SHOWN ? Math.max(shown, area.waiting) : shown;
      return html`
        <li key=${area.id} class="card area-card">
          <div class="area-text"><h2>${area.name} <${Count} value=${waiting} kind="waiting" label=${ngettext('{n} person waits', '{n} people wait', waiting)} /></h2>
            <p><${AreaState} area=${area} /></p></div>
          <div class="area-actions">
            ${waiting > 0 && html`<button type="button" class="button primary small" aria-label=${_('Accept the next of {name}', { name: area.name })} onClick=${() => acceptNext({ area_id: area.id })}>${_('Accept the next')}</button>`}
            <${CopyButton} text=${areaAddress(area)} label=${_('Copy the link')} class="button small" />
            ${area.may_suspend && area.in_plan && (area.suspended
              ? html`<button type="button" class="button small" aria-label=${_('Open {name} again', { name: area.name })} onClick=${() => resume(area)}>${_('Open again')}</button>`
              : html`<button type="button" class="button small" aria-label=${_('Suspend {name}', { name: area.name })} onClick=${() => setSuspending(area)}>${_('Suspend')}</button>`)}
            ${area.may_change && html`<a class="button quiet square small" href=${`/settings/waiting-areas/${area.id}`} aria-label=${_('Settings of {name}', { name: area.name })} onClick=${followLink}><${Icon} name="gear" /></a>`}
          </div>
        </li>`;
    })}</ul>
    ${suspending && html`<${SuspendDialog} area=${suspending} onClose=${() => setSuspending(null)} />`}
  `;
}

/** The live connection brings what became of it. @param {WaitingArea} area */
const resume = (area) => post(`/api/waiting-areas/${area.id}/resume`).then(
  () => toast(_('{name} takes people again.', { name: area.name })),
  (error) => toast(explain(error), { kind: 'problem' }),
);
