/** Says changes to a screen reader, politely: one hidden line whose text is replaced. */

/** @type {HTMLElement | null} */
let line = null;

/** @param {string} text */
export function announce(text) {
  if (!line) {
    line = document.createElement('div');
    line.className = 'for-screen-reader';
    line.setAttribute('role', 'log');
    line.setAttribute('aria-live', 'polite');
    document.body.append(line);
  }
  const said = document.createElement('p');
  said.textContent = text;
  line.replaceChildren(said);
}
