/** Addresses out of what somebody typed or pasted. Knows no page. */

/** Split at commas, semicolons and lines outside quotes; `Name <address>` gives both; doubles in another case are one. @param {string} text */
export function entriesOf(text) {
  /** @type {Map<string, { email: string, name: string | null }>} */
  const found = new Map();
  for (const part of text.match(/(?:"[^"]*"|[^,;\n"])+/g) ?? []) {
    const named = /^\s*"?([^"<]*?)"?\s*<([^>]*)>\s*$/.exec(part);
    const email = (named ? named[2] : part).trim();
    if (email && !found.has(email.toLowerCase())) found.set(email.toLowerCase(), { email, name: named?.[1].trim() || null });
  }
  return [...found.values()];
}
