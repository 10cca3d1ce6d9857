/** Searching, filtering and sorting who waits. */

import { html } from '../../../vendor/preact.js';
import { _ } from '../../core/texts.js';
import { byArrival, useRooms } from '../rooms.js';

/** @typedef {{ words: string, place: string, order: string }} Wanted `place`: the id of a room or Waiting Area, '' for all */

/** @param {Caller} caller */
const placeOf = (caller) => caller.room_id ?? caller.area_id ?? '';

/** Those who fit, in the order that is wanted. @param {Caller[]} callers @param {Wanted} wanted @param {WaitingArea[]} areas */
export function shownOf(callers, { words, place, order }, areas) {
  const sought = words.trim().toLocaleLowerCase();
  const said = (/** @type {Caller} */ caller) => [caller.display_name, caller.invited_name ?? '', ...(caller.answers ?? []).map((answer) => answer.value)].join('\n').toLocaleLowerCase();
  const found = callers.filter((caller) => (!place || placeOf(caller) === place) && (!sought || said(caller).includes(sought)));
  const name = (/** @type {Caller} */ caller) => areas.find((area) => area.id === caller.area_id)?.name ?? '';
  if (order === 'longest') return [...found].sort(byArrival);
  if (order === 'newest') return [...found].sort((one, other) => byArrival(other, one));
  if (order === 'name') return [...found].sort((one, other) => one.display_name.localeCompare(other.display_name) || byArrival(one, other));
  if (order === 'place') return [...found].sort((one, other) => name(one).localeCompare(name(other)) || byArrival(one, other));
  return found;
}

/** @param {{ wanted: Wanted, onChange: (wanted: Wanted) => void, areas: WaitingArea[], callers: Caller[] }} props */
export function QueueTools({ wanted, onChange, areas, callers }) {
  const { all } = useRooms();
  const used = new Set(callers.map(placeOf));
  const places = [...areas, ...all].filter((place) => used.has(place.id) || place.id === wanted.place);
  const orders = [['turn', _('As it is their turn')], ['longest', _('Longest waiting first')], ['newest', _('Newest first')], ['name', _('By name')], ['place', _('By Waiting Area')]];
  const set = (/** @type {keyof Wanted} */ what) => (/** @type {any} */ event) => onChange({ ...wanted, [what]: event.target.value });
  return html`
    <div class="queue-tools" role="search">
      <div class="field compact"><label for="queue-words">${_('Search')}</label>
        <input id="queue-words" type="search" dir="auto" value=${wanted.words} placeholder=${_('Name or answer')} onInput=${set('words')} /></div>
      <div class="field compact"><label for="queue-place">${_('Where they wait')}</label>
        <select id="queue-place" onChange=${set('place')}><option value="" selected=${!wanted.place}>${_('Everywhere')}</option>
          ${places.map((place) => html`<option value=${place.id} selected=${place.id === wanted.place}>${place.name}</option>`)}</select></div>
      <div class="field compact"><label for="queue-order">${_('Order')}</label>
        <select id="queue-order" onChange=${set('order')}>${orders.map(([key, name]) => html`<option value=${key} selected=${key === wanted.order}>${name}</option>`)}</select></div>
    </div>
  `;
}
