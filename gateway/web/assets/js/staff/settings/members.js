/** Settings, Members: who is there, found by name, clinic, role and state; and what may be done with each. */

import { html, useState } from '../../../vendor/preact.js';
import { useTopic } from '../../core/hooks.js';
import { followLink } from '../../core/route.js';
import { _, ngettext } from '../../core/texts.js';
import { Icon } from '../../parts/icons.js';
import { Empty, Failed, Loading } from '../../parts/states.js';
import { useApp } from '../context.js';
import { ROLES, roleName } from '../roles.js';
import { DoDialog } from './members/do-dialog.js';
import { EditDialog } from './members/edit-dialog.js';
import { InviteMembersDialog } from './members/invite-dialog.js';
import { MemberRow } from './members/member-row.js';
import { OrphanRooms } from './members/orphan-rooms.js';
import { STATES, stateName } from './members/states.js';

const SHOWN_AT_FIRST = 50;

/** @param {{ otherWays: (role: string) => { key: string, title: string }[] }} props `otherWays`: the sections by which members come otherwise */
export function MembersSection({ otherWays }) {
  const { me } = useApp();
  const topic = useTopic('members');
  const [filter, setFilter] = useState({ words: '', clinic: '', role: '', state: '' });
  const [most, setMost] = useState(SHOWN_AT_FIRST);
  const [dialog, setDialog] = useState(/** @type {{ kind: string, member?: Member } | null} */ (null));
  const runs = ['owner', 'admin'].includes(me.member.role);
  const all = /** @type {Member[]} */ (topic.all('member')).filter((member) => member.state !== 'removed').sort((one, other) => one.name.localeCompare(other.name));
  const found = all.filter((member) => fits(member, filter));
  const owners = all.filter((member) => member.role === 'owner' && member.state === 'active');
  const close = () => setDialog(null);
  return html`
    <div class="section-head">
      <p class="quiet" role="status">${topic.ready ? ngettext('{n} member', '{n} members', found.length) : ''}</p>
      ${runs && html`<div class="page-actions">
        ${otherWays(me.member.role).map(({ key, title }) => html`<a class="button" key=${key} href=${`/settings/${key}`} onClick=${followLink}>${title}</a>`)}
        <button type="button" class="button primary" onClick=${() => setDialog({ kind: 'invite' })}><${Icon} name="send" />${_('Invite members')}</button></div>`}
    </div>
    <${OrphanRooms} members=${all} />
    <${Filters} filter=${filter} setFilter=${setFilter} />
    ${topic.problem ? html`<${Failed} text=${topic.problem.detail} />` : !topic.ready && html`<${Loading} lines=${5} />`}
    ${topic.ready && !found.length && html`<${Empty} icon="search" title=${_('Nobody fits')}><button type="button" class="button small" onClick=${() => setFilter({ words: '', clinic: '', role: '', state: '' })}>${_('Show everybody')}</button><//>`}
    ${found.length > 0 && html`
      <table class="members">
        <thead><tr><th scope="col">${_('Name')}</th><th scope="col">${_('Role, clinics')}</th><th scope="col">${_('State')}</th><th scope="col">${_('Second step')}</th>
          ${runs && html`<th scope="col"><span class="for-screen-reader">${_('What to do')}</span></th>`}</tr></thead>
        <tbody>${found.slice(0, most).map((member) => html`
          <${MemberRow} key=${member.id} member=${member} runs=${runs} lastOwner=${owners.length === 1 && owners[0].id === member.id} open=${(/** @type {string} */ kind) => setDialog({ kind, member })} />`)}</tbody>
      </table>`}
    ${found.length > most && html`<p class="more"><button type="button" class="button" onClick=${() => setMost(most + 200)}>${ngettext('Show {n} more', 'Show {n} more', Math.min(200, found.length - most))}</button></p>`}
    ${dialog?.kind === 'invite' && html`<${InviteMembersDialog} onClose=${close} />`}
    ${dialog?.kind === 'edit' && dialog.member && html`<${EditDialog} member=${dialog.member} lastOwner=${owners.length === 1 && owners[0].id === dialog.member.id} onClose=${close} />`}
    ${dialog && dialog.member && dialog.kind !== 'edit' && html`<${DoDialog} what=${dialog.kind} member=${dialog.member} onClose=${close} />`}
  `;
}

/** @typedef {{ words: string, clinic: string, role: string, state: string }} Filter */

/** @param {Member} member @param {Filter} filter */
function fits(member, { words, clinic, role, state }) {
  const text = `${member.name} ${member.email}`.toLocaleLowerCase();
  return words.toLocaleLowerCase().split(/\s+/).every((word) => text.includes(word))
    && (!clinic || (clinic === '-' ? !member.clinic_ids.length : member.clinic_ids.includes(clinic)))
    && (!role || member.role === role) && (!state || member.state === state);
}

/** @param {{ filter: Filter, setFilter: (filter: Filter) => void }} props */
function Filters({ filter, setFilter }) {
  const { organisation } = useApp().me;
  const choose = (/** @type {keyof Filter} */ name, /** @type {string} */ label, /** @type {[string, string][]} */ choices) => html`
    <label class="filter"><span class="for-screen-reader">${label}</span>
      <select value=${filter[name]} onChange=${(/** @type {any} */ event) => setFilter({ ...filter, [name]: event.target.value })}>
        ${choices.map(([value, text]) => html`<option value=${value} selected=${value === filter[name]}>${text}</option>`)}</select></label>`;
  return html`
    <div class="filters" role="search" aria-label=${_('Find members')}>
      <div class="search"><${Icon} name="search" />
        <input type="search" aria-label=${_('Name or e-mail address')} placeholder=${_('Name or e-mail address')} value=${filter.words} onInput=${(/** @type {any} */ event) => setFilter({ ...filter, words: event.target.value })} /></div>
      ${choose('clinic', _('Clinic'), [['', _('All clinics')], ...organisation.clinics.map(({ id, name }) => /** @type {[string, string]} */ ([id, name])), ['-', _('In no clinic')]])}
      ${choose('role', _('Role'), [['', _('All roles')], ...ROLES.map((role) => /** @type {[string, string]} */ ([role, roleName(role)]))])}
      ${choose('state', _('State'), [['', _('All states')], ...STATES.map((state) => /** @type {[string, string]} */ ([state, stateName(state)]))])}
    </div>
  `;
}
