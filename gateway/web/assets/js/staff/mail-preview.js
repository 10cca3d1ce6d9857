/** What the recipient will read, near enough: title, message, time, the button. */

import { html } from '../../vendor/preact.js';
import { _, ngettext } from '../core/texts.js';
import { useApp } from './context.js';

/** @param {{ title: string, message: string, planned: { local_start: string, zone: string, minutes: number } | null }} props */
export function MailPreview({ title, message, planned }) {
  const { me } = useApp();
  return html`
    <details class="preview">
      <summary>${_('Preview of the e-mail')}</summary>
      <div class="preview-mail">
        <p class="quiet">${me.organisation.name}</p>
        <p class="preview-title">${title || _('Your video call with {name}', { name: me.member.name })}</p>
        ${planned && html`<p>${planned.local_start.replace('T', ', ')} (${planned.zone.replace(/_/g, ' ')}), ${ngettext('{n} minute', '{n} minutes', planned.minutes)}</p>`}
        ${message.split('\n').map((line) => html`<p>${line}</p>`)}
        <p><span class="button primary like-button">${_('Join the call')}</span></p>
        <p class="quiet">${_('Patient information')}</p>
      </div>
    </details>
  `;
}
