/** Settings, Sign-in: the organisation's own provider, by which its members come in. Only an owner sees it. */

import { html, useEffect, useState } from '../../../vendor/preact.js';
import { Refusal, explain, fieldProblems, get, post, put, remove } from '../../core/api.js';
import { _ } from '../../core/texts.js';
import { CopyButton } from '../../parts/copy.js';
import { Question } from '../../parts/dialog.js';
import { Icon } from '../../parts/icons.js';
import { Empty, Failed, Loading } from '../../parts/states.js';
import { toast } from '../../parts/toasts.js';
import { problemText } from '../../core/provider-problems.js';
import { Domains } from './sign-in/domains.js';
import { Newcomers } from './sign-in/newcomers.js';
import { ProviderFields, Safety } from './sign-in/provider-fields.js';
import { SecondStepRule } from './sign-in/second-step-rule.js';

const ADDRESS = '/api/sign-in-provider';

/** @typedef {{ claim: string, value: string, role: string | null, clinic_id: string | null }} Rule */
/** @typedef {{ name: string, record_name: string, record_text: string, proved_at: string | null }} Domain */
/**
 * @typedef {object} Provider
 * @property {string} issuer @property {string} client_id @property {boolean} has_secret @property {string[]} scopes
 * @property {Domain[]} domains @property {boolean} adds_members @property {string | null} default_role
 * @property {string[]} default_clinic_ids @property {Rule[]} rules @property {'everybody' | 'owners'} passwords
 * @property {boolean} trusts_addresses @property {boolean} counts_second_factor
 */
/** @typedef {{ provider: Provider | null, organisation_id: string, redirect_uri: string, connected: boolean }} Settings */
/** @typedef {Omit<Provider, 'domains' | 'has_secret'> & { domains: string[], client_secret: string }} Typed */
/** @typedef {{ typed: Typed, set: (change: Partial<Typed>) => void, problems: Record<string, string> }} FormPart */

/** @param {Provider | null} provider @returns {Typed} */
const typedOf = (provider) => ({
  issuer: provider?.issuer ?? '',
  client_id: provider?.client_id ?? '',
  client_secret: '',
  scopes: provider?.scopes ?? ['openid', 'email', 'profile'],
  domains: provider?.domains.map((domain) => domain.name) ?? [],
  adds_members: provider?.adds_members ?? false,
  default_role: provider ? provider.default_role : 'provider',
  default_clinic_ids: provider?.default_clinic_ids ?? [],
  rules: provider?.rules ?? [],
  passwords: provider?.passwords ?? 'everybody',
  trusts_addresses: provider?.trusts_addresses ?? false,
  counts_second_factor: provider?.counts_second_factor ?? false,
});

export function SignInSection() {
  return html`<${SecondStepRule} /><${ProviderSection} />`;
}

function ProviderSection() {
  const [settings, setSettings] = useState(/** @type {Settings | null} */ (null));
  const [begun, setBegun] = useState(false);
  const [problem, setProblem] = useState('');
  const load = () => {
    setProblem('');
    get(ADDRESS).then(setSettings, (error) => setProblem(explain(error)));
  };
  useEffect(load, []);
  if (!settings) return problem ? html`<${Failed} text=${problem} onRetry=${load} />` : html`<${Loading} lines=${5} />`;
  if (!settings.provider && !begun) {
    return html`<${Empty} icon="shield" title=${_('Everybody signs in with a password')}>
      <p>${_('Does your organisation have a sign-in of its own, as Microsoft Entra, Okta or Keycloak? Then your members can use it here, without another password.')}</p>
      <button type="button" class="button primary" onClick=${() => setBegun(true)}>${_('Set up your own sign-in')}</button><//>`;
  }
  return html`<${ProviderForm} settings=${settings} setSettings=${(/** @type {Settings} */ next) => { setSettings(next); setBegun(false); }} />`;
}

/** @param {{ settings: Settings, setSettings: (next: Settings) => void }} props */
function ProviderForm({ settings, setSettings }) {
  const { provider } = settings;
  const before = typedOf(provider);
  const [typed, setTyped] = useState(before);
  const [problem, setProblem] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const set = (/** @type {Partial<Typed>} */ change) => setTyped({ ...typed, ...change });
  const problems = fieldProblems(problem);
  const different = JSON.stringify(typed) !== JSON.stringify(before);
  const came = new URLSearchParams(location.search).get('problem');
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const { client_secret: secret, ...others } = typed;
    try {
      const saved = /** @type {Settings} */ (await put(ADDRESS, { ...others, ...(secret && { client_secret: secret }) }));
      setSettings(saved);
      setTyped(typedOf(saved.provider));
      toast(_('Saved. Your provider answers as it should.'));
    } catch (error) {
      setProblem(error);
      queueMicrotask(() => /** @type {HTMLElement | null} */ (document.querySelector('.form-sheet [aria-invalid=true], .form-sheet [role=alert]'))?.focus());
    }
    setBusy(false);
  };
  const part = { typed, set, problems };
  return html`
    ${came && html`<${Failed} text=${problemText(came)} />`}
    ${provider && html`<${TryIt} settings=${settings} />`}
    <form class="form-sheet" onSubmit=${save} noValidate>
      ${problem && html`<${Failed} text=${problem instanceof Refusal && Object.keys(problems).length ? _('This was not saved. What does not fit is marked below.') : explain(problem)} />`}
      <${ProviderFields} ...${part} settings=${settings} />
      <${Domains} ...${part} settings=${settings} setSettings=${setSettings} />
      <${Newcomers} ...${part} />
      <${Safety} ...${part} />
      <p class="form-foot">
        <button type="submit" class="button primary" disabled=${busy || !different || !typed.issuer.trim() || !typed.client_id.trim()}>${busy ? _('Asking your provider …') : _('Save the changes')}</button>
        ${provider && different && html`<button type="button" class="button quiet" onClick=${() => { setTyped(before); setProblem(null); }}>${_('Undo')}</button>`}
      </p>
    </form>
    ${provider && html`<${Removal} setSettings=${setSettings} settings=${settings} />`}
  `;
}

/** @param {{ settings: Settings }} props */
function TryIt({ settings }) {
  const [problem, setProblem] = useState('');
  const link = `${location.origin}/sign-in/with/${settings.organisation_id}`;
  const connect = async () => {
    try {
      location.assign((await post('/api/sign-ins/oidc/connect', { next: '/settings/sign-in' })).location);
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return html`
    <section class="card form-card" aria-labelledby="try-it"><h2 id="try-it">${_('Try it')}</h2>
      ${problem && html`<${Failed} text=${problem} />`}
      ${settings.connected
        ? html`<p class="proved"><${Icon} name="check" />${_('Your own account is connected. Your password stays good, so that you have a way in when the provider is away.')}</p>`
        : html`<p>${_('Connect your own account first: if that works, it works for the others.')}</p>
          <button type="button" class="button" onClick=${connect}>${_('Connect my account')}</button>`}
      <p class="field-help">${_('Give your people this link, or let them type their e-mail address on the sign-in page once a domain is proved.')}</p>
      <div class="copy-line"><code dir="ltr">${link}</code><${CopyButton} text=${link} label=${_('Copy link')} class="button small" /></div>
    </section>
  `;
}

/** @param {{ settings: Settings, setSettings: (next: Settings) => void }} props */
function Removal({ settings, setSettings }) {
  const [asks, setAsks] = useState(false);
  const [problem, setProblem] = useState('');
  const take = async () => {
    try {
      await remove(ADDRESS);
      setSettings({ ...settings, provider: null, connected: false });
      toast(_('Removed. Everybody signs in with a password.'));
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return html`
    ${problem && html`<${Failed} text=${problem} />`}
    <p><button type="button" class="button danger" onClick=${() => setAsks(true)}>${_('Remove this sign-in')}</button></p>
    ${asks && html`<${Question} title=${_('Remove this sign-in?')} danger action=${_('Remove')} onYes=${take} onClose=${() => setAsks(false)}
      text=${_('Members who have no password here ask for one by “Forgot your password?” on the sign-in page. Domains have to be proved again.')} />`}
  `;
}
