/** Says no to a handover, with a word to the colleague. */

import { html, useState } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';

/** @param {{ handover: Handover, onYes: (message: string) => void, onClose: () => void }} props */
export function DeclineDialog({ handover, onYes, onClose }) {
  const [message, setMessage] = useState('');
  const decline = (/** @type {Event} */ event) => {
    event.preventDefault();
    onClose();
    onYes(message);
  };
  return html`
    <${Dialog} title=${_('Decline the handover?')} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="decline" class="button primary">${_('Decline')}</button>`}>
      <form id="decline" onSubmit=${decline}>
        <p>${_('{name} stays with the caller and reads what you write here.', { name: handover.from_name })}</p>
        <div class="field">
          <label for="decline-message">${_('Message to {name} (optional)', { name: handover.from_name })}</label>
          <textarea id="decline-message" autofocus rows="3" maxlength="500" value=${message} onInput=${(/** @type {any} */ event) => setMessage(event.target.value)}></textarea>
        </div>
      </form>
    <//>
  `;
}
