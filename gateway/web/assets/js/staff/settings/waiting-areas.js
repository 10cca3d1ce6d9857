/** Settings, Waiting Areas: each clinic with its Waiting Area, or the button that makes one. */

import { html, useState } from '../../../vendor/preact.js';
import { explain, post } from '../../core/api.js';
import { followLink, go } from '../../core/route.js';
import { _ } from '../../core/texts.js';
import { Icon } from '../../parts/icons.js';
import { Failed, Loading } from '../../parts/states.js';
import { useApp } from '../context.js';
import { PlanRefusal, limitOf } from '../plan-refusal.js';
import { useAreas } from '../rooms.js';
import { AreaState } from '../waiting-area/area-state.js';
import { AreaSettingsPage } from './areas/area-settings.js';

/** @param {{ rest: string }} props `rest`: of the address, an area's id, or nothing for the list */
export function WaitingAreasSection({ rest }) {
  if (rest) return html`<p><a href="/settings/waiting-areas" onClick=${followLink}>${_('All Waiting Areas')}</a></p><${AreaSettingsPage} id=${rest} key=${rest} />`;
  return html`<${AreaList} />`;
}

function AreaList() {
  const { me } = useApp();
  const { areas, topic, ready, problem } = useAreas();
  const [refused, setRefused] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const included = me.entitlements.plan.waiting_area;
  const clinics = [...me.organisation.clinics].sort((one, other) => one.name.localeCompare(other.name));
  const make = async (/** @type {string} */ clinicId) => {
    setBusy(true);
    setRefused(null);
    try {
      const made = await post('/api/waiting-areas', { clinic_id: clinicId });
      topic.note(`area/${made.id}`, made);
      go(`/settings/waiting-areas/${made.id}`);
    } catch (error) {
      setRefused(error);
      setBusy(false);
    }
  };
  const limit = limitOf(refused);
  return html`
    <p class="quiet">${_('The Waiting Area of a clinic is one queue that all of its staff see. Whoever is free lets the next one in, into their own room.')}</p>
    ${!included && html`<div class="notice"><${Icon} name="plan" /><p>${_('The {plan} plan includes no Waiting Area. What is here from a larger plan is kept, and takes nobody more.', { plan: me.entitlements.plan.name })}</p><a class="button small" href="/settings/plan" onClick=${followLink}>${_('See the plans')}</a></div>`}
    ${limit ? html`<${PlanRefusal} limit=${limit} alert=${true} />` : refused ? html`<${Failed} text=${explain(refused)} />` : null}
    ${problem ? html`<${Failed} text=${problem.detail} />` : !ready && html`<${Loading} lines=${3} />`}
    ${ready && html`<ul class="area-cards">${clinics.map((clinic) => {
      const area = areas.find((one) => one.clinic_id === clinic.id);
      return html`
        <li key=${clinic.id} class="card area-card">
          <div class="area-text"><h2>${area?.name ?? clinic.name}</h2>
            <p>${area ? html`<${AreaState} area=${area} />` : html`<span class="quiet">${_('no Waiting Area')}</span>`}</p></div>
          <div class="area-actions">${area
            ? html`<a class="button small" href=${`/settings/waiting-areas/${area.id}`} aria-label=${_('Settings of {name}', { name: area.name })} onClick=${followLink}><${Icon} name="gear" />${_('Settings')}</a>`
            : included && html`<button type="button" class="button small" disabled=${busy} aria-label=${_('Make a Waiting Area for {name}', { name: clinic.name })} onClick=${() => make(clinic.id)}><${Icon} name="plus" />${_('Make a Waiting Area')}</button>`}</div>
        </li>`;
    })}</ul>`}
  `;
}
