/** Date, time, zone and length of something that is planned: wall-clock time in a named zone. */

import { html, useMemo } from '../../vendor/preact.js';
import { _, ngettext, ownZone } from '../core/texts.js';
import { zoneNames } from './doubled-hour.js';
import { dayKey } from './sessions.js';

const LENGTHS = [10, 15, 20, 30, 45, 60, 90, 120];

/** @param {number} given @returns {number[]} */
const lengths = (given) => [...new Set([...LENGTHS, given])].sort((one, other) => one - other);

/** @typedef {{ day: string, time: string, zone: string, minutes: number, which?: 'first' | 'second' }} TimeValue `which` of an hour that comes twice */

/** The next full half hour, for half an hour. @param {string} zone @returns {TimeValue} */
export function firstTime(zone) {
  const half = 30 * 60_000;
  const next = new Date(Math.ceil((Date.now() + 5 * 60_000) / half) * half);
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hour12: false, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(next);
  const part = (/** @type {string} */ type) => parts.find((one) => one.type === type)?.value ?? '';
  return { day: `${part('year')}-${part('month')}-${part('day')}`, time: `${part('hour')}:${part('minute')}`, zone, minutes: 30 };
}

/** As the API wants it (contracts.scheduler.PlannedTime). @param {TimeValue} value */
export const plannedOf = (value) => ({
  local_start: `${value.day}T${value.time}`, zone: value.zone, minutes: value.minutes,
  ...(zoneNames(value.day, value.time, value.zone).length > 1 ? { which: value.which ?? 'first' } : {}),
});

/** @param {string} first @returns {string[]} every zone that the browser knows */
function zones(first) {
  const known = 'supportedValuesOf' in Intl ? /** @type {any} */ (Intl).supportedValuesOf('timeZone') : [];
  return [...new Set([first, ownZone(), 'UTC', ...known])];
}

/**
 * @param {{ value: TimeValue, onChange: (change: (before: TimeValue) => TimeValue) => void }} props
 * `onChange` is given what becomes of the value, because two fields may change before either is drawn.
 */
export function TimeFields({ value, onChange }) {
  const all = useMemo(() => zones(value.zone), []);
  const twice = useMemo(() => zoneNames(value.day, value.time, value.zone), [value.day, value.time, value.zone]);
  const change = (/** @type {Partial<TimeValue>} */ changed) => onChange((before) => ({ ...before, ...changed }));
  const set = (/** @type {keyof TimeValue} */ name) => (/** @type {any} */ event) =>
    change({ [name]: name === 'minutes' ? Number(event.target.value) : event.target.value });
  return html`
    <div class="field-row">
      <div class="field"><label for="planned-day">${_('Date')}</label><input id="planned-day" type="date" required min=${dayKey(new Date(Date.now() - 86_400_000))} value=${value.day} onInput=${set('day')} /></div>
      <div class="field"><label for="planned-time">${_('Time')}</label><input id="planned-time" type="time" required value=${value.time} onInput=${set('time')} /></div>
      <div class="field"><label for="planned-minutes">${_('Length')}</label>
        <select id="planned-minutes" value=${value.minutes} onChange=${set('minutes')}>${lengths(value.minutes).map((minutes) => html`<option key=${minutes} value=${minutes} selected=${minutes === value.minutes}>${ngettext('{n} minute', '{n} minutes', minutes)}</option>`)}</select></div>
      <div class="field grow"><label for="planned-zone">${_('Time zone')}</label>
        <select id="planned-zone" onChange=${set('zone')}>${all.map((zone) => html`<option key=${zone} value=${zone} selected=${zone === value.zone}>${zone.replace(/_/g, ' ')}</option>`)}</select></div>
    </div>
    ${twice.length > 1 && html`<fieldset class="field"><legend>${_('Clocks are set back that night, and this time comes twice. Which one is meant?')}</legend>
      <label class="check compact"><input type="radio" name="which" checked=${value.which !== 'second'} onChange=${() => change({ which: 'first' })} /><span>${_('The first ({zone})', { zone: twice[0] ?? '' })}</span></label>
      <label class="check compact"><input type="radio" name="which" checked=${value.which === 'second'} onChange=${() => change({ which: 'second' })} /><span>${_('The second ({zone})', { zone: twice[1] ?? '' })}</span></label>
    </fieldset>`}
  `;
}
