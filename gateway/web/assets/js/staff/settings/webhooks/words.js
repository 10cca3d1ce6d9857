/** How webhooks and what they send stand, in plain words. */

import { _, dayAndTime, ownZone } from '../../../core/texts.js';

/** @param {Webhook} webhook @returns {{ name: string, kind: string, why: string }} */
export function standing(webhook) {
  const when = dayAndTime(webhook.changed_state_at, ownZone());
  if (webhook.state === 'parked') {
    return { name: _('Parked'), kind: 'danger', why: parked(webhook.parked_because, when) };
  }
  if (webhook.state === 'failing') {
    return { name: _('Failing'), kind: 'waiting', why: _('Since {when} its receiver does not take what is sent. It is tried again for three days.', { when }) };
  }
  return { name: _('Working'), kind: 'accent', why: '' };
}

/** @param {string | null} because @param {string} when */
function parked(because, when) {
  if (because === 'tried_long') {
    return _('Since {when}: its receiver took nothing for three days. Nothing is dropped; resume it once the receiver is back.', { when });
  }
  if (because === 'receiver_gone') {
    return _('Since {when}: its receiver answered that it is gone (410). Nothing is dropped.', { when });
  }
  return _('Since {when}, by one of you. What happens meanwhile waits.', { when });
}

/** @param {Delivery} delivery @returns {{ name: string, kind: string }} */
export function fate(delivery) {
  if (delivery.state === 'delivered') {
    return { name: _('Received'), kind: 'accent' };
  }
  return delivery.state === 'set_aside' ? { name: _('Not received'), kind: 'danger' } : { name: _('Waits'), kind: 'waiting' };
}

/** @param {{ status: number | null, problem: string | null }} attempt */
export function outcome({ status, problem }) {
  if (status !== null) {
    return status >= 300 && status < 400 ? _('Answered {status}: redirects are not followed', { status }) : _('Answered {status}', { status });
  }
  const words = {
    no_host: _('There is no such host'), no_tls: _('Its certificate is not trusted'), too_slow: _('No answer within 15 seconds'),
    not_allowed: _('Its address is private now, and not allowed'), no_answer: _('No answer'),
  };
  return words[/** @type {keyof words} */ (problem)] ?? _('No answer');
}
