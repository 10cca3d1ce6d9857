/** The clinic's questions to whoever arrives, drawn by their kind; and what is wrong with an answer, in words. */

import { html } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { PlainText } from '../parts/plain-text.js';

/** More choices than this are a list that opens. */
const MOST_SHOWN = 6;
const LONGEST_ANSWER = 500;

/** @typedef {Record<string, string>} Answers by the keys of the fields */
/** @typedef {Record<string, string>} Problems by the keys of the fields, and `consent` */

/** What is still to be answered. @param {EntryField[]} fields @param {Answers} answers @returns {Problems} */
export function missing(fields, answers) {
  const left = fields.filter((field) => field.required && !(answers[field.key] ?? '').trim());
  return Object.fromEntries(left.map((field) => [field.key, _('Please answer this.')]));
}

/** What the clinic’s side refused, by field. @param {Partial<Problem>} problem @returns {Problems} */
export function refusedFields(problem) {
  /** @type {Problems} */
  const found = {};
  for (const { pointer } of problem.errors ?? []) {
    const [, part, key] = pointer.split('/');
    if (part === 'answers') found[key] = _('This answer does not fit. Please look at it again.');
    if (part === 'consent_version') found.consent = _('Please read this text again, and agree to it.');
  }
  return found;
}

/** The id of a question's first control. @param {string} key */
export const idOf = (key) => (key === 'consent' ? 'consent' : `question-${key}`);

/** @param {{ fields: EntryField[], answers: Answers, problems: Problems, onAnswer: (key: string, value: string) => void }} props */
export const Questions = ({ fields, answers, problems, onAnswer }) => fields.map((field) => html`
  <${Question} key=${field.key} field=${field} value=${answers[field.key] ?? ''} problem=${problems[field.key] ?? ''} onAnswer=${(/** @type {string} */ value) => onAnswer(field.key, value)} />`);

/** @param {{ field: EntryField, value: string, problem: string, onAnswer: (value: string) => void }} props */
function Question({ field, value, problem, onAnswer }) {
  const id = idOf(field.key);
  const heard = (/** @type {any} */ event) => onAnswer(event.target.value);
  const said = { 'aria-invalid': Boolean(problem), 'aria-describedby': problem ? `${id}-problem` : undefined };
  const label = html`<span dir="auto">${field.label}</span>${!field.required && html` <span class="optional">${_('(optional)')}</span>`}`;
  const below = problem && html`<p class="field-problem" id=${`${id}-problem`} role="alert">${problem}</p>`;
  const choices = field.kind === 'yes_no' ? [['yes', _('Yes')], ['no', _('No')]] : (field.choices ?? []).map((choice) => [choice, choice]);
  if (field.kind === 'text' || field.kind === 'date') {
    return html`<div class="field large"><label for=${id}>${label}</label>
      <input id=${id} type=${field.kind} dir=${field.kind === 'text' ? 'auto' : undefined} maxlength=${field.kind === 'text' ? LONGEST_ANSWER : undefined} max="9999-12-31"
        required=${field.required} value=${value} ...${said} onInput=${heard} />${below}</div>`;
  }
  if (choices.length > MOST_SHOWN) {
    return html`<div class="field large"><label for=${id}>${label}</label>
      <select id=${id} required=${field.required} ...${said} onChange=${heard}>
        <option value="" selected=${!value}>${_('Please choose')}</option>
        ${choices.map(([each, name]) => html`<option value=${each} selected=${each === value}>${name}</option>`)}</select>${below}</div>`;
  }
  return html`<fieldset class="field choices-field" ...${said}><legend>${label}</legend>
    ${choices.map(([each, name], place) => html`
      <label class="check choice-line"><input type="radio" id=${place ? undefined : id} name=${id} value=${each} checked=${each === value} onChange=${heard} /><span dir="auto">${name}</span></label>`)}
    ${below}</fieldset>`;
}

/** @param {{ text: string, agreed: boolean, problem: string, onAgree: (agreed: boolean) => void }} props */
export const Consent = ({ text, agreed, problem, onAgree }) => html`
  <section class="consent" aria-labelledby="consent-title">
    <h2 id="consent-title">${_('Please read this')}</h2>
    <${PlainText} text=${text} class="consent-text" />
    <label class="check"><input type="checkbox" id="consent" required checked=${agreed} aria-invalid=${Boolean(problem)} aria-describedby=${problem ? 'consent-problem' : undefined}
      onChange=${(/** @type {any} */ event) => onAgree(event.target.checked)} /><span>${_('I have read this and agree')}</span></label>
    ${problem && html`<p class="field-problem" id="consent-problem" role="alert">${problem}</p>`}
  </section>
`;
