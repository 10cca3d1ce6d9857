/** One person's picture and sound: a <video> that plays by itself where the browser lets it, and a face with initials where no picture comes. */

import { html, useEffect, useLayoutEffect, useRef, useState } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { Face } from '../parts/person.js';

const PICTURE_GONE_MS = 2_500;

/** Videos that the browser would not start with sound until something is pressed. @type {Set<HTMLVideoElement>} */
const silenced = new Set();
/** @type {Set<() => void>} */
const watchers = new Set();
const tell = () => watchers.forEach((watcher) => watcher());

/** Those that are heard now, and by which speaker; '' is the one that the device chooses. @type {Set<HTMLVideoElement>} */
const heard = new Set();
let sink = '';

export const speaker = () => sink;

/** Hear everybody by this speaker from now on. @param {string} deviceId */
export async function hearBy(deviceId) {
  sink = deviceId;
  await Promise.allSettled([...heard].map((video) => video.setSinkId(sink)));
}

/** @param {HTMLVideoElement} video */
async function play(video) {
  try {
    await video.play();
    if (silenced.delete(video)) tell();
  } catch (error) {
    if (/** @type {DOMException} */ (error).name !== 'NotAllowedError') return;
    silenced.add(video);
    tell();
  }
}

/** A button that appears only where the browser waits for one press before it lets sound out. */
export function PressToHear() {
  const [, redraw] = useState(0);
  useEffect(() => {
    const watcher = () => redraw((count) => count + 1);
    watchers.add(watcher);
    return () => void watchers.delete(watcher);
  }, []);
  return silenced.size > 0 && html`
    <button type="button" class="button primary press-to-hear" onClick=${() => [...silenced].forEach(play)}><${Icon} name="speaker" />${_('Press to hear the others')}</button>
  `;
}

/** @param {{ remote: import('./receiving.js').Remote }} props */
export function RemoteVideo({ remote }) {
  const element = useRef(/** @type {HTMLVideoElement | null} */ (null));
  useLayoutEffect(() => {
    const video = /** @type {HTMLVideoElement} */ (element.current);
    if (video.srcObject !== remote.stream) video.srcObject = remote.stream;
    heard.add(video);
    if (sink) void video.setSinkId(sink).catch(() => {});
    void play(video);
    return () => {
      heard.delete(video);
      if (silenced.delete(video)) tell();
    };
  }, [remote.stream]);
  return html`<video ref=${element} data-participant-id=${remote.participantId} data-source=${remote.isScreen ? 'screen' : 'camera'} autoplay playsinline></video>`;
}

/** @param {{ remote: import('./receiving.js').Remote, name: string, person?: Participant, large?: boolean, speaks?: boolean, quality?: import('./quality.js').Quality }} props */
export function RemoteTile({ remote, name, person, large, speaks, quality }) {
  const tile = useRef(/** @type {HTMLElement | null} */ (null));
  const seen = usePicture(tile, remote);
  return html`
    <figure class=${`tile${seen ? '' : ' no-picture'}${remote.isScreen ? ' screen' : ''}${large ? ' large' : ''}${speaks ? ' speaks' : ''}`} ref=${tile}>
      <${RemoteVideo} remote=${remote} />
      ${!seen && html`<${Face} name=${name} class="large" />`}
      <figcaption>${remote.isScreen ? _('Screen of {name}', { name }) : name}${person?.hand_raised_at && html`<span class="tile-note"><${Icon} name="hand" />${_('raises a hand')}</span>`}
    ${person?.held && html`<span class="tile-note">${_('on hold')}</span>`}${person?.muted?.includes('audio') && html`<span class="tile-note">${_('muted')}</span>`}
    ${person?.state === 'reconnecting' ? html`<span class="tile-note">${_('connection lost, trying again')}</span>`
    : quality && quality.grade !== 'good' && html`<span class="tile-note">${quality.reason === 'sound' ? _('weak connection, sound breaks up') : _('weak connection, the picture stops')}</span>`}</figcaption>
    </figure>
  `;
}

/** Whether pictures keep coming: a camera that was switched off sends none; a screen on which nothing moves need not. @param {{ current: HTMLElement | null }} tile @param {import('./receiving.js').Remote} remote */
function usePicture(tile, remote) {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const video = tile.current?.querySelector('video');
    if (!video) return undefined;
    let last = 0;
    let going = true;
    const note = () => {
      last = performance.now();
      setSeen(true);
    };
    const frame = () => {
      if (!going) return;
      note();
      video.requestVideoFrameCallback(frame);
    };
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(frame);
    else /** @type {HTMLVideoElement} */ (video).addEventListener('timeupdate', note);
    const timer = setInterval(() => {
      if (!remote.isScreen && !document.hidden && performance.now() - last > PICTURE_GONE_MS) setSeen(false);
    }, 500);
    return () => {
      going = false;
      clearInterval(timer);
      video.removeEventListener('timeupdate', note);
    };
  }, [remote.stream]);
  return seen;
}

/** One's own picture, as in a mirror. @param {{ media: import('./own-media.js').OwnMedia, class?: string }} props */
export function OwnVideo({ media, class: look }) {
  const element = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const track = media.tracks.camera;
  useEffect(() => {
    const video = /** @type {HTMLVideoElement} */ (element.current);
    video.srcObject = track ? new MediaStream([track]) : null;
    if (track) void video.play().catch(() => {});
  }, [track]);
  return html`
    <div class=${`own-video ${look ?? ''} ${track ? '' : 'off'}`}>
      <video ref=${element} autoplay muted playsinline aria-label=${_('Your own picture')}></video>
      ${!track && html`<span class="own-off"><${Icon} name="camera-off" />${_('Your camera is off')}</span>`}
    </div>
  `;
}
