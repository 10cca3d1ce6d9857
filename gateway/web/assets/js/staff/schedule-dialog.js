/** Books a time as a Scheduled Session, with or without inviting somebody to it. */

import { html, useState } from '../../vendor/preact.js';
import { Refusal, explain, post } from '../core/api.js';
import { topicOf, useLive } from '../core/hooks.js';
import { _ } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { Failed } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { useApp } from './context.js';
import { GuestRoles, rolesToSend } from './guest-roles.js';
import { MailPreview } from './mail-preview.js';
import { reasonText } from './recipient-reasons.js';
import { RecipientsField, channelsOf, recipientsText } from './recipients-field.js';
import { NEVER, RepeatsField, recurrenceOf } from './repeats-field.js';
import { RoomSelect } from './room-select.js';
import { useRooms } from './rooms.js';
import { TimeFields, firstTime, plannedOf } from './time-fields.js';

/** @typedef {import('./recipients-field.js').Chip} Chip */

/** @param {{ room?: Room, onClose: () => void }} props */
export function ScheduleDialog({ room, onClose }) {
  const { me } = useApp();
  const live = useLive();
  const { own, all } = useRooms();
  const [roomId, setRoomId] = useState(room?.id ?? own?.id ?? all[0]?.id ?? '');
  const [chips, setChips] = useState(/** @type {Chip[]} */ ([]));
  const [typed, setTyped] = useState('');
  const [roles, setRoles] = useState(/** @type {import('./guest-roles.js').Roles} */ ({}));
  const [title, setTitle] = useState('');
  const [time, setTime] = useState(() => firstTime(me.organisation.zone));
  const [repeats, setRepeats] = useState(NEVER);
  const [problem, setProblem] = useState('');
  const [taken, setTaken] = useState(false);
  const [busy, setBusy] = useState(false);
  const recipients = recipientsText(chips, typed);

  const recurrence = recurrenceOf(repeats, time);
  const message = _('I would like to invite you to a call with {name}.', { name: me.member.name });

  const book = async (/** @type {{ override?: boolean, leave_out?: boolean }} */ anyway = {}) => {
    setBusy(true);
    setProblem('');
    setTaken(false);
    try {
      const planned = { planned: plannedOf(time), recurrence, ...anyway };
      if (recipients) {
        const answer = await post('/api/invitations', { room_id: roomId, recipients, roles: rolesToSend(chips, roles), title, message, ...planned });
        const bad = answer.verdicts.filter((/** @type {Verdict} */ verdict) => !verdict.accepted);
        if (!answer.invitation) throw new Refusal({ status: 422, detail: bad.map((/** @type {Verdict} */ one) => `${one.entry}: ${reasonText(one.reason)}`).join(' ') });
        if (bad.length) toast(_('Not invited: {entries}', { entries: bad.map((/** @type {Verdict} */ one) => one.entry).join(', ') }), { kind: 'problem' });
      } else {
        const session = await post('/api/sessions', { room_id: roomId, title, ...planned });
        topicOf(live, 'sessions').note(`session/${session.id}`, session);
      }
      toast(recurrence ? _('The sessions are booked.') : _('The session is booked.'));
      onClose();
    } catch (error) {
      setTaken(error instanceof Refusal && Array.isArray(error.problem.conflicts));
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} name="schedule" title=${_('Schedule a consultation for later')} wide=${true} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      ${taken && recurrence && html`<button type="button" class="button" onClick=${() => book({ leave_out: true })}>${_('Leave these dates out')}</button>`}
      ${taken && html`<button type="button" class="button danger" onClick=${() => book({ override: true })}>${_('Book it all the same')}</button>`}
      <button type="submit" form="schedule" class="button primary" disabled=${busy}>${recurrence ? _('Book the sessions') : _('Book the session')}</button>`}>
      <form id="schedule" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void book(); }}>
        ${problem && html`<${Failed} text=${problem} />`}
        <div class="field">
          <label for="session-title">${_('Title')}</label>
          <input id="session-title" autofocus maxlength="120" value=${title} placeholder=${_('e.g. My first call')} onInput=${(/** @type {any} */ event) => setTitle(event.target.value)} />
        </div>
        <${RoomSelect} value=${roomId} onChange=${setRoomId} />
        <${TimeFields} value=${time} onChange=${setTime} />
        <${RepeatsField} value=${repeats} onChange=${setRepeats} time=${time} roomId=${roomId} />
        <${RecipientsField} chips=${chips} setChips=${setChips} typed=${typed} setTyped=${setTyped} optional=${true} />
        <${GuestRoles} chips=${chips} roles=${roles} setRoles=${setRoles} />
        ${chips.length > 0 && html`<${MailPreview} roomId=${roomId} title=${title} message=${message} planned=${plannedOf(time)} recurrence=${recurrence} channels=${channelsOf(chips)} />`}
      </form>
    <//>
  `;
}
