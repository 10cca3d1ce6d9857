/** Settings, Mail: what mails and calendar entries say, and who gets the replies; for the organisation, or otherwise in a clinic. */

import { html, useEffect, useState } from '../../../vendor/preact.js';
import { explain, get, patch } from '../../core/api.js';
import { _, currentLanguage } from '../../core/texts.js';
import { Failed, Loading } from '../../parts/states.js';
import { toast } from '../../parts/toasts.js';
import { forgetChannels, useChannels } from '../channels.js';
import { useApp } from '../context.js';

/** @typedef {{ neutral: boolean, reply_to: 'sender' | 'clinic', shown_name: string | null, phone_region?: string | null }} MailSettings */
/** @typedef {{ organisation: MailSettings, clinics: (MailSettings & { clinic_id: Id })[] }} Every */

export function MailSection() {
  const { me } = useApp();
  const [every, setEvery] = useState(/** @type {Every | null} */ (null));
  const [clinicId, setClinicId] = useState('');
  const [problem, setProblem] = useState('');
  const load = () => {
    setProblem('');
    get('/api/settings/mail').then(setEvery, (error) => setProblem(explain(error)));
  };
  useEffect(load, []);
  if (!every) return problem ? html`<${Failed} text=${problem} onRetry=${load} />` : html`<${Loading} lines=${5} />`;
  const { clinics } = me.organisation;
  const own = every.clinics.find((one) => one.clinic_id === clinicId);
  return html`
    ${clinics.length > 1 && html`
      <div class="field"><label for="mail-clinic">${_('For')}</label>
        <select id="mail-clinic" value=${clinicId} onChange=${(/** @type {any} */ event) => setClinicId(event.target.value)}>
          <option value="">${_('the whole organisation')}</option>
          ${clinics.map((clinic) => html`<option key=${clinic.id} value=${clinic.id}>${clinic.name}</option>`)}</select>
        ${clinicId && !own && html`<p class="quiet">${_('This clinic goes by the organisation until you save something else for it.')}</p>`}</div>`}
    <${Wording} key=${clinicId} clinicId=${clinicId} known=${own ?? every.organisation} onSaved=${setEvery} />
  `;
}

/** Regions with their names in the reader's language, by name. @param {string[]} regions @returns {[string, string][]} */
function named(regions) {
  const names = new Intl.DisplayNames(currentLanguage(), { type: 'region' });
  const found = regions.map((key) => /** @type {[string, string]} */ ([key, names.of(key) ?? key]));
  return found.sort((one, other) => one[1].localeCompare(other[1], currentLanguage()));
}

/** @param {{ clinicId: string, known: MailSettings, onSaved: (every: Every) => void }} props */
function Wording({ clinicId, known, onSaved }) {
  const { me } = useApp();
  const [neutral, setNeutral] = useState(known.neutral);
  const [replyTo, setReplyTo] = useState(known.reply_to);
  const [shownName, setShownName] = useState(known.shown_name ?? '');
  const [region, setRegion] = useState(known.phone_region ?? '');
  const { texts, phone_regions: regions } = useChannels();
  const chosen = texts && !clinicId;
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const mayChange = ['owner', 'admin'].includes(me.member.role);
  const address = me.organisation.contact_email;
  const save = async () => {
    setBusy(true);
    setProblem('');
    try {
      onSaved(await patch('/api/settings/mail', { clinic_id: clinicId || null, neutral, reply_to: replyTo, shown_name: shownName.trim() || null, ...(chosen ? { phone_region: region || null } : {}) }));
      forgetChannels();
      toast(_('Saved. It holds for invitations from now on.'));
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  };
  return html`
    <form onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void save(); }}>
      ${problem && html`<${Failed} text=${problem} />`}
      <fieldset class="ticks options" disabled=${!mayChange || busy}>
        <legend>${_('What mails and calendar entries say')}</legend>
        <label class="tick"><input type="radio" name="wording" checked=${!neutral} onChange=${() => setNeutral(false)} />
          <span><strong>${_('Everything')}</strong><span class="quiet">${_('Title, message, and who invites.')}</span></span></label>
        <label class="tick"><input type="radio" name="wording" checked=${neutral} onChange=${() => setNeutral(true)} />
          <span><strong>${_('Neutral')}</strong><span class="quiet">${_('“Your video call”, the time and the link: no title, no message, no name of a person. For mailboxes and calendars that others may see.')}</span></span></label>
      </fieldset>
      <fieldset class="ticks options" disabled=${!mayChange || busy || neutral}>
        <legend>${_('Who gets the replies')}</legend>
        <label class="tick"><input type="radio" name="replies" checked=${replyTo === 'sender' && !neutral} onChange=${() => setReplyTo('sender')} />
          <span><strong>${_('Who invites')}</strong><span class="quiet">${_('Clients can fill in forms and send them back.')}</span></span></label>
        <label class="tick"><input type="radio" name="replies" checked=${replyTo === 'clinic' || neutral} onChange=${() => setReplyTo('clinic')} />
          <span><strong>${_('The clinic')}</strong><span class="quiet">${address ? html`<span dir="ltr">${address}</span>` : _('Your organisation has no e-mail address yet; it is set under Organisation.')}</span></span></label>
      </fieldset>
      <div class="field"><label for="shown-name">${_('Name shown for the organisation')}</label>
        <input id="shown-name" maxlength="80" value=${shownName} placeholder=${me.organisation.name} disabled=${!mayChange || busy} aria-describedby="shown-name-hint"
          onInput=${(/** @type {any} */ event) => setShownName(event.target.value)} />
        <p class="quiet" id="shown-name-hint">${_('Leave it empty for {name}. Choose another where the name itself says too much.', { name: me.organisation.name })}</p></div>
      ${chosen && html`<div class="field"><label for="phone-region">${_('Telephone numbers without a country code')}</label>
        <select id="phone-region" value=${region} disabled=${!mayChange || busy} aria-describedby="phone-region-hint" onChange=${(/** @type {any} */ event) => setRegion(event.target.value)}>
          <option value="">${_('are refused')}</option>
          ${named(regions).map(([key, name]) => html`<option key=${key} value=${key}>${name}</option>`)}</select>
        <p class="quiet" id="phone-region-hint">${_('Where they are, so that invitations by text message reach them.')}</p></div>`}
      ${mayChange ? html`<p><button type="submit" class="button primary" disabled=${busy}>${_('Save')}</button></p>` : html`<p class="quiet">${_('Owners and administrators can change this.')}</p>`}
    </form>
  `;
}
