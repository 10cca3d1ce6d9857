/** Making an API client: what it may do and where, and then its key and secret, this once. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, post } from '../../../core/api.js';
import { _ } from '../../../core/texts.js';
import { CopyButton } from '../../../parts/copy.js';
import { Dialog } from '../../../parts/dialog.js';
import { Field } from '../../../parts/field.js';
import { Failed } from '../../../parts/states.js';
import { useApp } from '../../context.js';
import { ClinicChoice } from '../members/choices.js';
import { OF_ALL_CLINICS, scopeNames } from './scopes.js';

/** @param {{ onMade: () => void, onClose: () => void }} props */
export function NewClientDialog({ onMade, onClose }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState(/** @type {string[]} */ (['sessions:read', 'sessions:write']));
  const [some, setSome] = useState(false);
  const [clinicIds, setClinicIds] = useState(/** @type {string[]} */ ([]));
  const [made, setMade] = useState(/** @type {{ id: string, key_secret: string } | null} */ (null));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const asked = some ? scopes.filter((scope) => !OF_ALL_CLINICS.includes(scope)) : scopes;
  const make = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      setMade(await post('/api/api-clients', { name, scopes: asked, clinic_ids: some ? clinicIds : [] }));
      onMade();
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  };
  if (made) {
    return html`<${Dialog} title=${_('Key and secret')} onClose=${onClose} foot=${html`<button type="button" class="button primary" onClick=${onClose}>${_('I have copied it')}</button>`}>
      <p>${_('Copy the secret now into the program: it is shown this once. Whoever has both can do what you let the program do.')}</p>
      <p class="api-label">${_('Key')}</p>
      <div class="copy-line"><code dir="ltr">${made.id}</code><${CopyButton} text=${made.id} label=${_('Copy')} /></div>
      <p class="api-label">${_('Secret')}</p>
      <div class="copy-line"><code dir="ltr">${made.key_secret}</code><${CopyButton} text=${made.key_secret} label=${_('Copy')} class="button primary" /></div>
    <//>`;
  }
  const ready = name.trim() && asked.length > 0 && (!some || clinicIds.length > 0);
  return html`<${Dialog} title=${_('Make an API client')} onClose=${onClose} foot=${html`
    <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
    <button type="submit" form="new-api-client" class="button primary" disabled=${busy || !ready}>${_('Make the client')}</button>`}>
    <form id="new-api-client" onSubmit=${make}>
      <${Field} id="client-name" label=${_('Name')} help=${_('As the program is called')} control=${(/** @type {Record<string, unknown>} */ tied) => html`
        <input ...${tied} required maxlength="80" value=${name} onInput=${(/** @type {any} */ event) => setName(event.target.value)} />`} />
      <${Where} some=${some} setSome=${setSome} clinicIds=${clinicIds} setClinicIds=${setClinicIds} />
      <${ScopeChoice} scopes=${scopes} setScopes=${setScopes} some=${some} />
      ${problem && html`<${Failed} text=${problem} />`}
    </form>
  <//>`;
}

/** @param {{ some: boolean, setSome: (some: boolean) => void, clinicIds: string[], setClinicIds: (ids: string[]) => void }} props */
function Where({ some, setSome, clinicIds, setClinicIds }) {
  const { organisation } = useApp().me;
  if (organisation.clinics.length < 2 && !some) {
    return null;
  }
  return html`
    <label class="check"><input type="checkbox" checked=${some} onChange=${(/** @type {any} */ event) => setSome(event.target.checked)} />
      <span>${_('Only for some clinics: it sees and changes nothing of the others.')}</span></label>
    ${some && html`<${ClinicChoice} clinicIds=${clinicIds} setClinicIds=${setClinicIds} />`}
  `;
}

/** @param {{ scopes: string[], setScopes: (scopes: string[]) => void, some: boolean }} props */
function ScopeChoice({ scopes, setScopes, some }) {
  const turn = (/** @type {string} */ scope) => setScopes(scopes.includes(scope) ? scopes.filter((each) => each !== scope) : [...scopes, scope]);
  const shown = Object.entries(scopeNames()).filter(([scope]) => !some || !OF_ALL_CLINICS.includes(scope));
  return html`
    <fieldset class="field"><legend>${_('What it may do')}</legend>
      <div class="api-scope-choices">${shown.map(([scope, words]) => html`
        <label key=${scope} class="check compact"><input type="checkbox" checked=${scopes.includes(scope)} onChange=${() => turn(scope)} /><span>${words}</span></label>`)}</div>
    </fieldset>
  `;
}
