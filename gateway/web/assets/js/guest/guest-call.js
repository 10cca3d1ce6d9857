/** The guest's call: the other person large, oneself small, three buttons. */

import { html, useEffect, useRef, useState } from '../../vendor/preact.js';
import { ChatControl, ChatPanel, useChat } from '../call/chat-panel.js';
import { Controls } from '../call/controls.js';
import { HandControl } from '../call/hand-control.js';
import { ShareControl } from '../call/share-control.js';
import { Stage, useEngine } from '../call/stage.js';
import { useTopic } from '../core/hooks.js';
import { _ } from '../core/texts.js';
import { Question } from '../parts/dialog.js';
import { inviter } from './hello.js';

export { CallEngine } from '../call/call.js';

/**
 * @param {{ engine: import('../call/call.js').CallEngine, media: import('../call/own-media.js').OwnMedia, call: Call | undefined, hello: Hello, caller: Caller, onHangUp: () => void }} props
 */
export function GuestCall({ engine, media, call, hello, caller, onHangUp }) {
  const [leaving, setLeaving] = useState(false);
  const [writing, setWriting] = useState(false);
  const host = caller.admitted_by_name ?? inviter(hello);
  useEngine(engine, media);
  const chat = useChat(engine, useTopic('caller'));
  useWakeLock();
  const met = useRef(false);
  met.current ||= engine.remotes.size > 0;
  const alone = met.current
    ? html`<p class="alone-title">${_('Nobody else is here at the moment')}</p><p>${_('Stay a moment: the others may come back. You can also hang up.')}</p>`
    : html`<p class="alone-title">${_('You are being let in.')}</p><p>${_('{name} appears here in a moment.', { name: host })}</p>`;
  return html`
    <main class=${writing ? 'call-screen guest-call with-panel' : 'call-screen guest-call'}>
      <${Stage} engine=${engine} media=${media} call=${call} title=${hello.title || hello.room_name} strangerName=${host} alone=${alone} />
      <${Controls} media=${media} onHangUp=${() => setLeaving(true)}>
        <${ShareControl} screen=${engine.screen} />
        <${HandControl} engine=${engine} call=${call} />
        <${ChatControl} chat=${chat} open=${writing} onPress=${() => setWriting(!writing)} />
      <//>
      ${writing && html`<${ChatPanel} chat=${chat} ownId=${engine.seat?.participant_id ?? null} onClose=${() => setWriting(false)} />`}
      ${leaving && html`<${Question} title=${_('Leave the call?')} danger=${true} action=${_('Leave the call')} onYes=${onHangUp} onClose=${() => setLeaving(false)}
        text=${_('The others stay. You can come back by the same link.')} />`}
    </main>
  `;
}

/** Keeps the screen lit during the call, where the browser can. */
function useWakeLock() {
  useEffect(() => {
    /** @type {WakeLockSentinel | null} */
    let lock = null;
    let over = false;
    const take = async () => {
      try {
        if (!document.hidden && 'wakeLock' in navigator) lock = await navigator.wakeLock.request('screen');
        if (over) void lock?.release();
      } catch {
        lock = null;
      }
    };
    void take();
    document.addEventListener('visibilitychange', take);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', take);
      void lock?.release();
    };
  }, []);
}
