/** What is said to guests who are no clients; few are, so their page alone loads it. */

import { _ } from '../core/texts.js';

/** Says in `hello.as` what they are here as; never for whom, which is the client's own affair. A clinician goes on to sign in. @param {Hello} hello */
export function tell(hello) {
  if (hello.sign_in_for) location.replace(`/sign-in?next=${encodeURIComponent(hello.sign_in_for)}`);
  hello.as = {
    interpreter: _('You are joining as an interpreter. You come in together with the person you interpret for.'),
    carer: _('You are joining as a carer. You come in together with the person you accompany.'),
    clinician: _('You are invited as a clinician. Sign in with your own account to take part.'),
    client: '',
  }[hello.role ?? 'client'];
}
