/** A text to copy, and the button that does. */

import { html, useState } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { announce } from './announcer.js';
import { Icon } from './icons.js';
import { toast } from './toasts.js';

/** @param {string} text @returns {Promise<boolean>} */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** @param {{ text: string, label: string, class?: string }} props */
export function CopyButton({ text, label, class: look }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    if (await copyText(text)) {
      setCopied(true);
      announce(_('Copied.'));
      setTimeout(() => setCopied(false), 2500);
    } else {
      toast(_('The browser did not allow copying. Select the link and copy it yourself: {link}', { link: text }), { kind: 'problem' });
    }
  };
  return html`
    <button type="button" class=${look ?? 'button'} onClick=${copy}>
      <${Icon} name=${copied ? 'check' : 'copy'} />${copied ? _('Copied') : label}
    </button>
  `;
}

/** The readable address that opens a room. @param {Room} room */
export const roomAddress = (room) => `${location.origin}/join/room/${room.link}`;
