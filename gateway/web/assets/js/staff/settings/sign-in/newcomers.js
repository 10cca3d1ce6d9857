/** Settings, Sign-in: who comes in without an invitation, and what the provider's claims make of them. */

import { html } from '../../../../vendor/preact.js';
import { _ } from '../../../core/texts.js';
import { Field } from '../../../parts/field.js';
import { Icon } from '../../../parts/icons.js';
import { useApp } from '../../context.js';
import { ROLES, roleName } from '../../roles.js';

/** @typedef {import('../sign-in.js').Rule} Rule */

/** @param {import('../sign-in.js').FormPart} props */
export function Newcomers({ typed, set, problems }) {
  const { organisation } = useApp().me;
  const turn = (/** @type {string} */ id) => set({ default_clinic_ids: typed.default_clinic_ids.includes(id) ? typed.default_clinic_ids.filter((one) => one !== id) : [...typed.default_clinic_ids, id] });
  const change = (/** @type {number} */ place, /** @type {Partial<Rule>} */ wanted) => set({ rules: typed.rules.map((rule, at) => (at === place ? { ...rule, ...wanted } : rule)) });
  const role = (/** @type {Record<string, unknown>} */ tied) => html`
    <select ...${tied} onChange=${(/** @type {any} */ event) => set({ default_role: event.target.value || null })}>
      <option value="" selected=${!typed.default_role}>${_('Nobody comes in without a rule')}</option>
      ${ROLES.filter((each) => each !== 'owner').map((each) => html`<option value=${each} selected=${typed.default_role === each}>${roleName(each)}</option>`)}
    </select>`;
  return html`
    <fieldset class="card form-card"><legend>${_('Who comes in, and as what')}</legend>
      <label class="role-choice"><input type="checkbox" checked=${typed.adds_members} onChange=${() => set({ adds_members: !typed.adds_members })} />
        <span><span class="role-name">${_('Who is no member yet becomes one at the first sign-in')}</span><span class="quiet">${_('Only with an address of a proved domain. Otherwise people are invited first.')}</span></span></label>
      <div class="newcomers-default">
        <${Field} id="provider-role" label=${_('Role, where no rule says another')} problem=${problems.default_role} control=${role} />
        <fieldset class="field"><legend>${_('Clinics, where no rule says others')}</legend>
          <div class="clinic-choices">${organisation.clinics.map((clinic) => html`
            <label key=${clinic.id} class="check compact"><input type="checkbox" checked=${typed.default_clinic_ids.includes(clinic.id)} onChange=${() => turn(clinic.id)} /><span>${clinic.name}</span></label>`)}</div>
        </fieldset>
      </div>
      <h2 class="rules-title">${_('Rules')}</h2>
      <p class="field-help">${_('Read at every sign-in, from above: the first that fits gives the role, each that fits gives its clinic. Without rules, roles and clinics stay as they are set here. An owner stays an owner.')}</p>
      ${problems.rules && html`<p class="field-problem">${problems.rules}</p>`}
      <ol class="rule-list">${typed.rules.map((rule, place) => html`<${RuleRow} key=${place} rule=${rule} place=${place} change=${(/** @type {Partial<Rule>} */ wanted) => change(place, wanted)}
        onRemove=${() => set({ rules: typed.rules.filter((_one, at) => at !== place) })} />`)}</ol>
      <button type="button" class="button" onClick=${() => set({ rules: [...typed.rules, { claim: 'groups', value: '', role: 'provider', clinic_id: null }] })}><${Icon} name="plus" />${_('Add a rule')}</button>
    </fieldset>
  `;
}

/** @param {{ rule: Rule, place: number, change: (wanted: Partial<Rule>) => void, onRemove: () => void }} props */
function RuleRow({ rule, place, change, onRemove }) {
  const { organisation } = useApp().me;
  const text = (/** @type {'claim' | 'value'} */ name) => (/** @type {Record<string, unknown>} */ tied) => html`
    <input ...${tied} dir="ltr" maxlength="200" spellcheck="false" autocapitalize="none" value=${rule[name]} onInput=${(/** @type {any} */ event) => change({ [name]: event.target.value })} />`;
  const given = rule.clinic_id ? `clinic ${rule.clinic_id}` : `role ${rule.role}`;
  const choose = (/** @type {string} */ value) => {
    const [kind, id] = value.split(' ');
    change(kind === 'clinic' ? { role: null, clinic_id: id } : { role: id, clinic_id: null });
  };
  const result = (/** @type {Record<string, unknown>} */ tied) => html`
    <select ...${tied} onChange=${(/** @type {any} */ event) => choose(event.target.value)}>
      <optgroup label=${_('Role')}>${ROLES.map((each) => html`<option value=${`role ${each}`} selected=${given === `role ${each}`}>${roleName(each)}</option>`)}</optgroup>
      <optgroup label=${_('Clinic')}>${organisation.clinics.map((clinic) => html`<option value=${`clinic ${clinic.id}`} selected=${given === `clinic ${clinic.id}`}>${clinic.name}</option>`)}</optgroup>
    </select>`;
  return html`
    <li>
      <${Field} id=${`rule-claim-${place}`} label=${_('If the claim')} compact control=${text('claim')} />
      <${Field} id=${`rule-value-${place}`} label=${_('is or holds')} compact control=${text('value')} />
      <${Field} id=${`rule-result-${place}`} label=${_('then')} compact control=${result} />
      <button type="button" class="button quiet square" aria-label=${_('Remove rule {n}', { n: place + 1 })} onClick=${onRemove}><${Icon} name="close" /></button>
    </li>
  `;
}
