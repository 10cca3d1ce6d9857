/** Why an entry is refused, by the sentence that the service says, in the reader's language. */

import { _ } from '../core/texts.js';

const reasons = () => [
  { said: 'This is not an e-mail address. Write it as name@example.com.', words: _('This is not an e-mail address. Write it as name@example.com.') },
  {
    said: 'There is no address here. A name with a comma in it needs quotation marks: "Doe, Jane" <jane@example.com>.',
    words: _('There is no address here. A name with a comma in it needs quotation marks: "Doe, Jane" <jane@example.com>.'),
  },
  { said: 'These are several addresses. Put a comma between them.', words: _('These are several addresses. Put a comma between them.') },
  { said: 'An address has one @. Check which part was pasted by mistake.', words: _('An address has one @. Check which part was pasted by mistake.') },
  { said: 'The part before the @ is missing.', words: _('The part before the @ is missing.') },
  {
    said: 'Addresses with quotation marks before the @ cannot be sent to. Ask for another address.',
    words: _('Addresses with quotation marks before the @ cannot be sent to. Ask for another address.'),
  },
  {
    said: 'The part after the @ is not a place that mail can reach. Check its ending, as in example.com.',
    words: _('The part after the @ is not a place that mail can reach. Check its ending, as in example.com.'),
  },
  { said: 'This is longer than an e-mail address can be.', words: _('This is longer than an e-mail address can be.') },
  { said: 'This address is in the list already; it gets one e-mail.', words: _('This address is in the list already; it gets one e-mail.') },
  { said: 'This number is in the list already; it gets one text.', words: _('This number is in the list already; it gets one text.') },
  { said: 'Texts cannot be sent from here. Give an e-mail address.', words: _('Texts cannot be sent from here. Give an e-mail address.') },
  {
    said: 'Write this number with + and the country code, as in +61 491 570 156.',
    words: _('Write this number with + and the country code, as in +61 491 570 156.'),
  },
  { said: 'This is not a telephone number. Check its digits.', words: _('This is not a telephone number. Check its digits.') },
  { said: 'This number cannot get texts. Give a mobile number or an e-mail address.', words: _('This number cannot get texts. Give a mobile number or an e-mail address.') },
  {
    said: 'Whoever has this number has asked not to be texted. Give an e-mail address, or ring.',
    words: _('Whoever has this number has asked not to be texted. Give an e-mail address, or ring.'),
  },
];

/** The reason in words; as it came where it is none of these. @param {string | null | undefined} reason */
export const reasonText = (reason) => reasons().find(({ said }) => said === reason)?.words ?? reason;
