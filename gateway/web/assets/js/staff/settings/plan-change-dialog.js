/** Another plan: first what it would do, in words; then the change. */

import { html, useEffect, useState } from '../../../vendor/preact.js';
import { explain, get, put } from '../../core/api.js';
import { _, listOf, ngettext } from '../../core/texts.js';
import { Dialog } from '../../parts/dialog.js';
import { Icon } from '../../parts/icons.js';
import { Failed, Loading } from '../../parts/states.js';
import { toast } from '../../parts/toasts.js';

/** @param {{ plan: Plan, onClose: () => void }} props */
export function PlanChangeDialog({ plan, onClose }) {
  const [preview, setPreview] = useState(/** @type {PlanPreview | null} */ (null));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const look = () => {
    setProblem('');
    get(`/api/plan/preview?plan=${encodeURIComponent(plan.name)}&policy_version=${plan.policy_version}`).then(setPreview, (error) => setProblem(explain(error)));
  };
  useEffect(look, []);
  const change = async () => {
    setBusy(true);
    try {
      await put('/api/plan', { plan: plan.name, policy_version: plan.policy_version });
      toast(_('Your plan is {plan} now.', { plan: plan.name }));
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${_('Change to {plan}', { plan: plan.name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Keep what you have')}</button>
      <button type="button" class="button primary" disabled=${!preview || busy} onClick=${change}>${_('Change the plan')}</button>`}>
      ${problem && html`<${Failed} text=${problem} onRetry=${preview ? undefined : look} />`}
      ${!preview && !problem && html`<${Loading} />`}
      ${preview && html`
        <p>${_('From {now} to {then}. This is what would change:', { now: preview.plan_now.name, then: preview.plan_then.name })}</p>
        <ul class="consequences">${consequences(preview).map(({ kind, text }) => html`
          <li class=${kind}><${Icon} name=${SIGNS[kind]} /><p>${text}</p></li>`)}</ul>
        <p class="quiet">${_('Nothing is deleted, and you can change back at any time.')}</p>`}
    <//>
  `;
}

/** @type {Record<string, string>} */
const SIGNS = { warn: 'warning', gain: 'check', lose: 'minus', calm: 'help' };

/** What the change would do, worst first. @param {PlanPreview} preview @returns {{ kind: 'warn' | 'gain' | 'lose' | 'calm', text: string }[]} */
export function consequences(preview) {
  const { rooms_suspended: suspended, rooms_restored: restored, gained, lost, plan_now: now, plan_then: then } = preview;
  /** @type {{ kind: 'warn' | 'gain' | 'lose' | 'calm', text: string }[]} */
  const said = [];
  if (suspended.length) {
    const names = listOf(suspended.map((room) => room.name));
    said.push({ kind: 'warn', text: `${ngettext('{n} room would be over the limit: {names}.', '{n} rooms would be over the limit: {names}.', suspended.length, { names })} ${_('Suspended, newest first: nobody enters them until you upgrade, then they come back.')}` });
    const busy = suspended.filter((room) => room.in_call > 0);
    if (busy.length) said.push({ kind: 'calm', text: _('A call is going on in {names}. It goes on to its end.', { names: listOf(busy.map((room) => room.name)) }) });
  }
  if (restored.length) said.push({ kind: 'gain', text: ngettext('{n} suspended room comes back: {names}.', '{n} suspended rooms come back: {names}.', restored.length, { names: listOf(restored.map((room) => room.name)) }) });
  if (now.meeting_rooms !== then.meeting_rooms) said.push({ kind: isMore(now, then) ? 'gain' : 'lose', text: then.meeting_rooms === null ? _('As many Meeting Rooms as you like.') : ngettext('At most {n} Meeting Room.', 'At most {n} Meeting Rooms.', then.meeting_rooms) });
  for (const name of gained) said.push({ kind: 'gain', text: gainedWords()[name] ?? name });
  for (const name of lost) said.push({ kind: 'lose', text: lostWords()[name] ?? name });
  if (!said.length) said.push({ kind: 'calm', text: _('Nothing changes for your rooms.') });
  return said;
}

/** @param {Plan} now @param {Plan} then */
const isMore = (now, then) => then.meeting_rooms === null || (now.meeting_rooms !== null && then.meeting_rooms > now.meeting_rooms);

/** @returns {Record<string, string>} */
const gainedWords = () => ({ meeting_rooms_renamed: _('Meeting Rooms can be renamed at any time.'), waiting_area: _('Each clinic gets its Waiting Area.') });

/** @returns {Record<string, string>} */
const lostWords = () => ({ meeting_rooms_renamed: _('Meeting Rooms keep the names they have.'), waiting_area: _('There is no Waiting Area any more; each room keeps its Waiting Room.') });
