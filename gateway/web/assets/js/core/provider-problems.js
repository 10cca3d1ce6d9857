/** What became of signing in with an organisation's own provider, in words: what happened and what to do. */

import { _ } from './texts.js';

/** @returns {Record<string, string>} */
const texts = () => ({
  cancelled: _('You stopped at your organisation’s sign-in. Press Continue to try again, or sign in with your password.'),
  refused: _('Your organisation’s sign-in refused. Try again; if it happens again, ask who runs it.'),
  provider_away: _('Your organisation’s sign-in does not answer at the moment. Try again in a few minutes. Owners can sign in with their password.'),
  housecall_away: _('This part of Housecall does not answer at the moment. Begin again in a few seconds.'),
  no_provider: _('This organisation has no sign-in of its own here. Sign in with your password.'),
  not_a_member: _('You are not a member here yet. Ask an owner or admin of your organisation to invite you.'),
  no_role: _('Your organisation’s sign-in gives you no role in Housecall. Ask who runs it to add you to the right group.'),
  not_verified: _('Your organisation’s sign-in has not verified your e-mail address. Verify it there, then try again.'),
  no_address: _('Your organisation’s sign-in did not say your e-mail address. Ask an owner to check what is asked for (scopes) in Settings, Sign-in.'),
  foreign_address: _('Your e-mail address is not of a domain that your organisation has proved. Ask an owner to add the domain in Settings, Sign-in.'),
  taken: _('Your e-mail address is in use by a member of another organisation here. Ask who runs Housecall.'),
  other_account: _('Your e-mail address or account is connected with somebody else already. Ask an owner of your organisation.'),
  owner_not_connected: _('Owners connect their account first: sign in with your password, then open Settings, Sign-in and press Connect my account.'),
  suspended: _('Your account here is suspended or was removed. Ask an owner of your organisation.'),
  clock: _('The times of your organisation’s sign-in and of Housecall differ too much. Try again; if it happens again, tell who runs it that a clock is wrong.'),
  expired: _('That took too long, or the page was loaded again. Begin again.'),
  used: _('This sign-in was used already. Begin again.'),
  mismatch: _('Another sign-in was begun in this browser meanwhile. Begin again.'),
  odd_answer: _('Your organisation’s sign-in gave an answer that does not fit, so nobody was let in. Begin again; if it happens again, tell an owner.'),
  set_up_wrongly: _('Your organisation’s sign-in and Housecall are not set up for each other. Ask an owner to check Settings, Sign-in.'),
});

/** @param {string} word of the address */
export const problemText = (word) => (Object.hasOwn(texts(), word) ? texts()[word] : texts().odd_answer);
