/** Short notes at the edge of the page: what was done, or what was refused. Announced politely; they never take the focus. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Icon } from './icons.js';

const SHOWN_MS = 6_000;
const PROBLEM_SHOWN_MS = 12_000;

/** @typedef {{ id: number, text: string, kind: 'done' | 'problem' | 'waiting', about?: string, action?: { label: string, do: () => void } }} Toast */

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

/** Takes back what is no longer so. @param {(about: string) => boolean} isPast */
export function withdraw(isPast) {
  const kept = toasts.filter((toast) => toast.about === undefined || !isPast(toast.about));
  if (kept.length < toasts.length) show(kept);
}

/** @param {string} text @param {{ kind?: Toast['kind'], about?: string, action?: Toast['action'] }} [more] `about`: whom it is about, to take it back */
export function toast(text, { kind = 'done', about, action } = {}) {
  const id = ++lastId;
  show([...toasts.slice(-3), { id, text, kind, about, action }]);
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
