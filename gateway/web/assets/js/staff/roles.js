/** The roles in words: what each is called and may do. */

import { _ } from '../core/texts.js';

export const ROLES = ['owner', 'admin', 'coordinator', 'provider', 'reporter'];

/** @param {string} role */
export const roleName = (role) => names()[role] ?? role;

/** What it may do, in a sentence. @param {string} role */
export const roleNote = (role) => notes()[role] ?? '';

/** @returns {Record<string, string>} */
const names = () => ({ owner: _('Owner'), admin: _('Admin'), coordinator: _('Coordinator'), provider: _('Provider'), reporter: _('Reporter') });

/** @returns {Record<string, string>} */
const notes = () => ({
  owner: _('Everything an admin may, and the plan, other owners, and the rooms of who has left.'),
  admin: _('Runs the organisation: its members, clinics, rooms and settings. Holds consultations too.'),
  coordinator: _('Reception: sees who waits in every room, invites and writes to them. Does not enter a colleague’s User Room.'),
  provider: _('Holds consultations in a User Room of their own and in Meeting Rooms.'),
  reporter: _('Reads figures and lists. Holds no consultations and has no User Room.'),
});
