/** Hello: who invites, to what, and when. One button. */

import { html } from '../../vendor/preact.js';
import { useNow } from '../core/hooks.js';
import { _, clockTime, dayAndTime, ngettext, ownZone } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { Sheet } from './screens.js';

/** Who invites, as far as the link says: the sender of a personal link, else the room. @param {Hello} hello */
export const inviter = (hello) => hello.sender_name || hello.room_name;

/** @param {{ hello: Hello, onNext: () => void }} props */
export function HelloScreen({ hello, onNext }) {
  const title = hello.sender_name ? _('{name} invites you to a video call', { name: hello.sender_name }) : _('Video call with {name}', { name: hello.room_name });
  return html`
    <${Sheet} hello=${hello} title=${title}>
      ${hello.as && html`<p class="notice">${hello.as}</p>`}
      ${hello.title && html`<p class="lead">${hello.title}</p>`}
      ${hello.planned && html`<${When} planned=${hello.planned} />`}
      ${hello.message && html`<blockquote class="message">${hello.message.split('\n').map((line) => line && html`<p dir="auto">${line}</p>`)}</blockquote>`}
      ${hello.room_open !== false && html`<p class="quiet">${_('You need no account and no app. It takes three short steps.')}</p>`}
      ${hello.room_open === false
        ? html`<div class=${hello.closed_by ? 'notice' : 'notice danger'}><div>${(hello.closed ?? [_('This room is closed at the moment. Please contact the clinic.')]).map((line) => html`<p dir="auto">${line}</p>`)}</div></div>`
        : html`<p class="sheet-actions"><button type="button" class="button primary wide" onClick=${onNext}>${_('Continue')}</button></p>`}
    <//>
  `;
}

/** The planned time in the guest's own zone, and what that means now. @param {{ planned: SessionTimes }} props */
function When({ planned }) {
  const now = useNow();
  const minutes = Math.round((Date.parse(planned.starts_at) - now) / 60_000);
  const over = now > Date.parse(planned.ends_at);
  const text = over ? _('This time has passed. You can still come in and wait.')
    : minutes <= 0 ? _('It is time: you can come in now.')
      : minutes < 60 ? ngettext('It begins in {n} minute. You can come in now and wait.', 'It begins in {n} minutes. You can come in now and wait.', minutes)
        : _('It has not begun yet. You can test your device now, and come back by the same link.');
  return html`
    <div class="when"><${Icon} name="calendar" />
      <div><p class="when-time"><time datetime=${planned.starts_at}>${dayAndTime(planned.starts_at)}</time></p>
        ${planned.zone !== ownZone() && html`<p class="quiet">${_('{time} in {zone}', { time: clockTime(planned.starts_at, planned.zone), zone: planned.zone.replace(/_/g, ' ') })}</p>`}
        <p class="quiet">${text}</p></div>
    </div>
  `;
}
