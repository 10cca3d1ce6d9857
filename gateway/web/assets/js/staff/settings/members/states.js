/** The states of a member in words. */

import { _ } from '../../../core/texts.js';

export const STATES = ['active', 'invited', 'suspended'];

/** @param {string} state */
export const stateName = (state) => /** @type {Record<string, string>} */ ({ active: _('active'), invited: _('invited'), suspended: _('suspended') })[state] ?? state;

/** @type {Record<string, string>} the colour of each, never the only sign */
export const STATE_KINDS = { active: 'in-call', invited: 'waiting', suspended: 'offline' };
