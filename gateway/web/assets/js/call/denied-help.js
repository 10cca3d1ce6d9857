/** What to press when the browser said no to camera and microphone, with a picture of this browser's own place for it. */

import { html } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Icon } from '../parts/icons.js';

/** @typedef {'safari-phone' | 'safari' | 'firefox' | 'chrome-phone' | 'chrome'} Family */

/** @param {string} agent @returns {Family} */
export function browserFamily(agent) {
  const phone = /Mobi|Android|iPhone|iPad/.test(agent);
  if (/iPhone|iPad/.test(agent)) return 'safari-phone';
  if (/Firefox\//.test(agent)) return 'firefox';
  if (/Safari\//.test(agent) && !/Chrome\/|Chromium\//.test(agent)) return 'safari';
  return phone ? 'chrome-phone' : 'chrome';
}

/** @param {Family} family @returns {string[]} */
function steps(family) {
  if (family === 'safari-phone') {
    return [_('Press the symbol at the start of the address bar (“aA” or a page).'), _('Choose Website Settings.'), _('Set Camera and Microphone to Allow.')];
  }
  if (family === 'safari') return [_('Open the Safari menu and choose Settings for this website.'), _('Set Camera and Microphone to Allow.')];
  if (family === 'firefox') return [_('Press the crossed-out camera beside the address.'), _('Remove the block on camera and microphone.')];
  if (family === 'chrome-phone') return [_('Press the symbol at the start of the address bar.'), _('Choose Permissions.'), _('Switch Camera and Microphone on.')];
  return [_('Press the symbol at the start of the address bar.'), _('Switch Camera and Microphone on.')];
}

/** @param {{ onRetry: () => void }} props */
export function DeniedHelp({ onRetry }) {
  const family = browserFamily(navigator.userAgent);
  return html`
    <div class="notice danger denied" role="alert">
      <p><strong>${_('The browser may not use your camera or microphone.')}</strong> ${_('You can change that:')}</p>
      <${AddressBar} family=${family} />
      <ol class="steps">${steps(family).map((step) => html`<li>${step}</li>`)}<li>${_('Then press Try again.')}</li></ol>
      <button type="button" class="button" onClick=${onRetry}><${Icon} name="renew" />${_('Try again')}</button>
    </div>
  `;
}

/** A drawn address bar with the place to press ringed. @param {{ family: Family }} props */
function AddressBar({ family }) {
  const low = family === 'safari-phone';
  const letters = family === 'safari-phone' ? 'aA' : '';
  return html`
    <svg class="address-bar" viewBox="0 0 320 64" aria-hidden="true" focusable="false">
      <rect x="1" y="1" width="318" height="62" rx=${low ? 20 : 8} class="bar-back" />
      <rect x="16" y="14" width="288" height="36" rx="18" class="bar-field" />
      ${letters ? html`<text x="38" y="38" text-anchor="middle" class="bar-text">${letters}</text>` : html`<g class="bar-sign"><path d="M30 27h10M46 27h2M30 37h2M38 37h10" /><circle cx="43" cy="27" r="3" /><circle cx="35" cy="37" r="3" /></g>`}
      <circle cx="39" cy="32" r="20" class="bar-ring" />
      <text x="76" y="37" class="bar-text quiet">${location.host}</text>
    </svg>
  `;
}
