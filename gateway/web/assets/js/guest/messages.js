/** Writing with the clinic while waiting. Fetched while the guest waits (call-parts.js). */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { explain } from '../core/api.js';
import { _, clockTime } from '../core/texts.js';
import { announce } from '../parts/announcer.js';
import { Icon } from '../parts/icons.js';
import { PlainText } from '../parts/plain-text.js';
import { write } from './place.js';

const LONGEST = 2000;

/** @param {{ link: string, caller: Caller }} props */
export function Messages({ link, caller }) {
  const messages = caller.messages ?? [];
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const [sending, setSending] = useState(false);
  const last = messages.at(-1);
  useEffect(() => {
    if (last?.by === 'staff') announce(_('{name} writes: {text}', { name: last.name, text: last.text }));
  }, [last?.id]);
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!text.trim() || sending) return;
    setSending(true);
    try {
      await write(link, text);
      setText('');
      setProblem('');
    } catch (error) {
      setProblem(explain(error));
    }
    setSending(false);
  };
  if (!open && !last) {
    return html`<p class="sheet-actions"><button type="button" class="button wide" onClick=${() => setOpen(true)}><${Icon} name="chat" />${_('Write to the clinic')}</button></p>`;
  }
  return html`
    <section aria-labelledby="messages">
      <h2 id="messages">${_('Messages')}</h2>
      ${messages.map((message) => html`<div key=${message.id} class="notice"><div>
        <p class="quiet">${message.by === 'staff' ? message.name : _('you')} · ${clockTime(message.written_at)}</p><${PlainText} text=${message.text} /></div></div>`)}
      <form onSubmit=${send}>
        <div class="field"><label for="message-text">${_('Write to the clinic')}</label>
          <textarea id="message-text" rows="2" dir="auto" maxlength=${LONGEST} value=${text} autofocus=${open} aria-describedby="message-problem"
            onInput=${(/** @type {any} */ event) => setText(event.target.value)}></textarea>
          <p id="message-problem" class="problem" role="alert">${problem}</p></div>
        <p class="sheet-actions"><button type="submit" class="button wide" disabled=${sending || !text.trim()}><${Icon} name="send" />${_('Send')}</button></p>
      </form>
    </section>
  `;
}
