/** The side menu: Dashboard, the rooms with their numbers (User Room first), Waiting, Sessions; on a phone behind a button. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { remove } from '../core/api.js';
import { followLink } from '../core/route.js';
import { _, ngettext } from '../core/texts.js';
import { Count } from '../parts/badge.js';
import { Icon } from '../parts/icons.js';
import { MenuButton } from '../parts/menu.js';
import { Loading } from '../parts/states.js';
import { AddRoomDialog } from './room-dialogs.js';
import { DutySwitch } from './availability.js';
import { useApp } from './context.js';
import { PlanDialog } from './plan-dialog.js';
import { useRooms, useWaiting } from './rooms.js';

/** @param {{ path: string, rings: boolean, setRings: (on: boolean) => void }} props */
export function SideMenu({ path, rings, setRings }) {
  const { me } = useApp();
  const rooms = useRooms();
  const waiting = useWaiting();
  const [open, setOpen] = useState(false);
  const [dialog, setDialog] = useState('');
  useEffect(() => setOpen(false), [path]);
  const mayAdd = ['owner', 'admin'].includes(me.member.role);
  const plan = me.entitlements.plan;
  return html`
    <header class="top-bar">
      <button type="button" class="button quiet square" aria-expanded=${open} aria-controls="side" aria-label=${_('Menu')} onClick=${() => setOpen(!open)}><${Icon} name=${open ? 'close' : 'menu'} /></button>
      <span class="wordmark">Housecall</span>
      <${Count} value=${waiting.callers.length} kind="waiting" label=${ngettext('{n} person waits', '{n} people wait', waiting.callers.length)} />
    </header>
    <nav class=${open ? 'side open' : 'side'} id="side" aria-label=${_('Main menu')}>
      <p class="side-organisation"><span class="wordmark">Housecall</span><span class="side-clinic">${me.organisation.name}</span></p>
      <ul>${Item({ path, to: '/', icon: 'home', label: _('Dashboard') })}</ul>
      <h2>${_('Rooms')}</h2>
      ${!rooms.ready && html`<${Loading} lines=${2} />`}
      <ul>
        ${rooms.own && RoomItem({ path, room: rooms.own })}
        ${rooms.meeting.map((room) => RoomItem({ path, room }))}
        ${mayAdd && html`<li><button type="button" class="side-item add" onClick=${() => setDialog('room')}><${Icon} name="plus" /><span>${_('Add a Meeting Room')}</span></button></li>`}
      </ul>
      ${rooms.others.length > 0 && html`<h2>${_('Colleagues’ rooms')}</h2><ul>${rooms.others.map((room) => RoomItem({ path, room }))}</ul>`}
      <h2>${_('Work')}</h2>
      <ul>
        ${Item({ path, to: '/waiting-area', icon: 'waiting', label: plan.waiting_area ? _('Waiting Area') : _('Waiting'), count: html`<${Count} value=${waiting.callers.length} kind="waiting" label=${ngettext('{n} person waits', '{n} people wait', waiting.callers.length)} />` })}
        ${Item({ path, to: '/sessions', icon: 'calendar', label: _('Sessions') })}
      </ul>
      <div class="side-foot">
        <ul>
          <${DutySwitch} />
          <li><button type="button" class="side-item" aria-pressed=${rings} onClick=${() => setRings(!rings)}><${Icon} name=${rings ? 'bell' : 'bell-off'} /><span>${rings ? _('Ring is on') : _('Ring is off')}</span></button></li>
          ${Item({ path, to: '/settings', icon: 'gear', label: _('Settings'), within: true })}
          ${Item({ path, to: '/help', icon: 'help', label: _('Help') })}
          <li><button type="button" class="side-item" onClick=${() => setDialog('plan')}><${Icon} name="check" /><span>${_('{plan} plan', { plan: plan.name })}</span></button></li>
        </ul>
        <div class="side-member">
          <span><strong>${me.member.name}</strong><span class="quiet">${me.member.email}</span></span>
          <${MenuButton} class="button quiet square" name=${_('Your account')} end=${true} label=${html`<${Icon} name="more" />`} choices=${accountChoices()} />
        </div>
      </div>
    </nav>
    ${open && html`<div class="scrim" onClick=${() => setOpen(false)}></div>`}
    ${dialog === 'room' && html`<${AddRoomDialog} onClose=${() => setDialog('')} />`}
    ${dialog === 'plan' && html`<${PlanDialog} onClose=${() => setDialog('')} />`}
  `;
}

/** @returns {import('../parts/menu.js').Choice[]} */
function accountChoices() {
  const language = (/** @type {string} */ code, /** @type {string} */ name) => ({
    label: name, onChoose: () => location.assign(`${location.pathname}?language=${code}`),
  });
  return [
    language('en', 'English'), language('de', 'Deutsch'), language('ar', 'العربية'),
    { label: _('Sign out'), icon: html`<${Icon} name="leave" />`, onChoose: signOut },
  ];
}

async function signOut() {
  await remove('/api/sign-ins/current').catch(() => {});
  location.assign('/sign-in');
}

/** `within`: also the pages below it. @param {{ path: string, to: string, icon: string, label: string, count?: unknown, within?: boolean }} props */
const Item = ({ path, to, icon, label, count, within }) => html`
  <li><a class="side-item" href=${to} aria-current=${path === to || (within && path.startsWith(`${to}/`)) ? 'page' : undefined} onClick=${followLink}><${Icon} name=${icon} /><span>${label}</span>${count}</a></li>
`;

/** @param {{ path: string, room: Room }} props */
const RoomItem = ({ path, room }) => html`
  <li key=${room.id}><a class=${room.waiting ? 'side-item room attention' : 'side-item room'} href=${`/rooms/${room.id}`} data-room-id=${room.id}
    aria-current=${path === `/rooms/${room.id}` ? 'page' : undefined} onClick=${followLink}>
    <${Icon} name=${room.kind === 'user' ? 'person' : 'people'} /><span>${room.name}</span>
    ${room.state === 'suspended' && html`<span title=${_('suspended by the plan')}><${Icon} name="warning" /><span class="for-screen-reader">${_('suspended by the plan')}</span></span>`}
    ${room.locked && html`<span title=${_('locked')}><${Icon} name="lock" /><span class="for-screen-reader">${_('locked')}</span></span>`}
    <${Count} value=${room.in_call} kind="in-call" label=${ngettext('{n} in the call', '{n} in the call', room.in_call)} />
    <${Count} value=${room.waiting} kind="waiting" label=${ngettext('{n} person waits', '{n} people wait', room.waiting)} />
  </a></li>
`;
