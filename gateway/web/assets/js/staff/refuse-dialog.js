/** Sends somebody who waits away, with a word to them. */

import { html, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { _ } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { toast } from '../parts/toasts.js';

/** @param {{ caller: Caller, onClose: () => void }} props */
export function RefuseDialog({ caller, onClose }) {
  const [message, setMessage] = useState('');
  const refuse = async (/** @type {Event} */ event) => {
    event.preventDefault();
    onClose();
    try {
      await post(`/api/callers/${caller.id}/refuse`, { message });
      toast(_('{name} was told that this is not possible now.', { name: caller.display_name }));
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
  };
  return html`
    <${Dialog} title=${_('Refuse {name}?', { name: caller.display_name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="refuse" class="button danger">${_('Refuse')}</button>`}>
      <form id="refuse" onSubmit=${refuse}>
        <p>${_('They leave the waiting room and read what you write here. They can come again by the same link.')}</p>
        <div class="field">
          <label for="refuse-message">${_('Message to them (optional)')}</label>
          <textarea id="refuse-message" autofocus rows="3" maxlength="500" value=${message}
            onInput=${(/** @type {any} */ event) => setMessage(event.target.value)}></textarea>
        </div>
      </form>
    <//>
  `;
}
