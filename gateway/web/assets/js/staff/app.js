/** The frame of the staff's pages: side menu, the page that the address names, dialogs, and the call that goes on beside them. */

import { html, useEffect, useMemo, useRef, useState } from '../../vendor/preact.js';
import { useLive } from '../core/hooks.js';
import { go, usePath } from '../core/route.js';
import { _ } from '../core/texts.js';
import { ConnectionBanner } from '../parts/states.js';
import { Toasts } from '../parts/toasts.js';
import { AcceptAllDialog } from './accept-all-dialog.js';
import { acceptCaller, acceptNext, acceptTogether, asksToConfirm } from './accepting.js';
import { CallScreen } from './call-screen.js';
import { ConfirmAcceptDialog } from './confirm-accept-dialog.js';
import { AppContext } from './context.js';
import { Dashboard } from './dashboard.js';
import { Handovers } from './handovers.js';
import { HelpPage } from './help-page.js';
import { InviteDialog } from './invite-dialog.js';
import { MessageAllDialog, MessageDialog } from './message-dialog.js';
import { RefuseDialog } from './refuse-dialog.js';
import { ReturnBar } from './return-bar.js';
import { rings, useRing, useRingSwitch } from './ring.js';
import { RoomPage } from './room-page.js';
import { useAreas, useRooms, useWaiting } from './rooms.js';
import { ScheduleDialog } from './schedule-dialog.js';
import { SessionsPage } from './sessions-page.js';
import { SettingsPage } from './settings/settings-page.js';
import { SideMenu } from './side-menu.js';
import { TransferDialog } from './transfer-dialog.js';
import { useCall } from './use-call.js';
import { useMe } from './use-me.js';
import { WaitingAreaPage } from './waiting-area.js';

const HOSTS = ['owner', 'admin', 'provider', 'coordinator'];

/** @param {{ me: Me }} props */
export function StaffApp({ me: first }) {
  const me = useMe(first);
  const live = useLive();
  const call = useCall(live);
  const [dialog, setDialog] = useState(/** @type {{ kind: string, room?: Room, caller?: Caller, callers?: Caller[] } | null} */ (null));
  const confirm = async (/** @type {Caller} */ caller) => setDialog({ kind: 'confirm', caller });
  const app = useMemo(() => ({
    me,
    invite: (/** @type {Room | undefined} */ room) => setDialog({ kind: 'invite', room }),
    schedule: (/** @type {Room | undefined} */ room) => setDialog({ kind: 'schedule', room }),
    enter: (/** @type {Room} */ room) => { go(`/rooms/${room.id}`); call.enter(room.id); },
    write: (/** @type {Caller} */ caller) => setDialog({ kind: 'write', caller }),
    writeToAll: (/** @type {Room} */ room) => setDialog({ kind: 'write-to-all', room }),
    transfer: (/** @type {Caller} */ caller) => setDialog({ kind: 'transfer', caller }),
    refuse: (/** @type {Caller} */ caller) => setDialog({ kind: 'refuse', caller }),
    acceptNext: (/** @type {import('./accepting.js').Queue} */ queue) => acceptNext(queue, live, call, confirm),
    acceptAll: (/** @type {Caller[]} */ callers) => setDialog({ kind: 'accept-all', callers }),
    accept: (/** @type {Caller} */ caller) => (asksToConfirm(live, caller) ? confirm(caller) : acceptCaller(caller, call, confirm)),
    callRoomId: call.engine ? call.roomId : null,
  }), [me, call.engine, call.roomId]);
  const close = () => setDialog(null);
  return html`
    <${AppContext.Provider} value=${app}>
      <${Frame} call=${call} />
      ${HOSTS.includes(me.member.role) && html`<${Handovers} call=${call} rings=${rings} />`}
      ${dialog?.kind === 'invite' && html`<${InviteDialog} room=${dialog.room} onClose=${close} />`}
      ${dialog?.kind === 'schedule' && html`<${ScheduleDialog} room=${dialog.room} onClose=${close} />`}
      ${dialog?.kind === 'confirm' && html`<${ConfirmAcceptDialog} caller=${dialog.caller} onYes=${(/** @type {Caller} */ caller) => acceptCaller(caller, call, confirm, true)} onClose=${close} />`}
      ${dialog?.kind === 'refuse' && html`<${RefuseDialog} caller=${dialog.caller} onClose=${close} />`}
      ${dialog?.kind === 'accept-all' && html`<${AcceptAllDialog} callers=${dialog.callers} onYes=${() => acceptTogether(dialog.callers ?? [], call)} onClose=${close} />`}
      ${dialog?.kind === 'transfer' && html`<${TransferDialog} caller=${dialog.caller} onClose=${close} />`}
      ${dialog?.kind === 'write' && html`<${MessageDialog} caller=${dialog.caller} onClose=${close} />`}
      ${dialog?.kind === 'write-to-all' && html`<${MessageAllDialog} room=${dialog.room} onClose=${close} />`}
      <${Toasts} />
    <//>
  `;
}

/** @param {{ call: import('./use-call.js').StaffCall }} props */
function Frame({ call }) {
  const path = usePath();
  const { all } = useRooms();
  const waiting = useWaiting();
  const { areas } = useAreas();
  const [ringing, setRings] = useRingSwitch();
  const roomId = path.startsWith('/rooms/') ? path.slice('/rooms/'.length) : null;
  const page = pageOf(path, all.find((room) => room.id === roomId));
  // whoever was put back to the queue has not arrived anew
  useRing(waiting.callers.filter((caller) => !caller.held), waiting.ready, {
    rings: ringing, inCall: Boolean(call.engine), page: page.title,
    roomName: (id) => [...all, ...areas].find((place) => place.id === id)?.name ?? _('your room'),
    open: (caller) => go(caller.room_id ? `/rooms/${caller.room_id}` : '/waiting-area'),
  });
  useEffect(() => {
    if (roomId) call.resume(roomId);
  }, [roomId]);
  const showsCall = Boolean(call.engine && roomId === call.roomId);
  const shown = useRef(showsCall);
  useEffect(() => {
    if (shown.current && !showsCall) document.getElementById('page')?.focus();
    shown.current = showsCall;
  }, [showsCall]);
  return html`
    <a class="skip" href="#page">${_('Skip to the page')}</a>
    <div class="frame" inert=${showsCall}>
      <${SideMenu} path=${path} rings=${ringing} setRings=${setRings} />
      <main class="page" id="page" tabindex="-1">
        <${ConnectionBanner} />
        ${!showsCall && page.show(roomId)}
      </main>
    </div>
    ${showsCall && html`<${CallScreen} call=${call} key=${call.roomId} />`}
    ${call.engine && !showsCall && html`<${ReturnBar} call=${call} />`}
  `;
}

/** @param {string} path @param {Room | undefined} room @returns {{ title: string, show: (roomId: string | null) => unknown }} */
function pageOf(path, room) {
  if (path.startsWith('/rooms/')) return { title: room?.name ?? _('Room'), show: (id) => html`<${RoomPage} id=${id} key=${id} />` };
  if (path === '/waiting-area') return { title: _('Waiting'), show: () => html`<${WaitingAreaPage} />` };
  if (path === '/sessions') return { title: _('Sessions'), show: () => html`<${SessionsPage} />` };
  if (/^\/settings(\/|$)/.test(path)) return { title: _('Settings'), show: () => html`<${SettingsPage} path=${path} />` };
  if (path === '/help') return { title: _('Help'), show: () => html`<${HelpPage} />` };
  return { title: _('Dashboard'), show: () => html`<${Dashboard} />` };
}
