/** Settings, Members: who is there, found by name, clinic, role and state; and what may be done with each. */

import { html, useState } from '../../../vendor/preact.js';
import { followLink } from '../../core/route.js';
import { _, ngettext } from '../../core/texts.js';
import { Icon } from '../../parts/icons.js';
import { Empty, Failed, Loading } from '../../parts/states.js';
import { useApp } from '../context.js';
import { MOST_COUNTED, NO_CLINIC, useMembers } from '../members.js';
import { ROLES, roleName } from '../roles.js';
import { DoDialog } from './members/do-dialog.js';
import { EditDialog } from './members/edit-dialog.js';
import { InviteMembersDialog } from './members/invite-dialog.js';
import { MemberRow } from './members/member-row.js';
import { OrphanRooms } from './members/orphan-rooms.js';
import { STATES, stateName } from './members/states.js';

/** @type {Filter} */
const EVERYBODY = { words: '', clinic_id: '', role: '', state: '' };

/** @param {{ otherWays: (role: string) => { key: string, title: string }[] }} props `otherWays`: the sections by which members come otherwise */
export function MembersSection({ otherWays }) {
  const { me } = useApp();
  const [filter, setFilter] = useState(EVERYBODY);
  const { members: found, total, hasMore, more, busy, problem, again } = useMembers(filter);
  const owners = useMembers({ role: 'owner', state: 'active' }, 2);
  const [dialog, setDialog] = useState(/** @type {{ kind: string, member?: Member } | null} */ (null));
  const runs = ['owner', 'admin'].includes(me.member.role);
  const isLastOwner = (/** @type {Member} */ { id }) => owners.total === 1 && owners.members?.[0]?.id === id;
  const close = () => setDialog(null);
  return html`
    <div class="section-head">
      <p class="quiet" role="status">${found && (total === null ? _('more than {n} members', { n: MOST_COUNTED }) : ngettext('{n} member', '{n} members', total))}</p>
      ${runs && html`<div class="page-actions">
        ${otherWays(me.member.role).map(({ key, title }) => html`<a class="button" key=${key} href=${`/settings/${key}`} onClick=${followLink}>${title}</a>`)}
        <button type="button" class="button primary" onClick=${() => setDialog({ kind: 'invite' })}><${Icon} name="send" />${_('Invite members')}</button></div>`}
    </div>
    <${OrphanRooms} />
    <${Filters} filter=${filter} setFilter=${setFilter} />
    ${problem ? html`<${Failed} text=${problem} onRetry=${again} />` : !found && html`<${Loading} lines=${5} />`}
    ${found && !found.length && !busy && html`<${Empty} icon="search" title=${_('Nobody fits')}><button type="button" class="button small" onClick=${() => setFilter(EVERYBODY)}>${_('Show everybody')}</button><//>`}
    ${found && found.length > 0 && html`
      <table class="members">
        <thead><tr><th scope="col">${_('Name')}</th><th scope="col">${_('Role, clinics')}</th><th scope="col">${_('State')}</th><th scope="col">${_('Second step')}</th>
          ${runs && html`<th scope="col"><span class="for-screen-reader">${_('What to do')}</span></th>`}</tr></thead>
        <tbody>${found.map((member) => html`
          <${MemberRow} key=${member.id} member=${member} runs=${runs} lastOwner=${isLastOwner(member)} open=${(/** @type {string} */ kind) => setDialog({ kind, member })} />`)}</tbody>
      </table>`}
    ${hasMore && html`<p class="more"><button type="button" class="button" disabled=${busy} onClick=${more}>${_('Show more')}</button></p>`}
    ${dialog?.kind === 'invite' && html`<${InviteMembersDialog} onClose=${close} />`}
    ${dialog?.kind === 'edit' && dialog.member && html`<${EditDialog} member=${dialog.member} lastOwner=${isLastOwner(dialog.member)} onClose=${close} />`}
    ${dialog && dialog.member && dialog.kind !== 'edit' && html`<${DoDialog} what=${dialog.kind} member=${dialog.member} onClose=${close} />`}
  `;
}

/** @typedef {{ words: string, clinic_id: string, role: string, state: string }} Filter */

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
      ${choose('clinic_id', _('Clinic'), [['', _('All clinics')], ...organisation.clinics.map(({ id, name }) => /** @type {[string, string]} */ ([id, name])), [NO_CLINIC, _('In no clinic')]])}
      ${choose('role', _('Role'), [['', _('All roles')], ...ROLES.map((role) => /** @type {[string, string]} */ ([role, roleName(role)]))])}
      ${choose('state', _('State'), [['', _('All states')], ...STATES.map((state) => /** @type {[string, string]} */ ([state, stateName(state)]))])}
    </div>
  `;
}
