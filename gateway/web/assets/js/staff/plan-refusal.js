/** A plan's refusal in words: the limit, what is used, the plan, the plan that would allow it, and the way to Settings → Plan. */

import { html } from '../../vendor/preact.js';
import { Refusal } from '../core/api.js';
import { followLink } from '../core/route.js';
import { _, ngettext } from '../core/texts.js';
import { Icon } from '../parts/icons.js';

/** @typedef {{ limit: string, plan: string, used: number, allowed: number, allowed_by: string | null }} PlanLimit */

/** The limit that a refusal names; none where it was no plan that refused. @param {unknown} error @returns {PlanLimit | null} */
export const limitOf = (error) => (error instanceof Refusal && error.problem.limit ? /** @type {any} */ (error.problem) : null);

/** @param {PlanLimit} limit */
export function limitWords({ limit, plan, used, allowed, allowed_by: better }) {
  const what = limit === 'waiting_area' ? _('{plan} includes no Waiting Area.', { plan }) : limit === 'meeting_rooms_renamed'
    ? _('On {plan} the names of Meeting Rooms are fixed.', { plan })
    : ngettext('{plan} includes {n} Meeting Room; {used} in use.', '{plan} includes {n} Meeting Rooms; {used} in use.', allowed, { plan, used });
  return better ? `${what} ${_('{plan} would allow it.', { plan: better })}` : `${what} ${_('No plan would allow it.')}`;
}

/** @param {{ limit: PlanLimit, alert?: boolean }} props */
export const PlanRefusal = ({ limit, alert }) => html`
  <div class="notice" role=${alert ? 'alert' : undefined}><${Icon} name="plan" /><p>${limitWords(limit)}</p>
    <a class="button small" href="/settings/plan" onClick=${followLink}>${_('See the plans')}</a></div>
`;
