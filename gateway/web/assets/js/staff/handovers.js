/** Warm handovers, over whatever page is shown: offered to this member or by them, until the caller has come in to the colleague. */

import { html, useEffect, useRef, useState } from '../../vendor/preact.js';
import { explain, get, post } from '../core/api.js';
import { useTopic } from '../core/hooks.js';
import { go } from '../core/route.js';
import { ring } from '../core/sounds.js';
import { _, clockTime } from '../core/texts.js';
import { announce } from '../parts/announcer.js';
import { Badge } from '../parts/badge.js';
import { Icon } from '../parts/icons.js';
import { toast } from '../parts/toasts.js';
import { useApp } from './context.js';
import { DeclineDialog } from './decline-dialog.js';

/** @typedef {import('./use-call.js').StaffCall} StaffCall */

/** @returns {Handover[]} the newest first */
export const useHandovers = () => useTopic('handovers').all('handover').sort((one, other) => other.offered_at.localeCompare(one.offered_at));

/** @param {{ call: StaffCall, rings: () => boolean }} props */
export function Handovers({ call, rings }) {
  const { me } = useApp();
  const all = useHandovers();
  const [closed, setClosed] = useState(/** @type {string[]} */ ([]));
  const mine = (/** @type {Handover} */ one) => one.from_member_id === me.member.id;
  useNews(all, mine, call, rings);
  const open = all.filter((one) => ['offered', 'accepted'].includes(one.state) || (one.state === 'completed' && !one.over_at && !closed.includes(one.id)));
  if (!open.length) return null;
  return html`<section class="handovers" aria-label=${_('Handovers')}>${open.map((one) => {
    const close = () => setClosed([...closed, one.id]);
    return mine(one) ? html`<${Given} key=${one.id} handover=${one} call=${call} onClose=${close} />` : html`<${Received} key=${one.id} handover=${one} call=${call} onClose=${close} />`;
  })}</section>`;
}

/** Tells once of each that is new, answered or over. @param {Handover[]} all @param {(one: Handover) => boolean} mine @param {StaffCall} call @param {() => boolean} rings */
function useNews(all, mine, call, rings) {
  const known = useRef(/** @type {Map<string, string>} */ (new Map()));
  useEffect(() => {
    for (const one of all) {
      const before = known.current.get(one.id);
      known.current.set(one.id, one.state);
      if (before === one.state) continue;
      if (one.state === 'offered' && !mine(one)) {
        if (rings() && !call.engine) ring();
        announce(_('{name} offers to hand over {caller}.', { name: one.from_name, caller: one.caller_name }));
      }
      if (before && mine(one) && one.state === 'accepted') announce(_('{name} takes over. Meet them first.', { name: one.to_name }));
      if (before && one.state === 'declined' && mine(one)) toast(one.decline_message ? _('{name} cannot take over now: “{message}”', { name: one.to_name, message: one.decline_message }) : _('{name} cannot take over now.', { name: one.to_name }), { kind: 'problem' });
      if (before && one.state === 'withdrawn') toast(whyOver(one), { kind: one.withdrawn_because === 'called_off' ? 'done' : 'problem' });
    }
  });
}

/** @param {Handover} one */
function whyOver({ withdrawn_because: because }) {
  if (because === 'ran_out') return _('The handover ran out of time. The caller is where they were.');
  if (because === 'caller_left') return _('The caller has left, so the handover is over.');
  if (because === 'called_off') return _('The handover was called off.');
  return _('The caller was put or sent elsewhere, so the handover is over.');
}

/** @param {unknown} error */
const sayWhy = (error) => toast(explain(error), { kind: 'problem' });

/** @param {Handover} one @param {StaffCall} call */
async function bringIn(one, call) {
  try {
    await post(`/api/handovers/${one.id}/complete`, {});
  } catch (error) {
    sayWhy(error);
  }
}

/** What the one who offered sees. @param {{ handover: Handover, call: StaffCall, onClose: () => void }} props */
function Given({ handover: one, call, onClose }) {
  const there = call.engine && call.roomId === one.to_room_id;
  const goTo = (/** @type {string} */ roomId) => { go(`/rooms/${roomId}`); call.enter(roomId); };
  const meet = async () => {
    try {
      // first nobody may hear what is said next
      const seat = (await get(`/api/calls/${one.call_id}`)).participants.find((/** @type {Participant} */ each) => each.caller_id === one.caller_id);
      if (seat && !seat.held) await post(`/api/calls/${one.call_id}/participants/${seat.id}/hold`);
      goTo(one.to_room_id);
    } catch (error) {
      sayWhy(error);
    }
  };
  const callOff = async () => {
    try {
      await post(`/api/handovers/${one.id}/withdraw`);
      if (there) goTo(one.from_room_id);
    } catch (error) {
      sayWhy(error);
    }
  };
  const back = () => { onClose(); if (there) { call.leave(); go(`/rooms/${one.from_room_id}`); } };
  const names = { name: one.to_name, caller: one.caller_name };
  if (one.state === 'offered') {
    return html`<${Card} one=${one} title=${_('{caller} is offered to {name}', names)} text=${_('Waiting for the answer. Stay with the caller meanwhile.')}>
      <button type="button" class="button small" onClick=${callOff}>${_('Call it off')}</button><//>`;
  }
  if (one.state === 'completed') {
    return html`<${Card} one=${one} title=${_('{caller} is with {name}', names)} text=${there ? _('Leave when everything is said. The two go on.') : ''}>
      <button type="button" class="button small primary" onClick=${back}>${there ? _('Leave them') : _('Close')}</button><//>`;
  }
  return html`
    <${Card} one=${one} title=${there ? _('{caller} is on hold', names) : _('{name} takes over', names)} text=${there ? _('Only you two hear each other. Bring {caller} in when you are ready.', names) : _('{caller} goes on hold, and you speak with {name} first.', names)}>
      ${there ? html`<button type="button" class="button small primary" onClick=${() => bringIn(one, call)}><${Icon} name="check" />${_('Bring {caller} in', names)}</button>`
        : html`<button type="button" class="button small primary" onClick=${meet}><${Icon} name="people" />${_('Meet {name}', names)}</button>`}
      <button type="button" class="button small" onClick=${callOff}>${there ? _('Call it off and go back') : _('Call it off')}</button><//>`;
}

/** What the one sees to whom it is offered. @param {{ handover: Handover, call: StaffCall, onClose: () => void }} props */
function Received({ handover: one, call, onClose }) {
  const [declining, setDeclining] = useState(false);
  const act = (/** @type {string} */ what, /** @type {object} */ body = {}) => post(`/api/handovers/${one.id}/${what}`, body).then(() => true, (error) => { sayWhy(error); return false; });
  const accept = async () => {
    if (!(await act('accept'))) return;
    go(`/rooms/${one.to_room_id}`);
    call.enter(one.to_room_id);
  };
  const names = { name: one.from_name, caller: one.caller_name };
  if (one.state === 'offered') {
    return html`<${Card} one=${one} title=${_('{name} offers to hand over {caller}', names)} text=${_('You two speak first, in your room; {caller} is on hold meanwhile.', names)}>
      <button type="button" class="button small primary" onClick=${accept}><${Icon} name="check" />${_('Take over')}</button>
      <button type="button" class="button small" onClick=${() => setDeclining(true)}>${_('Decline')}</button>
      ${declining && html`<${DeclineDialog} handover=${one} onYes=${(/** @type {string} */ message) => act('decline', { message })} onClose=${() => setDeclining(false)} />`}<//>`;
  }
  if (one.state === 'completed') {
    return html`<${Card} one=${one} title=${_('{caller} is with you', names)} text=${one.note ? _('The note goes when they leave, unless you keep it.') : ''}>
      ${one.note && html`<button type="button" class="button small" aria-pressed=${one.note_kept} onClick=${() => act('note', { kept: !one.note_kept })}><${Icon} name=${one.note_kept ? 'check' : 'copy'} />${one.note_kept ? _('The note is kept') : _('Keep the note')}</button>`}
      <button type="button" class="button small" onClick=${onClose}>${_('Close')}</button><//>`;
  }
  return html`
    <${Card} one=${one} title=${_('{name} comes to your room', names)} text=${_('{caller} is on hold and hears nobody.', names)}>
      ${call.roomId !== one.to_room_id && html`<button type="button" class="button small primary" onClick=${() => { go(`/rooms/${one.to_room_id}`); call.enter(one.to_room_id); }}><${Icon} name="camera" />${_('Go to your room')}</button>`}
      <button type="button" class=${call.roomId === one.to_room_id ? 'button small primary' : 'button small'} onClick=${() => bringIn(one, call)}><${Icon} name="check" />${_('Bring {caller} in', names)}</button>
      <button type="button" class="button small" onClick=${() => act('withdraw')}>${_('Call it off')}</button><//>`;
}

/** @param {{ one: Handover, title: string, text: string, children?: any }} props */
const Card = ({ one, title, text, children }) => html`
  <article class=${`card handover ${one.state}`} data-handover=${one.id}>
    <p class="quiet"><${Badge} kind=${one.state === 'offered' ? 'waiting' : one.state === 'accepted' ? 'on-hold' : 'in-call'}>${_('Handover')}<//> ${clockTime(one.offered_at)}</p>
    <h2>${title}</h2>
    ${text && html`<p>${text}</p>`}
    ${one.note && html`<blockquote class="as-typed" dir="auto">${one.note}</blockquote>`}
    <p class="handover-actions">${children}</p>
  </article>
`;
