/** Local times that come twice, in the night when clocks are set back. */

const DAY = 86_400_000;

/** What a clock in the zone shows at a moment, as if it were UTC. @param {number} moment @param {string} zone */
function wallClock(moment, zone) {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).formatToParts(moment);
  const part = (/** @type {string} */ type) => parts.find((one) => one.type === type)?.value ?? '';
  return Date.parse(`${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}Z`);
}

/**
 * The moments in milliseconds when the zone's clocks show this: two where it comes twice, none where it is skipped.
 * @param {string} day `2026-10-25` @param {string} time `02:30` @param {string} zone @returns {number[]}
 */
export function startsOf(day, time, zone) {
  const shown = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(shown)) return [];
  const offsets = new Set([shown - DAY, shown + DAY].map((moment) => wallClock(moment, zone) - moment));
  return [...offsets].map((offset) => shown - offset).filter((moment) => wallClock(moment, zone) === shown).sort((one, other) => one - other);
}

/** What the zone calls its time at each of them. @param {string} day @param {string} time @param {string} zone */
export function zoneNames(day, time, zone) {
  const name = new Intl.DateTimeFormat(undefined, { timeZone: zone, timeZoneName: 'short' });
  return startsOf(day, time, zone).map((moment) => name.formatToParts(moment).find((part) => part.type === 'timeZoneName')?.value ?? '');
}
