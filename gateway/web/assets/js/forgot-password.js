/** Asking for a new password: the answer is the same for everybody. */

import { Refusal, explain, post } from './core/api.js';
import { _, currentLanguage, loadTexts } from './core/texts.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('forgot-password'));
const notice = /** @type {HTMLElement} */ (document.getElementById('problem'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const done = /** @type {HTMLElement} */ (document.getElementById('done'));
void loadTexts(currentLanguage());

/** @param {string} said */
function refuse(said) {
  notice.textContent = said;
  notice.hidden = false;
  button.disabled = false;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  notice.hidden = true;
  button.disabled = true;
  try {
    await post('/api/password-resets', { email: String(new FormData(form).get('email')).trim() });
    done.textContent = _('If this address is a member’s, a mail with a link is on its way. The link works for one hour.');
    done.hidden = false;
    form.hidden = true;
  } catch (error) {
    const mistyped = error instanceof Refusal && error.status === 422;
    refuse(mistyped ? _('Type your e-mail address.') : explain(error));
  }
});
