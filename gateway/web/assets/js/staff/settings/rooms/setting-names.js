/** What each room setting is called, what it does, and where its value comes from, in words. */

import { _ } from '../../../core/texts.js';

/** @type {SettingName[]} */
export const SETTINGS = ['entry_fields', 'consent_text', 'waiting_content', 'emergency_text', 'show_wait', 'order', 'largest_number', 'confirm_before_joining'];

/** What holds where nobody gives anything (services/rooms/settings.py). @type {RoomSettings} */
export const DEFAULTS = { entry_fields: [], consent_text: '', waiting_content: '', emergency_text: '', show_wait: true, order: 'arrival', largest_number: 100, confirm_before_joining: false };

/** @returns {Record<SettingName, { title: string, help: string }>} */
export const texts = () => ({
  entry_fields: { title: _('Questions on arrival'), help: _('What you ask of everybody who arrives, before they wait. You see the answers on their card.') },
  consent_text: { title: _('Consent'), help: _('A text that everybody must agree to before they wait. Which text was agreed to, and when, is kept. Left empty, nobody is asked.') },
  waiting_content: { title: _('While they wait'), help: _('What those who wait read: what to have ready, whom to ask. Lines are kept, and addresses beginning with https:// become links.') },
  emergency_text: { title: _('Who feels worse'), help: _('What is shown to who presses “I feel worse” while they wait: what to do, which number to call. Left empty, they read to call the emergency number. You are told at once in any case.') },
  show_wait: { title: _('Place and waiting time'), help: _('Those who wait see how many are before them and, once there were enough consultations, how long it will probably take: a range from the last ones, never a promise. Who has an appointment does not see it.') },
  order: { title: _('Order of the queue'), help: _('Who is first. By appointment, whoever comes before theirs, or up to ten minutes late, stands at its time; everybody else stands at their arrival.') },
  largest_number: { title: _('Largest number in the call'), help: _('People, hosts included. When the call is full nobody more is let in, until somebody leaves.') },
  confirm_before_joining: { title: _('Confirm before joining'), help: _('Whoever presses Accept is first shown whom they let in, and confirms. So nobody joins the wrong call.') },
});

/** @param {SettingLevel} level */
export function fromWords(level) {
  if (level === 'organisation') return _('from the organisation');
  if (level === 'clinic') return _('from the clinic');
  if (level === 'room') return _('set for this room');
  return _('as it comes');
}

/** @param {SettingLevel} level */
export const lockedWords = (level) => (level === 'clinic' ? _('locked by the clinic') : _('locked by the organisation'));
