/** The device test on the patient information page: here on the device, nothing is sent. */

import { html, render, useMemo, useState } from '../vendor/preact.js';
import { DeviceCheck } from './call/device-check.js';
import { OwnMedia } from './call/own-media.js';
import { _, currentLanguage, loadTexts } from './core/texts.js';
import { Icon } from './parts/icons.js';

function DeviceTest() {
  const media = useMemo(() => new OwnMedia(), []);
  const [running, setRunning] = useState(false);
  const start = () => {
    setRunning(true);
    void media.open();
  };
  const stop = () => {
    media.close();
    setRunning(false);
  };
  if (!('RTCPeerConnection' in window) || !navigator.mediaDevices) {
    return html`<p class="notice danger"><${Icon} name="warning" /><span>${_('This browser cannot make video calls. Open the page in Chrome, Edge, Firefox or Safari.')}</span></p>`;
  }
  if (!running) return html`<button type="button" class="button primary" onClick=${start}><${Icon} name="camera" />${_('Start the test')}</button>`;
  return html`<${DeviceCheck} media=${media} /><p><button type="button" class="button" onClick=${stop}>${_('End the test')}</button></p>`;
}

void loadTexts(currentLanguage()).finally(() => {
  const place = /** @type {HTMLElement} */ (document.getElementById('device-test'));
  place.replaceChildren();
  render(html`<${DeviceTest} />`, place);
});
