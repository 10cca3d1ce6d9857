/** The settings of one room: its name, lock and link, and what it asks of those who arrive; each with where it comes from. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, patch } from '../../../core/api.js';
import { useTopic } from '../../../core/hooks.js';
import { followLink } from '../../../core/route.js';
import { _ } from '../../../core/texts.js';
import { Badge } from '../../../parts/badge.js';
import { CopyButton, roomAddress } from '../../../parts/copy.js';
import { Icon } from '../../../parts/icons.js';
import { Empty, Failed, Loading } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { useApp } from '../../context.js';
import { PlanRefusal, limitOf } from '../../plan-refusal.js';
import { NewLinkDialog } from '../../room-dialogs.js';
import { SettingCard } from './setting-card.js';
import { SETTINGS } from './setting-names.js';
import { useLimits } from './use-limits.js';

/** @param {{ id: string }} props */
export function RoomSettingsPage({ id }) {
  const topic = useTopic('rooms');
  const room = /** @type {Room | undefined} */ (topic.all('room').find((one) => one.id === id));
  if (topic.problem) return html`<${Failed} text=${topic.problem.detail} />`;
  if (!topic.ready) return html`<${Loading} lines=${5} />`;
  if (!room || room.state === 'removed') return html`<${Empty} icon="door" title=${_('There is no such room')}><p>${_('It may have been removed, or belong to somebody else. Choose a room in the menu.')}</p><//>`;
  return html`
    <header class="setting-room-head">
      <div><h2>${room.name}</h2><p class="quiet">${room.kind === 'user' ? _('User Room: only its owner hosts in it') : _('Meeting Room: shared by your organisation')}</p></div>
      <a class="button small" href=${`/rooms/${room.id}`} onClick=${followLink}><${Icon} name="door" />${_('Open the room')}</a>
    </header>
    ${!room.may_host && html`<p class="notice"><${Icon} name="lock" /><span>${_('Only those who host in this room change it. You can look.')}</span></p>`}
    ${room.state === 'suspended' && html`<${Suspended} />`}
    <${NameCard} room=${room} />
    <${LockCard} room=${room} />
    <${LinkCard} room=${room} />
    <${ClinicCard} room=${room} />
    ${SETTINGS.map((name) => html`<${SettingCard} key=${name} disabled=${!room.may_host} setting=${{
      name, value: room.settings[name], from: room.settings.given_by[name] ?? 'default', lockedBy: room.settings.locked_by[name], own: room.settings.given_by[name] === 'room',
    }}
      onSave=${(/** @type {any} */ value) => change(room, { settings: { [name]: value } })}
      onGiveBack=${() => change(room, { settings: { [name]: null } })} />`)}
  `;
}

/** The live connection brings what was changed. @param {Room} room @param {object} wanted */
const change = async (room, wanted) => {
  await patch(`/api/rooms/${room.id}`, { ...wanted, version: room.version });
  toast(_('Saved.'));
};

export function Suspended() {
  const { limits, full } = useLimits();
  const over = limits && full ? html`<${PlanRefusal} limit=${full} />` : null;
  return html`<p class="notice danger"><${Icon} name="lock" /><span>${_('This room is suspended: your plan has no place for it. Nothing of it is lost, and it comes back with a larger plan, or when another Meeting Room is removed.')}</span></p>${over}`;
}

/** @param {{ room: Room }} props */
function NameCard({ room }) {
  const { fixed } = useLimits();
  const [name, setName] = useState(room.name);
  const [problem, setProblem] = useState(/** @type {unknown} */ (null));
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setProblem(null);
    try {
      await change(room, { name: name.trim() });
    } catch (error) {
      setProblem(error);
    }
  };
  const limit = limitOf(problem) ?? (room.may_host && room.kind === 'meeting' && !room.may_rename ? fixed : null);
  return html`
    <section class="card setting" aria-labelledby="setting-name">
      <div class="setting-head"><h3 id="setting-name">${_('Name')}</h3></div>
      <form onSubmit=${save} class="setting-line">
        <div class="field compact"><label for="room-name" class="for-screen-reader">${_('Name of the room')}</label>
          <input id="room-name" maxlength="80" required dir="auto" value=${name} disabled=${!room.may_rename} onInput=${(/** @type {any} */ event) => setName(event.target.value)} /></div>
        ${room.may_rename && name.trim() !== room.name && html`<button type="submit" class="button primary small" disabled=${!name.trim()}>${_('Rename')}</button>`}
      </form>
      <p class="quiet">${_('The room link stays the same when the name changes.')}</p>
      ${limit ? html`<${PlanRefusal} limit=${limit} alert=${Boolean(problem)} />` : problem && html`<${Failed} text=${explain(problem)} />`}
    </section>
  `;
}

/** @param {{ room: Room }} props */
function LockCard({ room }) {
  const lock = (/** @type {any} */ event) => change(room, { locked: event.target.checked }).catch((error) => toast(explain(error), { kind: 'problem' }));
  return html`
    <section class="card setting" aria-labelledby="setting-lock">
      <div class="setting-head"><h3 id="setting-lock">${_('Lock')}</h3>${room.locked && html`<${Badge} kind="offline"><${Icon} name="lock" />${_('locked')}<//>`}</div>
      <label class="check compact"><input type="checkbox" checked=${room.locked} disabled=${!room.may_host} onChange=${lock} /><span>${_('Lock this room: whoever comes waits, whoever they are')}</span></label>
    </section>
  `;
}

/** @param {{ room: Room }} props */
function LinkCard({ room }) {
  const [asking, setAsking] = useState(false);
  return html`
    <section class="card setting" aria-labelledby="setting-link">
      <div class="setting-head"><h3 id="setting-link">${_('Room link')}</h3></div>
      <p class="room-link" dir="ltr"><${Icon} name="link" /><span>${roomAddress(room)}</span></p>
      <p class="setting-actions"><${CopyButton} text=${roomAddress(room)} label=${_('Copy the room link')} class="button small" />
        ${room.may_host && html`<button type="button" class="button small" onClick=${() => setAsking(true)}><${Icon} name="renew" />${_('Make a new link')}</button>`}</p>
      ${asking && html`<${NewLinkDialog} room=${room} onClose=${() => setAsking(false)} />`}
    </section>
  `;
}

/** Whose settings it inherits. @param {{ room: Room }} props */
function ClinicCard({ room }) {
  const { clinics } = useApp().me.organisation;
  const choose = (/** @type {any} */ event) => change(room, { clinic_id: event.target.value || null }).catch((error) => toast(explain(error), { kind: 'problem' }));
  return html`
    <section class="card setting" aria-labelledby="setting-clinic">
      <div class="setting-head"><h3 id="setting-clinic">${_('Clinic')}</h3></div>
      <div class="field compact"><label for="room-clinic" class="for-screen-reader">${_('Clinic')}</label>
        <select id="room-clinic" disabled=${!room.may_host} aria-describedby="room-clinic-help" onChange=${choose}>
          <option value="" selected=${!room.clinic_id}>${_('No clinic')}</option>
          ${clinics.map((clinic) => html`<option value=${clinic.id} selected=${clinic.id === room.clinic_id}>${clinic.name}</option>`)}</select></div>
      <p class="quiet" id="room-clinic-help">${_('The room uses what this clinic sets for its rooms, and then what the organisation sets.')}</p>
    </section>
  `;
}
