/** A room's own page: its link, who waits, and what became of each invitation. Only Enter joins. */

import { html, useState } from '../../vendor/preact.js';
import { explain, patch } from '../core/api.js';
import { useTopic } from '../core/hooks.js';
import { go } from '../core/route.js';
import { _, ngettext } from '../core/texts.js';
import { Badge } from '../parts/badge.js';
import { CopyButton, roomAddress } from '../parts/copy.js';
import { Icon } from '../parts/icons.js';
import { MenuButton } from '../parts/menu.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { AcceptAll } from './accept-all-dialog.js';
import { CallerCard } from './caller-card.js';
import { underTheirClients } from './companions.js';
import { useApp } from './context.js';
import { InvitationList } from './invitations.js';
import { NewLinkDialog, RenameDialog } from './room-dialogs.js';
import { Suspended } from './settings/rooms/room-settings.js';
import { byArrival, useRooms } from './rooms.js';

/** @param {string} id @returns {{ room: Room | undefined, callers: Caller[], call: Call | undefined, invitations: Invitation[], ready: boolean, problem: Problem | null }} */
export function useRoom(id) {
  const topic = useTopic(`room:${id}`);
  const card = useRooms().all.find((room) => room.id === id);
  return {
    room: topic.all('room')[0] ?? card,
    callers: topic.all('caller').filter((caller) => caller.state !== 'left').sort(byArrival),
    call: topic.all('call').find((call) => call.state === 'open'),
    invitations: topic.all('invitation').sort((one, other) => other.created_at.localeCompare(one.created_at)),
    ready: topic.ready,
    problem: topic.problem,
  };
}

/** @param {{ id: string }} props */
export function RoomPage({ id }) {
  const { writeToAll } = useApp();
  const { room, callers, invitations, ready, problem } = useRoom(id);
  if (problem?.status === 404) {
    return html`<h1 class="for-screen-reader">${_('There is no such room')}</h1><${Empty} icon="door" title=${_('There is no such room')}><p>${_('It may have been removed, or belong to somebody else. Choose a room in the menu.')}</p><//>`;
  }
  if (problem) return html`<${Failed} text=${problem.detail} onRetry=${() => location.reload()} />`;
  if (!room) return html`<${Loading} lines=${5} />`;
  const waiting = underTheirClients(callers.filter((caller) => caller.state === 'waiting'));
  return html`
    <${RoomHead} room=${room} />
    <div class="columns">
      <section aria-labelledby="room-waiting">
        <h2 id="room-waiting">${_('Waiting Room')} ${waiting.length > 0 && html`<${Badge} kind="waiting">${waiting.length}<//>`}</h2>
        ${!ready && html`<${Loading} />`}
        ${ready && !waiting.length && html`<${Empty} icon="waiting" title=${_('Nobody is waiting')}><p>${_('Who opens the link waits here until a host accepts them.')}</p><//>`}
        ${room?.may_host && html`<${AcceptAll} callers=${waiting} />`}
        <ul class="cards">${waiting.map((caller) => html`<${CallerCard} key=${caller.id} caller=${caller} callers=${callers} room=${room} />`)}</ul>
        ${waiting.length > 1 && html`<p><button type="button" class="button" onClick=${() => writeToAll(room)}><${Icon} name="chat" />${_('Write to all who wait')}</button></p>`}
      </section>
      <section aria-labelledby="room-invitations">
        <h2 id="room-invitations">${_('Invitations')}</h2>
        ${ready ? html`<${InvitationList} invitations=${invitations} />` : html`<${Loading} />`}
      </section>
    </div>
  `;
}

/** @param {{ room: Room }} props */
function RoomHead({ room }) {
  const { invite, enter } = useApp();
  const enterText = room.kind === 'user' ? _('Enter User Room') : _('Enter room');
  return html`
    <header class="page-head">
      <div>
        <p class="quiet">${room.kind === 'user' ? _('User Room: only its owner hosts in it') : _('Meeting Room: shared by your organisation')}</p>
        <h1>${room.name}</h1>
        <p class="room-states">
          ${room.in_call > 0 && html`<${Badge} kind="in-call">${ngettext('{n} in the call', '{n} in the call', room.in_call)}<//>`}
          ${room.locked && html`<${Badge} kind="offline"><${Icon} name="lock" />${_('locked')}<//>`}
          ${room.state === 'suspended' && html`<${Badge} kind="danger">${_('suspended: over the limit of your plan')}<//>`}
        </p>
      </div>
      <div class="page-actions">
        ${room.may_host && html`<button type="button" class="button primary" disabled=${room.state !== 'open'} onClick=${() => enter(room)}><${Icon} name="camera" />${enterText}</button>`}
        ${room.may_receive && html`<button type="button" class="button" onClick=${() => invite(room)}><${Icon} name="send" />${_('Send Invitation')}</button>`}
        ${room.may_host && html`<${RoomMenu} room=${room} />`}
      </div>
    </header>
    ${room.state === 'suspended' && html`<${Suspended} />`}
    <div class="link-line">
      <label for="room-address">${_('Room link')}</label>
      <input id="room-address" readonly dir="ltr" value=${roomAddress(room)} onFocus=${(/** @type {any} */ event) => event.target.select()} />
      <${CopyButton} text=${roomAddress(room)} label=${_('Copy the room link')} />
    </div>
  `;
}

/** @param {{ room: Room }} props */
function RoomMenu({ room }) {
  const { schedule } = useApp();
  const [dialog, setDialog] = useState('');
  const choices = [
    { label: _('Schedule a consultation'), icon: html`<${Icon} name="calendar" />`, onChoose: () => schedule(room) },
    { label: _('Room settings'), icon: html`<${Icon} name="gear" />`, onChoose: () => go(`/settings/rooms/${room.id}`) },
    { label: room.locked ? _('Unlock the room') : _('Lock the room'), icon: html`<${Icon} name=${room.locked ? 'unlock' : 'lock'} />`, onChoose: () => lockRoom(room) },
    { label: _('Make a new link'), note: _('The old one stops at once'), icon: html`<${Icon} name="renew" />`, onChoose: () => setDialog('link') },
    {
      label: _('Rename'), icon: html`<${Icon} name="edit" />`, disabled: !room.may_rename, onChoose: () => setDialog('rename'),
      note: room.may_rename ? undefined : _('Names are fixed on your plan; Premium lets you change them'),
    },
  ];
  return html`
    <${MenuButton} class="button square" name=${_('More for this room')} end=${true} label=${html`<${Icon} name="more" />`} choices=${choices} />
    ${dialog === 'rename' && html`<${RenameDialog} room=${room} onClose=${() => setDialog('')} />`}
    ${dialog === 'link' && html`<${NewLinkDialog} room=${room} onClose=${() => setDialog('')} />`}
  `;
}

/** @param {Room} room */
export async function lockRoom(room) {
  try {
    await patch(`/api/rooms/${room.id}`, { locked: !room.locked });
  } catch (error) {
    toast(explain(error), { kind: 'problem' });
  }
}
