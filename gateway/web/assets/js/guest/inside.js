/** After arriving: waiting, then the call, as the clinic decides. What is shown follows the guest's own place, live. */

import { html, useEffect, useMemo, useRef, useState } from '../../vendor/preact.js';
import { explain } from '../core/api.js';
import { useConnection, useLive, useTopic } from '../core/hooks.js';
import { _ } from '../core/texts.js';
import { announce } from '../parts/announcer.js';
import { toast } from '../parts/toasts.js';
import { FetchingCall, useCallParts } from './call-parts.js';
import { leave, readCaller } from './place.js';
import { Sheet } from './screens.js';
import { WaitingScreen } from './waiting.js';

const ADMITTED = ['admitted', 'in_call'];
const ASK_AGAIN_MS = 20_000;
const isAdmitted = (/** @type {Caller} */ caller) => ADMITTED.includes(caller.state) && !caller.moved_to_other_device;

/**
 * @param {{ link: string, hello: Hello, first: Caller, media: import('../call/own-media.js').OwnMedia, onOver: (caller: Caller) => void, onComeBack: () => Promise<void> }} props
 */
export function Inside({ link, hello, first, media, onOver, onComeBack }) {
  const live = useLive();
  const topic = useTopic(`caller`);
  const connection = useConnection();
  const [asked, setAsked] = useState(first);
  const told = /** @type {Caller | undefined} */ (topic.all('caller').find((caller) => caller.id === first.id));
  const caller = told && told.version >= asked.version ? told : asked;
  const call = /** @type {Call | undefined} */ (topic.all('call').find((one) => one.state === 'open') ?? topic.all('call')[0]);
  const place = /** @type {Place | undefined} */ (topic.all('place')[0]);
  const parts = useCallParts();
  // whoever is put back to the queue, or passed on, loses the seat too, and is elsewhere
  const over = (/** @type {Caller} */ ended) => readCaller(link).then((now) => (now?.id === ended.id && now.state !== 'left' ? setAsked(now) : onOver(ended)), () => onOver(ended));
  const engine = useGuestEngine(parts, live, media, caller, call, over);
  const [, redraw] = useState('');

  useEffect(() => {
    // The live connection tells; asking now and then makes sure that a guest is never forgotten by it.
    const timer = setInterval(() => readCaller(link).then((found) => found?.id === first.id && setAsked(found), () => {}), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [link, first.id]);
  useEffect(() => {
    if (caller.state === 'left') onOver(caller);
    if (ADMITTED.includes(caller.state)) announce(_('You are being let in.'));
  }, [caller.state]);

  const goAway = async () => {
    try {
      onOver(await leave(link));
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
  };
  useEffect(() => engine?.watch(() => redraw(engine.phase)), [engine]);
  if (engine?.reason === 'elsewhere') {
    return html`<${Sheet} hello=${hello} title=${_('You are in another tab')}>
      <p>${_('Your link was opened in another tab of this browser, and the call goes on there. You can close this page.')}</p>
      <p class="sheet-actions"><button type="button" class="button wide" onClick=${() => location.reload()}>${_('Go on here instead')}</button></p><//>`;
  }
  if (caller.moved_to_other_device) {
    return html`<${Sheet} hello=${hello} title=${_('You are on another device')}>
      <p>${_('Your link was opened on another device, which has your place now. This page has stopped.')}</p>
      <p class="sheet-actions"><button type="button" class="button primary wide" onClick=${onComeBack}>${_('Use this device instead')}</button></p><//>`;
  }
  if (engine && parts) return html`<${parts.GuestCall} engine=${engine} media=${media} call=${call} hello=${hello} caller=${caller} onHangUp=${() => { engine.leave(); onOver({ ...caller, state: 'left', end_reason: 'completed' }); }} />`;
  if (isAdmitted(caller)) return html`<${FetchingCall} hello=${hello} />`;
  return html`<${WaitingScreen} link=${link} hello=${hello} caller=${caller} place=${place} media=${media} connection=${connection} messages=${parts && html`<${parts.TextMe} link=${link} caller=${caller} /><${parts.Messages} link=${link} caller=${caller} />`} onLeave=${goAway} />`;
}

/**
 * The call, from the moment that the guest is let in until it is over for them.
 * @param {import('./call-parts.js').CallParts | null} parts @param {import('../core/live.js').Live} live @param {import('../call/own-media.js').OwnMedia} media @param {Caller} caller @param {Call | undefined} call @param {(caller: Caller) => void} onOver
 */
function useGuestEngine(parts, live, media, caller, call, onOver) {
  // let in again, or handed over into another room: that is another call
  const admitted = isAdmitted(caller) && parts !== null && `${caller.room_id} ${caller.admitted_at}`;
  const latest = useRef(caller);
  latest.current = caller;
  const engine = useMemo(() => (admitted && parts ? new parts.CallEngine({ live, media }) : null), [admitted]);
  useEffect(() => {
    if (!engine) return undefined;
    window.housecall.stats = () => engine.stats();
    let timer = 0;
    const stopWatching = engine.watch(() => {
      if (engine.phase !== 'over' || ['left', 'elsewhere'].includes(engine.reason)) return;
      const reason = engine.reason === 'removed' ? 'removed' : 'completed';
      // The place itself says why, and soon; this is for when it does not.
      timer = setTimeout(() => onOver({ ...latest.current, state: 'left', end_reason: latest.current.end_reason ?? reason }), 800);
    });
    return () => {
      clearTimeout(timer);
      stopWatching();
      engine.stop('left');
    };
  }, [engine]);
  useEffect(() => {
    if (engine && call) engine.note(call);
  }, [engine, call]);
  return engine;
}
