/** Before somebody is let in where the room wants it: who they are, so that nobody joins the wrong call. */

import { html } from '../../vendor/preact.js';
import { useTopic } from '../core/hooks.js';
import { _, listOf } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { useRooms } from './rooms.js';
import { Answers, DeviceResult, InvitedAs, WaitingTime } from './caller-card.js';

/** @param {{ caller: Caller, onYes: (caller: Caller) => Promise<void>, onClose: () => void }} props */
export function ConfirmAcceptDialog({ caller, onYes, onClose }) {
  const { own } = useRooms();
  const yes = () => { onClose(); void onYes(caller); };
  return html`
    <${Dialog} title=${_('Let {name} in?', { name: caller.display_name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Not now')}</button>
      <button type="button" class="button primary" autofocus onClick=${yes}>${_('Let {name} in', { name: caller.display_name })}</button>`}>
      <p>${_('You are about to join a call. Please check that {name} is the person you expect.', { name: caller.display_name })}</p>
      <p class="caller-facts"><${WaitingTime} since=${caller.waiting_since} /><${DeviceResult} test=${caller.device_test} /></p>
      <${InvitedAs} caller=${caller} />
      <${Answers} caller=${caller} />
      <${AlreadyThere} roomId=${caller.room_id ?? caller.into ?? own?.id} />
    <//>
  `;
}

/** Which guests are in the room's call. @param {{ roomId: Id | undefined }} props */
export function AlreadyThere({ roomId }) {
  const call = /** @type {Call | undefined} */ (useTopic(`room:${roomId}`).all('call').find((one) => one.state === 'open'));
  const guests = (call?.participants ?? []).filter((participant) => participant.role === 'guest').map((participant) => participant.display_name);
  return guests.length > 0 && html`<p class="notice">${_('Already in the call: {names}. They will see and hear each other.', { names: listOf(guests) })}</p>`;
}
