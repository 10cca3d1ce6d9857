/** The rooms that this member sees, in the order in which they are listed. */

import { useEffect } from '../../vendor/preact.js';
import { useLive, useTopic } from '../core/hooks.js';
import { underTheirClients } from './companions.js';
import { useApp } from './context.js';

/** @returns {{ own: Room | undefined, meeting: Room[], others: Room[], all: Room[], ready: boolean, problem: Problem | null }} */
export function useRooms() {
  const { me } = useApp();
  const topic = useTopic('rooms');
  const rooms = /** @type {Room[]} */ (topic.all('room')).filter((room) => room.state !== 'removed');
  const byName = (/** @type {Room} */ one, /** @type {Room} */ other) => one.name.localeCompare(other.name);
  const own = rooms.find((room) => room.owner_member_id === me.member.id);
  const meeting = rooms.filter((room) => room.kind === 'meeting').sort(byName);
  const others = rooms.filter((room) => room.kind === 'user' && room !== own && room.may_receive).sort(byName);
  const all = [...(own ? [own] : []), ...meeting, ...others];
  return { own, meeting, others, all, ready: topic.ready, problem: topic.problem };
}

/** Everyone who waits in any room that this member receives for, in turn; `here` are those in calls too. */
export function useWaiting() {
  const topic = useTopic('waiting');
  const here = /** @type {Caller[]} */ (topic.all('caller')).filter((caller) => caller.state !== 'left').sort(inTurn);
  const callers = underTheirClients(here.filter((caller) => caller.state === 'waiting'));
  return { callers, here, ready: topic.ready, problem: topic.problem };
}

/** The Waiting Areas of the clinics that this member sees. */
export function useAreas() {
  const topic = useTopic('areas');
  const areas = /** @type {WaitingArea[]} */ (topic.all('area')).sort((one, other) => one.name.localeCompare(other.name));
  useTurnsOfTheClock(areas);
  return { areas, topic, ready: topic.ready, problem: topic.problem };
}

const LONGEST_TIMER_MS = 24 * 3600_000;
const AFTER_MS = 1_500;

/** Opening and closing are told by nobody: the areas are read again when the next of them is over. @param {WaitingArea[]} areas */
function useTurnsOfTheClock(areas) {
  const live = useLive();
  const moments = areas.flatMap(({ opens_at: opens, closes_at: closes }) => [opens, closes]).filter((one) => one !== null).map(Date.parse);
  const next = Math.min(...moments.filter((one) => one > Date.now() - AFTER_MS));
  useEffect(() => {
    if (!Number.isFinite(next)) return undefined;
    const timer = setTimeout(() => live.sendSubscribe('areas'), Math.min(next - Date.now() + AFTER_MS, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  }, [next]);
}

/** @param {Caller} one @param {Caller} other */
export const inTurn = (one, other) => stands(one).localeCompare(stands(other)) || byArrival(one, other);

/** The moment that decides where they stand. @param {Caller} caller */
const stands = (caller) => caller.standing?.at ?? caller.waiting_since;

/** @param {Caller} one @param {Caller} other */
export const byArrival = (one, other) => one.waiting_since.localeCompare(other.waiting_since) || one.id.localeCompare(other.id);
