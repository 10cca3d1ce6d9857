/** Who is on duty: the member's own switch, and the colleagues in words. */

import { html } from '../../vendor/preact.js';
import { explain, put } from '../core/api.js';
import { topicOf, useLive, useTopic } from '../core/hooks.js';
import { _, listOf } from '../core/texts.js';
import { announce } from '../parts/announcer.js';
import { Icon } from '../parts/icons.js';
import { MenuButton } from '../parts/menu.js';
import { toast } from '../parts/toasts.js';
import { useApp } from './context.js';

/** Everyone on duty in a clinic that the reader may see, by name. @returns {{ people: OnDuty[], ready: boolean, problem: Problem | null }} */
export function useOnDuty() {
  const topic = useTopic('on_duty');
  const people = /** @type {OnDuty[]} */ (topic.all('on_duty')).sort((one, other) => one.name.localeCompare(other.name));
  return { people, ready: topic.ready, problem: topic.problem };
}

/** The member's own: in which clinics, and how to say another. */
export function useOwnDuty() {
  const { me } = useApp();
  const live = useLive();
  const { people, ready } = useOnDuty();
  const clinics = me.organisation.clinics.filter((clinic) => me.member.clinic_ids.includes(clinic.id));
  const on = new Set(people.find(({ id }) => id === me.member.id)?.clinics.map((duty) => duty.clinic_id) ?? []);
  const may = me.member.role !== 'reporter' && clinics.length > 0;
  const say = async (/** @type {'on_duty' | 'away'} */ state, /** @type {string[]} */ clinicIds = []) => {
    try {
      const now = await put('/api/me/availability', { state, clinic_ids: clinicIds });
      topicOf(live, 'on_duty').note(`on_duty/${me.member.id}`, now);
      announce(state === 'on_duty' ? _('You are on duty.') : _('You are away.'));
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
  };
  return { clinics, on, may, ready, say };
}

/** In the side menu: one press for who is in one clinic, a short list for who is in several. */
export function DutySwitch() {
  const { clinics, on, may, ready, say } = useOwnDuty();
  // before it is known, a press could say the opposite of what is meant
  if (!may || !ready) return null;
  const here = clinics.filter(({ id }) => on.has(id));
  const label = html`<span class=${here.length ? 'duty-dot on' : 'duty-dot'}></span><span>${dutyWords(here.length, clinics.length)}</span>`;
  if (clinics.length === 1) {
    return html`<li><button type="button" class="side-item" aria-pressed=${here.length > 0} onClick=${() => say(here.length ? 'away' : 'on_duty')}>${label}</button></li>`;
  }
  const choices = [
    { label: _('On duty in all clinics'), icon: html`<span class="duty-dot on"></span>`, onChoose: () => say('on_duty') },
    { label: _('Away everywhere'), icon: html`<span class="duty-dot"></span>`, onChoose: () => say('away') },
    ...clinics.map(({ id, name }) => ({
      label: name, note: on.has(id) ? _('on duty; press for away') : _('away; press for on duty'),
      icon: html`<span class=${on.has(id) ? 'duty-dot on' : 'duty-dot'}></span>`, onChoose: () => say(on.has(id) ? 'away' : 'on_duty', [id]),
    })),
  ];
  return html`<li class="side-duty"><${MenuButton} class="side-item" label=${html`${label}<${Icon} name="down" />`} choices=${choices} /></li>`;
}

/** @param {number} on @param {number} all */
function dutyWords(on, all) {
  if (!on) return _('You are away');
  return on === all ? _('You are on duty') : _('On duty in {on} of {all} clinics', { on, all });
}

/** "On duty: Dr A, Dr B", as a line; in one clinic where it is named. @param {{ clinicId?: string }} props */
export function OnDutyLine({ clinicId }) {
  const { people, ready } = useOnDuty();
  if (!ready) return null;
  const there = people.filter(({ clinics }) => clinics.length && (!clinicId || clinics.some((duty) => duty.clinic_id === clinicId)));
  return html`
    <p class="on-duty-line"><span class=${there.length ? 'duty-dot on' : 'duty-dot'}></span>
      ${there.length ? html`<span>${_('On duty: {names}', { names: listOf(there.map(({ name }) => name)) })}</span>` : html`<span class="quiet">${_('Nobody is on duty')}</span>`}
    </p>
  `;
}
