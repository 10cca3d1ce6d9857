/** Looks at a call's connections while it is shown: who speaks, and for whom it goes badly. */

import { useEffect, useState } from '../../vendor/preact.js';
import { blamed, GOOD, received, sent } from './quality.js';
import { next, SILENCE } from './speaker.js';

const LISTEN_MS = 250;
const JUDGE_MS = 3_000;

/** @typedef {import('./quality.js').Quality} Quality */
/** @typedef {{ speaker: string | null, own: Quality, others: Map<string, Quality> }} Observed by participant */

/** @param {import('./call.js').CallEngine} engine @returns {Observed} */
export function useObserved(engine) {
  const [speaker, setSpeaker] = useState(/** @type {string | null} */ (null));
  const [quality, setQuality] = useState({ own: GOOD, others: /** @type {Map<string, Quality>} */ (new Map()) });
  useEffect(() => {
    let speaking = SILENCE;
    const timer = setInterval(() => {
      speaking = next(speaking, engine.receiving?.levels() ?? new Map());
      setSpeaker(speaking.speaker);
    }, LISTEN_MS);
    return () => clearInterval(timer);
  }, [engine]);
  useEffect(() => {
    let going = true;
    /** @type {{ receiving: unknown, counters: Map<string, import('./quality.js').Counters> }} */
    let before = { receiving: null, counters: new Map() };
    const timer = setInterval(async () => {
      const { receiving, publishing } = engine;
      if (!receiving || !publishing || engine.phase !== 'connected') return;
      const [counters, report] = await Promise.all([receiving.counters(), publishing.report()]);
      if (!going) return;
      const known = before.receiving === receiving ? before.counters : new Map();
      const others = new Map([...counters].map(([id, now]) => [id, known.has(id) ? received(known.get(id), now) : GOOD]));
      before = { receiving, counters };
      setQuality(blamed(others, sent(report)));
    }, JUDGE_MS);
    return () => {
      going = false;
      clearInterval(timer);
    };
  }, [engine]);
  return { speaker, ...quality };
}
