/** Settings, Clinics: each with its members and who is on duty; added, renamed, and removed once empty. */

import { html, useState } from '../../../vendor/preact.js';
import { followLink } from '../../core/route.js';
import { _, clockTime, ngettext } from '../../core/texts.js';
import { Badge } from '../../parts/badge.js';
import { Icon } from '../../parts/icons.js';
import { Face } from '../../parts/person.js';
import { Failed, Loading } from '../../parts/states.js';
import { useOnDuty, useOwnDuty } from '../availability.js';
import { useApp } from '../context.js';
import { MOST_COUNTED, NO_CLINIC, useMembers } from '../members.js';
import { roleName } from '../roles.js';
import { ClinicNameDialog, RemoveClinicDialog } from './clinic-dialogs.js';

export function ClinicsSection() {
  const { me } = useApp();
  const [dialog, setDialog] = useState(/** @type {{ kind: 'add' | 'rename' | 'remove', clinic?: Clinic } | null} */ (null));
  const runs = ['owner', 'admin'].includes(me.member.role);
  const clinics = [...me.organisation.clinics].sort((one, other) => one.name.localeCompare(other.name));
  const homeless = useMembers({ clinic_id: NO_CLINIC }, 1).total ?? 0;
  const close = () => setDialog(null);
  return html`
    <div class="section-head">
      <p class="quiet">${_('A clinic is a team with members of its own. Settings of its rooms, who is on duty, and its Waiting Area belong to it.')}</p>
      ${runs && html`<button type="button" class="button primary" onClick=${() => setDialog({ kind: 'add' })}><${Icon} name="plus" />${_('Add a clinic')}</button>`}
    </div>
    <ul class="clinics">${clinics.map((clinic) => html`
      <${ClinicCard} key=${clinic.id} clinic=${clinic} only=${clinics.length === 1} runs=${runs} open=${setDialog} />`)}</ul>
    ${homeless > 0 && runs && html`<p class="notice"><${Icon} name="help" /><span>${ngettext('{n} member is in no clinic.', '{n} members are in no clinic.', homeless)} <a href="/settings/members" onClick=${followLink}>${_('See members')}</a></span></p>`}
    ${dialog?.kind === 'add' && html`<${ClinicNameDialog} onClose=${close} />`}
    ${dialog?.kind === 'rename' && html`<${ClinicNameDialog} clinic=${dialog.clinic} onClose=${close} />`}
    ${dialog?.kind === 'remove' && html`<${RemoveClinicDialog} clinic=${dialog.clinic} onClose=${close} />`}
  `;
}

/** @param {{ clinic: Clinic, only: boolean, runs: boolean, open: (dialog: { kind: 'rename' | 'remove', clinic: Clinic }) => void }} props */
function ClinicCard({ clinic, only, runs, open }) {
  const { me } = useApp();
  const { members, total, hasMore, more, busy, problem, again } = useMembers({ clinic_id: clinic.id });
  const { people } = useOnDuty();
  const own = useOwnDuty();
  const onDuty = new Map(people.flatMap((person) => person.clinics.filter((duty) => duty.clinic_id === clinic.id).map((duty) => [person.id, duty.since])));
  const mine = me.member.clinic_ids.includes(clinic.id) && own.may;
  const here = own.on.has(clinic.id);
  const inOrder = [...members ?? []].sort((one, other) => Number(onDuty.has(other.id)) - Number(onDuty.has(one.id)) || one.name.localeCompare(other.name));
  return html`
    <li class="card clinic-card">
      <div class="clinic-head">
        <span class="sign"><${Icon} name="clinic" /></span>
        <div><h2>${clinic.name}</h2>
          <p class="quiet">${members && (total === null ? _('more than {n} members', { n: MOST_COUNTED }) : ngettext('{n} member', '{n} members', total))}${onDuty.size > 0 ? ` · ${ngettext('{n} on duty', '{n} on duty', onDuty.size)}` : ''}</p></div>
        ${runs && html`<div class="clinic-actions">
          <button type="button" class="button quiet square small" aria-label=${_('Rename {name}', { name: clinic.name })} onClick=${() => open({ kind: 'rename', clinic })}><${Icon} name="edit" /></button>
          ${!only && total === 0 && html`<button type="button" class="button quiet square small" aria-label=${_('Remove {name}', { name: clinic.name })} onClick=${() => open({ kind: 'remove', clinic })}><${Icon} name="close" /></button>`}
        </div>`}
      </div>
      ${mine && html`<button type="button" class=${here ? 'duty-switch on' : 'duty-switch'} role="switch" aria-checked=${here} disabled=${!own.ready} onClick=${() => own.say(here ? 'away' : 'on_duty', [clinic.id])}>
        <span class="switch-track" aria-hidden="true"><span></span></span><span>${here ? _('You are on duty here') : _('You are away here')}</span></button>`}
      ${problem ? html`<${Failed} text=${problem} onRetry=${again} />` : !members && html`<${Loading} lines=${2} />`}
      ${inOrder.length > 0
        ? html`<ul class="people">${inOrder.map((member) => html`
            <li key=${member.id}><${Face} name=${member.name} class=${onDuty.has(member.id) ? 'on-duty' : ''} />
              <span class="people-name">${member.name}<span class="quiet">${roleName(member.role)}</span>
                ${onDuty.has(member.id) && html`<span class="on-duty-since">${_('on duty since {time}', { time: clockTime(/** @type {string} */ (onDuty.get(member.id))) })}</span>`}</span>
              ${member.state === 'invited' ? html`<${Badge} kind="waiting">${_('invited')}<//>` : member.state === 'suspended' && html`<${Badge} kind="offline">${_('suspended')}<//>`}
            </li>`)}</ul>`
        : members && html`<p class="quiet">${_('Nobody is in this clinic yet.')} ${runs && html`<a href="/settings/members" onClick=${followLink}>${_('Invite members')}</a>`}</p>`}
      ${hasMore && html`<p class="more"><button type="button" class="button small" disabled=${busy} onClick=${more}>${_('Show more')}</button></p>`}
    </li>
  `;
}
