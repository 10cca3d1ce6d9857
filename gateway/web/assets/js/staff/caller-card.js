/** One person who waits: name, since when, what their device can do, what became of their invitation, and what to do. */

import { html } from '../../vendor/preact.js';
import { useNow } from '../core/hooks.js';
import { _, clockTime, dateText, since } from '../core/texts.js';
import { Badge } from '../parts/badge.js';
import { Icon } from '../parts/icons.js';
import { Face } from '../parts/person.js';
import { clientOf, comesAlong, isCompanion } from './companions.js';
import { useApp } from './context.js';
import { SeenBy } from './seen.js';

const ATTENTION_MS = 30 * 60_000;

/** @param {{ since: string, attention?: number }} props `attention`: after how many minutes it calls for attention */
export function WaitingTime({ since: start, attention }) {
  const now = useNow();
  const late = now - Date.parse(start) > (attention ? attention * 60_000 : ATTENTION_MS);
  return html`<span class=${late ? 'waiting-time late' : 'waiting-time'}><${Icon} name="clock" /><span class="for-screen-reader">${_('waiting for')} </span>${since(start, now)}</span>`;
}

/** @param {{ test: DeviceTest | null }} props */
export function DeviceResult({ test }) {
  if (!test) return html`<span class="quiet">${_('device not tested')}</span>`;
  const sign = (/** @type {boolean | null} */ works, /** @type {string} */ icon, /** @type {string} */ yes, /** @type {string} */ no) => html`
    <span class=${works ? 'device works' : 'device fails'} title=${works ? yes : no}>
      <${Icon} name=${works ? icon : `${icon}-off`} /><span class="for-screen-reader">${works ? yes : no} </span>
    </span>`;
  return html`<span class="devices">
    ${sign(test.camera, 'camera', _('camera works'), _('no camera'))}
    ${sign(test.microphone, 'microphone', _('microphone works'), _('no microphone'))}
  </span>`;
}

/** @param {{ caller: Caller }} props */
export function Presence({ caller: { connected, text_me: wish } }) {
  if (connected) return null;
  if (wish?.texted_at) return html`<${Badge} kind="offline">${_('texted at {time}', { time: clockTime(wish.texted_at) })}<//>`;
  return html`<${Badge} kind="offline">${wish?.confirmed_at ? _('away, will be texted') : _('connection lost')}<//>`;
}

/** @param {{ caller: Caller }} props */
export const InvitedAs = ({ caller }) => caller.name_differs && html`
  <p class="invited-as"><${Icon} name="warning" />${_('invited as {name}', { name: caller.invited_name ?? '' })}</p>`;

/** Why they stand where they do, where it is not by their arrival. @param {{ caller: Caller }} props */
export function WhyHere({ caller: { standing } }) {
  if (standing?.by === 'appointment') return html`<p class="comes-for">${_('appointment at {time}', { time: clockTime(standing.at) })}</p>`;
  if (standing?.by === 'acuity') {
    const how = standing.acuity === 'urgent' ? _('urgent') : standing.acuity === 'soon' ? _('soon') : _('in their turn');
    return html`<p class="comes-for">${_('{how}, says {name}: {reason}', { how, name: standing.member_name ?? '', reason: standing.reason ?? '' })}</p>`;
  }
  if (standing?.by !== 'moved_up') return null;
  return html`<p class="comes-for">${_('{name} let them go first: {reason}', { name: standing.member_name ?? '', reason: standing.reason ?? '' })}</p>`;
}

/** They were in a call before: put back to the queue by somebody, or handed on from elsewhere. @param {{ caller: Caller }} props */
export function WasInCall({ caller: { held, transferred } }) {
  if (held) return html`<p class="comes-for"><${Badge} kind="on-hold">${_('on hold')}<//> ${_('{name} put them back at {time}', { name: held.member_name, time: clockTime(held.at) })}</p>`;
  return transferred && html`<p class="comes-for">${_('transferred by {name} at {time}', { name: transferred.member_name, time: clockTime(transferred.at) })}</p>`;
}

/** In which role somebody is here, and for whom; clients need no word. @param {{ caller: Caller, callers: Caller[] }} props */
export function ComesFor({ caller, callers }) {
  if (!isCompanion(caller)) return null;
  const client = clientOf(caller, callers);
  const role = caller.role === 'carer' ? _('Carer') : _('Interpreter');
  return html`<p class="comes-for">${client ? _('{role} of {name}', { role, name: client.display_name }) : _('{role}; their client is not here yet', { role })}${client && comesAlong(caller, callers) && html` <span class="quiet">${_('comes in with their client')}</span>`}</p>`;
}

/** The last that they wrote, as long as nobody has answered. @param {{ caller: Caller }} props */
export function Unanswered({ caller }) {
  const last = caller.messages?.at(-1);
  return last?.by === 'guest' && html`<p class="unanswered"><${Icon} name="chat" /><span class="for-screen-reader">${_('writes:')} </span><span dir="auto">${last.text}</span></p>`;
}

/** They have pressed that they feel worse. @param {{ caller: Caller }} props */
export const Worse = ({ caller }) => caller.worse_at && html`<p class="invited-as worse"><${Icon} name="warning" />${_('feels worse since {time}', { time: clockTime(caller.worse_at) })}</p>`;

/** What they answered on arriving, and that they agreed to the room's text. @param {{ caller: Caller }} props */
export function Answers({ caller }) {
  const { answers = [], consent } = caller;
  if (!answers.length && !consent) return null;
  return html`
    <dl class="caller-answers">
      ${answers.map((answer) => html`<div key=${answer.key}><dt dir="auto">${answer.label}</dt><dd dir="auto">${answerText(answer)}</dd></div>`)}
      ${consent && html`<div><dt>${_('Consent')}</dt><dd>${_('agreed at {time}', { time: clockTime(consent.accepted_at) })}</dd></div>`}
    </dl>
  `;
}

/** @param {EntryAnswer} answer */
function answerText({ kind, value }) {
  if (kind === 'date') return dateText(value);
  if (kind === 'yes_no') return value === 'yes' ? _('Yes') : _('No');
  return value;
}

/** @param {{ caller: Caller, callers: Caller[], room?: Room, showRoom?: boolean }} props */
export function CallerCard({ caller, callers, room, showRoom }) {
  const { accept, refuse, transfer, write } = useApp();
  return html`
    <li class="card caller" data-caller-id=${caller.id}>
      <${Face} name=${caller.display_name} class="waiting" />
      <div class="caller-text">
        <h3>${caller.display_name}</h3>
        <${Worse} caller=${caller} />
        <p class="caller-facts">
          <${WaitingTime} since=${caller.waiting_since} /><${DeviceResult} test=${caller.device_test} /><${Presence} caller=${caller} />
          ${showRoom && room && html`<span class="quiet">${room.name}</span>`}
        </p>
        <${ComesFor} caller=${caller} callers=${callers} />
        <${InvitedAs} caller=${caller} />
        <${WasInCall} caller=${caller} />
        <${WhyHere} caller=${caller} />
        <${SeenBy} caller=${caller} />
        <${Unanswered} caller=${caller} />
        <${Answers} caller=${caller} />
      </div>
      <div class="caller-actions">
        ${comesAlong(caller, callers) ? null : room?.may_host !== false
          ? html`<button type="button" class="button primary" aria-label=${_('Accept {name}', { name: caller.display_name })} onClick=${() => accept(caller)}>${_('Accept')}</button>`
          : html`<span class="quiet">${_('only {room} may accept', { room: room.name })}</span>`}
        <button type="button" class="button" aria-label=${_('Refuse {name}', { name: caller.display_name })} onClick=${() => refuse(caller)}>${_('Refuse')}</button>
        <button type="button" class="button square" title=${_('Message')} aria-label=${_('Message to {name}', { name: caller.display_name })} onClick=${() => write(caller)}><${Icon} name="chat" /></button>
        ${room?.may_host !== false && html`<button type="button" class="button square" title=${_('Transfer')} aria-label=${_('Transfer {name}', { name: caller.display_name })} onClick=${() => transfer(caller)}><${Icon} name="transfer" /></button>`}
      </div>
    </li>
  `;
}
