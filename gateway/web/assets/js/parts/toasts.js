/** Short notes at the edge of the page: what was done, or what was refused. Announced politely; they never take the focus. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Icon } from './icons.js';

const SHOWN_MS = 6_000;
const PROBLEM_SHOWN_MS = 12_000;

/** @typedef {{ id: number, text: string, kind: 'done' | 'problem' | 'waiting', action?: { label: string, do: () => void } }} Toast */

/** @type {Toast[]} */
let toasts = [];
let lastId = 0;
/** @type {Set<() => void>} */
const watchers = new Set();

/** @param {Toast[]} next */
function show(next) {
  toasts = next;
  for (const watcher of watchers) watcher();
}

/** @param {number} id */
const drop = (id) => show(toasts.filter((toast) => toast.id !== id));

/** @param {string} text @param {{ kind?: Toast['kind'], action?: Toast['action'] }} [more] */
export function toast(text, { kind = 'done', action } = {}) {
  const id = ++lastId;
  show([...toasts.slice(-3), { id, text, kind, action }]);
  setTimeout(() => drop(id), kind === 'problem' || action ? PROBLEM_SHOWN_MS : SHOWN_MS);
}

export function Toasts() {
  const [, redraw] = useState(0);
  useEffect(() => {
    const watcher = () => redraw((count) => count + 1);
    watchers.add(watcher);
    return () => void watchers.delete(watcher);
  }, []);
  return html`
    <div class="toasts" role="status" aria-live="polite">
      ${toasts.map(({ id, text, kind, action }) => html`
        <div class=${`toast ${kind}`} key=${id}>
          <${Icon} name=${kind === 'problem' ? 'warning' : kind === 'waiting' ? 'person' : 'check'} />
          <p>${text}</p>
          ${action && html`<button type="button" class="button small" onClick=${() => { drop(id); action.do(); }}>${action.label}</button>`}
          <button type="button" class="button quiet square small" aria-label=${_('Dismiss')} onClick=${() => drop(id)}><${Icon} name="close" /></button>
        </div>`)}
    </div>
  `;
}
