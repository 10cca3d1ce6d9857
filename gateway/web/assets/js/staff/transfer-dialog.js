/** Handing somebody on: to the Waiting Area of any clinic, or to a room, where somebody else lets them into a new call. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { explain, get, post } from '../core/api.js';
import { _, ngettext } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icons.js';
import { Failed, Loading } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { useApp } from './context.js';

/** @typedef {{ kind: 'area' | 'room', id: Id, name: string, clinic_id: Id | null, owner_member_id?: Id | null, closed_by: string | null, waiting: number | null }} Destination */

const SEARCHED_FROM = 8;

/** @param {{ caller: Pick<Caller, 'id' | 'display_name' | 'room_id' | 'area_id'>, onClose: () => void }} props */
export function TransferDialog({ caller, onClose }) {
  const { me } = useApp();
  const [places, setPlaces] = useState(/** @type {Destination[] | null} */ (null));
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState(/** @type {Destination | null} */ (null));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const load = () => {
    setProblem('');
    get('/api/callers/destinations').then(({ items }) => setPlaces(items), (error) => setProblem(explain(error)));
  };
  useEffect(load, []);
  const clinic = (/** @type {Destination} */ { clinic_id: id }) => me.organisation.clinics.find((one) => one.id === id)?.name;
  const elsewhere = (places ?? []).filter(({ id }) => id !== (caller.room_id ?? caller.area_id));
  const shown = elsewhere.filter((place) => `${place.name} ${clinic(place) ?? ''}`.toLowerCase().includes(words.trim().toLowerCase()));
  const transfer = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!chosen) return;
    setBusy(true);
    setProblem('');
    try {
      await post(`/api/callers/${caller.id}/transfer`, chosen.kind === 'area' ? { area_id: chosen.id } : { room_id: chosen.id });
      toast(_('{name} waits in {place} now.', { name: caller.display_name, place: chosen.name }));
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} name="transfer" title=${_('Transfer {name}', { name: caller.display_name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="transfer" class="button primary" disabled=${busy || !chosen}>${_('Transfer')}</button>`}>
      <form id="transfer" onSubmit=${transfer}>
        <p>${_('They leave this call or queue and wait there, on the same page, until somebody accepts them.')}</p>
        ${problem && html`<${Failed} text=${problem} onRetry=${places ? undefined : load} />`}
        ${!places && !problem && html`<${Loading} lines=${3} />`}
        ${elsewhere.length >= SEARCHED_FROM && html`<div class="field"><label for="transfer-search">${_('Search')}</label>
          <input id="transfer-search" type="search" value=${words} onInput=${(/** @type {any} */ event) => setWords(event.target.value)} /></div>`}
        ${places && !shown.length && html`<p class="quiet">${elsewhere.length ? _('No place fits.') : _('There is no other room or Waiting Area.')}</p>`}
        <ul class="destinations" aria-label=${_('Whereto')}>
          ${shown.map((place) => html`
            <li key=${place.id}><label class=${place.closed_by ? 'destination closed' : 'destination'}>
              <input type="radio" name="destination" value=${place.id} disabled=${Boolean(place.closed_by)} checked=${chosen?.id === place.id} onChange=${() => setChosen(place)} />
              <${Icon} name=${place.kind === 'area' ? 'waiting' : 'door'} />
              <span><strong>${place.name}</strong><span class="quiet">${facts(place, clinic(place))}</span></span>
            </label></li>`)}
        </ul>
      </form>
    <//>
  `;
}

/** @param {Destination} place @param {string | undefined} clinic */
function facts(place, clinic) {
  const kind = place.kind === 'area' ? _('Waiting Area') : place.owner_member_id ? _('User Room') : _('Meeting Room');
  const now = place.closed_by ? _('closed now') : place.waiting ? ngettext('{n} person waits', '{n} people wait', place.waiting) : '';
  return [kind, clinic, now].filter(Boolean).join(' · ');
}
