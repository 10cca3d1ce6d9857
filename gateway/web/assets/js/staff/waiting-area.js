/** Everyone who waits for this member, in one queue: longest waiting first. */

import { html } from '../../vendor/preact.js';
import { followLink } from '../core/route.js';
import { _, ngettext } from '../core/texts.js';
import { Badge } from '../parts/badge.js';
import { Icon } from '../parts/icons.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { ComesFor, DeviceResult, InvitedAs, Presence, WaitingTime } from './caller-card.js';
import { OnDutyLine } from './availability.js';
import { comesAlong } from './companions.js';
import { useApp } from './context.js';
import { useRooms, useWaiting } from './rooms.js';

export function WaitingAreaPage() {
  const { me } = useApp();
  const { callers, here, ready, problem } = useWaiting();
  const area = me.entitlements.plan.waiting_area;
  return html`
    <header class="page-head">
      <div><h1>${area ? _('Waiting Area') : _('Waiting')}</h1>
        <p class="quiet">${callers.length ? ngettext('{n} person waits', '{n} people wait', callers.length) : _('Everyone who waits in a room that you receive for.')}</p>
        <${OnDutyLine} /></div>
    </header>
    ${!area && html`<p class="notice"><${Icon} name="help" /><span>${_('These are the Waiting Rooms of your own rooms, which every plan has. The centralised Waiting Area, seen by the whole team, comes with Premium; this is the {plan} plan.', { plan: me.entitlements.plan.name })}</span></p>`}
    ${problem ? html`<${Failed} text=${problem.detail} />` : !ready && html`<${Loading} lines=${4} />`}
    ${ready && !problem && !callers.length && html`<${Empty} icon="waiting" title=${_('Nobody is waiting')}><p>${_('You will hear a ring when somebody arrives.')}</p><//>`}
    ${callers.length > 0 && html`
      <table class="queue">
        <thead><tr><th scope="col">${_('Name')}</th><th scope="col">${_('Waiting for')}</th><th scope="col">${_('Room')}</th><th scope="col">${_('Device')}</th><th scope="col">${_('Came by')}</th><th scope="col"><span class="for-screen-reader">${_('What to do')}</span></th></tr></thead>
        <tbody>${callers.map((caller) => html`<${Row} key=${caller.id} caller=${caller} callers=${here} />`)}</tbody>
      </table>`}
  `;
}

/** @param {{ caller: Caller, callers: Caller[] }} props */
function Row({ caller, callers }) {
  const { accept, refuse } = useApp();
  const room = useRooms().all.find(({ id }) => id === caller.room_id);
  return html`
    <tr data-caller-id=${caller.id}>
      <th scope="row">${caller.display_name} <${Presence} caller=${caller} /><${ComesFor} caller=${caller} callers=${callers} /><${InvitedAs} caller=${caller} /></th>
      <td><${WaitingTime} since=${caller.waiting_since} /></td>
      <td>${room ? html`<a href=${`/rooms/${room.id}`} onClick=${followLink}>${room.name}</a>` : '–'}</td>
      <td><${DeviceResult} test=${caller.device_test} /></td>
      <td><${Badge}>${caller.session_id ? _('session') : caller.invitation_id ? _('invitation') : _('room link')}<//></td>
      <td class="queue-actions">
        ${room?.may_host !== false && !comesAlong(caller, callers) && html`<button type="button" class="button primary small" aria-label=${_('Accept {name}', { name: caller.display_name })} onClick=${() => accept(caller)}>${_('Accept')}</button>`}
        <button type="button" class="button small" aria-label=${_('Refuse {name}', { name: caller.display_name })} onClick=${() => refuse(caller)}>${_('Refuse')}</button>
      </td>
    </tr>
  `;
}
