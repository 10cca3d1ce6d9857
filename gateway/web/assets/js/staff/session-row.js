/** Scheduled Sessions as rows, by day, with what can be done about each. */

import { html } from '../../vendor/preact.js';
import { followLink } from '../core/route.js';
import { _, clockTime, dayName, ngettext, ownZone } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { evidenceWords } from './outcome-dialog.js';
import { useRooms } from './rooms.js';
import { SessionState, dayKey, outcomeWords } from './sessions.js';

/** What can be done about a session is done in a dialog, whichever list it was chosen from. @typedef {(what: 'show' | 'people' | 'move' | 'correct' | 'cancel', session: Session, to?: { day: string, time: string }) => void} Choose */

/** @param {{ session: Session, choose: Choose }} props */
export const Row = ({ session, choose }) => html`<${SessionRow} session=${session} onPeople=${() => choose('people', session)} onMove=${() => choose('move', session)} onCorrect=${() => choose('correct', session)} onCancel=${() => choose('cancel', session)} />`;

/** @param {{ sessions: Session[], choose: Choose }} props */
export const SessionsByDay = ({ sessions, choose }) => html`${[...groupByDay(sessions)].map(([key, rows]) => html`
  <section key=${key} class="day" aria-labelledby=${`day-${key}`}>
    <h2 id=${`day-${key}`}>${dayName(rows[0]?.planned.starts_at ?? key)}</h2>
    <ul class="cards">${rows.map((session) => html`<${Row} key=${session.id} session=${session} choose=${choose} />`)}</ul>
  </section>`)}`;

/** @param {Session} session */
export const startDay = (session) => dayKey(new Date(session.planned.starts_at));

/** @param {Session[]} sessions */
function groupByDay(sessions) {
  /** @type {Map<string, Session[]>} */
  const days = new Map();
  for (const session of sessions) days.set(startDay(session), [...(days.get(startDay(session)) ?? []), session]);
  return days;
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
