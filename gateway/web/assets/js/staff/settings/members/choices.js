/** Choosing a role, with what it may do in words, and clinics. */

import { html } from '../../../../vendor/preact.js';
import { _ } from '../../../core/texts.js';
import { useApp } from '../../context.js';
import { ROLES, roleName, roleNote } from '../../roles.js';

/** `only`: the one that stays, said why. @param {{ role: string, setRole: (role: string) => void, only?: string | null }} props */
export function RoleChoice({ role, setRole, only }) {
  const { me } = useApp();
  const may = ROLES.filter((each) => each !== 'owner' || me.member.role === 'owner');
  return html`
    <fieldset class="field"><legend>${_('Role')}</legend>
      ${only && html`<p class="field-help">${_('This is the last owner, so the role stays. Make somebody else an owner first.')}</p>`}
      <div class="role-choices">${may.map((each) => html`
        <label key=${each} class="role-choice"><input type="radio" name="role" value=${each} checked=${role === each} disabled=${Boolean(only) && only !== each} onChange=${() => setRole(each)} />
          <span><span class="role-name">${roleName(each)}</span><span class="quiet">${roleNote(each)}</span></span></label>`)}</div>
    </fieldset>
  `;
}

/** @param {{ clinicIds: string[], setClinicIds: (ids: string[]) => void }} props */
export function ClinicChoice({ clinicIds, setClinicIds }) {
  const { organisation } = useApp().me;
  const turn = (/** @type {string} */ id) => setClinicIds(clinicIds.includes(id) ? clinicIds.filter((each) => each !== id) : [...clinicIds, id]);
  return html`
    <fieldset class="field"><legend>${_('Clinics')}</legend>
      <div class="clinic-choices">${organisation.clinics.map((clinic) => html`
        <label key=${clinic.id} class="check compact"><input type="checkbox" checked=${clinicIds.includes(clinic.id)} onChange=${() => turn(clinic.id)} /><span>${clinic.name}</span></label>`)}</div>
    </fieldset>
  `;
}
