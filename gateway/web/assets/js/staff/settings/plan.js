/** Settings, Plan: which plan this is and how much of it is used, what each plan includes, and the way to another one. */

import { html, useEffect, useState } from '../../../vendor/preact.js';
import { explain, get } from '../../core/api.js';
import { _, listOf, ngettext } from '../../core/texts.js';
import { Badge } from '../../parts/badge.js';
import { Icon } from '../../parts/icons.js';
import { Failed, Loading } from '../../parts/states.js';
import { useApp } from '../context.js';
import { roomsText } from '../plan-dialog.js';
import { useRooms } from '../rooms.js';
import { PlanChangeDialog } from './plan-change-dialog.js';

/** @typedef {{ items: Plan[], policy_version: number, policy_versions: number[] }} Plans */

export function PlanSection() {
  const { me } = useApp();
  const { plan } = me.entitlements;
  const [version, setVersion] = useState(plan.policy_version);
  const [wanted, setWanted] = useState(/** @type {Plan | null} */ (null));
  const { plans, problem, again } = usePlans(version);
  useEffect(() => setVersion(plan.policy_version), [plan.policy_version]);
  const isOwner = me.member.role === 'owner';
  return html`
    <${PlanNow} />
    <section aria-labelledby="plans">
      <div class="section-head">
        <h2 id="plans">${_('What each plan includes')}</h2>
        ${plans && plans.policy_versions.length > 1 && html`<${Versions} plans=${plans} own=${plan.policy_version} version=${version} setVersion=${setVersion} />`}
      </div>
      ${problem ? html`<${Failed} text=${problem} onRetry=${again} />` : !plans && html`<${Loading} />`}
      ${plans && html`<ul class="plans">${plans.items.map((one) => html`
        <${PlanCard} key=${`${one.name} ${one.policy_version}`} plan=${one} own=${one.name === plan.name && one.policy_version === plan.policy_version}
          onChoose=${isOwner ? () => setWanted(one) : null} />`)}</ul>`}
      ${plans && !isOwner && html`<p class="quiet">${_('Only an owner of your organisation changes the plan.')}</p>`}
    </section>
    ${wanted && html`<${PlanChangeDialog} plan=${wanted} onClose=${() => setWanted(null)} />`}
  `;
}

/** The plans of one version of the policy. @param {number} version */
function usePlans(version) {
  const [plans, setPlans] = useState(/** @type {Plans | null} */ (null));
  const [problem, setProblem] = useState('');
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let current = true;
    setProblem('');
    get(version ? `/api/plans?policy_version=${version}` : '/api/plans')
      .then((found) => { if (current) setPlans(found); })
      .catch((error) => { if (current) setProblem(explain(error)); });
    return () => { current = false; };
  }, [version, tries]);
  return { plans, problem, again: () => setTries(tries + 1) };
}

function PlanNow() {
  const { me } = useApp();
  const { plan, meeting_rooms_used: counted } = me.entitlements;
  const { meeting, ready } = useRooms();
  const used = ready ? meeting.length : counted;
  const suspended = meeting.filter((room) => room.state === 'suspended').map((room) => room.name);
  const also = plan.aliases.filter((alias) => alias !== plan.name);
  const full = plan.meeting_rooms !== null && used >= plan.meeting_rooms;
  return html`
    <section class="card plan-now" aria-label=${_('Your plan')}>
      <div>
        <p class="quiet">${_('Your plan')}</p>
        <p class="plan-name">${plan.name}</p>
        ${also.length > 0 && html`<p class="quiet">${_('also called {names}', { names: listOf(also) })}</p>`}
      </div>
      <div class="plan-bar">
        <p><strong>${roomsText(plan, used)}</strong></p>
        ${plan.meeting_rooms === null
          ? html`<div class="bar endless" aria-hidden="true"><span></span></div>`
          : html`<div class=${full ? 'bar full' : 'bar'} role="meter" aria-label=${_('Meeting Rooms in use')} aria-valuemin="0" aria-valuemax=${plan.meeting_rooms} aria-valuenow=${used}>
              ${Array.from({ length: plan.meeting_rooms }, (_each, place) => html`<span class=${place < used ? 'used' : ''}></span>`)}</div>`}
        ${suspended.length > 0 && html`<p class="plan-note"><${Icon} name="lock" />${_('Suspended until you upgrade: {names}', { names: listOf(suspended) })}</p>`}
        ${full && !suspended.length && html`<p class="quiet">${_('All of them are in use. Remove one, or take a larger plan, to add another.')}</p>`}
      </div>
      <p class="quiet">${_('Version {version} of the plans', { version: plan.policy_version })}</p>
    </section>
  `;
}

/** @param {{ plans: Plans, own: number, version: number, setVersion: (version: number) => void }} props */
const Versions = ({ plans, own, version, setVersion }) => html`
  <div class="field compact inline"><label for="policy-version">${_('Version of the plans')}</label>
    <select id="policy-version" value=${version} onChange=${(/** @type {any} */ event) => setVersion(Number(event.target.value))}>
      ${plans.policy_versions.map((each) => html`<option value=${each} selected=${each === version}>${each === own ? _('{version} (yours)', { version: each }) : each}</option>`)}
    </select></div>
`;

/** @param {{ plan: Plan, own: boolean, onChoose: (() => void) | null }} props */
function PlanCard({ plan, own, onChoose }) {
  const also = plan.aliases.filter((alias) => alias !== plan.name);
  return html`
    <li class=${own ? 'card plan-card own' : 'card plan-card'}>
      <div class="plan-card-head"><h3>${plan.name}</h3>${own && html`<${Badge} kind="accent">${_('your plan')}<//>`}</div>
      <p class="quiet">${also.length ? _('also called {names}', { names: listOf(also) }) : ''}</p>
      <ul class="features">
        <${Feature} has=${true}>${plan.meeting_rooms === null ? _('As many Meeting Rooms as you like') : ngettext('{n} Meeting Room', '{n} Meeting Rooms', plan.meeting_rooms)}<//>
        <${Feature} has=${plan.meeting_rooms_renamed}>${plan.meeting_rooms_renamed ? _('Meeting Rooms renamed at any time') : _('Names of Meeting Rooms are fixed')}<//>
        <${Feature} has=${plan.waiting_area}>${plan.waiting_area ? _('The Waiting Area of each clinic') : _('No Waiting Area')}<//>
        <${Feature} has=${true}>${_('A User Room for each member who consults')}<//>
        <${Feature} has=${true}>${_('Send Invitation, and a Waiting Room for each room')}<//>
      </ul>
      <p class="plan-card-foot">
        ${onChoose && !own && html`<button type="button" class="button" onClick=${onChoose}>${_('Change to {plan}', { plan: plan.name })}</button>`}
      </p>
    </li>
  `;
}

/** @param {{ has: boolean, children?: unknown }} props */
const Feature = ({ has, children }) => html`<li class=${has ? 'has' : 'lacks'}><${Icon} name=${has ? 'check' : 'minus'} /><span>${children}</span></li>`;
