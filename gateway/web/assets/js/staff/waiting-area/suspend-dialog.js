/** Nobody more arrives in a Waiting Area until it is opened again; who comes reads why. */

import { html, useState } from '../../../vendor/preact.js';
import { explain, post } from '../../core/api.js';
import { _ } from '../../core/texts.js';
import { Dialog } from '../../parts/dialog.js';
import { Failed } from '../../parts/states.js';

/** @param {{ area: WaitingArea, onClose: () => void }} props */
export function SuspendDialog({ area, onClose }) {
  const [message, setMessage] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const suspend = async () => {
    setBusy(true);
    setProblem('');
    try {
      await post(`/api/waiting-areas/${area.id}/suspend`, { message });
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${_('Suspend {name}?', { name: area.name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Not now')}</button>
      <button type="button" class="button primary" disabled=${busy} onClick=${suspend}>${_('Suspend')}</button>`}>
      <p>${_('Nobody more can come in until you open it again. Who waits already stays.')}</p>
      ${problem && html`<${Failed} text=${problem} />`}
      <div class="field"><label for="suspend-message">${_('What those who come read')}</label>
        <textarea id="suspend-message" rows="3" maxlength="500" dir="auto" value=${message} aria-describedby="suspend-help" onInput=${(/** @type {any} */ event) => setMessage(event.target.value)}></textarea>
        <p class="quiet" id="suspend-help">${_('For example when you are back, and whom to call. Your number is shown besides.')}</p></div>
    <//>
  `;
}
