/** The member's own sessions in their calendar program: an address to subscribe to, shown when it is made, replaced, and taken away. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { explain, get, post, remove } from '../core/api.js';
import { _, dayAndTime, ownZone } from '../core/texts.js';
import { CopyButton } from '../parts/copy.js';
import { Dialog } from '../parts/dialog.js';
import { Failed, Loading } from '../parts/states.js';
import { toast } from '../parts/toasts.js';

/** @typedef {{ made_at: string | null, titles: boolean }} Feed */

/** @param {{ onClose: () => void }} props */
export function FeedDialog({ onClose }) {
  const [feed, setFeed] = useState(/** @type {Feed | null} */ (null));
  const [titles, setTitles] = useState(false);
  const [made, setMade] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const show = (/** @type {Feed} */ known) => { setFeed(known); setTitles(known.titles); };
  const doing = async (/** @type {() => Promise<void>} */ act) => {
    setBusy(true);
    setProblem('');
    await act().catch((error) => setProblem(explain(error)));
    setBusy(false);
  };
  const load = () => doing(async () => show(await get('/api/calendar-feed')));
  useEffect(() => { load(); }, []);
  const make = () => doing(async () => {
    const answer = await post('/api/calendar-feed', { titles });
    show(answer);
    setMade(`${location.origin}/calendar/${answer.secret}.ics`);
  });
  const end = () => doing(async () => {
    await remove('/api/calendar-feed');
    toast(_('The calendar feed is switched off.'));
    onClose();
  });
  const exists = Boolean(feed?.made_at);
  const foot = made
    ? html`<button type="button" class="button primary" onClick=${onClose}>${_('Done')}</button>`
    : feed && html`
      ${exists && html`<button type="button" class="button" disabled=${busy} onClick=${end}>${_('Switch it off')}</button>`}
      <button type="button" class="button primary" disabled=${busy} onClick=${make}>${exists ? _('Make a new address') : _('Make the address')}</button>`;
  return html`<${Dialog} name="feed" title=${_('Sessions in your calendar')} onClose=${onClose} foot=${foot}>
    ${!feed && !problem && html`<${Loading} lines=${3} />`}
    ${made ? html`
      <p>${_('Add this address to your calendar program as a calendar from the Internet: in Google Calendar “From URL”, in Outlook “Subscribe from web”, on an iPhone “Add Subscription Calendar”.')}</p>
      <div class="copy-line"><code dir="ltr">${made}</code><${CopyButton} text=${made} label=${_('Copy')} class="button primary" /></div>
      <p><a href=${made.replace(/^https?:/, 'webcal:')}>${_('Open it in the calendar program of this device')}</a></p>
      <p class="quiet">${_('It is shown this once. Whoever has it can read when your sessions are.')}</p>`
    : feed && html`
      <p>${_('Your calendar program can show the sessions that you host. It reads them again by itself; how often is up to the program, from every quarter of an hour to once a day.')}</p>
      ${exists && html`<p>${_('An address was made on {when}. A new one takes its place, and the old one opens nothing any more.', { when: dayAndTime(/** @type {string} */ (feed.made_at), ownZone()) })}</p>`}
      <label class="check"><input type="checkbox" checked=${titles} onChange=${() => setTitles(!titles)} />
        <span>${_('Show the titles of sessions. Whoever runs your calendar program can read them then; clinics with neutral wording never show them.')}</span></label>`}
    ${problem && html`<${Failed} text=${problem} onRetry=${feed ? undefined : load} />`}
  <//>`;
}
