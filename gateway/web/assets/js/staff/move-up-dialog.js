/** Letting somebody go first: it needs a reason, which the staff see. */

import { html, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { _ } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { Failed } from '../parts/states.js';
import { toast } from '../parts/toasts.js';

/** @param {{ caller: Caller, onClose: () => void }} props */
export function MoveUpDialog({ caller, onClose }) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const move = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      await post(`/api/callers/${caller.id}/move-up`, { reason });
      toast(_('{name} is first now.', { name: caller.display_name }));
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${_('Let {name} go first?', { name: caller.display_name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="move-up" class="button primary" disabled=${busy || !reason.trim()}>${_('Let them go first')}</button>`}>
      <form id="move-up" onSubmit=${move}>
        <p>${_('They stand before everybody who waits here. Those who wait are not told, and your colleagues see who did it and why.')}</p>
        ${problem && html`<${Failed} text=${problem} />`}
        <div class="field"><label for="move-up-reason">${_('Reason')}</label>
          <input id="move-up-reason" autofocus required maxlength="200" dir="auto" value=${reason} onInput=${(/** @type {any} */ event) => setReason(event.target.value)} /></div>
      </form>
    <//>
  `;
}
