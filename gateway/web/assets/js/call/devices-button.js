/** Another camera, microphone or speaker while the call goes on. */

import { html, useState } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icons.js';
import { DeviceCheck } from './device-check.js';

/** @param {{ media: import('./own-media.js').OwnMedia }} props */
export function DevicesButton({ media }) {
  const [open, setOpen] = useState(false);
  return html`
    <button type="button" class="stage-button" onClick=${() => setOpen(true)}><${Icon} name="devices" />${_('Devices')}</button>
    ${open && html`<${Dialog} title=${_('Camera, microphone and speaker')} onClose=${() => setOpen(false)}><${DeviceCheck} media=${media} inCall=${true} /><//>`}
  `;
}
