/** Members as the service finds them: a page, more on demand, and kept up with what changes meanwhile. */

import { useEffect, useState } from '../../vendor/preact.js';
import { explain, get } from '../core/api.js';
import { useTopic } from '../core/hooks.js';

/** @typedef {{ words?: string, clinic_id?: string, role?: string, state?: string }} Wanted */
/** @typedef {import('../core/topic.js').Topic} Topic */
/** @typedef {{ items: Member[], total: number | null, cursor: string | null, wanted: Wanted, before: Map<string, any> }} Found `before`: what was known when they were asked for */

export const NO_CLINIC = 'none';
/** As far as the service counts. */
export const MOST_COUNTED = 1000;
/** As long as somebody may be typing on, nobody is asked. */
const TYPING_MS = 250;

/**
 * `total` null: more than are counted. `members` null: not there yet.
 * @param {Wanted} wanted @param {number} [limit] of a page, 1 to 200 @param {boolean} [all] every page, one after the other
 */
export function useMembers(wanted, limit = 50, all = false) {
  const topic = useTopic('members');
  const [found, setFound] = useState(/** @type {Found | null} */ (null));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(true);
  const [tries, setTries] = useState(0);
  const asked = new URLSearchParams([...Object.entries(wanted).filter(([, value]) => value), ['limit', String(limit)]]).toString();
  useEffect(() => {
    if (!topic.ready) return undefined;
    let current = true;
    setBusy(true);
    setProblem('');
    const read = async () => {
      const before = new Map(topic.known);
      try {
        const page = await get(`/api/members?${asked}`);
        if (current) setFound({ ...page, wanted, before });
      } catch (error) {
        if (current) setProblem(explain(error));
      }
      if (current) setBusy(false);
    };
    const timer = setTimeout(read, found ? TYPING_MS : 0);
    return () => { current = false; clearTimeout(timer); };
  }, [asked, tries, topic.ready, topic.snapshots]);
  const more = async () => {
    if (!found?.cursor) return;
    setBusy(true);
    setProblem('');
    try {
      const page = await get(`/api/members?${asked}&cursor=${encodeURIComponent(found.cursor)}`);
      setFound((now) => (now === found ? { ...found, items: [...found.items, ...page.items], cursor: page.cursor } : now));
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  };
  useEffect(() => { if (all && found?.cursor) more(); }, [all, found]);
  const members = found && upToDate(found, topic);
  return {
    members,
    total: found && members && found.total !== null ? found.total + members.length - found.items.length : null,
    hasMore: Boolean(found?.cursor),
    more, busy,
    problem: topic.problem?.detail ?? problem,
    again: () => setTries(tries + 1),
  };
}

/** What was read, with what changed since; who is new is shown where the pages read so far reach. @param {Found} found @param {Topic} topic */
function upToDate(found, topic) {
  const members = new Map(found.items.map((member) => [member.id, member]));
  const last = found.items.at(-1);
  for (const [subject, known] of topic.known) {
    const { view } = known;
    if (known === found.before.get(subject)) continue;
    if (!fits(view, found.wanted)) members.delete(view.id);
    else if (members.has(view.id) || !found.cursor || (last && byName(view, last) < 0)) members.set(view.id, view);
  }
  return [...members.values()].sort(byName);
}

/** As the service decides it. @param {Member} member @param {Wanted} wanted */
function fits(member, { words, clinic_id: clinic, role, state }) {
  const begun = [...folded(member.name).split(/\s+/), member.email.toLowerCase()];
  return folded(words ?? '').split(/\s+/).every((word) => begun.some((each) => each.startsWith(word)))
    && (!clinic || (clinic === NO_CLINIC ? !member.clinic_ids.length : member.clinic_ids.includes(clinic)))
    && (!role || member.role === role) && (state ? member.state === state : member.state !== 'removed');
}

/** @param {Member} one @param {Member} other */
function byName(one, other) {
  const [mine, others] = [`${folded(one.name)} ${one.id}`, `${folded(other.name)} ${other.id}`];
  return mine < others ? -1 : Number(mine > others);
}

/** Without capitals and accents. @param {string} text */
const folded = (text) => text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
