/** What a part of the page shows when it has nothing, not yet, or no more: empty, loading, failed, and the connection's banner. */

import { html } from '../../vendor/preact.js';
import { useConnection } from '../core/hooks.js';
import { _ } from '../core/texts.js';
import { Icon } from './icons.js';

/** @param {{ icon: string, title: string, children?: unknown }} props */
export const Empty = ({ icon, title, children }) => html`
  <div class="empty"><${Icon} name=${icon} /><p class="empty-title">${title}</p>${children}</div>
`;

/** @param {{ lines?: number }} props */
export const Loading = ({ lines = 3 }) => html`
  <div class="loading" aria-busy="true"><span class="for-screen-reader">${_('Loading')}</span>
    ${Array.from({ length: lines }, () => html`<p class="skeleton"></p>`)}
  </div>
`;

/** @param {{ text: string, onRetry?: () => void }} props */
export const Failed = ({ text, onRetry }) => html`
  <div class="notice danger" role="alert"><${Icon} name="warning" /><p>${text}</p>
    ${onRetry && html`<button type="button" class="button small" onClick=${onRetry}>${_('Try again')}</button>`}
  </div>
`;

/** Shown while the live connection is away: what is on the page may be old. */
export function ConnectionBanner() {
  const state = useConnection();
  return html`
    <div class="connection" role="status">
      ${state === 'lost' && html`<p class="connection-banner"><span class="dot offline"></span>${_('No connection. What you see may be old; trying again by itself.')}</p>`}
    </div>
  `;
}
