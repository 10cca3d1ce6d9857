/** Help for members: short articles that can be searched, which plan this is, and whom to ask. */

import { html, useState } from '../../vendor/preact.js';
import { followLink } from '../core/route.js';
import { _ } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { Empty } from '../parts/states.js';
import { useApp } from './context.js';
import { roomsText } from './plan-dialog.js';

/** @typedef {{ key: string, title: string, lines: string[], ordered?: boolean }} Article */

/** @returns {Article[]} */
const articles = () => [
  { key: 'rooms', title: _('What are User Rooms and Meeting Rooms?'), lines: [
    _('A User Room belongs to one member. Only its owner hosts in it, so it suits consultations of your own. It stays open for those inside when you leave.'),
    _('A Meeting Room is shared by your organisation. Any provider can host in it, so it suits teams, reception, and calls that a colleague takes over.'),
    _('Essentials (also Starter) has one Meeting Room, Reception, whose name cannot be changed. Standard (also Professional) has two, with fixed names. Premium (also Clinic) has as many as you like, and their names can be changed at any time.'),
  ] },
  { key: 'invite', ordered: true, title: _('Invite a client or patient to your room'), lines: [
    _('Press the name of your User Room, or of a Meeting Room, in the side menu.'),
    _('Press Send Invitation.'),
    _('Type the e-mail address of the recipient, a title, and a message if you like, for example which forms to fill in and send back.'),
    _('Choose Yes if the invitation is for a specific time. A session is then booked, and the e-mail carries a calendar entry.'),
    _('Press Send. The recipient gets an e-mail with the button Join the call; nothing else is needed.'),
    _('When you expect them, press Enter User Room and accept them in the Call Manager.'),
  ] },
  { key: 'several', title: _('Invite several clients or patients to one call'), lines: [
    _('Type all addresses in the recipients field, separated by commas. Everyone gets an e-mail and a link of their own, and nobody sees the others.'),
  ] },
  { key: 'dashboard', title: _('Invite from the Dashboard'), lines: [
    _('Copy the room link and send it to your client in your own way. Or press Send Invitation. Or press Start a consultation, which has three ways:'),
    _('Start a consultation now takes you into your room; invite your client from the Call Manager.'),
    _('Schedule a consultation for later books a time as a Scheduled Session.'),
    _('Access your Waiting Area shows everyone who waits, on plans that include it.'),
  ] },
  { key: 'during', title: _('During the call'), lines: [
    _('The Call Manager at the side shows who waits and who is in the call. Accept or refuse those who wait, lock the room, or invite somebody else.'),
    _('Leave call takes only you out; the others stay, and you can come back. End call ends it for everyone.'),
    _('If your connection is lost, the call finds itself again. You need not press anything.'),
  ] },
  { key: 'patients', title: _('When a client needs help getting ready'), lines: [
    _('Send them to the Patient information page: what they need, a test of their device, and whom to ask. Every invitation links to it.'),
  ] },
];

export function HelpPage() {
  const [words, setWords] = useState('');
  const wanted = words.trim().toLocaleLowerCase();
  const found = articles().filter((article) => !wanted || [article.title, ...article.lines].join(' ').toLocaleLowerCase().includes(wanted));
  return html`
    <header class="page-head"><div><h1>${_('Help')}</h1></div>
      <div class="page-actions"><a class="button" href="/patient-information" target="_blank" rel="noopener"><${Icon} name="phone" />${_('Patient information')}</a></div></header>
    <div class="columns help">
      <section aria-labelledby="articles">
        <h2 id="articles">${_('Articles')}</h2>
        <div class="field search"><label for="help-search" class="for-screen-reader">${_('Search the articles')}</label><${Icon} name="search" />
          <input id="help-search" type="search" placeholder=${_('Search the articles')} value=${words} onInput=${(/** @type {any} */ event) => setWords(event.target.value)} /></div>
        <p class="for-screen-reader" role="status">${wanted ? _('{n} found', { n: found.length }) : ''}</p>
        ${found.map((article) => html`
          <details class="article" key=${article.key} open=${Boolean(wanted)}>
            <summary>${article.title}</summary>
            ${article.ordered ? html`<ol class="steps">${article.lines.map((line) => html`<li>${line}</li>`)}</ol>` : article.lines.map((line) => html`<p>${line}</p>`)}
          </details>`)}
        ${!found.length && html`<${Empty} icon="search" title=${_('No article has these words')} />`}
      </section>
      <${WhomToAsk} />
    </div>
  `;
}

function WhomToAsk() {
  const { me } = useApp();
  const { organisation, entitlements } = me;
  return html`
    <section aria-labelledby="ask">
      <h2 id="ask">${_('Your organisation')}</h2>
      <div class="card plain">
        <dl class="facts">
          <div><dt>${_('Organisation')}</dt><dd>${organisation.name}</dd></div>
          <div><dt>${_('Plan')}</dt><dd>${entitlements.plan.name}<span class="quiet">${roomsText(entitlements.plan, entitlements.meeting_rooms_used)}</span></dd></div>
          <div><dt>${_('Waiting Area')}</dt><dd>${entitlements.plan.waiting_area ? html`<a href="/waiting-area" onClick=${followLink}>${_('included')}</a>` : _('not included; Premium has it')}</dd></div>
        </dl>
        <h3>${_('How your organisation does it')}</h3>
        <p class="as-typed">${organisation.process_note || _('Your organisation may have its own way of holding consultations. Ask your account administrator, the owner, or your telehealth coordinator whether there is one to follow.')}</p>
        <h3>${_('Whom to ask')}</h3>
        ${organisation.whom_to_ask && html`<p class="as-typed">${organisation.whom_to_ask}</p>`}
        ${organisation.contact_phone && html`<p><${Icon} name="phone" /><a href=${`tel:${organisation.contact_phone.replace(/[^+\d]/g, '')}`} dir="ltr">${organisation.contact_phone}</a></p>`}
        ${organisation.contact_email && html`<p><${Icon} name="send" /><a href=${`mailto:${organisation.contact_email}`} dir="ltr">${organisation.contact_email}</a></p>`}
        ${!organisation.contact_phone && !organisation.contact_email && !organisation.whom_to_ask && html`<p>${_('Ask the person who set up your account.')}</p>`}
      </div>
    </section>
  `;
}
