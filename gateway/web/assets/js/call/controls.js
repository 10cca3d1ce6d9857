/** The bar below the call: microphone, camera, hang up, and what each face of the call adds. */

import { html } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { toast } from '../parts/toasts.js';

/** @param {import('./own-media.js').OwnMedia} media @param {import('./own-media.js').Kind} kind */
async function toggle(media, kind) {
  await media.set(kind, !media.on(kind));
  if (media.wished[kind] && !media.tracks[kind]) {
    toast(kind === 'camera' ? _('The camera cannot be used. Allow it beside the address, or close the program that uses it.') : _('The microphone cannot be used. Allow it beside the address, or close the program that uses it.'), { kind: 'problem' });
  }
}

/** @param {{ media: import('./own-media.js').OwnMedia, onHangUp: () => void, children?: unknown }} props */
export function Controls({ media, onHangUp, children }) {
  const microphone = media.on('microphone');
  const camera = media.on('camera');
  return html`
    <div class="controls" role="toolbar" aria-label=${_('Call controls')}>
      <button type="button" class=${microphone ? 'control' : 'control off'} aria-pressed=${microphone} onClick=${() => toggle(media, 'microphone')}>
        <${Icon} name=${microphone ? 'microphone' : 'microphone-off'} /><span>${_('Microphone')}<span class="control-state"> ${microphone ? _('on') : _('off')}</span></span></button>
      <button type="button" class=${camera ? 'control' : 'control off'} aria-pressed=${camera} onClick=${() => toggle(media, 'camera')}>
        <${Icon} name=${camera ? 'camera' : 'camera-off'} /><span>${_('Camera')}<span class="control-state"> ${camera ? _('on') : _('off')}</span></span></button>
      ${children}
      <button type="button" class="control hang-up" onClick=${onHangUp}><${Icon} name="hang-up" /><span>${_('Hang up')}</span></button>
    </div>
  `;
}
