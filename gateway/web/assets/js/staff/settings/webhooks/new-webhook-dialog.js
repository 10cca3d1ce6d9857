/** Adding a webhook: where events are posted and which, and then its secret, this once. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, fieldProblems, post } from '../../../core/api.js';
import { _ } from '../../../core/texts.js';
import { CopyButton } from '../../../parts/copy.js';
import { Dialog } from '../../../parts/dialog.js';
import { Field } from '../../../parts/field.js';
import { Failed } from '../../../parts/states.js';

/** @typedef {Record<string, unknown>} Tied */

/** @param {{ onMade: () => void, onClose: () => void }} props */
export function NewWebhookDialog({ onMade, onClose }) {
  const [wanted, setWanted] = useState({ url: '', description: '', types: '', format: 'cloudevents', order: 'subject' });
  const [secret, setSecret] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [problems, setProblems] = useState(/** @type {Record<string, string>} */ ({}));
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) => setWanted((before) => ({ ...before, [name]: event.target.value }));
  const make = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    setProblems({});
    try {
      setSecret((await post('/api/webhooks', { ...wanted, types: wanted.types.split(/[\s,]+/).filter(Boolean) })).secret);
      onMade();
    } catch (error) {
      const named = fieldProblems(error);
      setProblems(named);
      setProblem(named.url || named.types ? '' : explain(error));
    }
    setBusy(false);
  };
  if (secret) {
    return html`<${SecretDialog} secret=${secret} onClose=${onClose} />`;
  }
  return html`<${Dialog} title=${_('Add a webhook')} onClose=${onClose} foot=${html`
    <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
    <button type="submit" form="new-webhook" class="button primary" disabled=${busy || !wanted.url.trim()}>${_('Add the webhook')}</button>`}>
    <form id="new-webhook" onSubmit=${make}>
      <${Field} id="webhook-url" label=${_('Address')} help=${_('Where your program receives events, as in https://records.clinic.example/events')} problem=${problems.url} control=${(/** @type {Tied} */ tied) => html`
        <input ...${tied} type="url" dir="ltr" required maxlength="2000" value=${wanted.url} onInput=${set('url')} />`} />
      <${Field} id="webhook-description" label=${_('What it is for')} control=${(/** @type {Tied} */ tied) => html`
        <input ...${tied} maxlength="200" value=${wanted.description} onInput=${set('description')} />`} />
      <${Field} id="webhook-types" label=${_('Events')} help=${_('All of them where nothing is named; otherwise as in session.*, call.ended')} problem=${problems.types} control=${(/** @type {Tied} */ tied) => html`
        <input ...${tied} dir="ltr" maxlength="4000" value=${wanted.types} onInput=${set('types')} />`} />
      <${Field} id="webhook-format" label=${_('Format')} control=${(/** @type {Tied} */ tied) => html`
        <select ...${tied} value=${wanted.format} onChange=${set('format')}><option value="cloudevents">CloudEvents</option><option value="coviu">${_('The words of Coviu')}</option></select>`} />
      <${Field} id="webhook-order" label=${_('Order')} control=${(/** @type {Tied} */ tied) => html`
        <select ...${tied} value=${wanted.order} onChange=${set('order')}><option value="subject">${_('In order for each room, session and call')}</option><option value="none">${_('In any order')}</option></select>`} />
      ${problem && html`<${Failed} text=${problem} />`}
    </form>
  <//>`;
}

/** @param {{ secret: string, onClose: () => void }} props */
export function SecretDialog({ secret, onClose }) {
  return html`<${Dialog} title=${_('Its secret')} onClose=${onClose} foot=${html`<button type="button" class="button primary" onClick=${onClose}>${_('I have copied it')}</button>`}>
    <p>${_('Copy the secret now into the program that receives: it is shown this once. By it the program knows that what comes is from here.')}</p>
    <div class="copy-line"><code dir="ltr">${secret}</code><${CopyButton} text=${secret} label=${_('Copy')} class="button primary" /></div>
  <//>`;
}
