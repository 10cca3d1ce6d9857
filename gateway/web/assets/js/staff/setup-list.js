/** The first steps of a new organisation, on its owner's Dashboard: each disappears into a tick, the list when all are done or it is dismissed. */

import { html } from '../../vendor/preact.js';
import { explain, patch } from '../core/api.js';
import { followLink } from '../core/route.js';
import { _, listOf, ngettext } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { toast } from '../parts/toasts.js';
import { useApp } from './context.js';
import { useMembers } from './members.js';
import { useRooms } from './rooms.js';
import { useNoteOrganisation } from './settings/organisation.js';

export function SetupList() {
  const { organisation, member } = useApp().me;
  return member.role === 'owner' && organisation.setup_dismissed === false ? html`<${Steps} />` : null;
}

function Steps() {
  const { organisation } = useApp().me;
  const note = useNoteOrganisation();
  const { members, total } = useMembers({}, 200);
  const rooms = useRooms();
  // of an organisation that has more than a page of members, the page says nothing of this any more
  if (!members || total === null || total > members.length || !rooms.ready || rooms.problem) return null;
  const steps = stepsOf(organisation, members, rooms.meeting);
  const left = steps.filter((step) => !step.done).length;
  if (!left) return null;
  const dismiss = async () => {
    try {
      note(await patch('/api/organisation', { setup_dismissed: true }));
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
  };
  return html`
    <section class="card setup" aria-labelledby="setup">
      <div class="section-head"><div><h2 id="setup">${_('Set {organisation} up', { organisation: organisation.name })}</h2>
        <p class="quiet">${ngettext('{n} step is left. Take your time: everything can be changed later.', '{n} steps are left. Take your time: everything can be changed later.', left)}</p></div>
        <button type="button" class="button quiet small" onClick=${dismiss}>${_('Do not show this again')}</button></div>
      <ol class="setup-steps">${steps.map(({ done, icon, title, text, to }) => html`
        <li key=${title} class=${done ? 'done' : ''}><a href=${to} onClick=${followLink}>
          <span class="sign"><${Icon} name=${done ? 'check' : icon} /></span>
          <span><span class="setup-title">${title}${done ? html`<span class="for-screen-reader"> ${_('(done)')}</span>` : ''}</span><span class="quiet">${text}</span></span></a></li>`)}</ol>
    </section>
  `;
}

/** @param {Organisation} organisation @param {Member[]} members @param {Room[]} meeting */
function stepsOf(organisation, members, meeting) {
  const clinics = organisation.clinics.map(({ name }) => name);
  return [
    { done: organisation.clinics.every(({ id }) => members.some((member) => member.clinic_ids.includes(id))), icon: 'clinic', to: '/settings/clinics', title: _('Clinics'), text: _('So far: {names}', { names: listOf(clinics) }) },
    { done: members.length > 1, icon: 'people', to: '/settings/members', title: _('Members'), text: members.length > 1 ? ngettext('{n} member', '{n} members', members.length) : _('Invite your colleagues by e-mail, many at once') },
    { done: meeting.length > 0, icon: 'door', to: '/settings/plan', title: _('Rooms'), text: meeting.length ? _('Ready: {names}, and a User Room for each member', { names: listOf(meeting.map(({ name }) => name)) }) : _('See what your plan includes') },
    { done: Boolean(organisation.contact_phone || organisation.contact_email), icon: 'phone', to: '/settings/organisation', title: _('Whom to ask'), text: _('A phone number or e-mail address that clients and members see') },
    { done: Boolean(organisation.process_note), icon: 'help', to: '/settings/organisation', title: _('How your organisation does it'), text: _('A note that every member sees') },
  ];
}
