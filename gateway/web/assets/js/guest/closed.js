/** What is said where nobody can come in at the moment; seldom, so only the page that needs it loads it. */

import { _, clockTime, dayName, ownZone } from '../core/texts.js';

/** Says in `hello.closed` why, and when it opens: in the clinic's zone, and in the reader's where that is another. @param {Hello} hello */
export function tell(hello) {
  hello.closed = words(hello);
}

/** @param {Hello} hello @returns {string[]} */
function words({ closed_by: reason, opens_at: opens, zone: named, closed_message: message }) {
  const zone = named || 'UTC';
  if (reason === 'suspended' && message) return message.split('\n');
  if (reason !== 'hours') return [_('Nobody can be received here at the moment. Please contact the clinic.')];
  if (!opens) return [_('It is closed at the moment. Please contact the clinic.')];
  const at = (/** @type {string} */ where) => ({ day: dayName(opens, where), time: clockTime(opens, where), zone: where.replace(/_/g, ' ') });
  const said = [_('It is closed now. It opens {day} at {time} ({zone} time).', at(zone))];
  if (zone !== ownZone() && clockTime(opens, zone) !== clockTime(opens)) said.push(_('For you that is {day} at {time}.', at(ownZone())));
  return [...said, _('Come back then by the same link.')];
}
