/** About you: the name by which the clinic knows the guest. */

import { html, useState } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { rememberedName } from './place.js';
import { Sheet } from './screens.js';

/** @param {{ hello: Hello, name: string, onNext: (name: string, wished: boolean) => void, onBack: () => void }} props */
export function AboutScreen({ hello, name: first, onNext, onBack }) {
  const [name, setName] = useState(first);
  const [wished, setWished] = useState(Boolean(rememberedName()));
  const [problem, setProblem] = useState('');
  const next = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (name.trim()) return onNext(name.trim(), wished);
    setProblem(_('Please type your name, so that the clinic knows who is waiting.'));
    document.getElementById('your-name')?.focus();
  };
  return html`
    <${Sheet} hello=${hello} step=${1} title=${_('What is your name?')} onBack=${onBack}>
      <form onSubmit=${next} novalidate>
        <div class="field large">
          <label for="your-name">${_('Your name')}</label>
          <input id="your-name" autocomplete="name" maxlength="80" required value=${name} aria-invalid=${Boolean(problem)} aria-describedby="name-help" dir="auto"
            onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
          ${problem && html`<p class="field-problem" role="alert">${problem}</p>`}
          <p class="field-help" id="name-help">${_('As the clinic knows you. Only the people who receive you see it.')}</p>
        </div>
        <label class="check"><input type="checkbox" checked=${wished} onChange=${(/** @type {any} */ event) => setWished(event.target.checked)} /><span>${_('Remember my name on this device')}</span></label>
        <p class="sheet-actions"><button type="submit" class="button primary wide">${_('Continue')}</button></p>
      </form>
    <//>
  `;
}
