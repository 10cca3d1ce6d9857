/**
 * What the counters of a connection say about a conversation: rules, without a browser. Shares are 0 to 1.
 *
 * The bounds: 2 % lost sound is repaired unheard by Opus, and from 10 % on words are missed (RFC 6716 §2.1.7, ITU-T G.113 App. I);
 * a picture that stands still for a fifth of the time is one that people complain about (ITU-T P.1204).
 */

const SOUND = { weak: 0.05, poor: 0.15 };
const PICTURE = { weak: 0.2, poor: 0.6 };
const SLOW_SECONDS = { weak: 0.4, poor: 0.8 };

/** @typedef {'good' | 'weak' | 'poor'} Grade */
/** @typedef {'sound' | 'picture' | 'delay' | null} Reason what is noticed of it */
/** @typedef {{ grade: Grade, reason: Reason }} Quality */
/**
 * Counters that only grow, of one person's sound and picture as they came here.
 * @typedef {{ milliseconds: number, audioPackets: number, audioLost: number, audioSamples: number, concealedSamples: number, frozenSeconds: number }} Counters
 */

/** @type {Quality} */
export const GOOD = { grade: 'good', reason: null };

/** How it was between two looks. @param {Counters} before @param {Counters} now @returns {Quality} */
export function received(before, now) {
  const grown = (/** @type {keyof Counters} */ name) => Math.max(0, now[name] - before[name]);
  const seconds = grown('milliseconds') / 1000;
  if (!seconds) return GOOD;
  const missing = Math.max(share(grown('audioLost'), grown('audioPackets')), grown('concealedSamples') / Math.max(1, grown('audioSamples')));
  return worse({ grade: grade(missing, SOUND), reason: 'sound' }, { grade: grade(grown('frozenSeconds') / seconds, PICTURE), reason: 'picture' });
}

/** How one's own goes up, as the other end reports it. @param {{ lostShare: number, roundTripSeconds: number }} report @returns {Quality} */
export function sent({ lostShare, roundTripSeconds }) {
  return worse({ grade: grade(lostShare, SOUND), reason: 'sound' }, { grade: grade(roundTripSeconds, SLOW_SECONDS), reason: 'delay' });
}

/**
 * Where the trouble is: with everybody, or on the way up, it is one's own network; else with each of those.
 * @param {Map<string, Quality>} others @param {Quality} up @returns {{ own: Quality, others: Map<string, Quality> }}
 */
export function blamed(others, up) {
  const all = [...others.values()];
  const down = all.length > 1 && all.every(({ grade }) => grade !== 'good') ? all.reduce(better) : GOOD;
  const own = worse(up, down);
  // one person alone: with both ways bad it is most likely here, with one it is there
  const here = own.grade !== 'good';
  return { own, others: here ? new Map([...others.keys()].map((id) => [id, GOOD])) : others };
}

/** @param {number} lost @param {number} came */
const share = (lost, came) => (lost + came ? lost / (lost + came) : 0);

/** @param {number} value @param {{ weak: number, poor: number }} bounds @returns {Grade} */
function grade(value, bounds) {
  if (value >= bounds.poor) return 'poor';
  return value >= bounds.weak ? 'weak' : 'good';
}

const ORDER = ['good', 'weak', 'poor'];

/** Of two that are alike the first. @param {Quality} one @param {Quality} other @returns {Quality} */
function worse(one, other) {
  const found = ORDER.indexOf(other.grade) > ORDER.indexOf(one.grade) ? other : one;
  return found.grade === 'good' ? GOOD : found;
}

/** @param {Quality} one @param {Quality} other @returns {Quality} */
const better = (one, other) => (ORDER.indexOf(other.grade) < ORDER.indexOf(one.grade) ? other : one);
