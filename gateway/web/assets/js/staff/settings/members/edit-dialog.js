/** Another name, role or other clinics for a member. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, fieldProblems, patch } from '../../../core/api.js';
import { topicOf, useLive } from '../../../core/hooks.js';
import { _ } from '../../../core/texts.js';
import { Dialog } from '../../../parts/dialog.js';
import { Field } from '../../../parts/field.js';
import { Failed } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { ClinicChoice, RoleChoice } from './choices.js';

/** @param {{ member: Member, lastOwner: boolean, onClose: () => void }} props */
export function EditDialog({ member, lastOwner, onClose }) {
  const live = useLive();
  // as it was read when the dialog opened: what others save meanwhile is not overwritten
  const [version] = useState(member.version);
  const [name, setName] = useState(member.name);
  const [role, setRole] = useState(member.role);
  const [clinicIds, setClinicIds] = useState(member.clinic_ids);
  const [problem, setProblem] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const saved = await patch(`/api/members/${member.id}`, { name, role, clinic_ids: clinicIds, version });
      topicOf(live, 'members').note(`member/${member.id}`, saved);
      toast(_('{name} was changed.', { name: saved.name }));
      onClose();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  const problems = fieldProblems(problem);
  return html`
    <${Dialog} title=${member.name} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="member-form" class="button primary" disabled=${busy || !name.trim()}>${_('Save the changes')}</button>`}>
      <form id="member-form" onSubmit=${save} noValidate>
        ${problem && !Object.keys(problems).length && html`<${Failed} text=${explain(problem)} />`}
        <${Field} id="member-name" label=${_('Name')} problem=${problems.name} control=${(/** @type {Record<string, unknown>} */ tied) => html`
          <input ...${tied} maxlength="80" required value=${name} onInput=${(/** @type {any} */ event) => setName(event.target.value)} />`} />
        <${RoleChoice} role=${role} setRole=${setRole} only=${lastOwner ? 'owner' : null} />
        <${ClinicChoice} clinicIds=${clinicIds} setClinicIds=${setClinicIds} />
      </form>
    <//>
  `;
}
