/** What is in the way of a mail, by the word that the service says (`delivery_problem`), in the reader's language. */

import { _ } from '../core/texts.js';

/** @type {Record<string, () => string>} */
const PROBLEMS = {
  no_mailbox: () => _('There is no such mailbox. Check the address.'),
  mailbox_full: () => _('The recipient’s mailbox takes no more mail. Ask for another address, or ring.'),
  too_big: () => _('This mail is larger than the mail server takes. Send a shorter message.'),
  unwanted: () => _('The recipient’s mail system does not want this mail. Ask for another address, or ring.'),
  no_utf8: () => _('The mail server cannot send to addresses with such letters. Ask for another address.'),
  refused: () => _('The mail server refused this mail for good. Check the address, or ask for another one.'),
  put_off: () => _('The mail server asked to try again later; we do so by ourselves.'),
  no_answer: () => _('The mail server does not answer; we try again by ourselves.'),
  no_tls: () => _('The connection to the mail server is not safe, so nothing was sent. Tell whoever runs Housecall; we try again by ourselves.'),
  sign_in: () => _('The mail server does not let Housecall sign in. Tell whoever runs it; we try again by ourselves.'),
  sender_unwanted: () => _('The mail server does not take mail from Housecall. Tell whoever runs it; we try again by ourselves.'),
  not_composed: () => _('The mail could not be written. Tell whoever runs Housecall; we try again by ourselves.'),
  on_its_way: () => _('The mail is delayed on its way; the mail servers go on trying.'),
  no_texts: () => _('Texts can no longer be sent from here. Tell whoever runs Housecall; we try again by ourselves.'),
  no_number: () => _('This number cannot get texts. Check the number, or ring.'),
  unreachable: () => _('The telephone could not be reached. Send it again later, or ring.'),
  opted_out: () => _('Whoever has this number has asked not to be texted. Send an e-mail, or ring.'),
  text_unwanted: () => _('The telephone’s network does not want this text. Send an e-mail, or ring.'),
  text_refused: () => _('The provider of texts refused this one for good. Check the number, or send an e-mail.'),
  text_put_off: () => _('The provider of texts asked to try again later; we do so by ourselves.'),
  text_no_answer: () => _('The provider of texts does not answer; we try again by ourselves.'),
  text_sign_in: () => _('The provider of texts does not take them from Housecall. Tell whoever runs it; we try again by ourselves.'),
  text_given_up: () => _('The provider of texts did not take this one for as long as we tried. Send an e-mail, or ring.'),
  given_up: () => _('No mail server took this mail for as long as we tried. Check the address, or ring.'),
};

/** What is in the way, in words; undefined where nothing is known to be. @param {Recipient} recipient @returns {string | undefined} */
export const problemOf = (recipient) => PROBLEMS[recipient.delivery_problem ?? '']?.() ?? recipient.delivery_detail ?? undefined;
