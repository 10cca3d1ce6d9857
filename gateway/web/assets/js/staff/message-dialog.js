/** Writing with one who waits, or to all who wait in one place: what was written, ready wordings, and a field. */

import { html, useRef, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { _, clockTime, ngettext } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { PlainText } from '../parts/plain-text.js';
import { Failed } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { useWaiting } from './rooms.js';

const LONGEST = 2000;

const wordings = () => [
  _('We are running about five minutes late. Thank you for waiting.'),
  _('It will be your turn in a moment. Please stay on this page.'),
  _('Please have your medicines and your insurance card ready.'),
];

/** @param {{ caller: Caller, onClose: () => void }} props */
export function MessageDialog({ caller: first, onClose }) {
  const caller = useWaiting().here.find((one) => one.id === first.id) ?? first;
  return html`<${Writing} title=${_('Messages with {name}', { name: caller.display_name })} messages=${caller.messages ?? []} onClose=${onClose}
    hint=${_('They read it on the page where they wait. It is kept until they leave.')} send=${(/** @type {string} */ text) => post(`/api/callers/${caller.id}/messages`, { text })} />`;
}

/** @param {{ room: Room, onClose: () => void }} props */
export const MessageAllDialog = ({ room, onClose }) => html`
  <${Writing} title=${_('Write to everybody who waits in {room}', { room: room.name })} messages=${[]} onClose=${onClose}
    hint=${_('Each reads it alone, on the page where they wait. Nobody sees who else waits.')}
    send=${async (/** @type {string} */ text) => {
      const { written } = await post('/api/callers/messages', { room_id: room.id, text });
      toast(ngettext('{n} person was written to.', '{n} people were written to.', written));
      onClose();
    }} />
`;

/** @param {{ title: string, hint: string, messages: Message[], send: (text: string) => Promise<unknown>, onClose: () => void }} props */
function Writing({ title, hint, messages, send, onClose }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      await send(text);
      setText('');
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  };
  const take = (/** @type {string} */ wording) => { setText(wording); field.current?.focus(); };
  return html`
    <${Dialog} title=${title} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Close')}</button>
      <button type="submit" form="write" class="button primary" disabled=${busy || !text.trim()}>${_('Send')}</button>`}>
      <form id="write" class="writing" onSubmit=${submit}>
        <p class="quiet">${hint}</p>
        <div role="log" aria-label=${_('What was written')}>${messages.map((message) => html`<div key=${message.id} class=${message.by === 'staff' ? 'written own' : 'written'}>
          <p class="quiet">${message.name} · ${clockTime(message.written_at)}</p><${PlainText} text=${message.text} /></div>`)}</div>
        ${problem && html`<${Failed} text=${problem} />`}
        <div class="field"><label for="write-text">${_('Message')}</label>
          <textarea id="write-text" autofocus required rows="3" maxlength=${LONGEST} dir="auto" value=${text} ref=${field} onInput=${(/** @type {any} */ event) => setText(event.target.value)}></textarea></div>
        <div class="wordings" role="group" aria-label=${_('Ready wordings')}>${wordings().map((wording) => html`<button type="button" key=${wording} class="button small" onClick=${() => take(wording)}>${wording}</button>`)}</div>
      </form>
    <//>
  `;
}
