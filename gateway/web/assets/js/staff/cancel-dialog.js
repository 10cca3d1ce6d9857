/** Cancels a Scheduled Session; of a series also the following ones, or all. */

import { html, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { _ } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { Failed } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { ScopeChoice } from './scope-choice.js';

/** @typedef {import('./scope-choice.js').Scope} Scope */

/** @param {{ session: Session, onClose: () => void }} props */
export function CancelDialog({ session, onClose }) {
  const [scope, setScope] = useState(/** @type {Scope} */ ('one'));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const several = scope !== 'one';
  const cancel = async () => {
    setBusy(true);
    setProblem('');
    try {
      await post(`/api/sessions/${session.id}/cancel`, { scope, version: session.version });
      toast(several ? _('The sessions are cancelled.') : _('The session is cancelled.'));
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} name="cancel-session" title=${_('Cancel this session?')} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="cancel-session" class="button danger" disabled=${busy}>${several ? _('Cancel these sessions') : _('Cancel the session')}</button>`}>
      <form id="cancel-session" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void cancel(); }}>
        ${problem && html`<${Failed} text=${problem} />`}
        <${ScopeChoice} session=${session} value=${scope} onChange=${setScope} />
        <p>${_('“{title}” is cancelled for everyone. This cannot be undone; book a new one instead.', { title: session.title || _('Consultation') })}</p>
      </form>
    <//>
  `;
}
