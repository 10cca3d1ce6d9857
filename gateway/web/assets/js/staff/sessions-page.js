/** Scheduled Sessions by day: what is planned, where, and for how long. */

import { html, useState } from '../../vendor/preact.js';
import { followLink } from '../core/route.js';
import { _, clockTime, dayName, ngettext, number, ownZone, shortDay } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { useApp } from './context.js';
import { CancelDialog } from './cancel-dialog.js';
import { MoveDialog } from './move-dialog.js';
import { PeopleDialog } from './people-dialog.js';
import { OutcomeDialog, evidenceWords } from './outcome-dialog.js';
import { useRooms } from './rooms.js';
import { SessionState, dayKey, outcomeWords, useSessions } from './sessions.js';

const DAYS = 7;

export function SessionsPage() {
  const { schedule } = useApp();
  const { sessions, ready, problem } = useSessions();
  const [day, setDay] = useState('');
  const [cancelling, setCancelling] = useState(/** @type {Session | null} */ (null));
  const [correcting, setCorrecting] = useState(/** @type {Session | null} */ (null));
  const [moving, setMoving] = useState(/** @type {Session | null} */ (null));
  const [peopleOf, setPeopleOf] = useState('');
  const withPeople = sessions.find((session) => session.id === peopleOf);
  const shown = sessions.filter((session) => !day || dayKey(new Date(session.planned.starts_at)) === day);
  const byDay = groupByDay(shown);
  return html`
    <header class="page-head">
      <div><h1>${_('Sessions')}</h1><p class="quiet">${_('Times are shown in your zone, {zone}.', { zone: ownZone().replace(/_/g, ' ') })}</p></div>
      <div class="page-actions"><button type="button" class="button primary" onClick=${() => schedule()}><${Icon} name="plus" />${_('Schedule a consultation')}</button></div>
    </header>
    <${DayStrip} sessions=${sessions} day=${day} onChange=${setDay} />
    ${problem ? html`<${Failed} text=${problem.detail} />` : !ready && html`<${Loading} lines=${5} />`}
    ${ready && !problem && !shown.length && html`<${Empty} icon="calendar" title=${day ? _('Nothing is planned on this day') : _('Nothing is planned')}>
      <p>${_('A session reserves a room and its host for a time. Guests can wait in the room before it begins.')}</p><//>`}
    ${[...byDay].map(([key, rows]) => html`
      <section key=${key} class="day" aria-labelledby=${`day-${key}`}>
        <h2 id=${`day-${key}`}>${dayName(rows[0]?.planned.starts_at ?? key)}</h2>
        <ul class="cards">${rows.map((session) => html`<${SessionRow} key=${session.id} session=${session} onPeople=${() => setPeopleOf(session.id)} onMove=${() => setMoving(session)} onCorrect=${() => setCorrecting(session)} onCancel=${() => setCancelling(session)} />`)}</ul>
      </section>`)}
    ${moving && html`<${MoveDialog} session=${moving} onClose=${() => setMoving(null)} />`}
    ${withPeople && html`<${PeopleDialog} session=${withPeople} onClose=${() => setPeopleOf('')} />`}
    ${correcting && html`<${OutcomeDialog} session=${correcting} onClose=${() => setCorrecting(null)} />`}
    ${cancelling && html`<${CancelDialog} session=${cancelling} onClose=${() => setCancelling(null)} />`}
  `;
}

/** @param {Session} session */
const startDay = (session) => dayKey(new Date(session.planned.starts_at));

/** @param {Session[]} sessions */
function groupByDay(sessions) {
  /** @type {Map<string, Session[]>} */
  const days = new Map();
  for (const session of sessions) days.set(startDay(session), [...(days.get(startDay(session)) ?? []), session]);
  return days;
}

/** @param {{ sessions: Session[], day: string, onChange: (day: string) => void }} props */
function DayStrip({ sessions, day, onChange }) {
  const days = Array.from({ length: DAYS }, (_unused, step) => {
    const date = new Date();
    date.setDate(date.getDate() + step);
    return date;
  });
  const busy = new Set(sessions.filter((session) => session.state !== 'cancelled').map(startDay));
  return html`
    <div class="day-strip" role="group" aria-label=${_('Day')}>
      <button type="button" class="day-button" aria-pressed=${!day} onClick=${() => onChange('')}>${_('All')}</button>
      ${days.map((date) => html`
        <button type="button" key=${dayKey(date)} class="day-button" aria-pressed=${day === dayKey(date)} onClick=${() => onChange(dayKey(date))}>
          <span class="for-screen-reader">${dayName(date)}</span>
          <span aria-hidden="true">${shortDay(date)}</span><strong aria-hidden="true">${number(date.getDate())}</strong>${busy.has(dayKey(date)) && html`<span class="dot accent"></span>`}
        </button>`)}
    </div>
  `;
}

/** @param {{ session: Session, onPeople: () => void, onMove: () => void, onCorrect: () => void, onCancel: () => void }} props */
function SessionRow({ session, onPeople, onMove, onCorrect, onCancel }) {
  const title = session.title || _('Consultation');
  const room = useRooms().all.find(({ id }) => id === session.room_id);
  const own = ownZone();
  return html`
    <li class="card session">
      <p class="session-time"><strong>${clockTime(session.planned.starts_at)}</strong><span class="quiet">${ngettext('{n} minute', '{n} minutes', session.planned.minutes)}</span></p>
      <div class="session-text">
        <h3>${title}${session.series_id && html` <span class="repeats" role="img" aria-label=${_('repeats')} title=${_('repeats')}><${Icon} name="renew" /></span>`}</h3>
        <p class="quiet"><a href=${`/rooms/${session.room_id}`} onClick=${followLink}>${room?.name ?? _('Room')}</a>
          ${session.planned.zone !== own && html` · ${_('booked as {time} in {zone}', { time: session.planned.local_start.slice(11), zone: session.planned.zone.replace(/_/g, ' ') })}`}</p>
        ${session.outcome && html`<p class="quiet">${evidenceWords(session.outcome)}</p>`}
        ${session.outcome?.correction && html`<p class="quiet">${_('Corrected from “{before}”: {reason}', { before: outcomeWords(session.outcome.by_evidence), reason: session.outcome.correction.reason })}</p>`}
      </div>
      <${SessionState} session=${session} />
      ${session.outcome && html`<div class="session-actions">
        <button type="button" class="button small" aria-label=${_('Correct the outcome: {title}', { title })} onClick=${onCorrect}>${_('Correct')}</button></div>`}
      ${session.state === 'planned' && html`<div class="session-actions">
        <button type="button" class="button small" aria-label=${_('People of session: {title}', { title })} onClick=${onPeople}>${_('People')}</button>
        <button type="button" class="button small" aria-label=${_('Move session: {title}', { title })} onClick=${onMove}>${_('Move')}</button>
        <button type="button" class="button small" aria-label=${_('Cancel session: {title}', { title })} onClick=${onCancel}>${_('Cancel session')}</button></div>`}
    </li>
  `;
}
