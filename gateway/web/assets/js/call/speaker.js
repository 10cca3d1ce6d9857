/** Who speaks: rules, without a browser. */

const HEARD = 0.02;
const FADES = 0.75;
const LOUDER = 1.6;

/** @typedef {{ levels: Map<string, number>, speaker: string | null }} Speaking */

/** @type {Speaking} */
export const SILENCE = { levels: new Map(), speaker: null };

/**
 * The next look, a quarter of a second later. A pause for breath changes nobody, and nobody takes over by a cough.
 * @param {Speaking} before @param {Map<string, number>} heard how loud each is now, 0 to 1 (RFC 6464) @returns {Speaking}
 */
export function next(before, heard) {
  const levels = new Map([...heard].map(([id, level]) => [id, mixed(before.levels.get(id) ?? 0, level)]));
  const loudest = [...levels].sort((one, other) => other[1] - one[1])[0];
  const current = before.speaker === null ? 0 : levels.get(before.speaker) ?? 0;
  let { speaker } = before;
  if (current < HEARD) speaker = null;
  if (loudest && loudest[1] >= HEARD && (speaker === null || loudest[1] > LOUDER * current)) [speaker] = loudest;
  return { levels, speaker };
}

/** Rises over two looks, fades over several. @param {number} before @param {number} now */
const mixed = (before, now) => Math.max(before * FADES, (before + now) / 2);
