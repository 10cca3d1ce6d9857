/** This device's own mark: the same after a reload, so that its seat in a call is found again. */

const KEY = 'housecall.device';

export function deviceId() {
  try {
    const known = localStorage.getItem(KEY);
    if (known) return known;
    const made = crypto.randomUUID ? crypto.randomUUID() : randomText();
    localStorage.setItem(KEY, made);
    return made;
  } catch {
    return (memory ??= randomText());
  }
}

/** Where storage is refused, the mark lives as long as the page. @type {string | undefined} */
let memory;

function randomText() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
