/** What the plan allows of rooms, and which plan would allow more; read anew when the rooms or the plan change. */

import { useEffect, useState } from '../../../../vendor/preact.js';
import { get } from '../../../core/api.js';
import { useApp } from '../../context.js';
import { useRooms } from '../../rooms.js';

/** @typedef {{ plan: Plan, meeting_rooms_used: number, meeting_rooms_suspended: number, next_meeting_room_name: string | null }} Entitlements */

/** @returns {{ limits: Entitlements | null, full: import('../../plan-refusal.js').PlanLimit | null, fixed: import('../../plan-refusal.js').PlanLimit | null }} */
export function useLimits() {
  const { plan } = useApp().me.entitlements;
  const { meeting } = useRooms();
  const [limits, setLimits] = useState(/** @type {Entitlements | null} */ (null));
  const [plans, setPlans] = useState(/** @type {Plan[]} */ ([]));
  useEffect(() => {
    let current = true;
    // without them the page says less, and the service decides as ever
    Promise.all([get('/api/plan'), get('/api/plans')]).then(([found, all]) => {
      if (!current) return;
      setLimits(found);
      setPlans(all.items);
    }, () => {});
    return () => { current = false; };
  }, [plan.name, plan.policy_version, meeting.length]);
  if (!limits) return { limits, full: null, fixed: null };
  const { plan: own, meeting_rooms_used: used } = limits;
  const smallest = (/** @type {(one: Plan) => boolean} */ fits) => plans.find(fits)?.name ?? null;
  const full = own.meeting_rooms !== null && used >= own.meeting_rooms
    ? { limit: 'meeting_rooms', plan: own.name, used, allowed: own.meeting_rooms, allowed_by: smallest((one) => one.meeting_rooms === null || used < one.meeting_rooms) }
    : null;
  const fixed = own.meeting_rooms_renamed
    ? null
    : { limit: 'meeting_rooms_renamed', plan: own.name, used: 0, allowed: 0, allowed_by: smallest((one) => one.meeting_rooms_renamed) };
  return { limits, full, fixed };
}
