/** About you: the name by which the clinic knows the guest, the clinic's questions, and consent in plain words. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { rememberedName } from './place.js';
import { Consent, Questions, idOf, missing } from './questions.js';
import { Sheet } from './screens.js';

/** @typedef {{ name: string, answers: Record<string, string>, agreed: boolean }} About what the guest says of themselves */

/**
 * @param {{ hello: Hello, about: About, refused: Record<string, string>, onNext: (about: About, wished: boolean) => void, onBack: () => void }} props
 *   `refused`: what the clinic's side did not take, by question
 */
export function AboutScreen({ hello, about, refused, onNext, onBack }) {
  const [name, setName] = useState(about.name);
  const [answers, setAnswers] = useState(about.answers);
  const [agreed, setAgreed] = useState(about.agreed);
  const [wished, setWished] = useState(Boolean(rememberedName()));
  const [problems, setProblems] = useState(refused);
  const fields = hello.entry_fields ?? [];
  const more = fields.length > 0 || Boolean(hello.consent_text);
  const lookAtFirst = (/** @type {Record<string, string>} */ found) => {
    const first = ['name', ...fields.map((field) => field.key), 'consent'].find((key) => found[key]);
    if (first) document.getElementById(first === 'name' ? 'your-name' : idOf(first))?.focus();
  };
  useEffect(() => lookAtFirst(refused), []);
  const next = (/** @type {Event} */ event) => {
    event.preventDefault();
    const found = missing(fields, answers);
    if (!name.trim()) found.name = _('Please type your name, so that the clinic knows who is waiting.');
    if (hello.consent_text && !agreed) found.consent = _('Please read this and agree. Without it the clinic cannot receive you.');
    setProblems(found);
    if (!Object.keys(found).length) return onNext({ name: name.trim(), answers, agreed }, wished);
    lookAtFirst(found);
  };
  return html`
    <${Sheet} hello=${hello} step=${1} title=${more ? _('About you') : _('What is your name?')} onBack=${onBack}>
      <form onSubmit=${next} novalidate>
        <div class="field large">
          <label for="your-name">${_('Your name')}</label>
          <input id="your-name" autocomplete="name" maxlength="80" required value=${name} aria-invalid=${Boolean(problems.name)} aria-describedby="name-help" dir="auto"
            onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
          ${problems.name && html`<p class="field-problem" role="alert">${problems.name}</p>`}
          <p class="field-help" id="name-help">${_('As the clinic knows you. Only the people who receive you see it.')}</p>
        </div>
        <label class="check"><input type="checkbox" checked=${wished} onChange=${(/** @type {any} */ event) => setWished(event.target.checked)} /><span>${_('Remember my name on this device')}</span></label>
        <${Questions} fields=${fields} answers=${answers} problems=${problems} onAnswer=${(/** @type {string} */ key, /** @type {string} */ value) => setAnswers((before) => ({ ...before, [key]: value }))} />
        ${hello.consent_text && html`<${Consent} text=${hello.consent_text} agreed=${agreed} problem=${problems.consent ?? ''} onAgree=${setAgreed} />`}
        <p class="sheet-actions"><button type="submit" class="button primary wide">${_('Continue')}</button></p>
      </form>
    <//>
  `;
}
