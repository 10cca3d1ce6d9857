/** Moves a Scheduled Session to another time, or gives it another title. Whoever was invited gets a mail that moves their calendar. */

import { html, useState } from '../../vendor/preact.js';
import { Refusal, explain, patch } from '../core/api.js';
import { topicOf, useLive } from '../core/hooks.js';
import { _ } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { Failed } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { ScopeChoice } from './scope-choice.js';
import { TimeFields, plannedOf } from './time-fields.js';

/** `to`: the time that is proposed, where one was chosen already. @param {{ session: Session, to?: { day: string, time: string }, onClose: () => void }} props */
export function MoveDialog({ session, to, onClose }) {
  const live = useLive();
  const { local_start: start, zone, minutes } = session.planned;
  const [title, setTitle] = useState(session.title);
  const [time, setTime] = useState(() => ({ day: start.slice(0, 10), time: start.slice(11), zone, minutes, which: session.planned.which, ...to }));
  const [scope, setScope] = useState(/** @type {import('./scope-choice.js').Scope} */ ('one'));
  const [problem, setProblem] = useState('');
  const [taken, setTaken] = useState(false);
  const [busy, setBusy] = useState(false);

  const move = async (/** @type {{ override?: boolean, leave_out?: boolean }} */ anyway = {}) => {
    setBusy(true);
    setProblem('');
    setTaken(false);
    try {
      const moved = await patch(`/api/sessions/${session.id}`, { title, planned: plannedOf(time), ...anyway, scope, version: session.version });
      topicOf(live, 'sessions').note(`session/${session.id}`, moved);
      toast(session.invitation_id ? _('The session is moved. Whoever was invited gets a mail.') : _('The session is moved.'));
      onClose();
    } catch (error) {
      setTaken(error instanceof Refusal && Array.isArray(error.problem.conflicts));
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} name="move" title=${_('Move this session')} wide=${true} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      ${taken && scope !== 'one' && html`<button type="button" class="button" onClick=${() => move({ leave_out: true })}>${_('Leave these where they are')}</button>`}
      ${taken && html`<button type="button" class="button danger" onClick=${() => move({ override: true })}>${_('Move it all the same')}</button>`}
      <button type="submit" form="move" class="button primary" disabled=${busy}>${_('Move the session')}</button>`}>
      <form id="move" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void move(); }}>
        ${problem && html`<${Failed} text=${problem} />`}
        <${ScopeChoice} session=${session} value=${scope} onChange=${setScope} />
        <div class="field">
          <label for="move-title">${_('Title')}</label>
          <input id="move-title" maxlength="120" value=${title} onInput=${(/** @type {any} */ event) => setTitle(event.target.value)} />
        </div>
        <${TimeFields} value=${time} onChange=${setTime} />
        ${session.invitation_id && html`<p class="quiet">${_('Whoever was invited gets a mail with the new time, and their link stays the same.')}</p>`}
      </form>
    <//>
  `;
}
