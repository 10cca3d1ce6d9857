/** Settings: a menu of sections, and the one that the address names. On a phone the menu is the page until one is chosen. */

import { html } from '../../../vendor/preact.js';
import { followLink } from '../../core/route.js';
import { _ } from '../../core/texts.js';
import { Icon } from '../../parts/icons.js';
import { Empty } from '../../parts/states.js';
import { useApp } from '../context.js';
import { sectionsFor } from './sections.js';

/** @typedef {import('./sections.js').Section} Section */

/** @param {{ path: string }} props */
export function SettingsPage({ path }) {
  const { me } = useApp();
  const known = sectionsFor(me.member.role);
  const [key, rest = ''] = path.slice('/settings'.length).replace(/^\//, '').split('/');
  const section = key ? known.find((one) => one.key === key) : undefined;
  return html`
    <header class="page-head"><div>
      <h1>${section?.title ?? _('Settings')}</h1>
    </div></header>
    <div class=${key ? 'settings' : 'settings choosing'}>
      <nav class="settings-menu" aria-label=${_('Settings')}>
        <${Group} title=${me.organisation.name} sections=${known.filter((one) => one.group === 'organisation')} section=${section} />
        <${Group} title=${_('Your account')} sections=${known.filter((one) => one.group === 'own')} section=${section} />
      </nav>
      <div class="settings-section">
        <a class="settings-back" href="/settings" onClick=${followLink}><${Icon} name="menu" />${_('All settings')}</a>
        ${section && section.show(rest)}
        ${key && !section && html`<${Empty} icon="lock" title=${_('There is nothing here for you')}><p>${_('Choose another section, or ask an owner of your organisation.')}</p><//>`}
        ${!key && html`<p class="quiet settings-hint">${_('Choose a section.')}</p>`}
      </div>
    </div>
  `;
}

/** @param {{ title: string, sections: Section[], section: Section | undefined }} props */
function Group({ title, sections, section }) {
  if (!sections.length) return null;
  return html`
    <h2>${title}</h2>
    <ul>${sections.map((one) => html`
      <li key=${one.key}><a class="side-item" href=${`/settings/${one.key}`} aria-current=${one === section ? 'page' : undefined} onClick=${followLink}>
        <${Icon} name=${one.icon} /><span>${one.title}</span></a></li>`)}
    </ul>
  `;
}
