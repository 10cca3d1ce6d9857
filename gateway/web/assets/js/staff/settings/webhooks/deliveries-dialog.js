/** What was sent to a webhook: each event with what it said and every answer; one is sent again. Looked at anew while it is open. */

import { html, useEffect, useState } from '../../../../vendor/preact.js';
import { explain, get, post } from '../../../core/api.js';
import { _, dayAndTime, number, ownZone } from '../../../core/texts.js';
import { Badge } from '../../../parts/badge.js';
import { Dialog } from '../../../parts/dialog.js';
import { Empty, Failed, Loading } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { fate, outcome } from './words.js';

const LOOK_EVERY_MS = 2000;

/** @param {{ webhook: Webhook, onClose: () => void }} props */
export function DeliveriesDialog({ webhook, onClose }) {
  const [items, setItems] = useState(/** @type {Delivery[] | null} */ (null));
  const [problem, setProblem] = useState('');
  const load = () => get(`/api/webhooks/${webhook.id}/deliveries?limit=50`).then((page) => { setItems(page.items); setProblem(''); }, (error) => setProblem(explain(error)));
  useEffect(() => {
    load();
    const timer = setInterval(load, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const again = async (/** @type {Delivery} */ delivery) => {
    try {
      await post(`/api/webhooks/${webhook.id}/deliveries/${delivery.id}/send-again`);
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
    load();
  };
  return html`<${Dialog} wide title=${_('What was sent')} onClose=${onClose} foot=${html`<button type="button" class="button primary" onClick=${onClose}>${_('Close')}</button>`}>
    <p class="quiet webhook-url" dir="ltr">${webhook.url}</p>
    ${problem && html`<${Failed} text=${problem} onRetry=${load} />`}
    ${!items && !problem && html`<${Loading} />`}
    ${items?.length === 0 && html`<${Empty} icon="send" title=${_('Nothing yet')}><p>${_('Press Test to send an event now.')}</p><//>`}
    ${items && items.length > 0 && html`<ul class="deliveries">${items.map((each) => html`<${Sent} key=${each.id} delivery=${each} onAgain=${() => again(each)} />`)}</ul>`}
  <//>`;
}

/** @param {{ delivery: Delivery, onAgain: () => void }} props */
function Sent({ delivery, onAgain }) {
  const { name, kind } = fate(delivery);
  const zone = ownZone();
  return html`<li><details>
    <summary><code dir="ltr">${delivery.type}</code><${Badge} kind=${kind}>${name}<//><span class="quiet">${dayAndTime(delivery.made_at, zone)}</span></summary>
    <ol class="attempts">${delivery.attempts.map((attempt) => html`
      <li><strong>${outcome(attempt)}</strong> <span class="quiet">${_('{when}, {n} s', { when: dayAndTime(attempt.at, zone), n: number(attempt.seconds) })}</span>
        ${attempt.answer && html`<pre dir="ltr" tabindex="0" aria-label=${_('Answer')}>${attempt.answer}</pre>`}
        <details class="sent-headers"><summary>${_('Headers that were sent')}</summary><pre dir="ltr" tabindex="0" aria-label=${_('Headers that were sent')}>${Object.entries(attempt.sent_headers).map(([key, value]) => `${key}: ${value}`).join('\n')}</pre></details></li>`)}</ol>
    ${delivery.attempts.length === 0 && html`<p class="quiet">${_('Not sent yet')}</p>`}
    ${delivery.next_try_at && html`<p class="quiet">${_('Next try {when}', { when: dayAndTime(delivery.next_try_at, zone) })}</p>`}
    <pre dir="ltr" tabindex="0" aria-label=${_('What it says')}>${delivery.body}</pre>
    <button type="button" class="button small" aria-label=${_('Send {type} again', { type: delivery.type })} onClick=${onAgain}>${_('Send again')}</button>
  </details></li>`;
}
