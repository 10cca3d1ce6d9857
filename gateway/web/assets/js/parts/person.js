/** A person's sign: the first letters of their name on a quiet ground. */

import { html } from '../../vendor/preact.js';

/** @param {string} name */
export function initials(name) {
  const words = name.replace(/^(dr|prof|mr|mrs|ms|frau|herr)\.?\s+/i, '').split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words[words.length - 1] : ''].map((word) => [...(word ?? '')][0] ?? '').join('').toUpperCase();
}

/** @param {{ name: string, class?: string }} props */
export const Face = ({ name, class: look }) => html`<span class=${`face ${look ?? ''}`} aria-hidden="true">${initials(name)}</span>`;
