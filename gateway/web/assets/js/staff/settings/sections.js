/** The sections of Settings: where each is, who sees it, and the module that shows it. One row for each. */

import { html } from '../../../vendor/preact.js';
import { _ } from '../../core/texts.js';
import { MailSection } from './mail.js';
import { PlanSection } from './plan.js';
import { RemindersSection } from './reminders.js';

/**
 * @typedef {object} Section
 * @property {string} key of its address, /settings/<key>
 * @property {string} title
 * @property {string} icon
 * @property {'organisation' | 'own'} group
 * @property {string[]} [roles] who sees it; left out, everybody
 * @property {() => unknown} show
 */

/** @returns {Section[]} in the order of the menu */
export const sections = () => [
  { key: 'plan', title: _('Plan'), icon: 'check', group: 'organisation', show: () => html`<${PlanSection} />` },
  { key: 'mail', title: _('Mail'), icon: 'send', group: 'organisation', show: () => html`<${MailSection} />` },
  { key: 'reminders', title: _('Reminders'), icon: 'bell', group: 'organisation', show: () => html`<${RemindersSection} />` },
];

/** What this member sees of it. @param {string} role */
export const sectionsFor = (role) => sections().filter((section) => !section.roles || section.roles.includes(role));
