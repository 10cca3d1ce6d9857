/** A new password, by the link of a mail. */

import { Refusal, explain, post } from './core/api.js';
import { takeToken } from './core/link.js';
import { _, currentLanguage, loadTexts } from './core/texts.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('new-password'));
const notice = /** @type {HTMLElement} */ (document.getElementById('problem'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const done = /** @type {HTMLElement} */ (document.getElementById('done'));
const token = takeToken();
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
  const password = new FormData(form).get('password');
  if (!password) return refuse(_('Type a new password.'));
  button.disabled = true;
  try {
    await post('/api/password-resets/finish', { token: token || '-', password });
    done.textContent = _('Your new password is saved. Sign in with it.');
    done.hidden = false;
    form.hidden = true;
  } catch (error) {
    const dead = error instanceof Refusal && (error.status === 410 || error.status === 404);
    refuse(dead ? _('This link no longer works. Press Sign in, then Forgot your password, and ask for a new one.') : explain(error));
  }
});
