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

/** @param {{ caller: Pick<Caller, 'id' | 'display_name' | 'room_id' | 'area_id' | 'state'>, onClose: () => void }} props */
export function TransferDialog({ caller, onClose }) {
  const { me } = useApp();
  const [places, setPlaces] = useState(/** @type {Destination[] | null} */ (null));
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState(/** @type {Destination | null} */ (null));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [warm, setWarm] = useState(true);
  const [note, setNote] = useState('');
  // who is in the call can be handed over in person, to whoever has a room of their own
  const canMeet = Boolean(chosen?.owner_member_id) && chosen?.owner_member_id !== me.member.id && caller.state === 'in_call';
  const meets = canMeet && warm;
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
      if (meets) await post(`/api/callers/${caller.id}/handovers`, { member_id: chosen.owner_member_id, note });
      else await post(`/api/callers/${caller.id}/transfer`, chosen.kind === 'area' ? { area_id: chosen.id } : { room_id: chosen.id });
      if (!meets) toast(_('{name} waits in {place} now.', { name: caller.display_name, place: chosen.name }));
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} name="transfer" title=${_('Transfer {name}', { name: caller.display_name })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="transfer" class="button primary" disabled=${busy || !chosen}>${meets ? _('Offer handover') : _('Transfer')}</button>`}>
      <form id="transfer" onSubmit=${transfer}>
        ${!canMeet && html`<p>${_('They leave this call or queue and wait there, on the same page, until somebody accepts them.')}</p>`}
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
        ${canMeet && html`<${How} name=${chosen?.name ?? ''} caller=${caller.display_name} warm=${warm} setWarm=${setWarm} note=${note} setNote=${setNote} />`}
      </form>
    <//>
  `;
}

/** @param {{ name: string, caller: string, warm: boolean, setWarm: (warm: boolean) => void, note: string, setNote: (note: string) => void }} props */
const How = ({ name, caller, warm, setWarm, note, setNote }) => html`
  <fieldset class="how">
    <legend>${_('How')}</legend>
    <label class="destination"><input type="radio" name="how" checked=${warm} onChange=${() => setWarm(true)} /><span><strong>${_('Speak with {name} first', { name })}</strong><span class="quiet">${_('{caller} is on hold while you two speak, then comes in', { caller })}</span></span></label>
    <label class="destination"><input type="radio" name="how" checked=${!warm} onChange=${() => setWarm(false)} /><span><strong>${_('They wait there')}</strong><span class="quiet">${_('until {name} accepts them', { name })}</span></span></label>
  </fieldset>
  ${warm && html`<div class="field"><label for="handover-note">${_('Note to {name} (optional)', { name })}</label><span class="hint" id="handover-note-hint">${_('Only you two read it. It is gone when the call ends, unless one of you keeps it.')}</span>
    <textarea id="handover-note" aria-describedby="handover-note-hint" rows="3" maxlength="2000" value=${note} onInput=${(/** @type {any} */ event) => setNote(event.target.value)}></textarea></div>`}
`;

/** @param {Destination} place @param {string | undefined} clinic */
function facts(place, clinic) {
  const kind = place.kind === 'area' ? _('Waiting Area') : place.owner_member_id ? _('User Room') : _('Meeting Room');
  const now = place.closed_by ? _('closed now') : place.waiting ? ngettext('{n} person waits', '{n} people wait', place.waiting) : '';
  return [kind, clinic, now].filter(Boolean).join(' · ');
}
