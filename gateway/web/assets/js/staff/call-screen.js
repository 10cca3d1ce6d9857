/** A member's call: it fills the page; the Call Manager stands at its side. */

import { html, useEffect, useRef, useState } from '../../vendor/preact.js';
import { ChatControl, ChatPanel, useChat } from '../call/chat-panel.js';
import { Controls } from '../call/controls.js';
import { HandControl } from '../call/hand-control.js';
import { ShareControl } from '../call/share-control.js';
import { Stage, useEngine } from '../call/stage.js';
import { explain, post } from '../core/api.js';
import { useTopic } from '../core/hooks.js';
import { _, ngettext } from '../core/texts.js';
import { CopyButton, roomAddress } from '../parts/copy.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icons.js';
import { toast } from '../parts/toasts.js';
import { CallManager } from './call-manager.js';
import { useApp } from './context.js';
import { useRoom } from './room-page.js';

const PANEL_FITS = '(min-width: 900px)';

/** @param {{ call: import('./use-call.js').StaffCall }} props */
export function CallScreen({ call }) {
  const engine = /** @type {import('../call/call.js').CallEngine} */ (call.engine);
  const media = /** @type {import('../call/own-media.js').OwnMedia} */ (call.media);
  const { invite } = useApp();
  const { room, callers, call: view } = useRoom(call.roomId ?? '');
  const [panel, setPanel] = useState(/** @type {'manager' | 'chat' | null} */ (matchMedia(PANEL_FITS).matches ? 'manager' : null));
  const show = (/** @type {'manager' | 'chat'} */ wanted) => setPanel(panel === wanted ? null : wanted);
  const [leaving, setLeaving] = useState(false);
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEngine(engine, media);
  const chat = useChat(engine, useTopic(`room:${call.roomId}`));
  useEffect(() => place.current?.focus(), []);
  useEffect(() => {
    if (view) engine.note(view);
  }, [view]);
  // who hands somebody over is a guest of the colleague: they rule nothing here
  const hosts = room?.may_host !== false;
  const waiting = callers.filter((caller) => caller.state === 'waiting').length;
  const end = async () => {
    const id = engine.seat?.call_id;
    setLeaving(false);
    if (!id) return call.leave();
    try {
      await post(`/api/calls/${id}/end`);
      call.leave();
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
  };
  const alone = html`
    <p class="alone-title">${_('Nobody else is in the call yet')}</p>
    <p>${waiting ? ngettext('{n} person waits: accept them in the Call Manager.', '{n} people wait: accept them in the Call Manager.', waiting) : _('Invite somebody, or send them the room link. Who comes waits until you accept them.')}</p>
    ${room && html`<p class="alone-actions"><button type="button" class="button" onClick=${() => invite(room)}><${Icon} name="send" />${_('Send Invitation')}</button><${CopyButton} text=${roomAddress(room)} label=${_('Copy the room link')} /></p>`}`;
  return html`
    <main class=${panel && (hosts || panel === 'chat') ? 'call-screen with-panel' : 'call-screen'} tabindex="-1" ref=${place}>
      <${Stage} engine=${engine} media=${media} call=${view} title=${room?.name ?? ''} alone=${alone} strangerName=${_('Somebody')} />
      <${Controls} media=${media} onHangUp=${() => setLeaving(true)}>
        <${ShareControl} screen=${engine.screen} />
        <${HandControl} engine=${engine} call=${view} />
        <${ChatControl} chat=${chat} open=${panel === 'chat'} onPress=${() => show('chat')} />
        ${hosts && html`<button type="button" class=${waiting ? 'control attention' : 'control'} aria-expanded=${panel === 'manager'} aria-controls="call-manager" onClick=${() => show('manager')}>
          <${Icon} name="people" /><span>${_('Call Manager')}</span>${waiting > 0 && html`<span class="control-count">${waiting}<span class="for-screen-reader"> ${ngettext('{n} person waits', '{n} people wait', waiting)}</span></span>`}</button>`}
      <//>
      ${panel === 'chat' && html`<${ChatPanel} chat=${chat} ownId=${engine.seat?.participant_id ?? null} onClose=${() => setPanel(null)} />`}
      ${hosts && panel === 'manager' && room && html`<${CallManager} room=${room} callers=${callers} call=${view} ownId=${engine.seat?.participant_id ?? null} onClose=${() => setPanel(null)} />`}
      ${leaving && html`<${LeaveDialog} onLeave=${call.leave} onEnd=${hosts ? end : null} onClose=${() => setLeaving(false)} />`}
    </main>
  `;
}

/** @param {{ onLeave: () => void, onEnd: (() => void) | null, onClose: () => void }} props */
const LeaveDialog = ({ onLeave, onEnd, onClose }) => html`
  <${Dialog} name="leave" title=${_('Hang up')} onClose=${onClose}>
    <ul class="choices">
      <li class="choice"><${Icon} name="leave" /><div><button type="button" aria-describedby="leave-note" onClick=${onLeave}>${_('Leave call')}</button><p id="leave-note">${_('Only you go. The others stay in the call, and you can come back.')}</p></div></li>
      ${onEnd && html`<li class="choice danger"><${Icon} name="hang-up" /><div><button type="button" aria-describedby="end-note" onClick=${onEnd}>${_('End call')}</button><p id="end-note">${_('The call ends for everyone.')}</p></div></li>`}
    </ul>
  <//>
`;
