/** What all rooms of the organisation, or of one clinic, inherit; and what is decided there for those below. */

import { html, useEffect, useState } from '../../../../vendor/preact.js';
import { explain, get, patch } from '../../../core/api.js';
import { useTopic } from '../../../core/hooks.js';
import { _ } from '../../../core/texts.js';
import { Failed, Loading } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { useApp } from '../../context.js';
import { SettingCard } from './setting-card.js';
import { DEFAULTS, SETTINGS } from './setting-names.js';

/** What holds at a level, and where it comes from. @param {InheritedSettings} inherited @param {string} clinicId empty: of the organisation @param {SettingName} name */
function settingAt(inherited, clinicId, name) {
  const organisation = inherited.organisation;
  const clinic = inherited.clinics.find((one) => one.clinic_id === clinicId);
  const lockedBy = clinicId && organisation.locked.includes(name) ? /** @type {const} */ ('organisation') : undefined;
  const given = clinicId && !lockedBy ? clinic?.[name] ?? null : null;
  const own = clinicId ? given !== null : organisation[name] !== null;
  const from = /** @type {SettingLevel} */ (given !== null ? 'clinic' : organisation[name] !== null ? 'organisation' : 'default');
  return { name, value: given ?? organisation[name] ?? DEFAULTS[name], from, lockedBy, own, locks: (clinicId ? clinic : organisation)?.locked.includes(name) ?? false };
}

export function InheritedSettingsPage() {
  const { clinics } = useApp().me.organisation;
  const rooms = useTopic('rooms');
  const [clinicId, setClinicId] = useState('');
  const [inherited, setInherited] = useState(/** @type {InheritedSettings | null} */ (null));
  const [problem, setProblem] = useState('');
  const read = () => get('/api/settings/rooms').then((found) => { setInherited(found); setProblem(''); }, (error) => setProblem(explain(error)));
  // whoever changes them has every page of rooms shown anew
  useEffect(() => void read(), [rooms.snapshots]);
  const change = async (/** @type {object} */ wanted) => {
    const path = clinicId ? `/api/clinics/${clinicId}/settings/rooms` : '/api/settings/rooms';
    setInherited(await patch(path, { ...wanted, version: inherited?.version }));
    toast(_('Saved.'));
  };
  if (problem) return html`<${Failed} text=${problem} onRetry=${read} />`;
  if (!inherited) return html`<${Loading} lines=${5} />`;
  const locked = (clinicId ? inherited.clinics.find((one) => one.clinic_id === clinicId) : inherited.organisation)?.locked ?? [];
  return html`
    <h2>${_('Settings for all rooms')}</h2>
    <div class="field compact"><label for="level">${_('For the rooms of')}</label>
      <select id="level" onChange=${(/** @type {any} */ event) => setClinicId(event.target.value)}>
        <option value="" selected=${!clinicId}>${_('the whole organisation')}</option>
        ${clinics.map((clinic) => html`<option value=${clinic.id} selected=${clinic.id === clinicId}>${clinic.name}</option>`)}</select></div>
    <p class="quiet">${_('Rooms use what is set here, unless their clinic or the room itself sets something else. What is decided here for all below cannot be set otherwise there.')}</p>
    ${SETTINGS.map((name) => html`<${SettingCard} key=${`${clinicId} ${name}`} setting=${settingAt(inherited, clinicId, name)}
      onSave=${(/** @type {any} */ value) => change({ settings: { [name]: value } })}
      onGiveBack=${() => change({ settings: { [name]: null } })}
      onLock=${(/** @type {boolean} */ locks) => change({ locked: locks ? [...locked, name] : locked.filter((one) => one !== name) })} />`)}
  `;
}
