/** Settings, Plan: which plan this is, what it includes, and how much of it is used. */

import { html } from '../../../vendor/preact.js';
import { _ } from '../../core/texts.js';
import { useApp } from '../context.js';
import { PlanFacts } from '../plan-dialog.js';

export function PlanSection() {
  const { plan } = useApp().me.entitlements;
  return html`
    <p class="lead">${_('Your plan: {plan}', { plan: plan.name })}</p>
    <${PlanFacts} />
  `;
}
