/** One's own camera and microphone in small: seen while waiting, switched by a press. */

import { html } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { useMedia } from './device-check.js';
import { OwnVideo } from './video.js';

/** @param {{ media: import('./own-media.js').OwnMedia }} props */
export function OwnDevices({ media }) {
  useMedia(media);
  const row = (/** @type {import('./own-media.js').Kind} */ kind, /** @type {string} */ name) => html`
    <button type="button" class="button" aria-pressed=${media.on(kind)} onClick=${() => media.set(kind, !media.on(kind))}>
      <${Icon} name=${media.on(kind) ? kind : `${kind}-off`} />${name} ${media.on(kind) ? _('on') : _('off')}</button>`;
  return html`
    <div class="own-devices">
      <${OwnVideo} media=${media} class="small" />
      <div class="own-devices-text"><p class="quiet">${_('This is how you will be seen.')}</p><p>${row('camera', _('Camera'))}${row('microphone', _('Microphone'))}</p></div>
    </div>
  `;
}
