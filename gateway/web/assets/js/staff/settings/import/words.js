/** What an import says in words: what happens to a line, and what is wrong with one. */

import { _, ngettext } from '../../../core/texts.js';

/** @param {string} will @param {number} [n] how many lines, for a sum */
export function willText(will, n) {
  if (n === undefined) return { invite: _('Invite'), change: _('Change'), unchanged: _('Stays'), refuse: _('Not taken') }[will] ?? will;
  return {
    invite: ngettext('person is invited by mail', 'people are invited by mail', n),
    change: ngettext('member is changed', 'members are changed', n),
    unchanged: ngettext('member is so already', 'members are so already', n),
    refuse: ngettext('line is not taken', 'lines are not taken', n),
  }[will] ?? will;
}

/** @param {string} field */
export const fieldName = (field) => ({ email: _('E-mail address'), name: _('Name'), role: _('Role'), clinics: _('Clinics'), language: _('Language') })[field] ?? field;

/** @param {ImportProblem} problem */
export function problemText({ field, code, value = '', detail }) {
  /** @type {Record<string, string>} */
  const texts = {
    'email missing': _('There is no e-mail address.'),
    'email unreadable': _('“{value}” is no e-mail address.', { value }),
    'email twice': _('The same address is on line {line}.', { line: value }),
    'email taken': _('This address belongs to a member already.'),
    'email formula': _('“{value}” begins like a formula.', { value }),
    'name formula': _('“{value}” begins like a formula.', { value }),
    'name too_long': _('The name is too long: at most 80 characters.'),
    'role missing': _('Say which role.'),
    'role unknown': _('There is no role “{value}”.', { value }),
    'role not_allowed': _('Only an owner may add another owner.'),
    'clinics not_allowed': _('Only an owner may change an owner.'),
    'role owner': _('An owner’s role is changed on the page of members.'),
    'clinics unknown': _('There is no clinic “{value}”.', { value }),
    'clinics ambiguous': _('Several clinics are called “{value}”.', { value }),
    'language unknown': _('There is no language “{value}”: en, de or ar.', { value }),
    ' stray': _('There is more in this line than columns. Is a quote missing?'),
  };
  return texts[`${field} ${code}`] ?? detail;
}
