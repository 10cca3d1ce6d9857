/** Camera and microphone: a picture, a level that moves, and what to press when the browser said no. */

import { html, useState } from '../../vendor/preact.js';
import { DeviceCheck, useMedia } from '../call/device-check.js';
import { _ } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { Failed } from '../parts/states.js';
import { Sheet } from './screens.js';

/** @param {{ hello: Hello, media: import('../call/own-media.js').OwnMedia, problem: string, onNext: () => Promise<void>, onBack: () => void }} props */
export function DeviceScreen({ hello, media, problem, onNext, onBack }) {
  useMedia(media);
  const [busy, setBusy] = useState(false);
  const next = async () => {
    setBusy(true);
    await onNext();
    setBusy(false);
  };
  const camera = media.on('camera');
  const microphone = media.on('microphone');
  const soundOnly = async () => {
    await media.set('camera', false);
    await media.open();
  };
  return html`
    <${Sheet} hello=${hello} step=${2} title=${_('Camera and microphone')} onBack=${onBack}>
      <${DeviceCheck} media=${media} />
      ${problem && html`<${Failed} text=${problem} />`}
      <p class="sheet-actions">
        <button type="button" class="button primary wide" disabled=${busy} onClick=${next}>${busy ? _('One moment…') : joinText(camera, microphone)}</button>
        ${media.wished.camera
          ? html`<button type="button" class="button wide" onClick=${soundOnly}><${Icon} name="camera-off" />${_('I can’t: use sound only')}</button>`
          : html`<button type="button" class="button wide" onClick=${() => media.set('camera', true)}><${Icon} name="camera" />${_('Use my camera after all')}</button>`}
      </p>
    <//>
  `;
}

/** @param {boolean} camera @param {boolean} microphone */
function joinText(camera, microphone) {
  if (microphone) return camera ? _('I am ready') : _('I am ready, with sound only');
  return _('Go on without a microphone');
}
