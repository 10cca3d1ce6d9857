/** Settings, Your account, Second step: the security keys, which sign in beside the password; added, named and removed. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, patch, post, remove } from '../../../core/api.js';
import { canAskKey, keyProblem, makeKey } from '../../../core/security-key.js';
import { _, dayName } from '../../../core/texts.js';
import { Dialog } from '../../../parts/dialog.js';
import { Field } from '../../../parts/field.js';
import { Icon } from '../../../parts/icons.js';
import { toast } from '../../../parts/toasts.js';
import { useProof } from './proof.js';

/** @typedef {{ id: Id, name: string, created_at: string, used_at: string | null }} SecurityKey */

/** @param {{ keys: SecurityKey[], last: boolean, onChanged: () => void, onCodes: (codes: string[]) => void }} props `last`: with the last key the second step goes */
export function SecurityKeys({ keys, last, onChanged, onCodes }) {
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState(/** @type {SecurityKey | null} */ (null));
  const [removing, setRemoving] = useState(/** @type {SecurityKey | null} */ (null));
  const close = () => { setAdding(false); setRenaming(null); setRemoving(null); };
  const done = (/** @type {string} */ said) => { close(); toast(said); onChanged(); };
  return html`
    <div class="card form-card">
      <h2>${_('Security keys')}</h2>
      <p>${_('A small key that you plug in, or your phone or computer with its fingerprint or PIN. It cannot be tricked by a false page.')}</p>
      ${keys.length > 0 && html`<ul class="own-keys">${keys.map((key) => html`
        <li class="sign-in-row" key=${key.id}>
          <${Icon} name="lock" />
          <div><p><strong dir="auto">${key.name}</strong></p>
            <p class="quiet">${key.used_at ? _('last used {day}', { day: dayName(key.used_at) }) : _('added {day}, not used yet', { day: dayName(key.created_at) })}</p></div>
          <button type="button" class="button small" aria-label=${_('Rename {name}', { name: key.name })} onClick=${() => setRenaming(key)}>${_('Rename')}</button>
          <button type="button" class="button small" aria-label=${_('Remove {name}', { name: key.name })} onClick=${() => setRemoving(key)}>${_('Remove')}</button>
        </li>`)}</ul>`}
      ${canAskKey()
        ? html`<p><button type="button" class="button" onClick=${() => setAdding(true)}>${_('Add a security key')}</button></p>`
        : html`<p class="quiet">${_('This browser cannot use security keys.')}</p>`}
    </div>
    ${adding && html`<${AddKey} onClose=${close} onDone=${(/** @type {string[] | null} */ codes) => { done(_('The security key is added.')); if (codes) onCodes(codes); }} />`}
    ${renaming && html`<${RenameKey} known=${renaming} onClose=${close} onDone=${() => done(_('The security key has a new name.'))} />`}
    ${removing && html`<${RemoveKey} known=${removing} last=${last} onClose=${close} onDone=${() => done(_('The security key is removed.'))} />`}
  `;
}

/**
 * What each of the dialogs does: one form, sent once at a time, with what went wrong beside the field.
 * @param {() => Promise<void>} send @param {(error: unknown) => string} heed
 */
function useSending(send, heed = explain) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      await send();
    } catch (error) {
      setProblem(keyProblem(error) || heed(error));
      setBusy(false);
    }
  };
  return { problem, busy, submit };
}

/** @param {{ name: string, onName: (name: string) => void, problem: string }} props */
function KeyName({ name, onName, problem }) {
  return html`<${Field} id="key-name" label=${_('Name of the key')} help=${_('So that you know it again, for example “Blue key on my key ring”.')} problem=${problem}
    control=${(/** @type {any} */ tied) => html`<input ...${tied} dir="auto" maxlength="80" autocomplete="off" autofocus value=${name} onInput=${(/** @type {any} */ event) => onName(event.target.value)} />`} />`;
}

/** @param {{ form: string, onClose: () => void, disabled: boolean, label: string, danger?: boolean }} props */
function Foot({ form, onClose, disabled, label, danger }) {
  return html`
    <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
    <button type="submit" form=${form} class=${danger ? 'button danger' : 'button primary'} disabled=${disabled}>${label}</button>`;
}

/** @param {{ onClose: () => void, onDone: (codes: string[] | null) => void }} props */
function AddKey({ onClose, onDone }) {
  const [name, setName] = useState('');
  const proof = useProof('add-key-password');
  const { problem, busy, submit } = useSending(async () => {
    const { options } = await post('/api/me/security-keys/begin', proof.given);
    const credential = await makeKey(options);
    onDone((await post('/api/me/security-keys', { credential, name })).recovery_codes);
  }, proof.heed);
  return html`
    <${Dialog} title=${_('Add a security key')} onClose=${onClose} foot=${html`<${Foot} form="add-key" onClose=${onClose} disabled=${busy || !name.trim() || proof.blocked} label=${_('Continue')} />`}>
      <form id="add-key" onSubmit=${submit} noValidate>
        <p>${_('Have your key ready. After Continue, your browser asks for it.')}</p>
        <${KeyName} name=${name} onName=${setName} problem=${problem} />
        ${proof.field}
      </form>
    <//>`;
}

/** @param {{ known: SecurityKey, onClose: () => void, onDone: () => void }} props */
function RenameKey({ known, onClose, onDone }) {
  const [name, setName] = useState(known.name);
  const { problem, busy, submit } = useSending(async () => {
    await patch(`/api/me/security-keys/${known.id}`, { name });
    onDone();
  });
  return html`
    <${Dialog} title=${_('Rename the security key')} onClose=${onClose} foot=${html`<${Foot} form="rename-key" onClose=${onClose} disabled=${busy || !name.trim()} label=${_('Save')} />`}>
      <form id="rename-key" onSubmit=${submit} noValidate><${KeyName} name=${name} onName=${setName} problem=${problem} /></form>
    <//>`;
}

/** @param {{ known: SecurityKey, last: boolean, onClose: () => void, onDone: () => void }} props */
function RemoveKey({ known, last, onClose, onDone }) {
  const proof = useProof('remove-key-password');
  const { problem, busy, submit } = useSending(async () => {
    await remove(`/api/me/security-keys/${known.id}`, proof.given);
    onDone();
  }, proof.heed);
  return html`
    <${Dialog} title=${_('Remove this security key?')} onClose=${onClose} foot=${html`<${Foot} form="remove-key" onClose=${onClose} disabled=${busy || proof.blocked} label=${_('Remove')} danger />`}>
      <form id="remove-key" onSubmit=${submit} noValidate>
        <p><strong dir="auto">${known.name}</strong></p>
        <p>${last ? _('It is the last of your second step: your password alone will be enough to sign in, and your recovery codes stop working.') : _('You can no longer sign in with it.')}</p>
        ${proof.field}${problem && html`<p class="notice danger" role="alert">${problem}</p>`}
      </form>
    <//>`;
}
