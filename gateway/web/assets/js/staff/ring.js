/** Tells of every arrival: a ring (silent for who is in a call), the number in the tab's title, and a line for screen readers. */

import { useEffect, useRef, useState } from '../../vendor/preact.js';
import { ring } from '../core/sounds.js';
import { _ } from '../core/texts.js';
import { announce } from '../parts/announcer.js';
import { toast, withdraw } from '../parts/toasts.js';
import { useRingAgain } from './seen.js';

const KEY = 'housecall.ring';

/** Whether this browser rings. */
export const rings = () => localStorage.getItem(KEY) !== 'off';

/** @returns {[boolean, (on: boolean) => void]} whether this browser rings, and the switch */
export function useRingSwitch() {
  const [on, setOn] = useState(rings);
  return [on, (next) => { localStorage.setItem(KEY, next ? 'on' : 'off'); setOn(next); }];
}

/**
 * @param {Caller[]} callers who waits now @param {boolean} ready whether that is known yet
 * @param {{ rings: boolean, inCall: boolean, roomName: (id: string) => string, page: string, open: (caller: Caller) => void }} how
 */
export function useRing(callers, ready, { rings, inCall, roomName, page, open }) {
  const known = useRef(/** @type {Set<string> | null} */ (null));
  const ids = callers.map((caller) => caller.id).join(' ');
  useEffect(() => {
    if (!ready) return;
    const before = known.current;
    known.current = new Set(callers.map((caller) => caller.id));
    if (!before) return;
    for (const caller of callers.filter((one) => !before.has(one.id))) {
      const text = _('{name} is waiting in {room}.', { name: caller.display_name, room: roomName(caller.room_id || caller.area_id || '') });
      if (rings && !inCall) ring();
      announce(text);
      if (!inCall) toast(text, { kind: 'waiting', about: caller.id, action: { label: _('Show'), do: () => open(caller) } });
    }
  }, [ids, ready]);
  useRingAgain(callers, ready && rings && !inCall);
  const worse = callers.filter((caller) => caller.worse_at);
  const told = useRef(/** @type {Set<string>} */ (new Set()));
  useEffect(() => {
    if (!ready) return;
    const fresh = worse.filter((one) => !told.current.has(one.id));
    told.current = new Set(worse.map((caller) => caller.id));
    for (const caller of fresh) {
      const text = _('{name} feels worse.', { name: caller.display_name });
      // also to who is in a call: this does not wait
      if (rings) ring();
      announce(text);
      toast(text, { kind: 'problem', action: { label: _('Show'), do: () => open(caller) } });
    }
  }, [worse.map(({ id }) => id).join(' '), ready]);
  useEffect(() => withdraw((id) => inCall || !callers.some((caller) => caller.id === id)), [ids, inCall]);
  useEffect(() => {
    document.title = `${callers.length ? `(${callers.length}) ` : ''}${page} · Housecall`;
  }, [callers.length, page]);
}
