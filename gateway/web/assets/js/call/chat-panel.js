/** Writing in the call: a panel beside it, and the button that opens it. */

import { html, useEffect, useLayoutEffect, useRef, useState } from '../../vendor/preact.js';
import { useRedraw } from '../core/hooks.js';
import { _, clockTime, ngettext } from '../core/texts.js';
import { announce } from '../parts/announcer.js';
import { Icon } from '../parts/icons.js';
import { PlainText } from '../parts/plain-text.js';

const LONGEST = 1000;

/** @typedef {import('./chat.js').Chat} Chats */

/**
 * Follows the chat of a call by the topic that tells of it.
 * @param {import('./call.js').CallEngine} engine @param {import('../core/topic.js').Topic} topic
 */
export function useChat(engine, topic) {
  const redraw = useRedraw();
  const { chat } = engine;
  const lines = topic.all('line').filter((line) => line.call_id === engine.seat?.call_id);
  useEffect(() => {
    const stop = chat.watch(() => redraw(undefined));
    return () => void stop();
  }, [chat]);
  useEffect(() => chat.note(lines), [lines.length, lines.at(-1)?.id]);
  useEffect(() => {
    // what was said before one came, and what a lost connection kept from coming
    if (engine.phase === 'connected' && !engine.own?.held) chat.refresh().catch(() => {});
  }, [engine.phase, topic.snapshots, engine.own?.held]);
  return chat;
}

/** @param {{ chat: Chats, open: boolean, onPress: () => void }} props */
export function ChatControl({ chat, open, onPress }) {
  const unseen = open ? 0 : chat.unseen;
  useEffect(() => {
    const last = chat.lines.at(-1);
    if (unseen && last) announce(_('{name} writes: {text}', { name: last.display_name, text: last.text }));
  }, [unseen]);
  return html`<button type="button" class=${unseen ? 'control attention' : 'control'} aria-expanded=${open} aria-controls="chat" onClick=${onPress}>
    <${Icon} name="chat" /><span>${_('Chat')}</span>${unseen > 0 && html`<span class="control-count">${unseen}<span class="for-screen-reader"> ${ngettext('{n} new line', '{n} new lines', unseen)}</span></span>`}</button>`;
}

/** @param {{ chat: Chats, ownId: Id | null, onClose: () => void }} props */
export function ChatPanel({ chat, ownId, onClose }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const [sending, setSending] = useState(false);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const { lines } = chat;
  const close = () => {
    onClose();
    // the button that opened it is where the keyboard goes on
    /** @type {HTMLElement | null} */ (document.querySelector('[aria-controls="chat"]'))?.focus();
  };
  useEffect(() => field.current?.focus(), []);
  useLayoutEffect(() => {
    chat.markSeen();
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines.length]);
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!text.trim() || sending) return;
    setSending(true);
    try {
      await chat.say(text);
      setText('');
      setProblem('');
    } catch (error) {
      setProblem(/** @type {Error} */ (error).message);
    }
    setSending(false);
    field.current?.focus();
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) void send(event);
  };
  return html`
    <aside class="call-panel chat" id="chat" aria-label=${_('Chat')}>
      <header><h2>${_('Chat')}</h2><button type="button" class="button quiet square" aria-label=${_('Close the chat')} onClick=${close}><${Icon} name="close" /></button></header>
      <div class="call-panel-body" role="log" tabindex="0" aria-label=${_('What was written')} ref=${list}>
        <p class="quiet">${_('Everybody in the call reads this. It is gone when the call ends.')}</p>
        ${lines.map((line) => html`<div key=${line.id} class=${line.participant_id === ownId ? 'line own' : 'line'}>
          <p class="quiet">${line.participant_id === ownId ? _('you') : line.display_name} · ${clockTime(line.said_at)}</p><${PlainText} text=${line.text} /></div>`)}
      </div>
      <form onSubmit=${send}>
        <label class="for-screen-reader" for="chat-text">${_('Write to everybody in the call')}</label>
        <textarea id="chat-text" rows="2" dir="auto" maxlength=${LONGEST} placeholder=${_('Write to everybody in the call')} value=${text} ref=${field} aria-describedby="chat-problem"
          onInput=${(/** @type {any} */ event) => setText(event.target.value)} onKeyDown=${onKeyDown}></textarea>
        <p id="chat-problem" class="problem" role="alert">${problem}</p>
        <button type="submit" class="button primary" disabled=${sending || !text.trim()}><${Icon} name="send" />${_('Send')}</button>
      </form>
    </aside>
  `;
}
