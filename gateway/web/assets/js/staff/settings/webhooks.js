/** Settings, Webhooks: where events are posted, how each stands, what was sent; tested, parked, resumed and removed. */

import { html, useEffect, useState } from '../../../vendor/preact.js';
import { explain, get, patch, post, remove } from '../../core/api.js';
import { _, dayAndTime, ngettext, ownZone } from '../../core/texts.js';
import { Badge } from '../../parts/badge.js';
import { Question } from '../../parts/dialog.js';
import { Icon } from '../../parts/icons.js';
import { Empty, Failed, Loading } from '../../parts/states.js';
import { toast } from '../../parts/toasts.js';
import { DeliveriesDialog } from './webhooks/deliveries-dialog.js';
import { NewWebhookDialog } from './webhooks/new-webhook-dialog.js';
import { SecretsDialog } from './webhooks/secrets-dialog.js';
import { standing } from './webhooks/words.js';

const LOOK_EVERY_MS = 5000;

export function WebhooksSection() {
  const [webhooks, setWebhooks] = useState(/** @type {Webhook[] | null} */ (null));
  const [problem, setProblem] = useState('');
  const [open, setOpen] = useState(/** @type {{ what: string, id?: string } | null} */ (null));
  const load = () => get('/api/webhooks').then(({ items }) => { setWebhooks(items); setProblem(''); }, (error) => setProblem(explain(error)));
  useEffect(() => {
    load();
    const timer = setInterval(load, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const act = (/** @type {() => Promise<unknown>} */ work) => work().catch((error) => toast(explain(error), { kind: 'problem' })).then(load);
  const close = () => setOpen(null);
  const chosen = webhooks?.find(({ id }) => id === open?.id);
  const path = `/api/webhooks/${chosen?.id}`;
  return html`
    <div class="section-head"><p class="quiet">${_('What happens here is posted to a program of yours, signed, and tried again for three days where it is not taken.')} <a href="/api/docs">${_('What a program can ask for')}</a></p>
      <div class="page-actions"><button type="button" class="button primary" onClick=${() => setOpen({ what: 'new' })}><${Icon} name="plus" />${_('Add a webhook')}</button></div></div>
    ${problem && html`<${Failed} text=${problem} onRetry=${load} />`}
    ${!webhooks && !problem && html`<${Loading} />`}
    ${webhooks?.length === 0 && html`<${Empty} icon="send" title=${_('No webhook yet')}><p>${_('Add the address at which your program receives events.')}</p><//>`}
    ${webhooks && webhooks.length > 0 && html`
      <ul class="api-clients">${webhooks.map((each) => html`<${WebhookCard} key=${each.id} webhook=${each} act=${act} show=${(/** @type {string} */ what) => setOpen({ what, id: each.id })} />`)}</ul>`}
    ${open?.what === 'new' && html`<${NewWebhookDialog} onMade=${load} onClose=${close} />`}
    ${chosen && open?.what === 'sent' && html`<${DeliveriesDialog} webhook=${chosen} onClose=${close} />`}
    ${chosen && open?.what === 'secrets' && html`<${SecretsDialog} webhook=${chosen} onChanged=${load} onClose=${close} />`}
    ${chosen && open?.what === 'park' && html`<${Question} title=${_('Park this webhook')} action=${_('Park')} onClose=${close} onYes=${() => act(() => patch(path, { parked: true }))}
      text=${_('Nothing is sent to it until you resume it. What happens meanwhile waits, and is sent then.')} />`}
    ${chosen && open?.what === 'remove' && html`<${Question} title=${_('Remove this webhook')} danger action=${_('Remove')} onClose=${close} onYes=${() => act(() => remove(path))}
      text=${_('Nothing is sent to {url} any more, and what was sent is forgotten.', { url: chosen.url })} />`}
  `;
}

/** @param {{ webhook: Webhook, act: (work: () => Promise<unknown>) => Promise<unknown>, show: (what: string) => void }} props */
function WebhookCard({ webhook, act, show }) {
  const { name, kind, why } = standing(webhook);
  const path = `/api/webhooks/${webhook.id}`;
  const test = () => act(() => post(`${path}/test`)).then(() => show('sent'));
  const resume = () => act(() => patch(path, { parked: false }));
  return html`
    <li class="card api-client">
      <div class="api-client-head"><h2 class="webhook-url">${webhook.description || html`<bdi dir="ltr">${webhook.url}</bdi>`}</h2><${Badge} kind=${kind}>${name}<//></div>
      ${why && html`<p class="webhook-why">${why}</p>`}
      <dl class="facts">
        ${webhook.description && html`<div><dt>${_('Address')}</dt><dd class="webhook-url" dir="ltr">${webhook.url}</dd></div>`}
        <div><dt>${_('Events')}</dt><dd dir="ltr">${webhook.types.length ? webhook.types.join(', ') : _('All of them')}</dd></div>
        <div><dt>${_('Format')}</dt><dd>${webhook.format === 'coviu' ? _('The words of Coviu') : 'CloudEvents'}</dd></div>
        <div><dt>${_('Still to be sent')}</dt><dd>${webhook.waiting ? ngettext('{n} event', '{n} events', webhook.waiting) : _('nothing')}</dd></div>
        <div><dt>${_('Last received')}</dt><dd>${webhook.last_taken_at ? dayAndTime(webhook.last_taken_at, ownZone()) : _('never')}</dd></div>
      </dl>
      <div class="webhook-actions" role="group" aria-label=${webhook.description || webhook.url}>
        <button type="button" class="button small" onClick=${() => show('sent')}>${_('What was sent')}</button>
        <button type="button" class="button small" onClick=${test}>${_('Test')}</button>
        <button type="button" class="button small" onClick=${() => show('secrets')}>${_('Secrets')}</button>
        ${webhook.state === 'parked' ? html`<button type="button" class="button small primary" onClick=${resume}>${_('Resume')}</button>` : html`<button type="button" class="button small" onClick=${() => show('park')}>${_('Park')}</button>`}
        <button type="button" class="button small" onClick=${() => show('remove')}>${_('Remove')}</button>
      </div>
    </li>
  `;
}
