/** A new password, by the link of a mail. */

import { Refusal, explain, post } from './core/api.js';
import { formSheet } from './core/form-sheet.js';
import { takeToken } from './core/link.js';
import { passwordProblem } from './core/password-problems.js';
import { _ } from './core/texts.js';

const sheet = formSheet('new-password');
const token = takeToken() || '-';

sheet.onSend(async (typed) => {
  const password = typed.get('password');
  if (!password) return sheet.refuse(_('Type a new password.'));
  try {
    await post('/api/password-resets/finish', { token, password });
    return sheet.finish(_('Your new password is saved. Sign in with it.'));
  } catch (error) {
    const dead = error instanceof Refusal && (error.status === 410 || error.status === 404);
    return sheet.refuse(dead ? _('This link no longer works. Press Sign in, then Forgot your password, and ask for a new one.') : passwordProblem(error) || explain(error));
  }
});
