/** What became of a session: what was seen, in words, and the correction by somebody who knows better. */

import { html, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { _, clockTime, listOf, ngettext } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { Failed } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { outcomeWords } from './sessions.js';

/** @type {Outcome[]} */
const OUTCOMES = ['completed', 'patient_absent', 'clinician_absent', 'left_without_being_seen', 'technical_failure'];

/** Who came when. @param {SessionOutcome} outcome */
export function evidenceWords({ arrived_at, admitted_at, host_came_at, left_at }) {
  const parts = [arrived_at ? _('arrived {time}', { time: clockTime(arrived_at) }) : _('no guest arrived')];
  if (arrived_at && admitted_at) parts.push(ngettext('let in after {n} minute', 'let in after {n} minutes', minutesBetween(arrived_at, admitted_at)));
  if (arrived_at && !admitted_at && left_at) parts.push(ngettext('waited {n} minute, was not let in', 'waited {n} minutes, was not let in', minutesBetween(arrived_at, left_at)));
  parts.push(host_came_at ? _('host came {time}', { time: clockTime(host_came_at) }) : _('no host came'));
  return listOf(parts);
}

/** @param {string} from @param {string} until */
const minutesBetween = (from, until) => Math.max(0, Math.round((Date.parse(until) - Date.parse(from)) / 60_000));

/** @param {{ session: Session, onClose: () => void }} props */
export function OutcomeDialog({ session, onClose }) {
  const known = /** @type {SessionOutcome} */ (session.outcome);
  const [outcome, setOutcome] = useState(known.outcome);
  const [reason, setReason] = useState(known.correction?.reason ?? '');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await post(`/api/sessions/${session.id}/outcome`, { outcome, reason });
      toast(_('The outcome is corrected.'));
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${_('Correct the outcome')} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="outcome" class="button primary" disabled=${busy}>${_('Save')}</button>`}>
      <form id="outcome" onSubmit=${save}>
        <p>${_('What was seen: {evidence}.', { evidence: evidenceWords(known) })}</p>
        <p class="quiet">${_('By that: {outcome}. It stays in the record beside what you say.', { outcome: outcomeWords(known.by_evidence) })}</p>
        <div class="field"><label for="outcome-value">${_('What became of it')}</label>
          <select id="outcome-value" value=${outcome} onChange=${(/** @type {any} */ event) => setOutcome(event.target.value)}>
            ${OUTCOMES.map((each) => html`<option key=${each} value=${each} selected=${each === outcome}>${outcomeWords(each)}</option>`)}</select></div>
        <div class="field"><label for="outcome-reason">${_('Reason')}</label>
          <textarea id="outcome-reason" rows="3" maxlength="500" required dir="auto" value=${reason} onInput=${(/** @type {any} */ event) => setReason(event.target.value)}></textarea></div>
        ${problem && html`<${Failed} text=${problem} />`}
      </form>
    <//>
  `;
}
