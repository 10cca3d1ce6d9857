/** Whether a Waiting Area is open and until when, in words; and its address. */

import { html } from '../../../vendor/preact.js';
import { _, clockTime, dayName } from '../../core/texts.js';
import { Badge } from '../../parts/badge.js';

/** @param {WaitingArea} area */
export const areaAddress = (area) => `${location.origin}/join/area/${area.link}`;

/** @param {{ area: WaitingArea }} props */
export function AreaState({ area }) {
  const zone = area.zone.replace(/_/g, ' ');
  if (!area.in_plan) return html`<${Badge} kind="offline">${_('not in your plan')}<//>`;
  if (area.suspended) return html`<${Badge} kind="offline">${_('suspended')}<//>${area.suspended_message && html` <span class="quiet" dir="auto">${area.suspended_message}</span>`}`;
  if (!area.hours) return html`<${Badge} kind="in-call">${_('open')}<//> <span class="quiet">${_('always open')}</span>`;
  if (area.open) return html`<${Badge} kind="in-call">${_('open')}<//> ${area.closes_at && html`<span class="quiet">${_('until {time} ({zone})', { time: clockTime(area.closes_at, area.zone), zone })}</span>`}`;
  return html`<${Badge} kind="offline">${_('closed')}<//> ${area.opens_at && html`<span class="quiet">${_('opens {day} at {time} ({zone})', { day: dayName(area.opens_at, area.zone), time: clockTime(area.opens_at, area.zone), zone })}</span>`}`;
}
