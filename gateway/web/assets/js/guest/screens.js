/** The guest's frame of a screen, and the screens for when something is in the way: never a dead end. */

import { html } from '../../vendor/preact.js';
import { currentLanguage, _ } from '../core/texts.js';
import { CopyButton } from '../parts/copy.js';
import { Icon } from '../parts/icons.js';
import { Failed } from '../parts/states.js';

const NAMES = /** @type {const} */ ([['en', 'English'], ['de', 'Deutsch'], ['ar', 'العربية']]);

/** @param {{ hello?: Hello | null, step?: number, title: string, children?: unknown, onBack?: () => void, quiet?: boolean }} props */
export const Sheet = ({ hello, step, title, children, onBack, quiet }) => html`
  <main class="sheet">
    <header class="sheet-head">
      ${onBack ? html`<button type="button" class="button quiet back" onClick=${onBack}><span class="back-arrow" aria-hidden="true">‹</span>${_('Back')}</button>` : html`<span class="wordmark">${hello?.organisation_name ?? 'Housecall'}</span>`}
      ${step && html`<p class="progress"><span class="for-screen-reader">${_('Step {n} of 3', { n: step })}</span>${[1, 2, 3].map((one) => html`<span class=${one <= step ? 'done' : ''} aria-hidden="true"></span>`)}</p>`}
    </header>
    <h1 tabindex="-1">${title}</h1>
    ${children}
    ${!quiet && html`<${Foot} hello=${hello} />`}
  </main>
`;

/** Whom to reach, and the page's languages: on every screen before the call. @param {{ hello?: Hello | null }} props */
export const Foot = ({ hello }) => html`
  <footer class="sheet-foot">
    ${hello && html`<${Contact} hello=${hello} />`}
    <p><a href="/patient-information" target="_blank" rel="noopener">${_('Patient information')}</a></p>
    <nav class="languages" aria-label=${_('Language')}>
      ${NAMES.map(([code, name]) => html`<a href=${`?language=${code}`} lang=${code} hreflang=${code} aria-current=${code === currentLanguage() ? 'true' : undefined}>${name}</a>`)}
    </nav>
  </footer>
`;

/** @param {{ hello: Hello }} props */
export const Contact = ({ hello }) => html`
  ${(hello.contact_phone || hello.contact_email) && html`<p class="contact">${_('Do you need help?')}
    ${hello.contact_phone && html` <a href=${`tel:${hello.contact_phone.replace(/[^+\d]/g, '')}`}><${Icon} name="phone" /><span dir="ltr">${hello.contact_phone}</span></a>`}
    ${hello.contact_email && html` <a href=${`mailto:${hello.contact_email}`}><${Icon} name="send" /><span dir="ltr">${hello.contact_email}</span></a>`}</p>`}
`;

export const LoadingScreen = () => html`
  <main class="sheet" aria-busy="true"><h1 class="for-screen-reader">${_('Loading')}</h1><p class="skeleton skeleton-title"></p><p class="skeleton"></p><p class="skeleton skeleton-button"></p></main>
`;

/** @param {{ text: string, onRetry: () => void }} props */
export const TryAgain = ({ text, onRetry }) => html`
  <${Sheet} title=${_('This did not work')}><${Failed} text=${text} onRetry=${onRetry} /><//>
`;

export const BrokenLink = () => html`
  <${Sheet} title=${_('This link does not work')}>
    <p>${_('It may be incomplete, it may have expired, or the clinic may have replaced it with a newer one.')}</p>
    <h2>${_('What you can do now')}</h2>
    <ol class="steps">
      <li>${_('Look in your e-mail for a newer invitation, and press Join the call there.')}</li>
      <li>${_('If you copied the link, check that you copied all of it.')}</li>
      <li>${_('Otherwise reply to the invitation or telephone your clinic, and ask for a new link.')}</li>
    </ol>
  <//>
`;

/** A browser inside another app, or one that is too old. @param {{ hello: Hello }} props */
export const Unsupported = ({ hello }) => html`
  <${Sheet} hello=${hello} title=${_('Please open this in another browser')}>
    <p>${_('The browser that shows this page cannot make video calls. That happens inside mail and chat apps, and with old browsers.')}</p>
    <ol class="steps">
      <li>${_('Choose “Open in browser” in the menu of this app, if there is one.')}</li>
      <li>${_('Otherwise copy the link, open Chrome, Firefox or Safari, and paste it at the top.')}</li>
    </ol>
    <p class="sheet-actions"><${CopyButton} text=${location.href} label=${_('Copy the link')} class="button primary wide" /></p>
  <//>
`;
