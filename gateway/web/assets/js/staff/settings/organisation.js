/** Settings, Organisation: name, zone, language, contacts, and how this organisation does it. Everybody reads it; owner and admin change it. */

import { html, useState } from '../../../vendor/preact.js';
import { Refusal, explain, fieldProblems, get, patch } from '../../core/api.js';
import { topicOf, useLive } from '../../core/hooks.js';
import { _ } from '../../core/texts.js';
import { zoneChoices } from '../../core/zones.js';
import { Field } from '../../parts/field.js';
import { Failed } from '../../parts/states.js';
import { toast } from '../../parts/toasts.js';
import { useApp } from '../context.js';

const NAMES = /** @type {const} */ (['name', 'zone', 'language', 'contact_phone', 'contact_email', 'whom_to_ask', 'process_note']);
const LANGUAGES = { en: 'English', de: 'Deutsch', ar: 'العربية' };

/** @typedef {Record<string, string>} Typed */

export function OrganisationSection() {
  const { me } = useApp();
  return ['owner', 'admin'].includes(me.member.role) ? html`<${OrganisationForm} />` : html`<${OrganisationFacts} />`;
}

/** @param {Organisation} organisation @returns {Typed} */
const typedOf = (organisation) => Object.fromEntries(NAMES.map((name) => [name, organisation[name] ?? '']));

/** What was said as the answer is shown at once, before the news of it. */
export function useNoteOrganisation() {
  const { me } = useApp();
  const live = useLive();
  return (/** @type {Organisation} */ organisation) =>
    topicOf(live, 'organisation').note(`organisation/${organisation.id}`, { organisation, entitlements: me.entitlements });
}

/**
 * What somebody changed of something else, a clinic for example, that this page has not heard of yet stands in nobody's way.
 * @param {Record<string, string | null>} change @param {Organisation} known
 */
async function saveOver(change, known) {
  try {
    return await patch('/api/organisation', { ...change, version: known.version });
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 412) throw error;
    const now = await get('/api/organisation');
    if (NAMES.some((name) => typedOf(now)[name] !== typedOf(known)[name])) throw error;
    return patch('/api/organisation', { ...change, version: now.version });
  }
}

function OrganisationForm() {
  const { organisation } = useApp().me;
  const note = useNoteOrganisation();
  const [base, setBase] = useState(organisation);
  const [typed, setTyped] = useState(typedOf(organisation));
  const [problem, setProblem] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const before = typedOf(base);
  const different = NAMES.filter((name) => typed[name].trim() !== before[name]);
  const others = NAMES.filter((name) => typedOf(organisation)[name] !== before[name]);
  const problems = fieldProblems(problem);
  const takeTheirs = () => {
    setBase(organisation);
    setTyped({ ...typedOf(organisation), ...Object.fromEntries(different.filter((name) => !others.includes(name)).map((name) => [name, typed[name]])) });
    setProblem(null);
  };
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const change = Object.fromEntries(different.map((name) => [name, typed[name].trim() || null]));
      const saved = await saveOver(change, others.length ? base : organisation);
      note(saved);
      setBase(saved);
      setTyped(typedOf(saved));
      toast(_('Saved. Every member sees it now.'));
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  };
  const input = (/** @type {string} */ name, /** @type {Record<string, unknown>} */ more = {}) => (/** @type {Record<string, unknown>} */ tied) => html`
    <input ...${tied} ...${more} value=${typed[name]} onInput=${(/** @type {any} */ event) => setTyped({ ...typed, [name]: event.target.value })} />`;
  const area = (/** @type {string} */ name, /** @type {number} */ rows, /** @type {number} */ longest) => (/** @type {Record<string, unknown>} */ tied) => html`
    <textarea ...${tied} rows=${rows} maxlength=${longest} value=${typed[name]} onInput=${(/** @type {any} */ event) => setTyped({ ...typed, [name]: event.target.value })}></textarea>`;
  const select = (/** @type {string} */ name, /** @type {[string, string][]} */ choices) => (/** @type {Record<string, unknown>} */ tied) => html`
    <select ...${tied} value=${typed[name]} onChange=${(/** @type {any} */ event) => setTyped({ ...typed, [name]: event.target.value })}>
      ${choices.map(([value, label]) => html`<option value=${value} selected=${value === typed[name]}>${label}</option>`)}</select>`;
  return html`
    <form class="form-sheet" onSubmit=${save} noValidate>
      ${others.length > 0 && html`<div class="notice" role="status"><p>${_('Somebody else has just changed this. Load what they saved; what you typed in other fields stays.')}</p><button type="button" class="button small" onClick=${takeTheirs}>${_('Load it')}</button></div>`}
      ${problem && !Object.keys(problems).length && html`<${Failed} text=${problem instanceof Refusal && problem.status === 412 ? _('Somebody else has just changed this. Load the page again and repeat your change.') : explain(problem)} />`}
      <fieldset class="card form-card"><legend>${_('About your organisation')}</legend>
        <${Field} id="organisation-name" label=${_('Name')} problem=${problems.name} help=${_('Clients read it in every invitation.')} control=${input('name', { maxlength: 80, required: true, autocomplete: 'organization' })} />
        <div class="field-row">
          <${Field} id="organisation-zone" label=${_('Time zone')} problem=${problems.zone} control=${select('zone', zoneChoices(typed.zone).map((zone) => [zone, zone.replaceAll('_', ' ')]))} />
          <${Field} id="organisation-language" label=${_('Language of mails')} problem=${problems.language} help=${_('For clients and members who have chosen none.')} control=${select('language', Object.entries(LANGUAGES))} />
        </div>
      </fieldset>
      <fieldset class="card form-card"><legend>${_('Whom to ask')}</legend>
        <p class="quiet">${_('Clients see phone and e-mail on every page that they come to; members see all of it under Help.')}</p>
        <div class="field-row">
          <${Field} id="organisation-phone" label=${_('Phone')} problem=${problems.contact_phone} control=${input('contact_phone', { type: 'tel', maxlength: 40, dir: 'ltr', autocomplete: 'tel' })} />
          <${Field} id="organisation-email" label=${_('E-mail address')} problem=${problems.contact_email} control=${input('contact_email', { type: 'email', maxlength: 254, dir: 'ltr', autocomplete: 'email' })} />
        </div>
        <${Field} id="organisation-ask" label=${_('Who helps your members')} problem=${problems.whom_to_ask} help=${_('For example: Anna Berg, telehealth coordinator, weekdays from 8 to 17.')} control=${area('whom_to_ask', 2, 300)} />
      </fieldset>
      <fieldset class="card form-card"><legend>${_('How your organisation does it')}</legend>
        <${Field} id="organisation-note" label=${_('Process note')} problem=${problems.process_note} help=${_('Every member sees it on the Dashboard and under Help: which room for what, which forms to send, what to do when a client does not come.')} control=${area('process_note', 6, 2000)} />
      </fieldset>
      <p class="form-foot">
        <button type="submit" class="button primary" disabled=${busy || !different.length || !typed.name.trim()}>${_('Save the changes')}</button>
        ${different.length > 0 && html`<button type="button" class="button quiet" onClick=${() => { setTyped(before); setProblem(null); }}>${_('Undo')}</button>`}
      </p>
    </form>
  `;
}

function OrganisationFacts() {
  const { organisation } = useApp().me;
  /** @type {[string, string | null][]} */
  const rows = [
    [_('Name'), organisation.name], [_('Time zone'), organisation.zone.replaceAll('_', ' ')], [_('Phone'), organisation.contact_phone],
    [_('E-mail address'), organisation.contact_email], [_('Who helps your members'), organisation.whom_to_ask], [_('Process note'), organisation.process_note],
  ];
  return html`
    <div class="card plain"><dl class="facts">${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd class="as-typed">${value || '–'}</dd></div>`)}</dl></div>
    <p class="quiet">${_('An owner or admin of your organisation changes this.')}</p>
  `;
}
