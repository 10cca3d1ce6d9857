/** Adding a clinic, giving one another name, and removing an empty one. */

import { html, useState } from '../../../vendor/preact.js';
import { explain, fieldProblems, patch, post, remove } from '../../core/api.js';
import { _ } from '../../core/texts.js';
import { Dialog } from '../../parts/dialog.js';
import { Field } from '../../parts/field.js';
import { Failed } from '../../parts/states.js';
import { toast } from '../../parts/toasts.js';
import { useApp } from '../context.js';
import { useNoteOrganisation } from './organisation.js';

/** Without a clinic, a new one. @param {{ clinic?: Clinic, onClose: () => void }} props */
export function ClinicNameDialog({ clinic, onClose }) {
  const { organisation } = useApp().me;
  const note = useNoteOrganisation();
  const [name, setName] = useState(clinic?.name ?? '');
  const [problem, setProblem] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const saved = clinic ? await patch(`/api/clinics/${clinic.id}`, { name }) : await post('/api/clinics', { name });
      note({ ...organisation, clinics: [...organisation.clinics.filter(({ id }) => id !== saved.id), saved] });
      toast(clinic ? _('{name} is the name now.', { name: saved.name }) : _('{name} is there. Invite its members next.', { name: saved.name }));
      onClose();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  const said = fieldProblems(problem).name;
  return html`
    <${Dialog} title=${clinic ? _('Rename {name}', { name: clinic.name }) : _('Add a clinic')} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="clinic-form" class="button primary" disabled=${busy || !name.trim()}>${clinic ? _('Rename') : _('Add')}</button>`}>
      <form id="clinic-form" onSubmit=${save} noValidate>
        ${problem && !said && html`<${Failed} text=${explain(problem)} />`}
        <${Field} id="clinic-name" label=${_('Name of the clinic')} problem=${said} help=${_('As your members and clients know it, for example the place or the speciality.')}
          control=${(/** @type {Record<string, unknown>} */ tied) => html`<input ...${tied} autofocus maxlength="80" required value=${name} onInput=${(/** @type {any} */ event) => setName(event.target.value)} />`} />
      </form>
    <//>
  `;
}

/** @param {{ clinic: Clinic, onClose: () => void }} props */
export function RemoveClinicDialog({ clinic, onClose }) {
  const { organisation } = useApp().me;
  const note = useNoteOrganisation();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      await remove(`/api/clinics/${clinic.id}`);
      note({ ...organisation, clinics: organisation.clinics.filter(({ id }) => id !== clinic.id) });
      toast(_('{name} was removed.', { name: clinic.name }));
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${_('Remove {name}', { name: clinic.name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="button" class="button danger" disabled=${busy} onClick=${go}>${_('Remove the clinic')}</button>`}>
      ${problem && html`<${Failed} text=${problem} />`}
      <p>${_('Nobody is in this clinic. Its name and the settings of its rooms go; sessions and calls of the past stay as they are.')}</p>
    <//>
  `;
}
