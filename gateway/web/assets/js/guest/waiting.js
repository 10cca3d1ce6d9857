/** Waiting: that one is in, who knows, and that the place is kept. Nothing that moves for its own sake. */

import { html, useState } from '../../vendor/preact.js';
import { OwnDevices } from '../call/own-devices.js';
import { _, ngettext } from '../core/texts.js';
import { Question } from '../parts/dialog.js';
import { Icon } from '../parts/icons.js';
import { PlainText } from '../parts/plain-text.js';
import { inviter } from './hello.js';
import { Sheet } from './screens.js';
import { FeelWorse } from './worse.js';

/** @param {{ link: string, hello: Hello, caller: Caller, place?: Place, media: import('../call/own-media.js').OwnMedia, connection: string, messages?: unknown, onLeave: () => void }} props */
export function WaitingScreen({ link, hello, caller, place, media, connection, messages, onLeave }) {
  const [asking, setAsking] = useState(false);
  return html`
    <${Sheet} hello=${hello} step=${3} title=${_('You are in.')}>
      <p class="lead" role="status">${whoKnows(hello, caller)}</p>
      ${place && !caller.session_id && html`<${OwnPlace} place=${place} />`}
      ${hello.waiting_content ? html`<section class="waiting-content" aria-label=${_('From the clinic')}><${PlainText} text=${hello.waiting_content} /></section>` : html`<${Hills} />`}
      <p>${_('Stay on this page. You will be let in as soon as it is your turn.')}</p>
      <div role="status">${connection === 'lost' && html`<p class="notice danger"><${Icon} name="warning" /><span>${_('The connection is lost. Your place is kept, and the page tries again by itself.')}</span></p>`}</div>
      <${FeelWorse} link=${link} hello=${hello} caller=${caller} />
      ${messages}
      <${OwnDevices} media=${media} />
      <p class="quiet">${_('If your phone locks or the connection breaks, come back to this page or press your link again: your place is kept.')}</p>
      <p class="sheet-actions"><button type="button" class="button wide" onClick=${() => setAsking(true)}>${_('Leave the waiting room')}</button></p>
      ${asking && html`<${Question} title=${_('Leave the waiting room?')} action=${_('Leave')} onYes=${onLeave} onClose=${() => setAsking(false)}
        text=${_('You give up your place. You can come again by the same link.')} />`}
    <//>
  `;
}

/** Who has them now, also after they were in a call. @param {Hello} hello @param {Caller} caller */
function whoKnows(hello, { held, transferred }) {
  if (held) return _('{name} has put you back in the waiting room for a moment, and your place is kept.', { name: held.member_name });
  if (transferred) return _('{name} has passed you on to {place}. Somebody there will let you in.', { name: transferred.member_name, place: transferred.to_name });
  return _('{name} knows you are here.', { name: inviter(hello) });
}

/** How many are before, and an honest range, said again when it changes. @param {{ place: Place }} props */
const OwnPlace = ({ place: { ahead, estimate } }) => html`
  <div class="own-place" role="status">
    <p class="lead">${ahead ? ngettext('{n} person is before you', '{n} people are before you', ahead) : _('You are next')}</p>
    ${estimate && html`<p>${rangeWords(estimate)} <span class="quiet">${ngettext('An estimate from the last consultation here.', 'An estimate from the last {n} consultations here.', estimate.sample)}</span></p>`}
  </div>
`;

/** @param {Estimate} estimate */
function rangeWords({ soonest_minutes: soonest, latest_minutes: latest }) {
  if (latest <= 1) return _('It should be your turn in a moment.');
  if (soonest < 1) return _('It may take up to {latest} minutes.', { latest });
  return _('It will probably take {soonest} to {latest} minutes.', { soonest, latest });
}

/** Something gentle to look at. */
const Hills = () => html`
  <svg class="hills" viewBox="0 0 640 200" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
    <rect width="640" height="200" class="sky" /><circle cx="470" cy="74" r="34" class="sun" />
    <path class="hill far" d="M0 132c90-46 170-44 258-10s150 30 222-6 116-26 160-8v92H0z" />
    <path class="hill mid" d="M0 156c78-22 140-30 232-4s196 24 262-2 104-20 146-8v58H0z" />
    <path class="hill near" d="M0 180c110-26 214-22 320-6s220 12 320-10v36H0z" />
  </svg>
`;
