/** Days and hours of a calendar, and where a session lies in them. Pure: clock times are those of the reader's zone; nothing is shown here. */

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;
/** How long a session is drawn at least, in minutes: so that it can be read and pressed. */
export const LEAST_DRAWN = 20;
const FIRST_HOUR = 8;
const LAST_HOUR = 18;

/**
 * What of a session lies in one day. `from` and `until` are minutes by that day's clock. `before` and `after`: it goes on over midnight.
 * @typedef {{ session: Session, from: number, until: number, before: boolean, after: boolean }} Piece
 */
/** A piece with its place among those at the same time. @typedef {Piece & { column: number, of: number }} Placed */

/** Whether a text is a day as `2026-11-30`, and one that exists. @param {string | null} text */
export function isDay(text) {
  return Boolean(text && /^\d{4}-\d{2}-\d{2}$/.test(text) && addDays(text, 0) === text);
}

/** @param {string} day @param {number} count @returns {string} */
export function addDays(day, count) {
  const moment = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(moment.getTime())) return '';
  moment.setUTCDate(moment.getUTCDate() + count);
  return moment.toISOString().slice(0, 10);
}

/** The seven days of its week. @param {string} day @param {number} firstDay 1 is Monday, 7 Sunday */
export function weekOf(day, firstDay) {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
  return Array.from({ length: 7 }, (_unused, step) => addDays(day, step - ((weekday - firstDay + 7) % 7)));
}

/** When a day begins in the reader's zone: not always at 00:00, and not always 24 hours before the next. @param {string} day */
export function startOf(day) {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1, date);
}

/**
 * What of a session lies in a day; null for nothing. The clock's times are drawn: an hour that is skipped stays empty, and in one that comes
 * twice sessions of both lie side by side.
 * @param {Session} session @param {string} day @returns {Piece | null}
 */
export function pieceOf(session, day) {
  const starts = new Date(session.planned.starts_at);
  const ends = new Date(session.planned.ends_at);
  const begin = startOf(day);
  const next = startOf(addDays(day, 1));
  if (starts >= next || ends <= begin) return null;
  const before = starts < begin;
  const after = ends > next;
  const from = before ? 0 : ofDay(starts);
  const until = ends >= next ? DAY_MINUTES : ofDay(ends);
  // where clocks are set back meanwhile, the end may read earlier than the start
  const passed = from + (ends.getTime() - Math.max(starts.getTime(), begin.getTime())) / MINUTE;
  return { session, from, until: until > from ? until : Math.min(passed, DAY_MINUTES), before, after };
}

/** @param {Date} moment */
const ofDay = (moment) => moment.getHours() * 60 + moment.getMinutes();

/** Until when it takes room in the drawing. @param {{ from: number, until: number }} piece */
export const drawnUntil = (piece) => Math.max(piece.until, piece.from + LEAST_DRAWN);

/**
 * Those at the same time side by side, each in the first column that is free, all of a cluster equally wide. In order of their start.
 * @param {Piece[]} pieces @returns {Placed[]}
 */
export function placed(pieces) {
  const sorted = [...pieces].sort((one, other) => one.from - other.from || other.until - one.until || one.session.id.localeCompare(other.session.id));
  /** @type {Placed[]} */
  const all = [];
  /** @type {Placed[]} */
  let cluster = [];
  /** When each column is free again. @type {number[]} */
  let free = [];
  for (const piece of sorted) {
    if (free.every((until) => until <= piece.from)) {
      cluster = [];
      free = [];
    }
    const found = free.findIndex((until) => until <= piece.from);
    const column = found < 0 ? free.length : found;
    free[column] = drawnUntil(piece);
    const one = { ...piece, column, of: 1 };
    cluster.push(one);
    for (const each of cluster) each.of = free.length;
    all.push(one);
  }
  return all;
}

/** Which hours are drawn: those of a working day, and more where something lies outside them. @param {{ from: number, until: number }[]} pieces */
export function hoursShown(pieces) {
  const first = Math.min(FIRST_HOUR, ...pieces.map((piece) => Math.floor(piece.from / 60)));
  const last = Math.max(LAST_HOUR, ...pieces.map((piece) => Math.ceil(drawnUntil(piece) / 60)));
  return { first, last: Math.min(last, 24) };
}

/** Where a piece is moved to: a day, and a minute of it. @typedef {{ day: string, from: number }} Target */

const STEP = 15;

/** The quarter of an hour nearest to a minute, within a day. @param {string} day @param {number} minute @returns {Target} */
export const nearest = (day, minute) => ({ day, from: Math.min(Math.max(Math.round(minute / STEP) * STEP, 0), DAY_MINUTES - STEP) });

/**
 * One step on, by an arrow key: a quarter of an hour, or a day within those that are shown.
 * @param {Target} target @param {number} quarters @param {number} turn days @param {string[]} days @returns {Target}
 */
export function stepped({ day, from }, quarters, turn, days) {
  // from an odd minute first to the quarter that comes next in that direction
  const onGrid = quarters > 0 ? Math.floor(from / STEP) : Math.ceil(from / STEP);
  const to = quarters ? nearest(day, (onGrid + quarters) * STEP).from : from;
  return { day: days[days.indexOf(day) + turn] ?? day, from: to };
}

/** A target as a moment. @param {Target} target */
export function momentOf({ day, from }) {
  const moment = startOf(day);
  moment.setHours(Math.floor(from / 60), from % 60);
  return moment;
}

/** A moment by the clock of a zone, as day and time. @param {Date} moment @param {string} zone */
export function clockIn(moment, zone) {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).formatToParts(moment);
  const part = (/** @type {string} */ type) => parts.find((one) => one.type === type)?.value ?? '';
  return { day: `${part('year')}-${part('month')}-${part('day')}`, time: `${part('hour')}:${part('minute')}` };
}

/**
 * What was read of a range, as it is by what was heard since: newer versions count, and what lies outside the range now is left out.
 * @param {Session[]} read @param {Session[]} heard @param {Date} begin @param {Date} end
 */
export function newestOf(read, heard, begin, end) {
  const newest = new Map(read.map((session) => [session.id, session]));
  for (const session of heard) {
    const known = newest.get(session.id);
    if (!known || session.version >= known.version) newest.set(session.id, session);
  }
  return [...newest.values()]
    .filter(({ planned }) => new Date(planned.starts_at) < end && new Date(planned.ends_at) > begin)
    .sort((one, other) => one.planned.starts_at.localeCompare(other.planned.starts_at) || one.id.localeCompare(other.id));
}
