/** One member: a row of the table, on a phone a card; and the menu of what may be done with them. */

import { html } from '../../../../vendor/preact.js';
import { _, listOf, shortDate } from '../../../core/texts.js';
import { Badge } from '../../../parts/badge.js';
import { Icon } from '../../../parts/icons.js';
import { MenuButton } from '../../../parts/menu.js';
import { Face } from '../../../parts/person.js';
import { useApp } from '../../context.js';
import { roleName } from '../../roles.js';
import { STATE_KINDS, stateName } from './states.js';

/** @param {{ member: Member, runs: boolean, lastOwner: boolean, open: (kind: string) => void }} props */
export function MemberRow({ member, runs, lastOwner, open }) {
  const { me } = useApp();
  const clinics = me.organisation.clinics.filter(({ id }) => member.clinic_ids.includes(id)).map(({ name }) => name);
  const isMe = member.id === me.member.id;
  return html`
    <tr data-member-id=${member.id} class=${member.state}>
      <th scope="row"><span class="member-who"><${Face} name=${member.name} /><span><span class="member-name">${member.name}${isMe ? html` <${Badge}>${_('you')}<//>` : ''}</span><span class="quiet" dir="ltr">${member.email}</span></span></span></th>
      <td data-label=${_('Role, clinics')}>${roleName(member.role)}<span class="quiet member-clinics">${clinics.length ? listOf(clinics) : _('in no clinic')}</span></td>
      <td data-label=${_('State')}><${Badge} kind=${STATE_KINDS[member.state]}>${stateName(member.state)}<//>
        ${member.invited_until && html`<span class="quiet member-until">${_('until {day}', { day: shortDate(member.invited_until) })}</span>`}</td>
      <td data-label=${_('Second step')}>${member.second_factor ? html`<span class="member-safe"><${Icon} name="shield" />${_('on')}</span>` : html`<span class="quiet">${_('off')}</span>`}</td>
      ${runs && html`<td class="member-actions"><${MenuButton} class="button quiet square small" end=${true} name=${_('What to do with {name}', { name: member.name })} label=${html`<${Icon} name="more" />`} choices=${choices(member, me.member, lastOwner, open)} /></td>`}
    </tr>
  `;
}

/**
 * What the reader may do with a member; what they may not, with the reason.
 * @param {Member} member @param {Member} reader @param {boolean} lastOwner @param {(kind: string) => void} open
 * @returns {import('../../../parts/menu.js').Choice[]}
 */
function choices(member, reader, lastOwner, open) {
  const beyond = member.role === 'owner' && reader.role !== 'owner' ? _('Only an owner changes an owner') : '';
  const last = lastOwner ? _('The last owner stays. Make somebody else an owner first.') : '';
  const choice = (/** @type {string} */ kind, /** @type {string} */ icon, /** @type {string} */ label, /** @type {string} */ why) =>
    ({ label, icon: html`<${Icon} name=${icon} />`, note: why || undefined, disabled: Boolean(why), onChoose: () => open(kind) });
  const found = [choice('edit', 'edit', _('Change name, role, clinics'), beyond)];
  if (member.state === 'invited') found.push(choice('again', 'send', _('Invite again'), beyond));
  if (member.second_factor) found.push(choice('reset', 'shield', _('Switch the second step off'), beyond));
  if (member.state === 'active') found.push(choice('suspend', 'lock', _('Suspend'), beyond || last));
  if (member.state === 'suspended') found.push(choice('restore', 'unlock', _('Let in again'), beyond));
  found.push(choice('remove', 'close', member.state === 'invited' ? _('Take the invitation back') : _('Remove'), beyond || last));
  return found;
}
