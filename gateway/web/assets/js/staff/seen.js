/** Who has seen that somebody waits, who was mailed otherwise, and not to be rung for one of them. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { ring } from '../core/sounds.js';
import { _, clockTime, ngettext } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { toast } from '../parts/toasts.js';

const RING_AGAIN_MS = 60_000;

/** For whom this tab rings no more. @type {Set<string>} */
const silenced = new Set();
/** @type {Set<() => void>} */
const watchers = new Set();

/** Whether this tab rings for somebody, and the switch. @param {string} id @returns {[boolean, () => void]} */
export function useSilence(id) {
  const [silent, setSilent] = useState(silenced.has(id));
  useEffect(() => {
    const watcher = () => setSilent(silenced.has(id));
    watchers.add(watcher);
    return () => void watchers.delete(watcher);
  }, [id]);
  const change = () => {
    if (!silenced.delete(id)) silenced.add(id);
    for (const watcher of watchers) watcher();
  };
  return [silent, change];
}

/** Somebody who waits, whom nobody has seen yet. @param {Caller} caller */
const unseen = (caller) => !caller.acknowledged && !caller.held && caller.connected && !silenced.has(caller.id);

/** Rings again for those whom nobody has seen, until somebody has. @param {Caller[]} callers @param {boolean} rings */
export function useRingAgain(callers, rings) {
  const any = rings && callers.some(unseen);
  useEffect(() => {
    if (!any) return undefined;
    const timer = setInterval(() => callers.some(unseen) && ring(), RING_AGAIN_MS);
    return () => clearInterval(timer);
  }, [any, callers.map(({ id }) => id).join(' ')]);
}

/** @param {Caller} caller */
const acknowledge = ({ id }) => post(`/api/callers/${id}/acknowledge`).catch((error) => toast(explain(error), { kind: 'problem' }));

/** @param {{ caller: Caller }} props */
export const SeenButton = ({ caller }) => !caller.acknowledged && html`
  <button type="button" class="button square small" title=${_('I have seen them')} aria-label=${_('I have seen {name}', { name: caller.display_name })} onClick=${() => acknowledge(caller)}><${Icon} name="eye" /></button>`;

/** @param {{ caller: Caller }} props */
export function SeenBy({ caller: { acknowledged, alerted = [] } }) {
  if (acknowledged) return html`<p class="comes-for"><${Icon} name="eye" /> ${_('{name} has seen this at {time}', { name: acknowledged.member_name, time: clockTime(acknowledged.at) })}</p>`;
  const last = alerted.at(-1);
  if (!last) return null;
  const whom = last.told
    ? ngettext('{n} person on duty was e-mailed at {time}', '{n} people on duty were e-mailed at {time}', last.told, { time: clockTime(last.at) })
    : _('Nobody is on duty who could be told');
  return html`<p class="invited-as"><${Icon} name="warning" />${last.stage === 'next_site' && last.told ? _('Next site: {what}', { what: whom }) : whom}</p>`;
}
