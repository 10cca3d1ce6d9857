/** How a planned session repeats: asked in plain words, said back as a sentence with its dates and what is in their way. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { _, clockTime, currentLanguage, dateText, listOf, ngettext } from '../core/texts.js';
import { plannedOf } from './time-fields.js';

/** @typedef {import('./time-fields.js').TimeValue} TimeValue */
/** @typedef {{ kind: string, days: string[], ends: 'count' | 'until', count: number, until: string }} RepeatsValue */
/** @typedef {{ local_start: string, starts_at: string, conflicts: object[] }} Previewed */

const DAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];
const WORKING_DAYS = DAYS.slice(0, 5);
const PAUSE = 300;
const MOST_SHOWN = 6;

/** @type {RepeatsValue} */
export const NEVER = { kind: 'never', days: [], ends: 'count', count: 6, until: '' };

/** @param {string} day as 2026-11-30 */
const dateOf = (day) => new Date(`${day}T00:00:00Z`);
/** @param {string} day */
const weekdayOf = (day) => DAYS[(dateOf(day).getUTCDay() + 6) % 7] ?? 'mo';
/** @param {string} weekday @param {'long' | 'short'} width 2024-01-01 was a Monday */
const weekdayName = (weekday, width = 'long') =>
  new Intl.DateTimeFormat(currentLanguage(), { weekday: width, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + DAYS.indexOf(weekday))));
/** @param {string} day */
const isLastOfMonth = (day) => new Date(dateOf(day).getTime() + 7 * 86_400_000).getUTCMonth() !== dateOf(day).getUTCMonth();
/** @param {string} day which one of its weekday in the month, from 1 */
const nthOf = (day) => Math.floor((dateOf(day).getUTCDate() - 1) / 7) + 1;
/** @param {RepeatsValue} value @param {string} day */
const daysOf = (value, day) => DAYS.filter((each) => each === weekdayOf(day) || value.days.includes(each));

/** As the API wants it (contracts.recurrence.Recurrence); null where it does not repeat. @param {RepeatsValue} value @param {TimeValue} time */
export function recurrenceOf(value, time) {
  if (value.kind === 'never') return null;
  const end = value.ends === 'count' ? { count: value.count } : { until: value.until };
  if (value.kind === 'daily') return { frequency: 'daily', ...end };
  if (value.kind === 'weekdays') return { frequency: 'weekly', weekdays: WORKING_DAYS, ...end };
  if (value.kind === 'weekly') return { frequency: 'weekly', weekdays: daysOf(value, time.day), ...end };
  if (value.kind === 'fortnightly') return { frequency: 'weekly', interval: 2, weekdays: daysOf(value, time.day), ...end };
  return { frequency: 'monthly', monthly_by: value.kind, ...end };
}

/** @param {string} kind @param {string} day */
function kindWords(kind, day) {
  const weekday = weekdayName(weekdayOf(day));
  if (kind === 'daily') return _('Every day');
  if (kind === 'weekdays') return _('Every day from Monday to Friday');
  if (kind === 'weekly') return _('Every week');
  if (kind === 'fortnightly') return _('Every two weeks');
  if (kind === 'date') return _('Every month on day {day}', { day: dateOf(day).getUTCDate() });
  if (kind === 'last_weekday') return _('Every month on the last {weekday}', { weekday });
  if (kind === 'weekday') return nthWords(nthOf(day), weekday);
  return _('Does not repeat');
}

/** @param {number} nth @param {string} weekday */
function nthWords(nth, weekday) {
  if (nth === 1) return _('Every month on the first {weekday}', { weekday });
  if (nth === 2) return _('Every month on the second {weekday}', { weekday });
  if (nth === 3) return _('Every month on the third {weekday}', { weekday });
  return _('Every month on the fourth {weekday}', { weekday });
}

/** @param {RepeatsValue} value @param {string} day */
function ruleWords(value, day) {
  const days = listOf(daysOf(value, day).map((each) => weekdayName(each)));
  if (value.kind === 'weekly') return _('Every {days}', { days });
  if (value.kind === 'fortnightly') return _('Every two weeks on {days}', { days });
  return kindWords(value.kind, day);
}

/** What would be booked, a moment after the last change. @param {RepeatsValue} value @param {TimeValue} time @param {string} roomId */
function usePreview(value, time, roomId) {
  const [found, setFound] = useState(/** @type {{ items: Previewed[], skipped: string[], problem: string } | null} */ (null));
  useEffect(() => {
    setFound(null);
    if (value.kind === 'never' || !time.day || !time.time || (value.ends === 'until' ? !value.until : !value.count)) return undefined;
    let wanted = true;
    const ask = async () => {
      try {
        const answer = await post('/api/sessions/preview', { room_id: roomId, planned: plannedOf(time), recurrence: recurrenceOf(value, time) });
        if (wanted) setFound({ ...answer, problem: '' });
      } catch (error) {
        if (wanted) setFound({ items: [], skipped: [], problem: explain(error) });
      }
    };
    const timer = setTimeout(() => void ask(), PAUSE);
    return () => { wanted = false; clearTimeout(timer); };
  }, [JSON.stringify([value, time, roomId])]);
  return found;
}

/** @param {{ value: RepeatsValue, onChange: (value: RepeatsValue) => void, time: TimeValue, roomId: string }} props */
export function RepeatsField({ value, onChange, time, roomId }) {
  const preview = usePreview(value, time, roomId);
  const day = time.day || '2024-01-01';
  const working = WORKING_DAYS.includes(weekdayOf(day));
  const kinds = ['never', 'daily', ...(working ? ['weekdays'] : []), 'weekly', 'fortnightly', 'date', ...(nthOf(day) < 5 ? ['weekday'] : []), ...(isLastOfMonth(day) ? ['last_weekday'] : [])];
  const set = (/** @type {Partial<RepeatsValue>} */ part) => onChange({ ...value, ...part });
  const weekly = value.kind === 'weekly' || value.kind === 'fortnightly';
  // another date may not have what was chosen for the first one
  useEffect(() => { if (!kinds.includes(value.kind)) set({ kind: 'weekly' }); }, [day]);
  return html`
    <div class="field-row">
      <div class="field"><label for="repeats">${_('Repeats')}</label>
        <select id="repeats" onChange=${(/** @type {any} */ event) => set({ kind: event.target.value })}>${kinds.map((kind) => html`<option key=${kind} value=${kind} selected=${kind === value.kind}>${kindWords(kind, day)}</option>`)}</select></div>
      ${value.kind !== 'never' && html`
        <div class="field"><label for="repeats-ends">${_('Ends')}</label>
          <select id="repeats-ends" onChange=${(/** @type {any} */ event) => set({ ends: event.target.value })}>
            <option value="count" selected=${value.ends === 'count'}>${_('after a number')}</option>
            <option value="until" selected=${value.ends === 'until'}>${_('on a date')}</option></select></div>
        ${value.ends === 'count'
          ? html`<div class="field"><label for="repeats-count">${_('How many times')}</label><input id="repeats-count" type="number" required min="1" max="100" value=${value.count} onInput=${(/** @type {any} */ event) => set({ count: Number(event.target.value) })} /></div>`
          : html`<div class="field"><label for="repeats-until">${_('Last day')}</label><input id="repeats-until" type="date" required min=${day} value=${value.until} onInput=${(/** @type {any} */ event) => set({ until: event.target.value })} /></div>`}`}
    </div>
    ${weekly && html`<fieldset class="field"><legend>${_('On these days')}</legend><div class="weekdays">${DAYS.map((each) => html`
      <label key=${each} class="check compact"><input type="checkbox" checked=${daysOf(value, day).includes(each)} disabled=${each === weekdayOf(day)} aria-label=${weekdayName(each)}
        onChange=${(/** @type {any} */ event) => set({ days: event.target.checked ? [...value.days, each] : value.days.filter((one) => one !== each) })} /><span aria-hidden="true">${weekdayName(each, 'short')}</span></label>`)}</div></fieldset>`}
    ${value.kind !== 'never' && html`<div class="series-preview" role="status">${preview ? html`<${Preview} value=${value} time=${time} preview=${preview} />` : html`<p class="quiet">${_('Looking up the dates …')}</p>`}</div>`}
  `;
}

/** @param {{ value: RepeatsValue, time: TimeValue, preview: { items: Previewed[], skipped: string[], problem: string } }} props */
function Preview({ value, time, preview }) {
  const [first] = preview.items;
  if (preview.problem || !first) return html`<p>${preview.problem}</p>`;
  const taken = preview.items.filter((item) => item.conflicts.length);
  const text = (/** @type {Previewed} */ item) => dateText(item.local_start.slice(0, 10));
  return html`
    <p><strong>${_('{rule} at {time}', { rule: ruleWords(value, time.day), time: clockTime(first.starts_at, time.zone) })}, ${ngettext('{n} time', '{n} times', preview.items.length)}.</strong></p>
    <p class="quiet">${listOf([...preview.items.slice(0, MOST_SHOWN).map(text), ...(preview.items.length > MOST_SHOWN ? [ngettext('{n} more', '{n} more', preview.items.length - MOST_SHOWN)] : [])])}</p>
    ${preview.skipped.length > 0 && html`<p class="quiet">${_('Not on {days}: clocks skip this time that day.', { days: listOf(preview.skipped.map((each) => dateText(each.slice(0, 10)))) })}</p>`}
    ${taken.length > 0 && html`<p class="taken">${_('The room or a host has another session on {days}.', { days: listOf(taken.slice(0, MOST_SHOWN).map(text)) })}</p>`}
  `;
}
