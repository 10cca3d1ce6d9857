/** Settings, API clients: programs that come by OAuth 2.0; one is made, its secret shown once, and revoked. */

import { html, useEffect, useState } from '../../../vendor/preact.js';
import { explain, get, remove } from '../../core/api.js';
import { _, dayAndTime, ownZone } from '../../core/texts.js';
import { CopyButton } from '../../parts/copy.js';
import { Question } from '../../parts/dialog.js';
import { Icon } from '../../parts/icons.js';
import { Empty, Failed, Loading } from '../../parts/states.js';
import { toast } from '../../parts/toasts.js';
import { useApp } from '../context.js';
import { NewClientDialog } from './api-clients/new-client-dialog.js';
import { scopeNames } from './api-clients/scopes.js';

export function ApiClientsSection() {
  const [clients, setClients] = useState(/** @type {ApiClient[] | null} */ (null));
  const [problem, setProblem] = useState('');
  const [making, setMaking] = useState(false);
  const [leaving, setLeaving] = useState(/** @type {ApiClient | null} */ (null));
  const load = () => {
    setProblem('');
    get('/api/api-clients').then(({ items }) => setClients(items), (error) => setProblem(explain(error)));
  };
  useEffect(load, []);
  const revoke = async (/** @type {ApiClient} */ client) => {
    try {
      await remove(`/api/api-clients/${client.id}`);
      toast(_('{name} can ask for nothing any more.', { name: client.name }));
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
    load();
  };
  return html`
    <div class="section-head"><p class="quiet">${_('A program of yours, such as a booking system, comes as an API client: with a key of its own, and only as far as you let it.')}</p>
      <div class="page-actions"><button type="button" class="button primary" onClick=${() => setMaking(true)}><${Icon} name="plus" />${_('Make an API client')}</button></div></div>
    <section class="card form-card"><h2>${_('What the program needs')}</h2>
      <p>${_('The key and the secret of an API client, and this address, where it exchanges them for a token (OAuth 2.0, client credentials).')}</p>
      <div class="copy-line"><code dir="ltr">${`${location.origin}/oauth2/token`}</code><${CopyButton} text=${`${location.origin}/oauth2/token`} label=${_('Copy')} /></div>
      <p class="quiet"><a href="/api/docs">${_('What a program can ask for')}</a></p></section>
    ${problem && html`<${Failed} text=${problem} onRetry=${load} />`}
    ${!clients && !problem && html`<${Loading} />`}
    ${clients?.length === 0 && html`<${Empty} icon="devices" title=${_('No program is connected')}><p>${_('Make an API client and give its secret to whoever runs the program.')}</p><//>`}
    ${clients && clients.length > 0 && html`
      <ul class="api-clients">${clients.map((client) => html`<${ClientCard} key=${client.id} client=${client} onRevoke=${() => setLeaving(client)} />`)}</ul>`}
    ${making && html`<${NewClientDialog} onMade=${load} onClose=${() => setMaking(false)} />`}
    ${leaving && html`<${Question} title=${_('Revoke {name}', { name: leaving.name })} danger action=${_('Revoke')} onClose=${() => setLeaving(null)} onYes=${() => revoke(leaving)}
      text=${_('The program can ask for nothing any more, from now on and for good. What it made stays as it is.')} />`}
  `;
}

/** @param {{ client: ApiClient, onRevoke: () => void }} props */
function ClientCard({ client, onRevoke }) {
  const { organisation } = useApp().me;
  const names = scopeNames();
  const clinics = client.clinic_ids.map((id) => organisation.clinics.find((clinic) => clinic.id === id)?.name ?? _('A clinic that was removed'));
  const used = client.secrets.map((secret) => secret.last_used_at ?? '').sort().at(-1);
  return html`
    <li class="card api-client">
      <div class="api-client-head"><h2>${client.name}</h2>
        <button type="button" class="button small" aria-label=${_('Revoke {name}', { name: client.name })} onClick=${onRevoke}>${_('Revoke')}</button></div>
      <dl class="facts">
        <div><dt>${_('Key')}</dt><dd class="copy-line"><code dir="ltr">${client.id}</code><${CopyButton} text=${client.id} label=${_('Copy')} /></dd></div>
        <div><dt>${_('May')}</dt><dd><ul class="api-scopes">${client.scopes.map((scope) => html`<li>${names[scope] ?? scope}</li>`)}</ul></dd></div>
        <div><dt>${_('Clinics')}</dt><dd>${clinics.length ? clinics.join(', ') : _('All clinics')}</dd></div>
        <div><dt>${_('Made')}</dt><dd>${client.made_by_name ? _('{when} by {who}', { when: dayAndTime(client.created_at, ownZone()), who: client.made_by_name }) : dayAndTime(client.created_at, ownZone())}</dd></div>
        <div><dt>${_('Last token')}</dt><dd>${used ? dayAndTime(used, ownZone()) : _('never')}</dd></div>
      </dl>
    </li>
  `;
}
