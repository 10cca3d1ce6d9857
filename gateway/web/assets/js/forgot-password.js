/** Asking for a new password: the answer is the same for everybody. */

import { Refusal, explain, post } from './core/api.js';
import { formSheet } from './core/form-sheet.js';
import { _ } from './core/texts.js';

const sheet = formSheet('forgot-password');

sheet.onSend(async (typed) => {
  try {
    await post('/api/password-resets', { email: String(typed.get('email')).trim() });
    sheet.finish(_('If this address is a member’s, a mail with a link is on its way. The link works for one hour.'));
  } catch (error) {
    const mistyped = error instanceof Refusal && error.status === 422;
    sheet.refuse(mistyped ? _('Type your e-mail address.') : explain(error));
  }
});
