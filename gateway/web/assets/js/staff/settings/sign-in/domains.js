/** Settings, Sign-in: the e-mail domains for which the provider speaks, and how each is proved. */

import { html, useState } from '../../../../vendor/preact.js';
import { Refusal, explain, post } from '../../../core/api.js';
import { _ } from '../../../core/texts.js';
import { CopyButton } from '../../../parts/copy.js';
import { Field } from '../../../parts/field.js';
import { Icon } from '../../../parts/icons.js';
import { Failed } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';

/** @typedef {import('../sign-in.js').Settings} Settings */

/** @param {import('../sign-in.js').FormPart & { settings: Settings, setSettings: (next: Settings) => void }} props */
export function Domains({ typed, set, problems, settings, setSettings }) {
  const [name, setName] = useState('');
  const add = () => {
    const wanted = name.trim().toLowerCase().replace(/^@/, '');
    if (wanted && !typed.domains.includes(wanted)) set({ domains: [...typed.domains, wanted] });
    setName('');
  };
  const saved = Object.fromEntries((settings.provider?.domains ?? []).map((domain) => [domain.name, domain]));
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  };
  return html`
    <fieldset class="card form-card"><legend>${_('E-mail domains')}</legend>
      <p class="quiet">${_('Your provider speaks only for addresses of domains that are proved to be yours. So nobody else’s provider can name your members, and yours cannot name theirs.')}</p>
      <ul class="domain-list">${typed.domains.map((each) => html`
        <${DomainRow} key=${each} name=${each} domain=${saved[each]} setSettings=${setSettings} onRemove=${() => set({ domains: typed.domains.filter((one) => one !== each) })} />`)}
      </ul>
      ${!typed.domains.length && html`<p class="notice">${_('Without a domain nobody new can come in by the provider.')}</p>`}
      <div class="add-line">
        <${Field} id="provider-domain" label=${_('Add a domain')} problem=${problems.domains} compact help=${_('As in clinic.example')} control=${(/** @type {Record<string, unknown>} */ tied) => html`
          <input ...${tied} dir="ltr" maxlength="253" spellcheck="false" autocapitalize="none" value=${name} onInput=${(/** @type {any} */ event) => setName(event.target.value)} onKeyDown=${onKey} />`} />
        <button type="button" class="button" disabled=${!name.trim()} onClick=${add}>${_('Add')}</button>
      </div>
    </fieldset>
  `;
}

/** @param {{ name: string, domain: import('../sign-in.js').Domain | undefined, setSettings: (next: Settings) => void, onRemove: () => void }} props */
function DomainRow({ name, domain, setSettings, onRemove }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const prove = async () => {
    setBusy(true);
    setProblem('');
    try {
      setSettings(await post('/api/sign-in-provider/domains/prove', { domain: name }));
      toast(_('{domain} is proved.', { domain: name }));
    } catch (error) {
      setProblem(text(error));
    }
    setBusy(false);
  };
  return html`
    <li>
      <div class="domain-head"><strong dir="ltr">${name}</strong>
        ${domain?.proved_at ? html`<span class="proved"><${Icon} name="check" />${_('Proved')}</span>` : html`<span class="quiet">${domain ? _('Not proved yet') : _('Save first, then prove it')}</span>`}
        <button type="button" class="button quiet small" aria-label=${_('Remove {domain}', { domain: name })} onClick=${onRemove}><${Icon} name="close" /></button>
      </div>
      ${domain && !domain.proved_at && html`
        <div class="domain-proof">
          <p class="field-help">${_('Let who runs the domain publish this record (type TXT), then press the button. Or ask who runs Housecall to confirm it.')}</p>
          <div class="copy-line"><code dir="ltr">${domain.record_name}</code><${CopyButton} text=${domain.record_name} label=${_('Copy name')} class="button small" /></div>
          <div class="copy-line"><code dir="ltr">${domain.record_text}</code><${CopyButton} text=${domain.record_text} label=${_('Copy text')} class="button small" /></div>
          ${problem && html`<${Failed} text=${problem} />`}
          <button type="button" class="button" disabled=${busy} onClick=${prove}>${_('Look for the record')}</button>
        </div>`}
    </li>
  `;
}

/** @param {unknown} error */
function text(error) {
  const reason = error instanceof Refusal ? error.problem.reason : '';
  if (reason === 'no_record') return _('The record is not there yet. It may take an hour until a new one is seen everywhere; then press again.');
  if (reason === 'taken') return _('Another organisation here has this domain. Ask who runs Housecall.');
  if (error instanceof Refusal && error.status === 503) return _('The name servers of this domain do not answer. Try again later.');
  return explain(error);
}
