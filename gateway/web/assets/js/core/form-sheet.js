/** A sheet with one form: the notice of what does not fit, the button that waits, and what is said when it is done. */

import { currentLanguage, loadTexts } from './texts.js';

/** @param {string} id of the form; the notices `problem` and `done` stand beside it */
export function formSheet(id) {
  const form = /** @type {HTMLFormElement} */ (document.getElementById(id));
  const notice = /** @type {HTMLElement} */ (document.getElementById('problem'));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
  return {
    form,
    ready: loadTexts(currentLanguage()),
    /** @param {string} said */
    refuse(said) {
      notice.textContent = said;
      notice.hidden = false;
      button.disabled = false;
    },
    /** @param {string} said */
    finish(said) {
      const done = /** @type {HTMLElement} */ (document.getElementById('done'));
      done.textContent = said;
      done.hidden = false;
      form.hidden = true;
      done.focus();
    },
    /** `send` is given what was typed; while it runs nothing is sent again. @param {(typed: FormData) => Promise<unknown>} send */
    onSend(send) {
      form.addEventListener('submit', async (event) => {
        event.preventDefault();
        notice.hidden = true;
        button.disabled = true;
        await send(new FormData(form));
      });
    },
  };
}
