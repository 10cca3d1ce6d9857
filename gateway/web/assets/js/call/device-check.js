/** A test of camera, microphone and speaker on the own device: what works, and what to press where something does not. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { useRedraw } from '../core/hooks.js';
import { chime } from '../core/sounds.js';
import { _ } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { DeniedHelp } from './denied-help.js';
import { followLevel } from './level.js';
import { hearBy, OwnVideo, speaker } from './video.js';

/** @typedef {import('./own-media.js').OwnMedia} OwnMedia */

/** Draws again whenever the devices change. @param {OwnMedia} media */
export function useMedia(media) {
  const redraw = useRedraw();
  useEffect(() => media.watch(() => redraw(undefined)), [media]);
}

/** @param {{ media: OwnMedia, inCall?: boolean }} props `inCall`: where it is heard is chosen too, the microphone is known to work. */
export function DeviceCheck({ media, inCall = false }) {
  useMedia(media);
  const denied = media.trouble.microphone === 'denied' || media.trouble.camera === 'denied';
  const asked = media.tracks.camera || media.tracks.microphone || media.trouble.camera || media.trouble.microphone;
  return html`
    <div class="device-check">
      <${OwnVideo} media=${media} />
      ${!asked && html`<p class="notice"><${Icon} name="help" /><span>${_('Your browser asks whether it may use camera and microphone. Press Allow.')}</span></p>`}
      ${denied && html`<${DeniedHelp} onRetry=${() => retry(media)} />`}
      ${!denied && html`<${Trouble} media=${media} />`}
      <${Level} media=${media} />
      <${DeviceMenus} media=${media} inCall=${inCall} />
      <button type="button" class="button small" onClick=${chime}><${Icon} name="speaker" />${_('Play a test sound')}</button>
    </div>
  `;
}

/** @param {OwnMedia} media */
async function retry(media) {
  media.trouble = { camera: null, microphone: null };
  media.changed();
  await media.open();
}

/** @param {{ media: OwnMedia }} props */
function Trouble({ media }) {
  const texts = [];
  if (media.trouble.microphone === 'missing') texts.push(_('No microphone was found. Connect one, or join without: you will see and hear, but not be heard.'));
  if (media.trouble.microphone === 'busy') texts.push(_('Another app uses the microphone. Close it, then try again.'));
  if (media.trouble.camera === 'missing') texts.push(_('No camera was found. That is all right: sound is enough.'));
  if (media.trouble.camera === 'busy') texts.push(_('Another app uses the camera. Close it, then try again; or join with sound only.'));
  if (!texts.length) return null;
  return html`<div class="notice danger" role="alert"><${Icon} name="warning" /><div>${texts.map((text) => html`<p>${text}</p>`)}</div>
    <button type="button" class="button small" onClick=${() => retry(media)}>${_('Try again')}</button></div>`;
}

/** @param {{ media: OwnMedia }} props */
function Level({ media }) {
  const track = media.tracks.microphone;
  const [level, setLevel] = useState(0);
  const [heard, setHeard] = useState(false);
  useEffect(() => {
    setHeard(false);
    if (!track) return undefined;
    return followLevel(track, (now) => {
      setLevel(now);
      if (now > 0.35) setHeard(true);
    });
  }, [track]);
  if (!track) return null;
  return html`
    <div class="level">
      <${Icon} name="microphone" />
      <div class="level-bars" aria-hidden="true">${Array.from({ length: 12 }, (_unused, bar) => html`<span class=${bar < level * 12 ? 'lit' : ''}></span>`)}</div>
      <p role="status">${heard ? _('We hear you.') : _('Say something: the bars should move.')}</p>
    </div>
  `;
}

/** A choice where the device has several. @param {{ media: OwnMedia, inCall: boolean }} props */
function DeviceMenus({ media, inCall }) {
  const [devices, setDevices] = useState(/** @type {MediaDeviceInfo[]} */ ([]));
  const { camera, microphone } = media.tracks;
  useEffect(() => {
    const read = () => navigator.mediaDevices?.enumerateDevices().then(setDevices, () => {});
    void read();
    navigator.mediaDevices?.addEventListener?.('devicechange', read);
    return () => navigator.mediaDevices?.removeEventListener?.('devicechange', read);
  }, [camera, microphone]);
  return html`
    <${DeviceMenu} media=${media} kind="camera" label=${_('Camera')} devices=${devices.filter((device) => device.kind === 'videoinput')} />
    <${DeviceMenu} media=${media} kind="microphone" label=${_('Microphone')} devices=${devices.filter((device) => device.kind === 'audioinput')} />
    ${inCall && html`<${SpeakerMenu} devices=${devices.filter((device) => device.kind === 'audiooutput' && device.label)} />`}
  `;
}

/** Where the others are heard; not every browser lets a page choose. @param {{ devices: MediaDeviceInfo[] }} props */
function SpeakerMenu({ devices }) {
  const [chosen, setChosen] = useState(speaker());
  if (devices.length < 2 || !('setSinkId' in HTMLMediaElement.prototype)) return null;
  const choose = async (/** @type {any} */ event) => {
    const { value } = event.target;
    setChosen(value);
    await hearBy(value);
  };
  return html`
    <div class="field compact"><label for="choose-speaker">${_('Speaker')}</label>
      <select id="choose-speaker" onChange=${choose}>
        ${devices.map((device) => html`<option key=${device.deviceId} value=${device.deviceId} selected=${device.deviceId === (chosen || 'default')}>${device.label}</option>`)}
      </select></div>
  `;
}

/** @param {{ media: OwnMedia, kind: import('./own-media.js').Kind, label: string, devices: MediaDeviceInfo[] }} props */
function DeviceMenu({ media, kind, label, devices }) {
  const track = media.tracks[kind];
  const named = devices.filter((device) => device.label);
  if (named.length < 2 || !track) return null;
  const current = track.getSettings().deviceId;
  return html`
    <div class="field compact"><label for=${`choose-${kind}`}>${label}</label>
      <select id=${`choose-${kind}`} onChange=${(/** @type {any} */ event) => media.choose(kind, event.target.value)}>
        ${named.map((device) => html`<option key=${device.deviceId} value=${device.deviceId} selected=${device.deviceId === current}>${device.label}</option>`)}
      </select></div>
  `;
}
