/** User Rooms whose member was removed: an owner hands each over to a colleague who has none to lose, or deletes it. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, post, remove } from '../../../core/api.js';
import { topicOf, useLive, useTopic } from '../../../core/hooks.js';
import { _ } from '../../../core/texts.js';
import { Dialog } from '../../../parts/dialog.js';
import { Icon } from '../../../parts/icons.js';
import { Failed } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { useApp } from '../../context.js';
import { MemberPicker } from '../../member-picker.js';

export function OrphanRooms() {
  const { me } = useApp();
  const rooms = /** @type {Room[]} */ (useTopic('rooms').all('room')).filter((room) => room.owner_gone && room.state !== 'removed');
  const [dialog, setDialog] = useState(/** @type {{ kind: 'hand' | 'delete', room: Room } | null} */ (null));
  if (me.member.role !== 'owner') return null;
  const close = () => setDialog(null);
  return html`
    <div role="status">${rooms.map((room) => html`
      <div class="notice orphan" key=${room.id}><${Icon} name="door" />
        <p>${_('The User Room “{room}” has no owner any more: its member was removed.', { room: room.name })}</p>
        <button type="button" class="button small" onClick=${() => setDialog({ kind: 'hand', room })}>${_('Hand over')}</button>
        <button type="button" class="button small" onClick=${() => setDialog({ kind: 'delete', room })}>${_('Delete')}</button></div>`)}</div>
    ${dialog?.kind === 'hand' && html`<${HandOver} room=${dialog.room} onClose=${close} />`}
    ${dialog?.kind === 'delete' && html`<${Delete} room=${dialog.room} onClose=${close} />`}
  `;
}

/** @param {{ room: Room, onClose: () => void }} props */
function HandOver({ room, onClose }) {
  const live = useLive();
  const [to, setTo] = useState('');
  const [problem, setProblem] = useState('');
  const go = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const after = await post(`/api/rooms/${room.id}/owner`, { member_id: to });
      topicOf(live, 'rooms').note(`room/${room.id}`, after);
      toast(_('The room was handed over.'));
      onClose();
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return html`
    <${Dialog} title=${_('Hand {room} over', { room: room.name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="hand-over" class="button primary" disabled=${!to}>${_('Hand over')}</button>`}>
      <form id="hand-over" onSubmit=${go}>
        ${problem && html`<${Failed} text=${problem} />`}
        <${MemberPicker} id="hand-over-to" label=${_('Who hosts in it from now on')} help=${_('Its link stays the same, so clients still find the way.')}
          wanted=${{ state: 'active' }} may=${(/** @type {Member} */ { role }) => role !== 'reporter'} choose=${setTo} />
      </form>
    <//>
  `;
}

/** @param {{ room: Room, onClose: () => void }} props */
function Delete({ room, onClose }) {
  const [problem, setProblem] = useState('');
  const go = async () => {
    try {
      await remove(`/api/rooms/${room.id}`);
      toast(_('The room was deleted.'));
      onClose();
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return html`
    <${Dialog} title=${_('Delete {room}', { room: room.name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="button" class="button danger" onClick=${go}>${_('Delete the room')}</button>`}>
      ${problem && html`<${Failed} text=${problem} />`}
      <p>${_('Its link stops at once, also in invitations that were sent. This cannot be undone.')}</p>
    <//>
  `;
}
