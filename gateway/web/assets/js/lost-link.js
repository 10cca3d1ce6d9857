/** Asking for a lost link: the answer is the same for everybody. */

import { Refusal, explain, post } from './core/api.js';
import { _, currentLanguage, loadTexts } from './core/texts.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('lost-link'));
const notice = /** @type {HTMLElement} */ (document.getElementById('problem'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const done = /** @type {HTMLElement} */ (document.getElementById('done'));
void loadTexts(currentLanguage());

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  notice.hidden = true;
  button.disabled = true;
  try {
    await post('/api/lost-links', { address: String(new FormData(form).get('email')).trim() });
    done.textContent = _('If you are invited at this address, your link is on its way. Look in your e-mail in a minute or two, also among unwanted mail. If nothing comes, telephone your clinic.');
    done.hidden = false;
    form.hidden = true;
    done.focus();
  } catch (error) {
    const mistyped = error instanceof Refusal && error.status === 422;
    notice.textContent = mistyped ? _('Type your e-mail address.') : explain(error);
    notice.hidden = false;
    button.disabled = false;
  }
});
