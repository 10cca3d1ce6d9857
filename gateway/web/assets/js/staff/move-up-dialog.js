/** Letting somebody go first, or earlier for how urgent they are: it needs a reason, which the staff see. */

import { html, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { _ } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { Failed } from '../parts/states.js';
import { toast } from '../parts/toasts.js';

/** @param {{ caller: Caller, onClose: () => void }} props */
export function MoveUpDialog({ caller, onClose }) {
  const [reason, setReason] = useState('');
  const [how, setHow] = useState(/** @type {'first' | 'urgent' | 'soon' | 'routine'} */ ('first'));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const move = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      if (how === 'first') await post(`/api/callers/${caller.id}/move-up`, { reason });
      else await post(`/api/callers/${caller.id}/rank`, { acuity: how, reason });
      toast(how === 'first' ? _('{name} is first now.', { name: caller.display_name }) : _('{name} has another place in the queue now.', { name: caller.display_name }));
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  const choices = /** @type {const} */ ([
    ['first', _('First now'), _('before everybody who waits here')],
    ['urgent', _('Urgent'), _('as if they had come an hour earlier')],
    ['soon', _('Soon'), _('as if they had come 20 minutes earlier')],
    ...(caller.standing?.acuity || caller.standing?.by === 'moved_up' ? [/** @type {const} */ (['routine', _('In their turn'), _('where they would stand without all that')])] : []),
  ]);
  return html`
    <${Dialog} title=${_('Another place for {name}?', { name: caller.display_name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="move-up" class="button primary" disabled=${busy || !reason.trim()}>${_('Move them')}</button>`}>
      <form id="move-up" onSubmit=${move}>
        <p>${_('Those who wait are not told. Your colleagues see who did it and why. Who has waited long stands before, however urgent others are.')}</p>
        ${problem && html`<${Failed} text=${problem} />`}
        <fieldset class="how"><legend>${_('Where')}</legend>${choices.map(([key, name, note]) => html`
          <label class="destination" key=${key}><input type="radio" name="how" checked=${how === key} onChange=${() => setHow(key)} /><span><strong>${name}</strong><span class="quiet">${note}</span></span></label>`)}</fieldset>
        <div class="field"><label for="move-up-reason">${_('Reason')}</label>
          <input id="move-up-reason" autofocus required maxlength="200" dir="auto" value=${reason} onInput=${(/** @type {any} */ event) => setReason(event.target.value)} /></div>
      </form>
    <//>
  `;
}
