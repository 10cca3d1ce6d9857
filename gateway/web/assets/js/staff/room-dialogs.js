/** Adding a Meeting Room, and giving a room another name, as far as the plan allows. */

import { html, useState } from '../../vendor/preact.js';
import { explain, patch, post } from '../core/api.js';
import { topicOf, useLive } from '../core/hooks.js';
import { go } from '../core/route.js';
import { _ } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { Failed } from '../parts/states.js';
import { limitText } from './plan-dialog.js';

/** @param {{ title: string, action: string, name?: string, save: (name: string) => Promise<void>, onClose: () => void }} props */
function NameDialog({ title, action, name: first = '', save, onClose }) {
  const [name, setName] = useState(first);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await save(name);
      onClose();
    } catch (error) {
      setProblem(limitText(error) ?? explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${title} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="room-name-form" class="button primary" disabled=${busy || !name.trim()}>${action}</button>`}>
      <form id="room-name-form" onSubmit=${submit}>
        ${problem && html`<${Failed} text=${problem} />`}
        <div class="field">
          <label for="room-name">${_('Name of the room')}</label>
          <input id="room-name" autofocus maxlength="80" required value=${name} onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
        </div>
      </form>
    <//>
  `;
}

/** @param {{ onClose: () => void }} props */
export function AddRoomDialog({ onClose }) {
  const live = useLive();
  const save = async (/** @type {string} */ name) => {
    const room = await post('/api/rooms', { name });
    topicOf(live, 'rooms').note(`room/${room.id}`, room);
    go(`/rooms/${room.id}`);
  };
  return html`<${NameDialog} title=${_('Add a Meeting Room')} action=${_('Add')} save=${save} onClose=${onClose} />`;
}

/** @param {{ room: Room, onClose: () => void }} props */
export function RenameDialog({ room, onClose }) {
  const save = async (/** @type {string} */ name) => { await patch(`/api/rooms/${room.id}`, { name }); };
  return html`<${NameDialog} title=${_('Rename {room}', { room: room.name })} action=${_('Rename')} name=${room.name} save=${save} onClose=${onClose} />`;
}
