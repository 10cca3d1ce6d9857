/** The opening hours of a week: any number of times on each day, or always open. */

import { html } from '../../../../vendor/preact.js';
import { _ } from '../../../core/texts.js';
import { Icon } from '../../../parts/icons.js';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const USUAL = DAYS.slice(0, 5).map((weekday) => ({ weekday, opens: '09:00', closes: '17:00' }));

/** A weekday by its place; 2024 began with a Monday. @param {number} place */
const nameOf = (place) => new Intl.DateTimeFormat(document.documentElement.lang, { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + place)));

/** @param {{ hours: Opening[] | null, onChange: (hours: Opening[] | null) => void }} props */
export function HoursEditor({ hours, onChange }) {
  const change = (/** @type {Opening} */ which, /** @type {Partial<Opening>} */ more) => onChange((hours ?? []).map((one) => (one === which ? { ...one, ...more } : one)));
  const drop = (/** @type {Opening} */ which) => {
    const left = (hours ?? []).filter((one) => one !== which);
    onChange(left.length ? left : null);
  };
  const add = (/** @type {string} */ weekday) => onChange([...(hours ?? []), { weekday, opens: '09:00', closes: '17:00' }].sort((one, other) => DAYS.indexOf(one.weekday) - DAYS.indexOf(other.weekday) || one.opens.localeCompare(other.opens)));
  return html`
    <label class="check compact"><input type="checkbox" checked=${!hours} onChange=${(/** @type {any} */ event) => onChange(event.target.checked ? null : USUAL)} /><span>${_('Always open')}</span></label>
    ${hours && html`<ul class="hours">${DAYS.map((weekday, place) => {
      const name = nameOf(place);
      const times = hours.filter((one) => one.weekday === weekday);
      return html`
        <li key=${weekday} class="hours-day"><span class="hours-name">${name}</span>
          <div class="hours-times">
            ${!times.length && html`<span class="quiet">${_('closed')}</span>`}
            ${times.map((time) => html`
              <span class="hours-time">
                <input type="time" required aria-label=${_('{day}, opens at', { day: name })} value=${time.opens} onChange=${(/** @type {any} */ event) => change(time, { opens: event.target.value })} />
                <span aria-hidden="true">–</span>
                <input type="time" required aria-label=${_('{day}, closes at', { day: name })} value=${time.closes} onChange=${(/** @type {any} */ event) => change(time, { closes: event.target.value })} />
                ${time.closes <= time.opens && html`<span class="quiet">${_('on the next day')}</span>`}
                <button type="button" class="button quiet square small" aria-label=${_('Remove: {day}, {opens}', { day: name, opens: time.opens })} onClick=${() => drop(time)}><${Icon} name="close" /></button>
              </span>`)}
          </div>
          <button type="button" class="button quiet square small" aria-label=${_('Add a time on {day}', { day: name })} onClick=${() => add(weekday)}><${Icon} name="plus" /></button>
        </li>`;
    })}</ul>`}
  `;
}
