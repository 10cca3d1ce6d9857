/** Everyone who waits for this member, in one queue: in the Waiting Areas of their clinics, and in the rooms that they receive for. */

import { html, useEffect, useRef, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { useLive } from '../core/hooks.js';
import { followLink } from '../core/route.js';
import { _, ngettext } from '../core/texts.js';
import { Badge } from '../parts/badge.js';
import { Icon } from '../parts/icons.js';
import { MenuButton } from '../parts/menu.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { Answers, ComesFor, DeviceResult, InvitedAs, Presence, Unanswered, WaitingTime, WasInCall, WhyHere, Worse } from './caller-card.js';
import { OnDutyLine } from './availability.js';
import { comesAlong } from './companions.js';
import { useApp } from './context.js';
import { MoveUpDialog } from './move-up-dialog.js';
import { useAreas, useRooms, useWaiting } from './rooms.js';
import { SeenBy, SeenButton, useSilence } from './seen.js';
import { AreaCards, MOST_SHOWN } from './waiting-area/area-cards.js';
import { QueueTools, shownOf } from './waiting-area/queue-tools.js';

export function WaitingAreaPage() {
  const { me } = useApp();
  const { callers, here, ready, problem } = useWaiting();
  const { areas, ready: areasKnown, problem: noAreas } = useAreas();
  const [wanted, setWanted] = useState({ words: '', place: '', order: 'turn' });
  const included = me.entitlements.plan.waiting_area;
  const shown = shownOf(callers, wanted, areas);
  const inAreas = callers.filter((caller) => !caller.room_id).length;
  useWholeFront(inAreas);
  return html`
    <header class="page-head">
      <div><h1>${included ? _('Waiting Area') : _('Waiting')}</h1>
        <p class="quiet">${callers.length ? ngettext('{n} person waits', '{n} people wait', callers.length) : _('Everyone who waits in a room that you receive for.')}</p>
        <${OnDutyLine} /></div>
    </header>
    ${!included && !areas.length && html`<p class="notice"><${Icon} name="help" /><span>${_('These are the Waiting Rooms of your own rooms, which every plan has. The centralised Waiting Area, seen by the whole team, comes with Premium; this is the {plan} plan.', { plan: me.entitlements.plan.name })}</span></p>`}
    ${areasKnown && !noAreas && html`<${AreaCards} areas=${areas} callers=${callers} />`}
    ${problem ? html`<${Failed} text=${problem.detail} />` : !ready && html`<${Loading} lines=${4} />`}
    ${ready && !problem && !callers.length && html`<${Empty} icon="waiting" title=${_('Nobody is waiting')}><p>${_('You will hear a ring when somebody arrives.')}</p><//>`}
    ${callers.length > 0 && html`
      <${QueueTools} wanted=${wanted} onChange=${setWanted} areas=${areas} callers=${callers} />
      ${inAreas >= MOST_SHOWN && html`<p class="notice"><${Icon} name="people" /><span>${_('These are the first {n}. The others follow as soon as some are let in.', { n: MOST_SHOWN })}</span></p>`}
      ${!shown.length && html`<${Empty} icon="waiting" title=${_('Nobody who fits')}><p>${_('Others are waiting. Take some of the filter away.')}</p><//>`}
      ${shown.length > 0 && html`
        <table class="queue waiting-queue">
          <thead><tr><th scope="col">${_('Name')}</th><th scope="col">${_('Waiting for')}</th><th scope="col">${_('Where')}</th><th scope="col">${_('Device')}</th><th scope="col">${_('Came by')}</th><th scope="col"><span class="for-screen-reader">${_('What to do')}</span></th></tr></thead>
          <tbody>${shown.map((caller) => html`<${Row} key=${caller.id} caller=${caller} callers=${here} area=${areas.find((area) => area.id === caller.area_id)} />`)}</tbody>
        </table>`}`}
  `;
}

/** @param {Caller} caller */
const textBack = ({ id }) => post(`/api/callers/${id}/text`).catch((error) => toast(explain(error), { kind: 'problem' }));

/** Where a long queue is shown from its front, the front is read again when half of it is gone. @param {number} shown */
function useWholeFront(shown) {
  const live = useLive();
  const cut = useRef(false);
  useEffect(() => {
    if (shown >= MOST_SHOWN) {
      cut.current = true;
    } else if (cut.current && shown <= MOST_SHOWN / 2) {
      cut.current = false;
      live.sendSubscribe('waiting');
    }
  }, [shown]);
}

/** @param {{ caller: Caller, callers: Caller[], area?: WaitingArea }} props */
function Row({ caller, callers, area }) {
  const { accept, refuse, transfer, write } = useApp();
  const { all, own } = useRooms();
  const [moving, setMoving] = useState(false);
  const [silent, setSilent] = useSilence(caller.id);
  const room = all.find(({ id }) => id === caller.room_id);
  const others = caller.room_id ? [] : all.filter((one) => one.may_host && one !== own && one.state === 'open');
  const into = (/** @type {Room} */ one) => ({ label: _('Accept into {room}', { room: one.name }), onChoose: () => accept({ ...caller, into: one.id }) });
  return html`
    <tr data-caller-id=${caller.id}>
      <th scope="row">${caller.display_name} <${Presence} caller=${caller} /><${Worse} caller=${caller} /><${ComesFor} caller=${caller} callers=${callers} /><${InvitedAs} caller=${caller} /><${WasInCall} caller=${caller} /><${WhyHere} caller=${caller} /><${SeenBy} caller=${caller} /><${Unanswered} caller=${caller} /><${Answers} caller=${caller} /></th>
      <td><${WaitingTime} since=${caller.waiting_since} attention=${area?.attention_minutes} /></td>
      <td>${room ? html`<a href=${`/rooms/${room.id}`} onClick=${followLink}>${room.name}</a>` : area?.name ?? '–'}</td>
      <td><${DeviceResult} test=${caller.device_test} /></td>
      <td><${Badge}>${caller.area_id ? _('area link') : caller.session_id ? _('session') : caller.invitation_id ? _('invitation') : _('room link')}<//></td>
      <td class="queue-actions">
        ${room?.may_host !== false && !comesAlong(caller, callers) && html`<button type="button" class="button primary small" aria-label=${_('Accept {name}', { name: caller.display_name })} onClick=${() => accept(caller)}>${_('Accept')}</button>`}
        <button type="button" class="button small" aria-label=${_('Refuse {name}', { name: caller.display_name })} onClick=${() => refuse(caller)}>${_('Refuse')}</button>
        <${SeenButton} caller=${caller} />
        <${MenuButton} class="button quiet square small" name=${_('More for {name}', { name: caller.display_name })} end=${true} label=${html`<${Icon} name="more" />`}
          choices=${[{ label: _('Message'), onChoose: () => write(caller) }, ...(caller.text_me?.confirmed_at && !caller.text_me.texted_at ? [{ label: _('Text them to come back'), onChoose: () => textBack(caller) }] : []), { label: silent ? _('Ring for them again') : _('Do not ring for them here'), onChoose: setSilent }, { label: _('Another place in the queue'), onChoose: () => setMoving(true) }, ...(room?.may_host === false ? [] : [{ label: _('Transfer'), onChoose: () => transfer(caller) }]), ...others.map(into)]} />
        ${moving && html`<${MoveUpDialog} caller=${caller} onClose=${() => setMoving(false)} />`}
      </td>
    </tr>
  `;
}
