/** Settings, Sign-in: who needs a second step beside the password. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, patch } from '../../../core/api.js';
import { _ } from '../../../core/texts.js';
import { Failed } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { useApp } from '../../context.js';
import { useNoteOrganisation } from '../organisation.js';

/** @returns {[string, string][]} */
const choices = () => [
  ['nobody', _('Nobody: everybody decides for themselves')],
  ['owners_and_admins', _('Owners and admins')],
  ['everybody', _('Everybody')],
];

export function SecondStepRule() {
  const { organisation } = useApp().me;
  const note = useNoteOrganisation();
  const [chosen, setChosen] = useState(organisation.second_step_for);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      note(await patch('/api/organisation', { second_step_for: chosen }));
      toast(_('Saved. It holds from the next sign-in on.'));
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  };
  return html`
    <form class="card form-card" onSubmit=${save}>
      <h2>${_('Second step')}</h2>
      ${problem && html`<${Failed} text=${problem} />`}
      <fieldset class="ticks options">
        <legend>${_('Who needs more than a password to sign in?')}</legend>
        ${choices().map(([value, label]) => html`<label class="tick" key=${value}><input type="radio" name="second-step-for" checked=${chosen === value} onChange=${() => setChosen(value)} /> <span>${label}</span></label>`)}
      </fieldset>
      <p class="quiet">${_('Who needs one and has none adds it at the next sign-in, before anything else. Who signs in with your own provider is not asked: the provider answers for them.')}</p>
      <p><button type="submit" class="button primary" disabled=${busy || chosen === organisation.second_step_for}>${_('Save')}</button></p>
    </form>
  `;
}
