/** Moving an entry of the calendar, by dragging it or by Shift and the arrow keys. It only proposes a time: the dialog that follows decides. */

import { useEffect, useRef, useState } from '../../vendor/preact.js';
import { _, clockTime, dayName } from '../core/texts.js';
import { announce } from '../parts/announcer.js';
import { clockIn, momentOf, nearest, stepped } from './calendar-days.js';

/** @typedef {import('./calendar-days.js').Placed} Placed */
/** @typedef {import('./calendar-days.js').Target} Target */
/** @typedef {Target & { session: Session, long: number }} Held `long`: minutes that it takes in the drawing */

// pixels; less is a press and no dragging
const SLACK = 5;

/** @param {Target} target */
export const targetWords = (target) => _('{day}, {time}', { day: dayName(momentOf(target)), time: clockTime(momentOf(target)) });

/**
 * @param {string[]} days
 * @param {(session: Session, to: { day: string, time: string }) => void} onDrop
 */
export function useMoving(days, onDrop) {
  const [held, setHeld] = useState(/** @type {Held | null} */ (null));
  const dragged = useRef(false);
  const drop = (/** @type {Held | null} */ at) => {
    setHeld(null);
    if (at) onDrop(at.session, clockIn(momentOf(at), at.session.planned.zone));
  };
  const cancel = () => {
    setHeld(null);
    announce(_('Not moved.'));
  };
  useEffect(() => setHeld(null), [days.join()]);

  /** @param {PointerEvent} event @param {Placed} piece @param {string} day @param {number} first the first hour that is drawn */
  const grab = (event, piece, day, first) => {
    dragged.current = false;
    // a finger scrolls
    if (event.button || event.pointerType === 'touch' || !movable(piece)) return;
    const entry = /** @type {HTMLElement} */ (event.currentTarget);
    const grabbed = event.clientY - entry.getBoundingClientRect().top;
    const frame = /** @type {HTMLElement} */ (entry.closest('.week'));
    const done = new AbortController();
    /** @type {Held | null} */
    let at = null;
    const stop = () => {
      done.abort();
      setHeld(null);
    };
    addEventListener('pointermove', (move) => {
      if (!at && Math.hypot(move.clientX - event.clientX, move.clientY - event.clientY) < SLACK) return;
      dragged.current = true;
      at = { ...targetUnder(frame, days, first, move.clientX, move.clientY - grabbed, day), session: piece.session, long: piece.until - piece.from };
      setHeld(at);
    }, { signal: done.signal });
    addEventListener('pointerup', () => { stop(); drop(at); }, { signal: done.signal });
    addEventListener('pointercancel', stop, { signal: done.signal });
    addEventListener('keydown', (key) => {
      if (key.key !== 'Escape') return;
      key.stopPropagation();
      stop();
      announce(_('Not moved.'));
    }, { signal: done.signal, capture: true });
  };

  /** @param {KeyboardEvent} event @param {Placed} piece @param {string} day */
  const key = (event, piece, day) => {
    const own = held?.session.id === piece.session.id ? held : null;
    if (own && event.key === 'Escape') cancel();
    else if (own && event.key === 'Enter') drop(own);
    else if (event.shiftKey && event.key.startsWith('Arrow') && movable(piece)) {
      const quarters = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
      const right = document.documentElement.dir === 'rtl' ? -1 : 1;
      const turn = { ArrowLeft: -right, ArrowRight: right }[event.key] ?? 0;
      const next = stepped(own ?? { day, from: piece.from }, quarters, turn, days);
      setHeld({ ...next, session: piece.session, long: piece.until - piece.from });
      announce(_('{time}. Enter moves it there, Escape leaves it.', { time: targetWords(next) }));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** Whether a click only ends a dragging; one by the keyboard never does. @param {MouseEvent} event */
  const endsDragging = (event) => event.detail > 0 && dragged.current;
  return { held, grab, key, endsDragging, letGo: () => setHeld(null) };
}

/** Only what is to come is moved, and by its beginning. @param {Placed} piece */
const movable = (piece) => piece.session.state === 'planned' && !piece.before;

/**
 * @param {HTMLElement} frame @param {string[]} days @param {number} firstHour @param {number} x @param {number} y where its top is, in pixels of the window
 * @param {string} otherwise the day where none is under it @returns {Target}
 */
function targetUnder(frame, days, firstHour, x, y, otherwise) {
  const columns = [...frame.querySelectorAll('.week-column')].map((column) => column.getBoundingClientRect());
  const found = columns.findIndex((column) => x >= column.left && x < column.right);
  const column = columns[Math.max(found, 0)];
  const hourLines = frame.querySelectorAll('.week-hours span').length;
  const minute = column ? firstHour * 60 + Math.max((y - column.top) / column.height, 0) * hourLines * 60 : 0;
  return nearest(days[found] ?? otherwise, minute);
}
