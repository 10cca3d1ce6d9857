/** A day or a week of sessions: hours downwards and days side by side; on a phone and in a narrow window, day by day as a list. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { _, clockTime, dayName, listOf, number, shortDay } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { LEAST_DRAWN, drawnUntil, hoursShown, momentOf, pieceOf, placed, startOf } from './calendar-days.js';
import { useMoving } from './calendar-moving.js';
import { useRooms } from './rooms.js';
import { dayKey, stateWords } from './sessions.js';

/** @typedef {import('./calendar-days.js').Placed} Placed */

const ROOM_FOR_A_WEEK = '(min-width: 64rem)';
const MINUTE = 60_000;
// minutes
const ROOM_FOR_TWO_LINES = 40;

/** Whether the window is wide enough for days side by side, as it is now. */
export function useWide() {
  const [wide, setWide] = useState(() => matchMedia(ROOM_FOR_A_WEEK).matches);
  useEffect(() => {
    const query = matchMedia(ROOM_FOR_A_WEEK);
    const follow = () => setWide(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return wide;
}

/** The time, renewed every minute. */
function useMinute() {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), MINUTE);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Hands an element the numbers that the stylesheet places it by. @param {Record<string, number>} values */
const numbers = (values) => (/** @type {HTMLElement | null} */ element) => {
  for (const [name, value] of Object.entries(values)) element?.style.setProperty(`--${name}`, String(value));
};

/** @param {{ days: string[], sessions: Session[], choose: import('./session-row.js').Choose }} props */
export function CalendarGrid({ days, sessions, choose }) {
  const now = useMinute();
  const columns = days.map((day) => ({ day, pieces: placed(sessions.flatMap((session) => pieceOf(session, day) ?? [])) }));
  const moving = useMoving(days, (session, to) => choose('move', session, to));
  const held = moving.held ? [{ from: moving.held.from, until: moving.held.from + moving.held.long }] : [];
  const hours = hoursShown([...columns.flatMap((column) => column.pieces), ...held]);
  const lines = Array.from({ length: hours.last - hours.first }, (_unused, step) => hours.first + step);
  const today = dayKey(now);
  return html`
    <div class="week" ref=${numbers({ days: days.length, hours: lines.length })} onKeyDown=${walk}>
      <div class="week-hours" aria-hidden="true">${lines.map((hour) => html`<span key=${hour}>${clockTime(new Date(2026, 0, 1, hour))}</span>`)}</div>
      ${columns.map(({ day, pieces }) => html`
        <section key=${day} class=${day === today ? 'week-day today' : 'week-day'} aria-labelledby=${`on-${day}`}>
          <h2 id=${`on-${day}`}>
            <span class="for-screen-reader">${dayName(startOf(day))}${day === today ? ` (${_('today')})` : ''}</span>
            <span aria-hidden="true">${shortDay(startOf(day))}</span><strong aria-hidden="true">${number(startOf(day).getDate())}</strong>
          </h2>
          <div class="week-column">
            ${day === today && html`<${NowLine} now=${now} hours=${hours} />`}
            ${pieces.length > 0 && html`<ul>${pieces.map((piece) => html`<${Entry} key=${piece.session.id} piece=${piece} day=${day} first=${hours.first} moving=${moving} onOpen=${() => choose('show', piece.session)} />`)}</ul>`}
            ${moving.held?.day === day && html`<div class="week-ghost" aria-hidden="true" ref=${numbers({ from: moving.held.from / 60 - hours.first, long: Math.max(moving.held.long, LEAST_DRAWN) / 60 })}>${clockTime(momentOf(moving.held))}</div>`}
          </div>
        </section>`)}
    </div>
  `;
}

/** @param {{ now: Date, hours: { first: number, last: number } }} props */
function NowLine({ now, hours }) {
  const hour = now.getHours() + now.getMinutes() / 60;
  return hour >= hours.first && hour <= hours.last && html`<span class="week-now" ref=${numbers({ from: hour - hours.first })} aria-hidden="true"></span>`;
}

/** @param {{ piece: Placed, day: string, first: number, moving: ReturnType<typeof useMoving>, onOpen: () => void }} props */
function Entry({ piece, day, first, moving, onOpen }) {
  const { session } = piece;
  const room = useRooms().all.find(({ id }) => id === session.room_id)?.name ?? _('Room');
  const title = session.title || _('Consultation');
  const { starts_at: starts, ends_at: ends } = session.planned;
  const between = _('{start} to {end}', { start: namedTime(session, starts), end: clockTime(ends) });
  const spoken = listOf([between, title, room, stateWords(session), ...(session.series_id ? [_('repeats')] : [])]);
  const place = { from: piece.from / 60 - first, long: (drawnUntil(piece) - piece.from) / 60, column: piece.column, of: piece.of };
  return html`
    <li class=${[piece.before && 'goes-before', piece.after && 'goes-after', drawnUntil(piece) - piece.from < ROOM_FOR_TWO_LINES && 'brief'].filter(Boolean).join(' ')} ref=${numbers(place)}>
      <button type="button" class="week-entry" data-state=${session.state} data-id=${session.id} aria-label=${spoken} title=${`${between} · ${title} · ${room}`}
        onPointerDown=${(/** @type {PointerEvent} */ event) => moving.grab(event, piece, day, first)} onKeyDown=${(/** @type {KeyboardEvent} */ event) => moving.key(event, piece, day)}
        onBlur=${moving.letGo} onClick=${(/** @type {MouseEvent} */ event) => !moving.endsDragging(event) && onOpen()}>
        <span class="week-title">${title}${session.series_id && html` <${Icon} name="renew" />`}</span>
        <span class="week-time">${namedTime(session, starts)} · ${room}</span>
      </button>
    </li>
  `;
}

/** A start's clock time, with the zone's name where it comes twice that day. @param {Session} session @param {string} instant */
function namedTime(session, instant) {
  const moment = new Date(instant);
  const twice = [-1, 1].some((hours) => clockTime(new Date(moment.getTime() + hours * 60 * MINUTE)) === clockTime(moment));
  if (!twice) return clockTime(instant);
  const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' }).formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value;
  return `${clockTime(instant)} ${zone ?? ''}`;
}

/** The arrow keys lead through the entries: up and down in a day, left and right to the nearest of the next day that has one. @param {KeyboardEvent} event */
function walk(event) {
  const frame = /** @type {HTMLElement} */ (event.currentTarget);
  const at = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest('.week-entry'));
  if (!at || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
  const days = [...frame.querySelectorAll('.week-column')].map((column) => /** @type {HTMLElement[]} */ ([...column.querySelectorAll('.week-entry')]));
  const day = days.findIndex((entries) => entries.includes(at));
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step) focus(days[day]?.[(days[day]?.indexOf(at) ?? 0) + step], event);
  if (turn) {
    const onwards = document.documentElement.dir === 'rtl' ? -turn : turn;
    const others = onwards > 0 ? days.slice(day + 1) : days.slice(0, day).reverse();
    const top = at.getBoundingClientRect().top;
    const near = (/** @type {HTMLElement} */ entry) => Math.abs(entry.getBoundingClientRect().top - top);
    focus(others.find((entries) => entries.length)?.sort((one, other) => near(one) - near(other))[0], event);
  }
}

/** @param {HTMLElement | undefined} entry @param {KeyboardEvent} event */
function focus(entry, event) {
  if (!entry) return;
  event.preventDefault();
  entry.focus();
}
