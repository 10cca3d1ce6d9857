/** Settings, Your account, Profile: the own name and language; what others decide is only shown. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, fieldProblems, patch } from '../../../core/api.js';
import { _ } from '../../../core/texts.js';
import { Field } from '../../../parts/field.js';
import { Failed } from '../../../parts/states.js';
import { useApp } from '../../context.js';
import { roleName } from '../../roles.js';

const LANGUAGES = { '': '', en: 'English', de: 'Deutsch', ar: 'العربية' };

export function ProfileSection() {
  const { me } = useApp();
  const { member, organisation } = me;
  const [name, setName] = useState(member.name);
  const [language, setLanguage] = useState(member.language ?? '');
  const [problem, setProblem] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const problems = fieldProblems(problem);
  const clinics = organisation.clinics.filter((clinic) => member.clinic_ids.includes(clinic.id)).map((clinic) => clinic.name);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await patch('/api/me', { name: name.trim(), language: language || null });
      // the name is in the menu, and the language everywhere
      return location.assign(`${location.pathname}?language=${language || organisation.language}`);
    } catch (error) {
      setProblem(error);
      return setBusy(false);
    }
  };
  return html`
    <form class="form-sheet" onSubmit=${save} noValidate>
      ${problem && !Object.keys(problems).length && html`<${Failed} text=${explain(problem)} />`}
      <div class="card form-card">
        <${Field} id="own-name" label=${_('Name')} problem=${problems.name} help=${_('Clients read it in invitations and in the call.')}
          control=${(/** @type {any} */ tied) => html`<input ...${tied} maxlength="80" autocomplete="name" value=${name} onInput=${(/** @type {any} */ event) => setName(event.target.value)} />`} />
        <${Field} id="own-language" label=${_('Language')} problem=${problems.language}
          control=${(/** @type {any} */ tied) => html`<select ...${tied} value=${language} onChange=${(/** @type {any} */ event) => setLanguage(event.target.value)}>
            ${Object.entries(LANGUAGES).map(([code, label]) => html`<option key=${code} value=${code} selected=${code === language}>${label || _('as the organisation')}</option>`)}</select>`} />
        <dl class="facts">
          <div><dt>${_('E-mail address')}</dt><dd dir="ltr">${member.email}</dd></div>
          <div><dt>${_('Role')}</dt><dd>${roleName(member.role)}</dd></div>
          <div><dt>${_('Clinics')}</dt><dd>${clinics.join(', ') || _('none')}</dd></div>
        </dl>
        <p class="quiet">${_('An owner or administrator can change these.')}</p>
      </div>
      <p><button type="submit" class="button primary" disabled=${busy || !name.trim()}>${_('Save')}</button></p>
    </form>
  `;
}
