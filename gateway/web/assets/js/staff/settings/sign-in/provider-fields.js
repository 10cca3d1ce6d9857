/** Settings, Sign-in: where the provider is, who we are to it, and how far it is believed. */

import { html } from '../../../../vendor/preact.js';
import { _ } from '../../../core/texts.js';
import { CopyButton } from '../../../parts/copy.js';
import { Field } from '../../../parts/field.js';

/** @typedef {import('../sign-in.js').FormPart} FormPart */

/** @param {FormPart & { settings: import('../sign-in.js').Settings }} props */
export function ProviderFields({ typed, set, problems, settings }) {
  const text = (/** @type {'issuer' | 'client_id' | 'client_secret'} */ name, /** @type {Record<string, unknown>} */ more = {}) => (/** @type {Record<string, unknown>} */ tied) => html`
    <input ...${tied} ...${more} dir="ltr" spellcheck="false" autocapitalize="none" value=${typed[name]} onInput=${(/** @type {any} */ event) => set({ [name]: event.target.value })} />`;
  const scopes = (/** @type {Record<string, unknown>} */ tied) => html`
    <input ...${tied} dir="ltr" spellcheck="false" autocapitalize="none" value=${typed.scopes.join(' ')} onChange=${(/** @type {any} */ event) => set({ scopes: event.target.value.split(/[\s,]+/).filter(Boolean) })} />`;
  return html`
    <fieldset class="card form-card"><legend>${_('Your provider')}</legend>
      <p class="quiet">${_('Enter Housecall at your provider as a web application, with this address to come back to:')}</p>
      <div class="copy-line"><code dir="ltr">${settings.redirect_uri}</code><${CopyButton} text=${settings.redirect_uri} label=${_('Copy')} class="button small" /></div>
      <${Field} id="provider-issuer" label=${_('Address of the provider (issuer)')} problem=${problems.issuer} help=${_('As in https://login.example.org/realms/staff. It is asked when you save.')} control=${text('issuer', { type: 'url', maxlength: 500, required: true })} />
      <div class="field-row">
        <${Field} id="provider-client" label=${_('Client ID')} problem=${problems.client_id} control=${text('client_id', { maxlength: 300, required: true, autocomplete: 'off' })} />
        <${Field} id="provider-secret" label=${_('Client secret')} problem=${problems.client_secret} help=${settings.provider?.has_secret ? _('One is kept, and never shown. Type another to replace it.') : _('Kept encrypted, and never shown again.')} control=${text('client_secret', { type: 'password', maxlength: 1000, autocomplete: 'new-password' })} />
      </div>
      <${Field} id="provider-scopes" label=${_('What is asked for (scopes)')} problem=${problems.scopes} help=${_('Some providers need one more for groups.')} control=${scopes} />
    </fieldset>
  `;
}

/** @param {FormPart} props */
export function Safety({ typed, set }) {
  const tick = (/** @type {'trusts_addresses' | 'counts_second_factor'} */ name, /** @type {string} */ label, /** @type {string} */ note) => html`
    <label class="role-choice"><input type="checkbox" checked=${typed[name]} onChange=${() => set({ [name]: !typed[name] })} />
      <span><span class="role-name">${label}</span><span class="quiet">${note}</span></span></label>`;
  const way = (/** @type {'everybody' | 'owners'} */ value, /** @type {string} */ label, /** @type {string} */ note) => html`
    <label class="role-choice"><input type="radio" name="passwords" checked=${typed.passwords === value} onChange=${() => set({ passwords: value })} />
      <span><span class="role-name">${label}</span><span class="quiet">${note}</span></span></label>`;
  return html`
    <fieldset class="card form-card"><legend>${_('Passwords and trust')}</legend>
      <div class="role-choices" role="radiogroup" aria-label=${_('Who may still sign in with a password')}>
        ${way('everybody', _('Everybody may still sign in with a password'), _('Good while you try it.'))}
        ${way('owners', _('Only owners may still sign in with a password'), _('Owners always can, so that there is a way in when the provider is away.'))}
      </div>
      <div class="role-choices trust">
        ${tick('counts_second_factor', _('The provider’s second factor counts'), _('Who used one there (it says “mfa”) is not asked for a code here.'))}
        ${tick('trusts_addresses', _('Believe addresses that the provider does not call verified'), _('Only where people cannot change their own address there, as in Microsoft Entra with addresses that you give. Where the provider says “not verified”, that always holds.'))}
      </div>
    </fieldset>
  `;
}
