/** The rooms as cards: how many are in the call and how many wait, live; a card turns to attention colour when somebody waits. */

import { html } from '../../vendor/preact.js';
import { followLink } from '../core/route.js';
import { _, ngettext } from '../core/texts.js';
import { Badge } from '../parts/badge.js';
import { Icon } from '../parts/icons.js';
import { useRooms } from './rooms.js';

export function RoomCards() {
  const { own, meeting } = useRooms();
  const rooms = [...(own ? [own] : []), ...meeting];
  if (!rooms.length) return null;
  return html`
    <section aria-labelledby="room-cards">
      <h2 id="room-cards">${_('Rooms')}</h2>
      <ul class="room-cards">${rooms.map((room) => html`<${RoomCard} key=${room.id} room=${room} />`)}</ul>
    </section>
  `;
}

/** @param {{ room: Room }} props */
const RoomCard = ({ room }) => html`
  <li class=${room.waiting ? 'card room-card attention' : 'card room-card'} data-room-card=${room.id}>
    <a href=${`/rooms/${room.id}`} onClick=${followLink}><${Icon} name=${room.kind === 'user' ? 'person' : 'people'} /><span>${room.name}</span></a>
    <p class="room-states">
      ${room.waiting > 0 && html`<${Badge} kind="waiting">${ngettext('{n} person waits', '{n} people wait', room.waiting)}<//>`}
      ${room.in_call > 0 && html`<${Badge} kind="in-call">${ngettext('{n} in the call', '{n} in the call', room.in_call)}<//>`}
      ${room.locked && html`<${Badge} kind="offline"><${Icon} name="lock" />${_('locked')}<//>`}
      ${room.state === 'suspended' && html`<${Badge} kind="danger">${_('suspended by the plan')}<//>`}
      ${!room.waiting && !room.in_call && room.state === 'open' && html`<span class="quiet">${_('Nobody is inside')}</span>`}
    </p>
  </li>
`;
