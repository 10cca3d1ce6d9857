/** The Call Manager: who waits, who is in the call, and what to do with each. */

import { html, useEffect, useRef, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { _, clockTime } from '../core/texts.js';
import { Badge } from '../parts/badge.js';
import { CopyButton, roomAddress } from '../parts/copy.js';
import { Question } from '../parts/dialog.js';
import { Icon } from '../parts/icons.js';
import { MenuButton } from '../parts/menu.js';
import { Face } from '../parts/person.js';
import { toast } from '../parts/toasts.js';
import { AcceptAll } from './accept-all-dialog.js';
import { CallerCard } from './caller-card.js';
import { underTheirClients } from './companions.js';
import { useApp } from './context.js';
import { lockRoom } from './room-page.js';

/** Since when their hand is up; for the others after all of them. @param {Participant} participant */
const handUp = ({ hand_raised_at: since }) => (since ? Date.parse(since) : Number.MAX_SAFE_INTEGER);

/** @param {{ room: Room, callers: Caller[], call: Call | undefined, ownId: string | null, onClose: () => void }} props */
export function CallManager({ room, callers, call, ownId, onClose }) {
  const { acceptNext, invite, transfer } = useApp();
  const [removing, setRemoving] = useState(/** @type {Participant | null} */ (null));
  const waiting = underTheirClients(callers.filter((caller) => caller.state === 'waiting'));
  // who raised a hand comes first, the longest before the others
  const people = [...(call?.participants ?? [])].sort((one, other) => handUp(one) - handUp(other));
  const seated = new Set(people.map((participant) => participant.caller_id));
  const coming = callers.filter((caller) => caller.state === 'admitted' && !seated.has(caller.id));
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  // Whoever was accepted or refused takes their card, and the focus in it, away.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
  }, [waiting.length]);
  const act = async (/** @type {Participant} */ { id }, /** @type {'hold' | 'unhold' | 'mute'} */ what) => {
    try {
      await post(`/api/calls/${call?.id}/participants/${id}/${what}`);
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
  };
  const putBack = async (/** @type {Participant} */ { caller_id: id }) => {
    try {
      await post(`/api/callers/${id}/hold`);
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
  };
  const elsewhere = (/** @type {Participant} */ participant) => [
    { label: _('Back to the waiting room'), note: _('They keep their place and wait until somebody accepts them again'), onChoose: () => putBack(participant) },
    { label: _('Transfer'), note: _('To a colleague, another room, Waiting Area or clinic'), onChoose: () => transfer(/** @type {Caller} */ ({ id: participant.caller_id, display_name: participant.display_name, room_id: room.id, state: 'in_call' })) },
  ];
  const remove = async (/** @type {Participant} */ participant) => {
    try {
      await post(`/api/calls/${call?.id}/participants/${participant.id}/remove`);
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
  };
  return html`
    <aside class="call-panel call-manager" id="call-manager" aria-label=${_('Call Manager')}>
      <header><h2 tabindex="-1" ref=${heading}>${_('Call Manager')}</h2><button type="button" class="button quiet square" aria-label=${_('Close the Call Manager')} onClick=${onClose}><${Icon} name="close" /></button></header>
      <div class="call-panel-body">
        <h3>${_('Waiting')} ${waiting.length > 0 && html`<${Badge} kind="waiting">${waiting.length}<//>`}</h3>
        ${!waiting.length && html`<p class="quiet">${_('Nobody is waiting.')}</p>`}
        ${waiting.length > 1 && html`<p><button type="button" class="button small" onClick=${() => acceptNext({ room_id: room.id })}><${Icon} name="check" />${_('Accept the next')}</button></p>`}
        <${AcceptAll} callers=${waiting} />
        <ul class="cards">${waiting.map((caller) => html`<${CallerCard} key=${caller.id} caller=${caller} callers=${callers} room=${room} />`)}</ul>
        <h3>${_('In the call')} ${people.length > 0 && html`<${Badge} kind="in-call">${people.length}<//>`}</h3>
        <ul class="people">
          ${people.map((participant) => html`
            <li key=${participant.id} data-participant=${participant.id} class=${participant.held ? 'held' : ''}><${Face} name=${participant.display_name} />
              <span class="person-text"><span>${participant.display_name}${participant.id === ownId ? ` (${_('you')})` : ''}</span>
                <span class="quiet">${participant.role === 'host' ? _('host') : _('guest')} · ${participant.state === 'reconnecting' ? _('connection lost') : _('since {time}', { time: clockTime(participant.joined_at) })}</span>
                ${participant.hand_raised_at && html`<${Badge} kind="waiting"><${Icon} name="hand" />${_('raises a hand')}<//>`}${participant.held && html`<${Badge} kind="on-hold">${_('on hold')}<//>`}${participant.muted?.includes('audio') && html`<${Badge} kind="offline">${_('muted')}<//>`}</span>
              ${participant.id !== ownId && html`<span class="person-actions">${!participant.held && html`<button type="button" class="button small" aria-disabled=${participant.muted?.includes('audio')} aria-label=${_('Mute {name}', { name: participant.display_name })} onClick=${() => !participant.muted?.includes('audio') && act(participant, 'mute')}>${_('Mute')}</button>`}
              ${participant.role === 'guest' && html`<button type="button" class="button small" aria-label=${participant.held ? _('Take {name} back', { name: participant.display_name }) : _('Put {name} on hold', { name: participant.display_name })} onClick=${() => act(participant, participant.held ? 'unhold' : 'hold')}>${participant.held ? _('Take back') : _('Hold')}</button>`}
              <button type="button" class="button small" aria-label=${_('Remove {name}', { name: participant.display_name })} onClick=${() => setRemoving(participant)}>${_('Remove')}</button>
              ${participant.caller_id && html`<${MenuButton} class="button quiet square small" name=${_('More for {name}', { name: participant.display_name })} end=${true} label=${html`<${Icon} name="more" />`} choices=${elsewhere(participant)} />`}</span>`}
            </li>`)}
          ${coming.map((caller) => html`<li key=${caller.id}><${Face} name=${caller.display_name} /><span class="person-text"><span>${caller.display_name}</span><span class="quiet">${_('is coming in')}</span></span></li>`)}
        </ul>
      </div>
      <footer>
        <button type="button" class="button" onClick=${() => invite(room)}><${Icon} name="send" />${_('Send Invitation')}</button>
        <${CopyButton} text=${roomAddress(room)} label=${_('Copy the room link')} />
        <button type="button" class="button" aria-pressed=${room.locked} onClick=${() => lockRoom(room)}><${Icon} name=${room.locked ? 'lock' : 'unlock'} />${room.locked ? _('Unlock the room') : _('Lock the room')}</button>
      </footer>
      ${removing && html`<${Question} title=${_('Remove {name}?', { name: removing.display_name })} danger=${true} action=${_('Remove')} onYes=${() => remove(removing)} onClose=${() => setRemoving(null)}
        text=${_('They leave the call at once. They can open their link again, and wait until somebody accepts them.')} />`}
    </aside>
  `;
}
