/** Settings, Rooms: every room with its state, what becomes of each, and what all of them inherit. */

import { html, useState } from '../../../vendor/preact.js';
import { useTopic } from '../../core/hooks.js';
import { followLink } from '../../core/route.js';
import { _, ngettext } from '../../core/texts.js';
import { Badge, Count } from '../../parts/badge.js';
import { Icon } from '../../parts/icons.js';
import { Empty, Failed, Loading } from '../../parts/states.js';
import { useApp } from '../context.js';
import { useMembers } from '../members.js';
import { PlanRefusal } from '../plan-refusal.js';
import { AddRoomDialog } from '../room-dialogs.js';
import { InheritedSettingsPage } from './rooms/inherited.js';
import { HandOverDialog, RemoveRoomDialog } from './rooms/room-dialogs.js';
import { RoomSettingsPage } from './rooms/room-settings.js';
import { useLimits } from './rooms/use-limits.js';

/** @param {{ rest: string }} props `rest`: of the address, a room's id, `all` for what all inherit, or nothing for the list */
export function RoomsSection({ rest }) {
  const runs = ['owner', 'admin'].includes(useApp().me.member.role);
  if (rest === 'all' && runs) return html`<${BackToList} /><${InheritedSettingsPage} />`;
  if (rest) return html`<${BackToList} /><${RoomSettingsPage} id=${rest} key=${rest} />`;
  return html`<${RoomList} runs=${runs} />`;
}

const BackToList = () => html`<p><a href="/settings/rooms" onClick=${followLink}>${_('All rooms')}</a></p>`;

/** @param {{ runs: boolean }} props */
function RoomList({ runs }) {
  const topic = useTopic('rooms');
  const { members } = useMembers({}, 200, true);
  const { limits, full } = useLimits();
  const [dialog, setDialog] = useState(/** @type {{ kind: 'add' | 'remove' | 'hand-over', room?: Room } | null} */ (null));
  const rooms = /** @type {Room[]} */ (topic.all('room')).filter((room) => room.state !== 'removed' && (runs || room.may_host)).sort(inOrder);
  const suspended = rooms.filter((room) => room.state === 'suspended');
  const close = () => setDialog(null);
  return html`
    <div class="section-head">
      <p class="quiet">${_('A User Room comes with each member who consults, and only they host in it. Meeting Rooms are shared; how many there are is your plan’s say.')}</p>
      ${runs && html`<div class="setting-actions"><a class="button" href="/settings/rooms/all" onClick=${followLink}><${Icon} name="gear" />${_('Settings for all rooms')}</a>
        <button type="button" class="button primary" onClick=${() => setDialog({ kind: 'add' })}><${Icon} name="plus" />${_('Add a Meeting Room')}</button></div>`}
    </div>
    ${topic.problem ? html`<${Failed} text=${topic.problem.detail} />` : !topic.ready && html`<${Loading} lines=${4} />`}
    ${suspended.length > 0 && limits && html`<div class="notice danger"><${Icon} name="lock" /><p>${ngettext('{n} room is suspended, because your plan has no place for it. Nothing of it is lost: a larger plan brings it back, and so does removing another Meeting Room.', '{n} rooms are suspended, because your plan has no place for them. Nothing of them is lost: a larger plan brings them back, and so does removing other Meeting Rooms.', suspended.length)}</p></div>`}
    ${runs && full && html`<${PlanRefusal} limit=${full} />`}
    ${topic.ready && !rooms.length && html`<${Empty} icon="door" title=${_('There are no rooms yet')}><p>${_('A User Room comes with each member who consults.')}</p><//>`}
    ${rooms.length > 0 && html`
      <table class="queue rooms-table">
        <thead><tr><th scope="col">${_('Room')}</th><th scope="col">${_('Clinic')}</th><th scope="col">${_('Owner')}</th><th scope="col">${_('State')}</th><th scope="col"><span class="for-screen-reader">${_('What to do')}</span></th></tr></thead>
        <tbody>${rooms.map((room) => html`<${RoomRow} key=${room.id} room=${room} members=${members ?? []} runs=${runs} open=${setDialog} />`)}</tbody>
      </table>`}
    ${dialog?.kind === 'add' && html`<${AddRoomDialog} onClose=${close} />`}
    ${dialog?.kind === 'remove' && html`<${RemoveRoomDialog} room=${dialog.room} onClose=${close} />`}
    ${dialog?.kind === 'hand-over' && html`<${HandOverDialog} room=${dialog.room} onClose=${close} />`}
  `;
}

/** Meeting Rooms first, in the order they were made; then User Rooms by name. @param {Room} one @param {Room} other */
const inOrder = (one, other) => (one.kind !== other.kind ? (one.kind === 'meeting' ? -1 : 1)
  : one.kind === 'meeting' ? one.created_at.localeCompare(other.created_at) : one.name.localeCompare(other.name));

/** @param {{ room: Room, members: Member[], runs: boolean, open: (dialog: { kind: 'remove' | 'hand-over', room: Room }) => void }} props */
function RoomRow({ room, members, runs, open }) {
  const { me } = useApp();
  const clinic = me.organisation.clinics.find((one) => one.id === room.clinic_id);
  const owner = members.find((member) => member.id === room.owner_member_id)?.name ?? (room.owner_member_id === me.member.id ? me.member.name : '');
  return html`
    <tr data-room-id=${room.id}>
      <th scope="row"><a href=${`/settings/rooms/${room.id}`} onClick=${followLink}>${room.name}</a><span class="quiet room-kind">${room.kind === 'user' ? _('User Room') : _('Meeting Room')}</span></th>
      <td class=${clinic ? '' : 'nothing'}>${clinic?.name ?? '–'}</td>
      <td>${room.kind === 'meeting' ? _('shared') : room.owner_gone ? _('was removed') : owner || '–'}</td>
      <td><span class="room-states">
        ${room.state === 'suspended' && html`<${Badge} kind="danger">${_('suspended by the plan')}<//>`}
        ${room.owner_gone && html`<${Badge} kind="danger">${_('nobody hosts')}<//>`}
        ${room.locked && html`<${Badge} kind="offline"><${Icon} name="lock" />${_('locked')}<//>`}
        ${room.state === 'open' && !room.locked && !room.owner_gone && html`<span class="quiet">${_('open')}</span>`}
        <${Count} value=${room.in_call} kind="in-call" label=${ngettext('{n} in the call', '{n} in the call', room.in_call)} />
        <${Count} value=${room.waiting} kind="waiting" label=${ngettext('{n} person waits', '{n} people wait', room.waiting)} /></span></td>
      <td class="queue-actions">
        ${room.owner_gone && me.member.role === 'owner' && html`<button type="button" class="button small" aria-label=${_('Hand over {room}', { room: room.name })} onClick=${() => open({ kind: 'hand-over', room })}>${_('Hand over')}</button>`}
        ${runs && (room.kind === 'meeting' || room.owner_gone) && html`<button type="button" class="button small" aria-label=${_('Remove {name}', { name: room.name })} onClick=${() => open({ kind: 'remove', room })}>${_('Remove')}</button>`}
      </td>
    </tr>
  `;
}
