/** Which room: the member's own User Room comes first. */

import { html } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { useRooms } from './rooms.js';

/** @param {{ value: string, onChange: (id: string) => void }} props */
export function RoomSelect({ value, onChange }) {
  const { all } = useRooms();
  return html`
    <div class="field">
      <label for="room-select">${_('Room')}</label>
      <select id="room-select" onChange=${(/** @type {any} */ event) => onChange(event.target.value)}>
        ${all.filter((room) => room.may_receive).map((room) => html`<option key=${room.id} value=${room.id} selected=${room.id === value}>${room.name}</option>`)}
      </select>
    </div>
  `;
}
