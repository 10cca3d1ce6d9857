/** Asking for a lost link: the answer is the same for everybody. */

import { Refusal, explain, post } from './core/api.js';
import { formSheet } from './core/form-sheet.js';
import { _ } from './core/texts.js';

const sheet = formSheet('lost-link');

sheet.onSend(async (typed) => {
  try {
    await post('/api/lost-links', { address: String(typed.get('email')).trim() });
    sheet.finish(_('If you are invited at this address, your link is on its way. Look in your e-mail in a minute or two, also among unwanted mail. If nothing comes, telephone your clinic.'));
  } catch (error) {
    const mistyped = error instanceof Refusal && error.status === 422;
    sheet.refuse(mistyped ? _('Type your e-mail address.') : explain(error));
  }
});
