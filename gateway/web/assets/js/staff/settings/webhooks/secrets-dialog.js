/** The secrets of a webhook: a second one, and then the first goes, so that nothing is lost in between. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, post, remove } from '../../../core/api.js';
import { _, dayAndTime, ownZone } from '../../../core/texts.js';
import { Dialog } from '../../../parts/dialog.js';
import { Failed } from '../../../parts/states.js';
import { SecretDialog } from './new-webhook-dialog.js';

/** @param {{ webhook: Webhook, onChanged: () => void, onClose: () => void }} props */
export function SecretsDialog({ webhook, onChanged, onClose }) {
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState('');
  const path = `/api/webhooks/${webhook.id}/secrets`;
  const act = (/** @type {() => Promise<any>} */ work) => work().then((kept) => { setSecret(kept.secret ?? ''); onChanged(); }, (error) => setProblem(explain(error)));
  if (secret) {
    return html`<${SecretDialog} secret=${secret} onClose=${() => setSecret('')} />`;
  }
  const both = webhook.secrets.length > 1;
  return html`<${Dialog} title=${_('Secrets')} onClose=${onClose} foot=${html`
    <button type="button" class="button" onClick=${onClose}>${_('Close')}</button>
    ${!both && html`<button type="button" class="button primary" onClick=${() => act(() => post(path))}>${_('Make a second secret')}</button>`}`}>
    <p>${both ? _('All is signed by both. Remove the old one as soon as the program knows the new one.') : _('To replace it, make a second one: all is then signed by both, until you remove the old one.')}</p>
    <ul class="webhook-secrets">${webhook.secrets.map((each) => html`
      <li key=${each.id}><span>${_('Made {when}', { when: dayAndTime(each.made_at, ownZone()) })}</span>
        ${both && html`<button type="button" class="button small" aria-label=${_('Remove the secret made {when}', { when: dayAndTime(each.made_at, ownZone()) })} onClick=${() => act(() => remove(`${path}/${each.id}`))}>${_('Remove')}</button>`}</li>`)}</ul>
    ${problem && html`<${Failed} text=${problem} />`}
  <//>`;
}
