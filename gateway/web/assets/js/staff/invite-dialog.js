/** Send Invitation: to whom, for which room, with which words, and whether at a specific time. One dialog, from everywhere. */

import { html, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { _, ngettext } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icons.js';
import { Empty, Failed } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { useApp } from './context.js';
import { GuestRoles, rolesToSend } from './guest-roles.js';
import { MailPreview } from './mail-preview.js';
import { limitText } from './plan-dialog.js';
import { reasonText } from './recipient-reasons.js';
import { RecipientsField, channelsOf, chipsOf, recipientsText } from './recipients-field.js';
import { RoomSelect } from './room-select.js';
import { useRooms } from './rooms.js';
import { TimeFields, firstTime, plannedOf } from './time-fields.js';

/** @typedef {import('./recipients-field.js').Chip} Chip */

/** @param {{ room?: Room, onClose: () => void }} props */
export function InviteDialog({ room, onClose }) {
  const { me } = useApp();
  const { own, all } = useRooms();
  const [roomId, setRoomId] = useState(room?.id ?? own?.id ?? all[0]?.id ?? '');
  const [chips, setChips] = useState(/** @type {Chip[]} */ ([]));
  const [typed, setTyped] = useState('');
  const [roles, setRoles] = useState(/** @type {import('./guest-roles.js').Roles} */ ({}));
  const [title, setTitle] = useState('');
  const [message, setMessage] = useState(() => _('I would like to invite you to a call with {name}.', { name: me.member.name }));
  const [timed, setTimed] = useState(false);
  const [time, setTime] = useState(() => firstTime(me.organisation.zone));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState(/** @type {SentInvitation | null} */ (null));
  const recipients = recipientsText(chips, typed);

  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!recipients) return setProblem(_('Say who is invited.'));
    setBusy(true);
    setProblem('');
    try {
      const answer = await post('/api/invitations', { room_id: roomId, recipients, roles: rolesToSend(chips, roles), title, message, planned: timed ? plannedOf(time) : null });
      const bad = answer.verdicts.filter((/** @type {Verdict} */ verdict) => !verdict.accepted);
      if (answer.invitation && !bad.length) {
        const count = answer.invitation.recipients.length;
        toast(ngettext('The invitation is on its way to {n} person.', 'The invitation is on its way to {n} people.', count));
        return onClose();
      }
      setSent(answer);
    } catch (error) {
      setProblem(limitText(error) ?? explain(error));
    }
    setBusy(false);
  };
  const again = () => {
    setChips(() => chipsOf((sent?.verdicts ?? []).filter((verdict) => !verdict.accepted)));
    setSent(null);
    setBusy(false);
  };
  if (sent) return html`<${SentDialog} sent=${sent} onAgain=${again} onClose=${onClose} />`;
  return html`
    <${Dialog} name="invite" title=${_('Send Invitation')} wide=${true} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="invite" class="button primary" disabled=${busy}><${Icon} name="send" />${busy ? _('Sending…') : _('Send')}</button>`}>
      <form id="invite" onSubmit=${send}>
        ${problem && html`<${Failed} text=${problem} />`}
        <${RecipientsField} chips=${chips} setChips=${setChips} typed=${typed} setTyped=${setTyped} />
        <${GuestRoles} chips=${chips} roles=${roles} setRoles=${setRoles} />
        ${!room && html`<${RoomSelect} value=${roomId} onChange=${setRoomId} />`}
        <div class="field">
          <label for="invite-title">${_('Title')}</label>
          <input id="invite-title" maxlength="120" value=${title} placeholder=${_('e.g. My first call')} onInput=${(/** @type {any} */ event) => setTitle(event.target.value)} />
        </div>
        <div class="field">
          <label for="invite-message">${_('Message')}</label>
          <textarea id="invite-message" rows="4" maxlength="4000" value=${message} onInput=${(/** @type {any} */ event) => setMessage(event.target.value)}></textarea>
        </div>
        <fieldset class="field segmented">
          <legend>${_('At a specific time?')}</legend>
          <div class="segmented-choices">
            <label><input type="radio" name="timed" checked=${!timed} onChange=${() => setTimed(false)} /><span>${_('No')}</span></label>
            <label><input type="radio" name="timed" checked=${timed} onChange=${() => setTimed(true)} /><span>${_('Yes')}</span></label>
          </div>
        </fieldset>
        ${timed && html`<${TimeFields} value=${time} onChange=${setTime} />`}
        <${MailPreview} roomId=${roomId} title=${title} message=${message} planned=${timed ? plannedOf(time) : null} channels=${channelsOf(chips)} />
      </form>
    <//>
  `;
}

/** What became of each entry where not all could be used. @param {{ sent: SentInvitation, onAgain: () => void, onClose: () => void }} props */
function SentDialog({ sent, onAgain, onClose }) {
  const good = sent.verdicts.filter((verdict) => verdict.accepted);
  return html`
    <${Dialog} title=${sent.invitation ? _('Sent to some') : _('Nothing was sent')} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Done')}</button>
      <button type="button" class="button primary" onClick=${onAgain}>${_('Correct and send')}</button>`}>
      <ul class="verdicts">${sent.verdicts.map((verdict) => html`
        <li key=${verdict.entry} class=${verdict.accepted ? 'good' : 'bad'}><${Icon} name=${verdict.accepted ? 'check' : 'warning'} />
          <span><strong dir="ltr">${verdict.address ?? verdict.entry}</strong><span class="quiet">${verdict.accepted ? _('is being sent') : reasonText(verdict.reason)}</span></span></li>`)}
      </ul>
      ${!good.length && html`<${Empty} icon="send" title=${_('None of the entries can be used')} />`}
    <//>
  `;
}
