/** What an API client may be let do, in plain words. */

import { _ } from '../../../core/texts.js';

/** By the name of the scope, in the order of the page. @returns {Record<string, string>} */
export const scopeNames = () => ({
  'rooms:read': _('See rooms, and their links'),
  'rooms:write': _('Make, change and remove Meeting Rooms'),
  'sessions:read': _('See sessions'),
  'sessions:write': _('Book, move and cancel sessions'),
  'invitations:read': _('See who was invited'),
  'invitations:write': _('Invite people, and take links back'),
  'waiting:read': _('See who waits'),
  'members:read': _('See members, and who is on duty'),
  'organisation:read': _('See the organisation, its clinics and its plan'),
  'calls:read': _('See calls, and who is in them'),
  'events:read': _('Read the stream of events'),
});

/** What reaches over all clinics, and is for no client of some. */
export const OF_ALL_CLINICS = ['calls:read', 'events:read'];
