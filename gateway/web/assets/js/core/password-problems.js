/** Why a password is refused, in words: what is wrong with it and what to take instead. */

import { Refusal } from './api.js';
import { _ } from './texts.js';

/** @returns {Record<string, string>} */
const texts = () => ({
  password_too_short: _('This password is too short. Take at least 12 characters.'),
  password_is_own: _('This password is little more than your name, your address or the name of your organisation. Take something that nobody would expect of you.'),
  password_one_word: _('This is one word with digits or signs before or after it, and that is tried first. Take some more words that do not belong together.'),
  password_too_easy: _('This password is too easy to guess: it is on lists of passwords that were stolen, or made as those are. Take some words that do not belong together.'),
});

/** Empty for what is no refusal of a password. @param {unknown} error */
export function passwordProblem(error) {
  const reason = error instanceof Refusal ? error.problem.reason : undefined;
  return typeof reason === 'string' && Object.hasOwn(texts(), reason) ? texts()[reason] : '';
}
