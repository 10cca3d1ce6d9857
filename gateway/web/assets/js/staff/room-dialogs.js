/** Adding a Meeting Room, giving a room another name, as far as the plan allows, or another link. */

import { html, useState } from '../../vendor/preact.js';
import { explain, patch, post } from '../core/api.js';
import { topicOf, useLive } from '../core/hooks.js';
import { go } from '../core/route.js';
import { _ } from '../core/texts.js';
import { Dialog, Question } from '../parts/dialog.js';
import { Failed } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { PlanRefusal, limitOf } from './plan-refusal.js';
import { useLimits } from './settings/rooms/use-limits.js';

/**
 * @param {{ title: string, action: string, name?: string, fixed?: string | null, save: (name: string) => Promise<void>, onClose: () => void }} props
 *   `fixed`: the name that the plan gives, which cannot be another
 */
function NameDialog({ title, action, name: first = '', fixed = null, save, onClose }) {
  const [typed, setName] = useState(first);
  const [problem, setProblem] = useState(/** @type {unknown} */ (null));
  const name = fixed ?? typed;
  const limit = limitOf(problem);
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await save(name);
      onClose();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${title} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="room-name-form" class="button primary" disabled=${busy || !name.trim()}>${action}</button>`}>
      <form id="room-name-form" onSubmit=${submit}>
        ${limit ? html`<${PlanRefusal} limit=${limit} alert=${true} />` : problem && html`<${Failed} text=${explain(problem)} />`}
        <div class="field">
          <label for="room-name">${_('Name of the room')}</label>
          <input id="room-name" autofocus maxlength="80" required disabled=${fixed !== null} value=${name} aria-describedby=${fixed === null ? undefined : 'room-name-help'} onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
          ${fixed !== null && html`<p class="field-help" id="room-name-help">${_('Your plan fixes the names of Meeting Rooms; the next one is called {name}.', { name: fixed })}</p>`}
        </div>
      </form>
    <//>
  `;
}

/** @param {{ onClose: () => void }} props */
export function AddRoomDialog({ onClose }) {
  const live = useLive();
  const { limits, full } = useLimits();
  const save = async (/** @type {string} */ name) => {
    const room = await post('/api/rooms', { name });
    topicOf(live, 'rooms').note(`room/${room.id}`, room);
    go(`/rooms/${room.id}`);
  };
  if (full) {
    return html`<${Dialog} title=${_('Add a Meeting Room')} onClose=${onClose}><${PlanRefusal} limit=${full} /><//>`;
  }
  return html`<${NameDialog} title=${_('Add a Meeting Room')} action=${_('Add')} fixed=${limits?.next_meeting_room_name ?? null} save=${save} onClose=${onClose} />`;
}

/** @param {{ room: Room, onClose: () => void }} props */
export function RenameDialog({ room, onClose }) {
  const save = async (/** @type {string} */ name) => { await patch(`/api/rooms/${room.id}`, { name }); };
  return html`<${NameDialog} title=${_('Rename {room}', { room: room.name })} action=${_('Rename')} name=${room.name} save=${save} onClose=${onClose} />`;
}

/** @param {{ room: Room, onClose: () => void }} props */
export function NewLinkDialog({ room, onClose }) {
  const renew = async () => {
    try {
      await post(`/api/rooms/${room.id}/link`);
      toast(_('The room has a new link. The old one no longer works.'));
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
  };
  return html`
    <${Question} title=${_('Make a new link?')} danger=${true} action=${_('Make a new link')} onYes=${renew} onClose=${onClose}
      text=${_('The old room link stops at once, everywhere. Who waits already stays. Personal links of invitations keep working.')} />
  `;
}
