/** Scheduled Sessions as the pages show them: which there are, on which day, and in which state. */

import { html } from '../../vendor/preact.js';
import { useTopic } from '../core/hooks.js';
import { _ } from '../core/texts.js';
import { Badge } from '../parts/badge.js';

export function useSessions() {
  const topic = useTopic('sessions');
  const sessions = /** @type {Session[]} */ (topic.all('session')).sort((one, other) => one.planned.starts_at.localeCompare(other.planned.starts_at));
  return { sessions, ready: topic.ready, problem: topic.problem };
}

/** A day as `2026-11-30`, in the reader's zone. @param {Date} date */
export function dayKey(date) {
  const two = (/** @type {number} */ part) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** @param {Session} session */
export const isToday = (session) => dayKey(new Date(session.planned.starts_at)) === dayKey(new Date());

/** What became of it, in a word or two. @param {Outcome} outcome */
export function outcomeWords(outcome) {
  if (outcome === 'completed') return _('took place');
  if (outcome === 'patient_absent') return _('client did not come');
  if (outcome === 'clinician_absent') return _('clinician did not come');
  if (outcome === 'left_without_being_seen') return _('left without being seen');
  return _('technical failure');
}

/** What it is at, in a word or two. @param {Session} session */
export function stateWords(session) {
  if (session.state === 'started') return _('started');
  if (session.outcome) return outcomeWords(session.outcome.outcome);
  if (session.state === 'finished') return _('finished');
  if (session.state === 'cancelled') return _('cancelled');
  return _('planned');
}

/** @param {Session} session */
function stateKind(session) {
  if (session.state === 'started') return 'in-call';
  if (session.outcome) return session.outcome.outcome === 'completed' ? 'in-call' : 'danger';
  return session.state === 'finished' ? 'offline' : session.state === 'cancelled' ? 'danger' : undefined;
}

/** @param {{ session: Session, waits?: boolean }} props */
export const SessionState = ({ session, waits }) =>
  (waits ? html`<${Badge} kind="waiting">${_('waiting')}<//>` : html`<${Badge} kind=${stateKind(session)}>${stateWords(session)}<//>`);
