/** Removing a room, asked twice where people are inside; and handing over the User Room of a member who is gone. */

import { html, useState } from '../../../../vendor/preact.js';
import { Refusal, explain, post, remove } from '../../../core/api.js';
import { _, ngettext } from '../../../core/texts.js';
import { Dialog } from '../../../parts/dialog.js';
import { Icon } from '../../../parts/icons.js';
import { Failed } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { MemberPicker } from '../../member-picker.js';

const HOSTS = ['owner', 'admin', 'provider', 'coordinator'];

/** @param {{ room: Room, onClose: () => void }} props */
export function RemoveRoomDialog({ room, onClose }) {
  const [inside, setInside] = useState(/** @type {{ waiting: number, in_call: number } | null} */ (null));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      await remove(`/api/rooms/${room.id}${inside ? '?confirm=true' : ''}`);
      toast(_('{room} was removed.', { room: room.name }));
      return onClose();
    } catch (error) {
      if (error instanceof Refusal && error.status === 409 && error.problem.in_call !== undefined && !inside) setInside(/** @type {any} */ (error.problem));
      else setProblem(explain(error));
    }
    setBusy(false);
  };
  return html`
    <${Dialog} title=${inside ? _('People are inside. Remove {room} all the same?', { room: room.name }) : _('Remove {room}?', { room: room.name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Keep the room')}</button>
      <button type="button" class="button danger" disabled=${busy} onClick=${go}>${inside ? _('Remove it and put everybody out') : _('Remove the room')}</button>`}>
      ${problem && html`<${Failed} text=${problem} />`}
      ${inside
        ? html`<div class="notice danger" role="alert"><${Icon} name="warning" /><p>${insideWords(inside)} ${_('They are put out at once.')}</p></div>`
        : html`<p>${_('Its link stops at once, and its settings are gone. This cannot be undone.')}</p>
            ${room.kind === 'meeting' && html`<p class="quiet">${_('Its place in your plan is free for another Meeting Room.')}</p>`}`}
    <//>
  `;
}

/** @param {{ waiting: number, in_call: number }} inside */
function insideWords({ waiting, in_call: inCall }) {
  const parts = [
    inCall ? ngettext('{n} person is in the call.', '{n} people are in the call.', inCall) : '',
    waiting ? ngettext('{n} person is waiting.', '{n} people are waiting.', waiting) : '',
  ];
  return parts.filter(Boolean).join(' ');
}

/** @param {{ room: Room, onClose: () => void }} props */
export function HandOverDialog({ room, onClose }) {
  const [memberId, setMemberId] = useState('');
  const [problem, setProblem] = useState('');
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await post(`/api/rooms/${room.id}/owner`, { member_id: memberId });
      toast(_('{room} has a new host.', { room: room.name }));
      onClose();
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return html`
    <${Dialog} title=${_('Hand over {room}', { room: room.name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="hand-over" class="button primary" disabled=${!memberId}>${_('Hand over')}</button>`}>
      <form id="hand-over" onSubmit=${save}>
        ${problem && html`<${Failed} text=${problem} />`}
        <p>${_('Its member was removed. Whoever gets it hosts in it from now on, beside their own room; its link and name stay.')}</p>
        <${MemberPicker} id="new-host" label=${_('New host')} wanted=${{ state: 'active' }} may=${(/** @type {Member} */ { role }) => HOSTS.includes(role)} choose=${setMemberId} />
      </form>
    <//>
  `;
}
