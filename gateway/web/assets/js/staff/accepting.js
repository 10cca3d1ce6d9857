/** Letting callers in: one, whoever is next, and those who belong together. What the server wants confirmed is asked. */

import { Refusal, explain, post } from '../core/api.js';
import { topicOf } from '../core/hooks.js';
import { go } from '../core/route.js';
import { _, listOf } from '../core/texts.js';
import { toast } from '../parts/toasts.js';

/**
 * Out of a Waiting Area: the member enters the room once it is sure that the caller is theirs.
 * @param {Caller} caller @param {import('./use-call.js').StaffCall} call @param {(caller: Caller) => Promise<void>} confirm @param {boolean} confirmed
 */
async function acceptFromArea(caller, call, confirm, confirmed) {
  try {
    const letIn = await post(`/api/callers/${caller.id}/accept`, { confirmed, ...(caller.into ? { room_id: caller.into } : {}) });
    if (call.roomId !== letIn.room_id || !call.engine) call.enter(letIn.room_id);
    go(`/rooms/${letIn.room_id}`);
  } catch (error) {
    if (error instanceof Refusal && error.problem.confirm) return confirm(caller);
    toast(explain(error), { kind: 'problem' });
  }
}

/** Whether the caller's room wants its hosts to confirm whom they let in. @param {import('../core/live.js').Live} live @param {Caller} caller */
export const asksToConfirm = (live, caller) => Boolean(topicOf(live, 'rooms').all('room').find((room) => room.id === caller.room_id)?.settings?.confirm_before_joining);

/**
 * @param {Caller} caller @param {import('./use-call.js').StaffCall} call
 * @param {(caller: Caller) => Promise<void>} confirm asks first, where the room turns out to want it @param {boolean} [confirmed]
 */
export async function acceptCaller(caller, call, confirm, confirmed = false) {
  if (!caller.room_id) return acceptFromArea(caller, call, confirm, confirmed);
  if (call.roomId !== caller.room_id || !call.engine) {
    go(`/rooms/${caller.room_id}`);
    call.enter(caller.room_id);
  }
  try {
    await post(`/api/callers/${caller.id}/accept`, { confirmed });
  } catch (error) {
    if (error instanceof Refusal && error.problem.confirm) return confirm(caller);
    const largest = error instanceof Refusal ? error.problem.largest_number : undefined;
    if (largest) return toast(_('The call is full: it takes {n} people, hosts included. Wait until somebody has left.', { n: largest }), { kind: 'problem' });
    toast(explain(error), { kind: 'problem' });
  }
}

/** @typedef {{ room_id?: Id, area_id?: Id }} Queue of one room, or of one Waiting Area */

/**
 * @param {Queue} queue @param {import('../core/live.js').Live} live @param {import('./use-call.js').StaffCall} call @param {(caller: Caller) => Promise<void>} confirm
 */
export async function acceptNext(queue, live, call, confirm) {
  if (queue.room_id && (call.roomId !== queue.room_id || !call.engine)) {
    go(`/rooms/${queue.room_id}`);
    call.enter(queue.room_id);
  }
  try {
    const letIn = await post('/api/callers/next', queue);
    if (call.roomId !== letIn.room_id || !call.engine) call.enter(letIn.room_id);
    go(`/rooms/${letIn.room_id}`);
  } catch (error) {
    const next = error instanceof Refusal && error.problem.confirm ? topicOf(live, 'waiting').all('caller').find(({ id }) => id === error.problem.caller_id) : null;
    if (next) return confirm(next);
    toast(explain(error), { kind: 'problem' });
  }
}

/** @param {Caller[]} callers of one room and one invitation or session @param {import('./use-call.js').StaffCall} call */
export async function acceptTogether(callers, call) {
  const roomId = /** @type {Caller} */ (callers[0]).room_id;
  if (call.roomId !== roomId || !call.engine) {
    go(`/rooms/${roomId}`);
    call.enter(roomId);
  }
  try {
    const { items } = await post('/api/callers/accept', { caller_ids: callers.map(({ id }) => id), confirmed: true });
    const missed = items.filter((/** @type {{ accepted: boolean }} */ item) => !item.accepted).map((/** @type {{ caller_id: Id }} */ item) => callers.find(({ id }) => id === item.caller_id)?.display_name ?? '');
    if (missed.length) toast(_('Not let in: {names}. They have left, or the call is full.', { names: listOf(missed) }), { kind: 'problem' });
  } catch (error) {
    toast(explain(error), { kind: 'problem' });
  }
}
