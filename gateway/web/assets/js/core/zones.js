/** Time zones to choose from, as the browser knows them (IANA). */

/** All of them by name, with `also` among them. @param {string} also @returns {string[]} */
export function zoneChoices(also) {
  const known = /** @type {any} */ (Intl).supportedValuesOf?.('timeZone') ?? [];
  return [...new Set([...known, 'UTC', also])].sort();
}
