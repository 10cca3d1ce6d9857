/** Settings, Your account, Second step: beside the password, a code of an app on the phone or a security key; and codes for the day it is lost. */

import { html, useEffect, useState } from '../../../../vendor/preact.js';
import { explain, get, post } from '../../../core/api.js';
import { _ } from '../../../core/texts.js';
import { CopyButton } from '../../../parts/copy.js';
import { Dialog } from '../../../parts/dialog.js';
import { Field } from '../../../parts/field.js';
import { Icon } from '../../../parts/icons.js';
import { Failed, Loading } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { useProof } from './proof.js';
import { SecurityKeys } from './security-keys.js';

/** @typedef {{ secret: string, uri: string, qr_code: string }} Begun */
/** @typedef {{ items: import('./security-keys.js').SecurityKey[], authenticator_app: boolean }} Known */

/** @param {{ onSecured?: () => void }} props `onSecured`: one was added, and its recovery codes are kept */
export function SecondStepSection({ onSecured }) {
  const [known, setKnown] = useState(/** @type {Known | null} */ (null));
  const [failure, setFailure] = useState('');
  const [begun, setBegun] = useState(/** @type {Begun | null} */ (null));
  const [codes, setCodes] = useState(/** @type {string[] | null} */ (null));
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState('');
  const load = () => {
    setFailure('');
    get('/api/me/security-keys').then(setKnown, (error) => setFailure(explain(error)));
  };
  useEffect(load, []);
  const proof = useProof('begin-password');
  const begin = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setProblem('');
    try {
      setBegun(await post('/api/me/second-factor', proof.given));
    } catch (error) {
      setProblem(proof.heed(error));
    }
  };
  const confirmed = (/** @type {string[]} */ shown) => { setBegun(null); setCodes(shown); load(); };
  if (failure) return html`<${Failed} text=${failure} onRetry=${load} />`;
  if (!known) return html`<${Loading} lines=${4} />`;
  const on = known.authenticator_app;
  return html`
    ${problem && html`<${Failed} text=${problem} />`}
    ${codes && html`<${RecoveryCodes} codes=${codes} onDone=${() => { setCodes(null); onSecured?.(); }} />`}
    ${!codes && begun && html`<${Enrol} begun=${begun} onConfirmed=${confirmed} onCancel=${() => setBegun(null)} />`}
    ${!codes && !begun && html`
      <div class="card form-card">
        <h2>${_('Authenticator app')}</h2>
        <p>${appText(on, known.items.length > 0)}</p>
        ${on
          ? html`<p><button type="button" class="button" onClick=${() => setAsking(true)}>${_('Turn it off')}</button></p>`
          : html`<form onSubmit=${begin} noValidate>${proof.field}<p><button type="submit" class="button primary" disabled=${proof.blocked}>${_('Set it up')}</button></p></form>`}
      </div>
      <${SecurityKeys} keys=${known.items} last=${!on && known.items.length === 1} onChanged=${load} onCodes=${setCodes} />`}
    ${asking && html`<${TurnOff} keysLeft=${known.items.length > 0} onClose=${() => setAsking(false)} onDone=${() => { setAsking(false); load(); }} />`}
  `;
}

/** @param {boolean} on @param {boolean} hasKeys */
function appText(on, hasKeys) {
  if (on) return _('On. After your password, signing in asks for a code of your app.');
  if (hasKeys) return _('Off. Signing in asks for a security key; an app is another way when the key is not at hand.');
  return _('Off. With it, nobody gets in with your password alone: signing in also asks for a code of an app on your phone.');
}

/** @param {{ begun: Begun, onConfirmed: (codes: string[]) => void, onCancel: () => void }} props */
function Enrol({ begun, onConfirmed, onCancel }) {
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const confirm = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      onConfirmed((await post('/api/me/second-factor/confirm', { code: code.replace(/\s/g, '') })).recovery_codes);
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <form class="card form-card" onSubmit=${confirm} noValidate>
      <h2>${_('Set up your authenticator app')}</h2>
      <ol class="steps">
        <li><p>${_('Open the authenticator app on your phone and let it read this picture.')}</p>
          <img class="qr-code" src=${begun.qr_code} alt=${_('QR code for your authenticator app')} width="200" height="200" />
          <details><summary>${_('I cannot read the picture')}</summary><p>${_('Type this key into the app:')}</p><p><code class="secret" dir="ltr">${begun.secret.replace(/(.{4})/g, '$1 ').trim()}</code></p></details></li>
        <li><${Field} id="second-step-code" label=${_('Type the six digits that the app shows')} problem=${problem}
          control=${(/** @type {any} */ tied) => html`<input ...${tied} inputmode="numeric" autocomplete="one-time-code" dir="ltr" maxlength="9" value=${code} onInput=${(/** @type {any} */ event) => setCode(event.target.value)} />`} /></li>
      </ol>
      <p class="button-row"><button type="button" class="button" onClick=${onCancel}>${_('Cancel')}</button>
        <button type="submit" class="button primary" disabled=${busy || code.replace(/\s/g, '').length < 6}>${_('Turn it on')}</button></p>
    </form>
  `;
}

/** @param {{ codes: string[], onDone: () => void }} props */
function RecoveryCodes({ codes, onDone }) {
  const text = codes.join('\n');
  return html`
    <div class="card form-card" role="status">
      <h2>${_('Keep these recovery codes')}</h2>
      <p>${_('If you lose your phone or your key, each of these gets you in once. They are shown only now: keep them somewhere else.')}</p>
      <ul class="recovery-codes" dir="ltr">${codes.map((code) => html`<li key=${code}><code>${code}</code></li>`)}</ul>
      <p class="button-row">
        <${CopyButton} text=${text} label=${_('Copy')} />
        <a class="button" href=${`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`} download="housecall-recovery-codes.txt"><${Icon} name="down" />${_('Download')}</a>
        <button type="button" class="button primary" onClick=${onDone}>${_('I have kept them')}</button>
      </p>
    </div>
  `;
}

/** @param {{ keysLeft: boolean, onClose: () => void, onDone: () => void }} props */
function TurnOff({ keysLeft, onClose, onDone }) {
  const proof = useProof('turn-off-password');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const turnOff = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await post('/api/me/second-factor/disable', proof.given);
      toast(keysLeft ? _('The app is off. Signing in asks for a security key.') : _('The second step is off.'));
      onDone();
    } catch (error) {
      setProblem(proof.heed(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${keysLeft ? _('Turn the app off?') : _('Turn the second step off?')} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="turn-off" class="button danger" disabled=${busy || proof.blocked}>${_('Turn it off')}</button>`}>
      <form id="turn-off" onSubmit=${turnOff} noValidate>
        <p>${keysLeft ? _('Signing in will ask for a security key or a recovery code.') : _('Your password alone will be enough to sign in. Your recovery codes stop working.')}</p>
        ${proof.field}${problem && html`<p class="notice danger" role="alert">${problem}</p>`}
      </form>
    <//>
  `;
}
