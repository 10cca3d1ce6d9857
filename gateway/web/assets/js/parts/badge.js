/** Small words and numbers that say a state: colour is never the only sign. */

import { html } from '../../vendor/preact.js';

/** @param {{ kind?: string, children?: unknown }} props */
export const Badge = ({ kind = 'plain', children }) => html`<span class=${`badge ${kind}`}>${children}</span>`;

/** @param {{ value: number, kind: string, label: string }} props */
export const Count = ({ value, kind, label }) =>
  value > 0 && html`<span class=${`count ${kind}`} title=${label}><span aria-hidden="true">${value}</span><span class="for-screen-reader">${label}</span></span>`;
