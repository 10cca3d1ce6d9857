/** The settings of one Waiting Area: its name and hours, what it asks of those who come, and its link. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, post } from '../../../core/api.js';
import { _ } from '../../../core/texts.js';
import { zoneChoices } from '../../../core/zones.js';
import { CopyButton } from '../../../parts/copy.js';
import { Question } from '../../../parts/dialog.js';
import { Icon } from '../../../parts/icons.js';
import { Empty, Failed, Loading } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { useApp } from '../../context.js';
import { useAreas } from '../../rooms.js';
import { AreaState, areaAddress } from '../../waiting-area/area-state.js';
import { EntryFieldsEditor, fieldsProblem, fieldsToSave } from '../rooms/entry-fields.js';
import { AreaCard } from './area-card.js';
import { HoursEditor } from './hours-editor.js';

/** @param {{ id: string }} props */
export function AreaSettingsPage({ id }) {
  const { me } = useApp();
  const { areas, ready, problem } = useAreas();
  const area = areas.find((one) => one.id === id);
  if (problem) return html`<${Failed} text=${problem.detail} />`;
  if (!ready) return html`<${Loading} lines=${5} />`;
  if (!area) return html`<${Empty} icon="waiting" title=${_('There is no such Waiting Area')}><p>${_('Choose one in the list.')}</p><//>`;
  const titles = { consent_text: _('Consent'), waiting_content: _('While they wait'), emergency_text: _('Who feels worse') };
  const text = (/** @type {keyof typeof titles} */ name) => (/** @type {any} */ draft, /** @type {(draft: any) => void} */ set, /** @type {string} */ help) => html`
    <div class="field compact"><label for=${`area-${name}`} class="for-screen-reader">${titles[name]}</label>
      <textarea id=${`area-${name}`} rows="4" maxlength="5000" dir="auto" aria-describedby=${help} value=${draft} onInput=${(/** @type {any} */ event) => set(event.target.value)}></textarea></div>`;
  return html`
    <header class="setting-room-head"><div><h2>${area.name}</h2><p><${AreaState} area=${area} /></p></div></header>
    <${LinkCard} area=${area} />
    <${AreaCard} area=${area} name="name" title=${_('Name')} help=${_('What those who come read above everything.')}
      draw=${(/** @type {any} */ draft, /** @type {any} */ set, /** @type {string} */ help) => html`<div class="field compact"><label for="area-name" class="for-screen-reader">${_('Name')}</label>
        <input id="area-name" maxlength="80" required dir="auto" aria-describedby=${help} value=${draft} onInput=${(/** @type {any} */ event) => set(event.target.value)} /></div>`} />
    <${AreaCard} area=${area} name="zone" title=${_('Time zone')} help=${_('The opening hours are times of this zone, in summer and in winter.')}
      draw=${(/** @type {any} */ draft, /** @type {any} */ set, /** @type {string} */ help) => html`<div class="field compact"><label for="area-zone" class="for-screen-reader">${_('Time zone')}</label>
        <select id="area-zone" aria-describedby=${help} onChange=${(/** @type {any} */ event) => set(event.target.value)}>${zoneChoices(draft).map((zone) => html`<option value=${zone} selected=${zone === draft}>${zone.replace(/_/g, ' ')}</option>`)}</select></div>`} />
    <${AreaCard} area=${area} name="hours" title=${_('Opening hours')} help=${_('Who comes outside of them reads when you open. Who waits already stays.')}
      draw=${(/** @type {any} */ draft, /** @type {any} */ set) => html`<${HoursEditor} hours=${draft} onChange=${set} />`} />
    <${AreaCard} area=${area} name="entry_fields" title=${_('Questions on arrival')} help=${_('What you ask of everybody who arrives, before they wait. You see the answers on their card.')}
      problemOf=${fieldsProblem} toSave=${fieldsToSave}
      draw=${(/** @type {any} */ draft, /** @type {any} */ set) => html`<${EntryFieldsEditor} id="area-fields" fields=${draft} disabled=${false} onChange=${set} />`} />
    <${AreaCard} area=${area} name="consent_text" title=${_('Consent')} help=${_('A text that everybody must agree to before they wait. Which text was agreed to, and when, is kept. Left empty, nobody is asked.')} draw=${text('consent_text')} />
    <${AreaCard} area=${area} name="waiting_content" title=${_('While they wait')} help=${_('What those who wait read: what to have ready, whom to ask. Lines are kept, and addresses beginning with https:// become links.')} draw=${text('waiting_content')} />
    <${AreaCard} area=${area} name="emergency_text" title=${_('Who feels worse')} help=${_('What is shown to who presses “I feel worse” while they wait: what to do, which number to call. Left empty, they read to call the emergency number. You are told at once in any case.')} draw=${text('emergency_text')} />
    <${AreaCard} area=${area} name="attention_minutes" title=${_('Attention')} help=${_('After so many minutes the waiting time of a person turns to the colour of attention.')}
      draw=${(/** @type {any} */ draft, /** @type {any} */ set, /** @type {string} */ help) => html`<div class="field compact narrow"><label for="area-attention">${_('Minutes')}</label>
        <input id="area-attention" type="number" min="1" max="1440" required aria-describedby=${help} value=${draft} onInput=${(/** @type {any} */ event) => set(Number(event.target.value))} /></div>`} />
    <${AreaCard} area=${area} name="alert_minutes" title=${_('Who is on duty')} help=${_('After so many minutes in which nobody has seen somebody who waits, everybody on duty in this clinic gets an e-mail, without a name. 0 for never. Who feels worse is told of at once in any case.')}
      draw=${minutes('area-alert', 0)} />
    <${AreaCard} area=${area} name="next_clinic_id" title=${_('The next site')} help=${_('Whose people on duty are told when those of this clinic have not looked either, or when nobody is on duty here.')}
      draw=${(/** @type {any} */ draft, /** @type {any} */ set, /** @type {string} */ help) => html`<div class="field compact"><label for="area-next" class="for-screen-reader">${_('The next site')}</label>
        <select id="area-next" aria-describedby=${help} onChange=${(/** @type {any} */ event) => set(event.target.value || null)}><option value="" selected=${!draft}>${_('None')}</option>
          ${me.organisation.clinics.filter(({ id: one }) => one !== area.clinic_id).map((clinic) => html`<option key=${clinic.id} value=${clinic.id} selected=${clinic.id === draft}>${clinic.name}</option>`)}</select></div>`} />
    ${area.next_clinic_id && html`<${AreaCard} area=${area} name="next_clinic_minutes" title=${_('Until the next site is told')} help=${_('So many minutes after this clinic was told.')} draw=${minutes('area-next-minutes', 1)} />`}
    <${AreaCard} area=${area} name="show_wait" title=${_('Place and waiting time')} help=${_('Whether those who wait see how many are before them and, once there were enough consultations, how long it will probably take.')}
      draw=${(/** @type {any} */ draft, /** @type {any} */ set, /** @type {string} */ help) => html`<label class="check compact"><input type="checkbox" aria-describedby=${help} checked=${draft} onChange=${(/** @type {any} */ event) => set(event.target.checked)} /><span>${_('Show them their place and how long it may take')}</span></label>`} />
  `;
}

/** A number of minutes, at most four hours. @param {string} id @param {number} least */
const minutes = (id, least) => (/** @type {any} */ draft, /** @type {(draft: any) => void} */ set, /** @type {string} */ help) => html`
  <div class="field compact narrow"><label for=${id}>${_('Minutes')}</label>
    <input id=${id} type="number" min=${least} max="240" required aria-describedby=${help} value=${draft} onInput=${(/** @type {any} */ event) => set(Number(event.target.value))} /></div>`;

/** Its link, a snippet for the clinic's own website, and a new link. @param {{ area: WaitingArea }} props */
function LinkCard({ area }) {
  const [asking, setAsking] = useState(false);
  const address = areaAddress(area);
  const snippet = `<a href="${address}" target="_blank" rel="noopener">${escaped(_('Come in to {name}', { name: area.name }))}</a>`;
  const renew = () => post(`/api/waiting-areas/${area.id}/link`).then(
    () => toast(_('The Waiting Area has a new link. The old one no longer works.')),
    (error) => toast(explain(error), { kind: 'problem' }),
  );
  return html`
    <section class="card setting" aria-labelledby="area-link">
      <div class="setting-head"><h3 id="area-link">${_('Link')}</h3></div>
      <p class="room-link" dir="ltr"><${Icon} name="link" /><span>${address}</span></p>
      <p class="setting-actions"><${CopyButton} text=${address} label=${_('Copy the link')} class="button small" />
        <button type="button" class="button small" onClick=${() => setAsking(true)}><${Icon} name="renew" />${_('Make a new link')}</button></p>
      <p class="quiet">${_('For your website: put this where people should find it. It opens in a tab of its own, because other sites cannot frame a page that uses the camera.')}</p>
      <pre class="snippet" dir="ltr" tabindex="0"><code>${snippet}</code></pre>
      <p class="setting-actions"><${CopyButton} text=${snippet} label=${_('Copy the code')} class="button small" /></p>
      ${asking && html`<${Question} title=${_('Make a new link?')} danger=${true} action=${_('Make a new link')} onYes=${renew} onClose=${() => setAsking(false)}
        text=${_('The old link stops at once, everywhere, on your website too. Who waits already stays.')} />`}
    </section>
  `;
}

/** As it stands in HTML. @param {string} text */
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
