/** A dialog over the page: the browser's own <dialog>, which keeps the focus, closes on Escape and with its page, and gives the focus back. */

import { html, useEffect, useRef } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Icon } from './icons.js';

let lastId = 0;

/**
 * @param {{ title: string, onClose: () => void, wide?: boolean, children?: unknown, foot?: unknown, name?: string }} props
 */
export function Dialog({ title, onClose, wide, children, foot, name }) {
  const frame = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useRef(`dialog-${++lastId}`).current;
  useEffect(() => {
    const dialog = /** @type {HTMLDialogElement} */ (frame.current);
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    if (!dialog.open) dialog.showModal();
    return () => {
      dialog.close();
      before?.focus?.();
    };
  }, []);
  useEffect(() => {
    // what is longer than the screen and holds nothing to press must still be read by the keyboard
    const body = /** @type {HTMLElement} */ (frame.current?.querySelector('.dialog-body'));
    const reached = body.querySelector('a[href], button, input, select, textarea, summary');
    if (body.scrollHeight > body.clientHeight && !reached) body.tabIndex = 0;
    else body.removeAttribute('tabindex');
  });
  useEffect(() => {
    // a link in it, or Back, leads to another page
    addEventListener('popstate', onClose);
    return () => removeEventListener('popstate', onClose);
  }, [onClose]);
  return html`
    <dialog ref=${frame} class=${wide ? 'dialog wide' : 'dialog'} aria-labelledby=${id} data-name=${name}
      onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); onClose(); }}>
      <header class="dialog-head">
        <h2 id=${id}>${title}</h2>
        <button type="button" class="button quiet square" aria-label=${_('Close')} onClick=${onClose}><${Icon} name="close" /></button>
      </header>
      <div class="dialog-body">${children}</div>
      ${foot && html`<footer class="dialog-foot">${foot}</footer>`}
    </dialog>
  `;
}

/**
 * A question before something that cannot be undone.
 * @param {{ title: string, text: string, action: string, danger?: boolean, onYes: () => void, onClose: () => void }} props
 */
export const Question = ({ title, text, action, danger, onYes, onClose }) => html`
  <${Dialog} title=${title} onClose=${onClose} foot=${html`
    <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
    <button type="button" class=${danger ? 'button danger' : 'button primary'} onClick=${() => { onYes(); onClose(); }}>${action}</button>`}>
    <p>${text}</p>
  <//>
`;
