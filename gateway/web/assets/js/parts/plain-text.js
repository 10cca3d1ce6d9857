/** Text as somebody typed it: its lines kept, its links to press, and nothing else of it taken for more than text. */

import { html } from '../../vendor/preact.js';

const LINK = /(https?:\/\/[^\s<>"]+[^\s<>"'.,;:!?)\]])/g;

/** @param {{ text: string, class?: string }} props */
export const PlainText = ({ text, class: look }) => html`
  <div class=${look ? `plain-text ${look}` : 'plain-text'}>
    ${text.split('\n').map((line) => html`<p dir="auto">${line ? linked(line) : '\u00a0'}</p>`)}
  </div>
`;

/** @param {string} line */
const linked = (line) => line.split(LINK).map((part, place) => (place % 2
  ? html`<a href=${part} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">${part}</a>`
  : part));
