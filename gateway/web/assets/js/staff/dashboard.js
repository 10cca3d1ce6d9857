/** The Dashboard: three ways to a consultation, who waits, and what is planned today. */

import { html } from '../../vendor/preact.js';
import { useNow } from '../core/hooks.js';
import { followLink, go } from '../core/route.js';
import { _, clockTime, dayName, ngettext } from '../core/texts.js';
import { Badge } from '../parts/badge.js';
import { CopyButton, roomAddress } from '../parts/copy.js';
import { Icon } from '../parts/icons.js';
import { MenuButton } from '../parts/menu.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { CallerCard } from './caller-card.js';
import { useApp } from './context.js';
import { KeptNotes } from './kept-notes.js';
import { RoomCards } from './room-cards.js';
import { useAreas, useRooms, useWaiting } from './rooms.js';
import { SessionState, isToday, useSessions } from './sessions.js';
import { SetupList } from './setup-list.js';

export function Dashboard() {
  const { me } = useApp();
  const now = useNow();
  return html`
    <header class="page-head">
      <div><p class="quiet">${dayName(new Date(now))}</p><h1>${_('Dashboard')}</h1></div>
    </header>
    <${SetupList} />
    <${Ways} />
    <div class="columns">
      <${WaitingForYou} />
      <${Today} />
    </div>
    ${me.member.role !== 'reporter' && html`<${KeptNotes} />`}
    <${RoomCards} />
    ${me.organisation.process_note && html`<p class="notice"><${Icon} name="help" /><span class="as-typed">${me.organisation.process_note}</span></p>`}
  `;
}

function Ways() {
  const { me, invite, schedule, enter } = useApp();
  const { own, ready } = useRooms();
  const area = me.entitlements.plan.waiting_area;
  if (!own) return ready ? html`<${NoUserRoom} />` : html`<${Loading} />`;
  const choices = [
    { icon: html`<${Icon} name="camera" />`, label: _('Start a consultation now'), note: _('Enter your User Room, and invite from the Call Manager'), onChoose: () => enter(own) },
    { icon: html`<${Icon} name="calendar" />`, label: _('Schedule a consultation for later'), note: _('Book a time as a Scheduled Session'), onChoose: () => schedule(own) },
    {
      icon: html`<${Icon} name="waiting" />`, label: _('Access your Waiting Area'), disabled: !area, onChoose: () => go('/waiting-area'),
      note: area ? _('Everyone who waits, in one place') : _('Not on the {plan} plan; Premium has it', { plan: me.entitlements.plan.name }),
    },
  ];
  return html`
    <section class="ways" aria-labelledby="ways">
      <div class="ways-text">
        <h2 id="ways">${_('Start a consultation with a client or patient')}</h2>
        <p class="room-link" dir="ltr"><${Icon} name="link" /><span>${roomAddress(own)}</span></p>
      </div>
      <div class="ways-actions">
        <${MenuButton} class="button primary" label=${html`${_('Start a consultation')}<${Icon} name="down" />`} choices=${choices} />
        <button type="button" class="button" onClick=${() => invite(own)}><${Icon} name="send" />${_('Send Invitation')}</button>
        <${CopyButton} text=${roomAddress(own)} label=${_('Copy the room link')} />
      </div>
    </section>
  `;
}

/** Someone whose role has no User Room works from the rooms that they share. */
function NoUserRoom() {
  const { me } = useApp();
  return html`<p class="notice"><${Icon} name="help" /><span>${_('Your role ({role}) has no User Room. Choose a room in the menu.', { role: me.member.role })}</span></p>`;
}

function WaitingForYou() {
  const { callers, here, ready, problem } = useWaiting();
  const { all } = useRooms();
  const { areas } = useAreas();
  return html`
    <section aria-labelledby="waiting-for-you">
      <h2 id="waiting-for-you">${_('Waiting for you')} ${callers.length > 0 && html`<${Badge} kind="waiting">${callers.length}<//>`}</h2>
      ${problem ? html`<${Failed} text=${problem.detail} />` : !ready && html`<${Loading} />`}
      ${ready && !problem && !callers.length && html`
        <${Empty} icon="waiting" title=${_('Nobody is waiting')}><p>${_('Who opens your link waits here until you accept them. You will hear a ring.')}</p><//>`}
      <ul class="cards">${callers.map((caller) => html`<${CallerCard} key=${caller.id} caller=${caller} callers=${here} room=${/** @type {any} */ ([...all, ...areas].find((place) => place.id === (caller.room_id ?? caller.area_id)))} showRoom=${true} />`)}</ul>
    </section>
  `;
}

function Today() {
  const { schedule } = useApp();
  const { sessions, ready, problem } = useSessions();
  const { all } = useRooms();
  const { callers } = useWaiting();
  const today = sessions.filter((session) => isToday(session) && session.state !== 'cancelled');
  return html`
    <section aria-labelledby="today">
      <h2 id="today">${_('Today')} ${today.length > 0 && html`<span class="quiet">${ngettext('{n} session', '{n} sessions', today.length)}</span>`}</h2>
      ${problem ? html`<${Failed} text=${problem.detail} />` : !ready && html`<${Loading} />`}
      ${ready && !problem && !today.length && html`
        <${Empty} icon="calendar" title=${_('Nothing is planned today')}><button type="button" class="button small" onClick=${() => schedule()}>${_('Schedule a consultation')}</button><//>`}
      <ul class="agenda">
        ${today.map((session) => html`
          <li key=${session.id}><a href=${`/rooms/${session.room_id}`} onClick=${followLink}>
            <time datetime=${session.planned.starts_at}>${clockTime(session.planned.starts_at)}</time>
            <span class="agenda-title">${session.title || _('Consultation')}<span class="quiet">${all.find((room) => room.id === session.room_id)?.name ?? ''}</span></span>
            <${SessionState} session=${session} waits=${callers.some((caller) => caller.session_id === session.id)} />
          </a></li>`)}
      </ul>
    </section>
  `;
}
