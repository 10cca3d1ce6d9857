/** The sections of Settings: where each is, who sees it, and the module that shows it. One row for each. */

import { html } from '../../../vendor/preact.js';
import { _ } from '../../core/texts.js';
import { ApiClientsSection } from './api-clients.js';
import { AuditSection } from './audit.js';
import { ClinicsSection } from './clinics.js';
import { DirectorySection } from './directory.js';
import { ImportSection } from './import-members.js';
import { MailSection } from './mail.js';
import { MembersSection } from './members.js';
import { OrganisationSection } from './organisation.js';
import { PasswordSection } from './own/password.js';
import { ProfileSection } from './own/profile.js';
import { SecondStepSection } from './own/second-step.js';
import { SignInsSection } from './own/sign-ins.js';
import { PlanSection } from './plan.js';
import { RemindersSection } from './reminders.js';
import { RoomsSection } from './rooms.js';
import { SignInSection } from './sign-in.js';
import { WaitingAreasSection } from './waiting-areas.js';
import { WebhooksSection } from './webhooks.js';

/**
 * @typedef {object} Section
 * @property {string} key of its address, /settings/<key>
 * @property {string} title
 * @property {string} icon
 * @property {'organisation' | 'own'} group
 * @property {string[]} [roles] who sees it; left out, everybody
 * @property {(rest: string) => unknown} show with what follows the key in the address
 */

/** @returns {Section[]} in the order of the menu */
export const sections = () => [
  { key: 'organisation', title: _('Organisation'), icon: 'building', group: 'organisation', show: () => html`<${OrganisationSection} />` },
  { key: 'plan', title: _('Plan'), icon: 'plan', group: 'organisation', show: () => html`<${PlanSection} />` },
  { key: 'clinics', title: _('Clinics'), icon: 'clinic', group: 'organisation', show: () => html`<${ClinicsSection} />` },
  { key: 'rooms', title: _('Rooms'), icon: 'door', group: 'organisation', roles: ['owner', 'admin', 'coordinator', 'provider'], show: (rest) => html`<${RoomsSection} rest=${rest} />` },
  { key: 'waiting-areas', title: _('Waiting Areas'), icon: 'waiting', group: 'organisation', roles: ['owner', 'admin'], show: (rest) => html`<${WaitingAreasSection} rest=${rest} />` },
  { key: 'members', title: _('Members'), icon: 'people', group: 'organisation', show: () => html`<${MembersSection} otherWays=${otherWays} />` },
  { key: 'import', title: _('Import members'), icon: 'people', group: 'organisation', roles: ['owner', 'admin'], show: (rest) => html`<${ImportSection} rest=${rest} />` },
  { key: 'directory', title: _('Directory (SCIM)'), icon: 'people', group: 'organisation', roles: ['owner'], show: () => html`<${DirectorySection} />` },
  { key: 'api-clients', title: _('API clients'), icon: 'devices', group: 'organisation', roles: ['owner', 'admin'], show: () => html`<${ApiClientsSection} />` },
  { key: 'webhooks', title: _('Webhooks'), icon: 'send', group: 'organisation', roles: ['owner', 'admin'], show: () => html`<${WebhooksSection} />` },
  { key: 'mail', title: _('Mail'), icon: 'send', group: 'organisation', show: () => html`<${MailSection} />` },
  { key: 'reminders', title: _('Reminders'), icon: 'bell', group: 'organisation', show: () => html`<${RemindersSection} />` },
  { key: 'sign-in', title: _('Sign-in'), icon: 'shield', group: 'organisation', roles: ['owner'], show: () => html`<${SignInSection} />` },
  { key: 'audit', title: _('Audit log'), icon: 'clock', group: 'organisation', roles: ['owner'], show: () => html`<${AuditSection} />` },
  { key: 'profile', title: _('Profile'), icon: 'person', group: 'own', show: () => html`<${ProfileSection} />` },
  { key: 'password', title: _('Password'), icon: 'lock', group: 'own', show: () => html`<${PasswordSection} />` },
  { key: 'second-step', title: _('Second step'), icon: 'phone', group: 'own', show: () => html`<${SecondStepSection} />` },
  { key: 'sign-ins', title: _('Where you are signed in'), icon: 'shield', group: 'own', show: () => html`<${SignInsSection} />` },
];

/** How members come besides by an invitation, as far as this member sees it. @param {string} role */
const otherWays = (role) => sectionsFor(role).filter(({ key }) => key === 'import' || key === 'directory');

/** What this member sees of it. @param {string} role */
export const sectionsFor = (role) => sections().filter((section) => !section.roles || section.roles.includes(role));
