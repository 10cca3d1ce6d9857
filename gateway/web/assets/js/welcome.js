/** Who was invited chooses name and password, and is a member. */

import { Refusal, explain, post } from './core/api.js';
import { formSheet } from './core/form-sheet.js';
import { takeToken } from './core/link.js';
import { passwordProblem } from './core/password-problems.js';
import { _ } from './core/texts.js';

const sheet = formSheet('welcome');
const invited = /** @type {HTMLElement} */ (document.getElementById('invited'));
const token = takeToken() || '-';

/** @param {unknown} error */
function text(error) {
  const dead = error instanceof Refusal && (error.status === 410 || error.status === 404);
  return dead ? _('This invitation no longer works. Ask the person who invited you for a new one.') : passwordProblem(error) || explain(error);
}

async function look() {
  await sheet.ready;
  try {
    const invite = await post('/api/member-invites/look', { token });
    invited.textContent = _('{organisation} invites you. You will sign in as {email}.', { organisation: invite.organisation_name, email: invite.email });
    invited.hidden = false;
    /** @type {HTMLInputElement} */ (document.getElementById('name')).value = invite.name;
    sheet.form.hidden = false;
  } catch (error) {
    sheet.refuse(text(error));
  }
}

sheet.onSend(async (typed) => {
  const name = String(typed.get('name')).trim();
  const password = typed.get('password');
  if (!name || !password) return sheet.refuse(_('Type your name and a new password.'));
  try {
    const joined = await post('/api/member-invites/accept', { token, name, password });
    return await post('/api/sign-ins', { email: joined.email, password }).then(() => location.assign('/'), () => location.assign('/sign-in'));
  } catch (error) {
    return sheet.refuse(text(error));
  }
});

void look();
