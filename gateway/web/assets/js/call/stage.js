/** The call itself: the others large, oneself small. The same for members and guests. */

import { html, useEffect } from '../../vendor/preact.js';
import { useNow, useRedraw } from '../core/hooks.js';
import { _, since } from '../core/texts.js';
import { announce } from '../parts/announcer.js';
import { toast } from '../parts/toasts.js';
import { DevicesButton } from './devices-button.js';
import { useObserved } from './observing.js';
import { OwnVideo, PressToHear, RemoteTile } from './video.js';

/** Draws again whenever the call or one's own devices change. @param {import('./call.js').CallEngine} engine @param {import('./own-media.js').OwnMedia} media */
export function useEngine(engine, media) {
  const redraw = useRedraw();
  useEffect(() => {
    const stops = [engine.watch(() => redraw(undefined)), media.watch(() => redraw(undefined))];
    redraw(undefined);
    return () => stops.forEach((stop) => stop());
  }, [engine, media]);
}

/**
 * @param {{ engine: import('./call.js').CallEngine, media: import('./own-media.js').OwnMedia, call: Call | undefined, title: string, alone: unknown, strangerName: string, children?: unknown }} props
 * `alone` is shown while nobody else is there; `strangerName` stands for whoever the call's view does not name yet.
 */
export function Stage({ engine, media, call, title, alone, strangerName, children }) {
  const remotes = [...engine.remotes.values()];
  const screens = remotes.filter(({ isScreen }) => isScreen);
  // the one that was shared last is what is talked about now
  const shown = screens.at(-1);
  const people = new Map((call?.participants ?? []).map((participant) => [participant.id, participant]));
  const own = people.get(engine.seat?.participant_id ?? '');
  const observed = useObserved(engine);
  const name = (/** @type {string} */ id) => people.get(id)?.display_name ?? strangerName;
  useEffect(() => {
    if (engine.phase === 'reconnecting') announce(_('Connection lost. Trying again by itself.'));
    if (engine.phase === 'connected') announce(_('You are in the call.'));
  }, [engine.phase]);
  useEffect(() => {
    if (own?.muted?.includes('audio')) toast(_('A host has muted you. Switch your microphone on when you want to speak.'), {});
  }, [own?.muted?.includes('audio')]);
  useEffect(() => {
    if (own?.held) announce(_('You are on hold.'));
  }, [own?.held]);
  useEffect(() => {
    if (shown) announce(_('{name} shares their screen.', { name: name(shown.participantId) }));
  }, [shown?.id]);
  return html`
    <section class=${shown ? 'stage has-screen' : 'stage'} aria-label=${_('Call')} data-phase=${engine.phase}>
      <header class="stage-head">
        <h1>${title}</h1>
        ${call && html`<${CallTime} start=${call.started_at} />`}
        <${StagePhase} phase=${engine.phase} own=${observed.own} />
        <${DevicesButton} media=${media} />
        ${children}
      </header>
      ${own?.held && html`<div class="alone"><p class="alone-title">${_('You are on hold.')}</p><p>${_('You hear and see nobody for now, and nobody hears or sees you. Stay here: you are taken back by the host.')}</p></div>`}
      <div hidden=${own?.held} class=${shown ? 'tiles with-screen' : `tiles count-${Math.min(remotes.length, 9)}`}>
        ${remotes.map((remote) => html`<${RemoteTile} key=${remote.id} remote=${remote} large=${remote === shown} speaks=${remotes.length > 1 && observed.speaker === remote.id} quality=${observed.others.get(remote.id)} name=${name(remote.participantId)} person=${people.get(remote.participantId)} />`)}
        ${!remotes.length && html`<div class="alone">${alone}</div>`}
      </div>
      <${OwnVideo} media=${media} class="corner" />
      <${PressToHear} />
    </section>
  `;
}

/** @param {{ start: string }} props */
function CallTime({ start }) {
  return html`<span class="stage-time">${since(start, useNow())}</span>`;
}

/** @param {{ phase: string, own: import('./quality.js').Quality }} props */
const StagePhase = ({ phase, own }) => html`
  <span role="status" class="stage-phase">
    ${phase === 'joining' && html`<span class="phase">${_('Connecting…')}</span>`}
    ${phase === 'reconnecting' && html`<span class="phase lost">${_('Connection lost. Trying again by itself…')}</span>`}
    ${phase === 'connected' && own.grade !== 'good' && html`<span class="phase lost">${ownWords(own)}</span>`}
  </span>
`;

/** @param {import('./quality.js').Quality} own */
function ownWords({ grade, reason }) {
  if (reason === 'delay') return _('Your connection is slow: leave a pause before you answer.');
  return grade === 'poor' ? _('Your connection is poor: switch your camera off, so that you are heard.') : _('Your connection is weak.');
}
