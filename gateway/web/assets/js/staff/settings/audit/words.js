/** What the audit log's entries say, in plain words. One row for each kind of event; what has no row is shown as it is called. */

import { _, ngettext, number } from '../../../core/texts.js';

/**
 * @typedef {{ id: string, at: string, who: { id: string, kind: string, name: string | null }, how: string, what: string, subject: string | null,
 *   subject_name: string | null, subjects: string[], data: Record<string, any>, origin: { network: string | null, browser: string | null } | null }} Entry
 */

/** @type {Record<string, (entry: Entry) => string>} */
const DID = {
  'api_client.changed': () => _('Changed an API client'),
  'api_client.created': () => _('Made an API client'),
  'api_client.revoked': () => _('Revoked an API client'),
  'webhook.changed': () => _('Changed a webhook'),
  'webhook.created': () => _('Added a webhook'),
  'webhook.parked': () => _('A webhook was parked'),
  'webhook.removed': () => _('Removed a webhook'),
  'webhook.resumed': () => _('Resumed a webhook'),
  'audit.exported': () => _('Exported the audit log'),
  'audit.policy_changed': ({ data }) => _('Changed how long the audit log is kept: {after} instead of {before}', { after: days(data.keep_days), before: days(data.keep_days_before) }),
  'audit.seen': () => _('Looked at the audit log'),
  'call.ended': () => _('Ended a call'),
  'call.seen': () => _('Saw who is in a call'),
  'call.started': () => _('Started a call'),
  'area.changed': () => _('Changed a Waiting Area'),
  'area.created': () => _('Made a Waiting Area'),
  'area.in_plan_again': () => _('A Waiting Area is in the plan again'),
  'area.left_plan': () => _('A Waiting Area is no longer in the plan'),
  'area.link_rotated': () => _('Gave a Waiting Area a new link'),
  'area.removed': () => _('A Waiting Area went with its clinic'),
  'area.resumed': () => _('Opened a Waiting Area again'),
  'area.suspended': () => _('Suspended a Waiting Area'),
  'caller.moved_up': () => _('Let a caller go first'),
  'caller.ranked': () => _('Said how urgent a caller is'),
  'waiting.acknowledged': () => _('Said to have seen a caller'),
  'call.transfer_offered': () => _('Offered a handover'),
  'call.transfer_accepted': () => _('Took a handover over'),
  'call.transfer_declined': () => _('Declined a handover'),
  'call.transfer_completed': () => _('Handed a caller over'),
  'caller.admitted': () => _('Let a caller in'),
  'caller.left': () => _('A caller left'),
  'caller.refused': () => _('Turned a caller away'),
  'caller.seen': ({ data }) => ngettext('Saw {n} caller', 'Saw {n} callers', data.count),
  'caller.waiting': () => _('Arrived and waits'),
  'clinic.changed': () => _('Changed a clinic'),
  'clinic.created': () => _('Added a clinic'),
  'clinic.removed': () => _('Removed a clinic'),
  'command.refused': ({ data }) => _('Was not allowed to: {command}', { command: data.command }),
  'invitation.created': () => _('Sent an invitation'),
  'invitation.resent': () => _('Sent an invitation again'),
  'invitation.revoked': () => _('Took an invitation back'),
  'invitation.seen': ({ data }) => ngettext('Saw {n} invitation', 'Saw {n} invitations', data.count),
  'mail.settings_changed': () => _('Changed what mails say'),
  'member.added': () => _('Added a member'),
  'member.availability_changed': () => _('Came on duty or went away'),
  'member.changed': () => _('Changed a member'),
  'member.invited': () => _('Invited a member'),
  'member.password_changed': () => _('Chose a new password'),
  'member.removed': () => _('Removed a member'),
  'organisation.changed': () => _('Changed the organisation'),
  'organisation.created': () => _('Made the organisation'),
  'organisation.plan_changed': ({ data }) => _('Changed the plan from {before} to {after}', { before: data.plan_before, after: data.plan }),
  'participant.joined': () => _('Entered a call'),
  'participant.left': () => _('Left a call'),
  'participant.removed': () => _('Removed somebody from a call'),
  'quota.exceeded': () => _('Met a limit of the plan'),
  'reminders.changed': () => _('Changed the reminders'),
  'room.created': () => _('Made a room'),
  'room.handed_over': () => _('Handed a room over'),
  'room.link_rotated': () => _('Made a new link for a room'),
  'room.locked': () => _('Locked a room'),
  'room.removed': () => _('Removed a room'),
  'room.renamed': () => _('Renamed a room'),
  'room.settings_changed': () => _('Changed the settings of a room'),
  'room.unlocked': () => _('Unlocked a room'),
  'session.cancelled': () => _('Cancelled a session'),
  'session.created': () => _('Planned a session'),
  'session.seen': ({ data }) => ngettext('Saw {n} session', 'Saw {n} sessions', data.count),
  'session_participant.added': () => _('Added somebody to a session'),
  'session_participant.changed': () => _('Changed somebody’s part in a session'),
  'session_participant.removed': () => _('Took somebody out of a session'),
  'session_participant.seen': ({ data }) => ngettext('Saw {n} person of a session', 'Saw {n} people of sessions', data.count),
  'session.updated': () => _('Changed a session'),
  'settings.changed': () => _('Changed the settings of rooms'),
  'sign_in.ended': () => _('Signed out'),
  'sign_in.failed': ({ data }) => (data.step === 'code' ? _('Signing in failed: the code was not right') : _('Signing in failed: the password was not right')),
  'sign_in.opened': () => _('Signed in'),
  'sign_in_provider.changed': () => _('Changed the sign-in provider'),
  'sign_in_provider.removed': () => _('Removed the sign-in provider'),
};

/** @param {Entry} entry */
export const whatText = (entry) => DID[entry.what]?.(entry) ?? entry.what.replace(/[._]/g, ' ');

/** Who, as far as it is known. @param {Entry} entry */
export function whoText({ who, how, subject_name: name }) {
  if (who.name) return who.name;
  if (who.kind === 'nobody') return how === 'failed' && name ? _('Somebody, as {name}', { name }) : _('Nobody who is signed in');
  return who.kind === 'process' ? _('Housecall itself') : _('A guest');
}

/** A browser in a word or two, of what it says of itself. @param {string | null | undefined} agent */
export function browserName(agent) {
  const known = [['Edg/', 'Edge'], ['OPR/', 'Opera'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']];
  return known.find(([mark]) => agent?.includes(mark))?.[1] ?? '';
}

/** What can be searched for, by the first word of what happened. @returns {[string, string][]} */
export const kinds = () => [
  ['', _('Everything')], ['caller', _('Callers')], ['invitation', _('Invitations')], ['session', _('Sessions')], ['call', _('Calls')], ['room', _('Rooms')],
  ['member', _('Members')], ['sign_in', _('Signing in')], ['organisation', _('Organisation')], ['api_client', _('API clients')], ['audit', _('The audit log')],
];

/** How it came into the log. @returns {[string, string][]} */
export const hows = () => [['', _('Everything')], ['did', _('What was done')], ['saw', _('What was seen')], ['refused', _('What was refused')], ['failed', _('What failed')]];

/** A length of time that an owner chooses. @param {number} count */
export function days(count) {
  return count % 365 === 0 ? ngettext('{n} year', '{n} years', count / 365) : _('{number} days', { number: number(count) });
}
