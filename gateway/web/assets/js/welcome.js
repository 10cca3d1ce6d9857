/** Who was invited chooses name and password, and is a member. */

import { Refusal, explain, post } from './core/api.js';
import { takeToken } from './core/link.js';
import { _, currentLanguage, loadTexts } from './core/texts.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('welcome'));
const notice = /** @type {HTMLElement} */ (document.getElementById('problem'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const invited = /** @type {HTMLElement} */ (document.getElementById('invited'));
const token = takeToken() || '-';

/** @param {string} said */
function refuse(said) {
  notice.textContent = said;
  notice.hidden = false;
  button.disabled = false;
}

/** @param {unknown} error */
function text(error) {
  const dead = error instanceof Refusal && (error.status === 410 || error.status === 404);
  return dead ? _('This invitation no longer works. Ask the person who invited you for a new one.') : explain(error);
}

async function look() {
  await loadTexts(currentLanguage());
  try {
    const invite = await post('/api/member-invites/look', { token });
    invited.textContent = _('{organisation} invites you. You will sign in as {email}.', { organisation: invite.organisation_name, email: invite.email });
    invited.hidden = false;
    /** @type {HTMLInputElement} */ (document.getElementById('name')).value = invite.name;
    form.hidden = false;
  } catch (error) {
    refuse(text(error));
  }
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const typed = new FormData(form);
  const name = String(typed.get('name')).trim();
  const password = typed.get('password');
  notice.hidden = true;
  if (!name || !password) return refuse(_('Type your name and a new password.'));
  button.disabled = true;
  try {
    const joined = await post('/api/member-invites/accept', { token, name, password });
    await post('/api/sign-ins', { email: joined.email, password }).then(() => location.assign('/'), () => location.assign('/sign-in'));
  } catch (error) {
    refuse(text(error));
  }
});

void look();
