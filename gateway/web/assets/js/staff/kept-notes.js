/** Notes of handovers that were kept, on the Dashboard, until one of the two lets them go. */

import { html } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { _, clockTime, shortDate } from '../core/texts.js';
import { toast } from '../parts/toasts.js';
import { useApp } from './context.js';
import { useHandovers } from './handovers.js';

export function KeptNotes() {
  const { me } = useApp();
  const kept = useHandovers().filter((one) => one.over_at && one.note_kept);
  if (!kept.length) return null;
  const letGo = (/** @type {Handover} */ { id }) => post(`/api/handovers/${id}/note`, { kept: false }).catch((error) => toast(explain(error), { kind: 'problem' }));
  return html`
    <section aria-labelledby="kept-notes">
      <h2 id="kept-notes">${_('Notes that were kept')}</h2>
      <ul class="cards">${kept.map((one) => html`
        <li class="card kept-note" key=${one.id}>
          <h3>${one.caller_name}</h3>
          <p class="quiet">${shortDate(one.offered_at)}, ${clockTime(one.offered_at)} · ${one.from_member_id === me.member.id ? _('handed over to {name}', { name: one.to_name }) : _('handed over by {name}', { name: one.from_name })}</p>
          <p class="as-typed" dir="auto">${one.note}</p>
          <p><button type="button" class="button small" aria-label=${_('Delete the note about {caller}', { caller: one.caller_name })} onClick=${() => letGo(one)}>${_('Delete')}</button></p>
        </li>`)}</ul>
    </section>
  `;
}
