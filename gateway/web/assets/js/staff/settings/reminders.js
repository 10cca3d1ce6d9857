/** Settings, Reminders: how long before a session its guests get a mail that reminds them. */

import { html, useEffect, useState } from '../../../vendor/preact.js';
import { explain, get, put } from '../../core/api.js';
import { _ } from '../../core/texts.js';
import { Failed, Loading } from '../../parts/states.js';
import { toast } from '../../parts/toasts.js';
import { useApp } from '../context.js';

const HOUR = 60;
const DAY = 24 * HOUR;
const CHOICES = [7 * DAY, 2 * DAY, DAY, 4 * HOUR, 2 * HOUR, HOUR, 30, 10];
const MOST = 6;

/** @param {number} minutes */
export function leadText(minutes) {
  const many = (/** @type {number} */ value, /** @type {'day' | 'hour' | 'minute'} */ unit) =>
    new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  if (minutes % DAY === 0) return many(minutes / DAY, 'day');
  return minutes % HOUR === 0 ? many(minutes / HOUR, 'hour') : many(minutes, 'minute');
}

export function RemindersSection() {
  const { me } = useApp();
  const [chosen, setChosen] = useState(/** @type {number[] | null} */ (null));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const mayChange = ['owner', 'admin'].includes(me.member.role);
  const load = () => {
    setProblem('');
    get('/api/settings/reminders').then((known) => setChosen(known.minutes_before), (error) => setProblem(explain(error)));
  };
  useEffect(load, []);
  const save = async () => {
    setBusy(true);
    setProblem('');
    try {
      const kept = await put('/api/settings/reminders', { minutes_before: chosen });
      setChosen(kept.minutes_before);
      toast(_('Saved. It holds for sessions booked or moved from now on.'));
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  };
  if (!chosen) return problem ? html`<${Failed} text=${problem} onRetry=${load} />` : html`<${Loading} lines=${4} />`;
  const shown = [...new Set([...CHOICES, ...chosen])].sort((one, other) => other - one);
  const toggle = (/** @type {number} */ minutes) => setChosen(chosen.includes(minutes) ? chosen.filter((one) => one !== minutes) : [...chosen, minutes]);
  return html`
    <p class="lead">${_('Before a session, everyone who was invited gets a mail that reminds them, with their link.')}</p>
    <p class="quiet">${_('Who has arrived already is not reminded, nor is anybody of a session that was cancelled. A reminder that would come too late to be useful is left out.')}</p>
    ${problem && html`<${Failed} text=${problem} />`}
    <form onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void save(); }}>
      <fieldset class="ticks" disabled=${!mayChange || busy}>
        <legend>${_('Remind before the start')}</legend>
        ${shown.map((minutes) => html`<label class="tick" key=${minutes}>
          <input type="checkbox" checked=${chosen.includes(minutes)} disabled=${!chosen.includes(minutes) && chosen.length >= MOST} onChange=${() => toggle(minutes)} /><span>${leadText(minutes)}</span></label>`)}
      </fieldset>
      ${!chosen.length && html`<p class="notice">${_('Nobody is reminded of anything.')}</p>`}
      ${mayChange ? html`<p><button type="submit" class="button primary" disabled=${busy}>${_('Save')}</button></p>` : html`<p class="quiet">${_('Owners and administrators can change this.')}</p>`}
    </form>
  `;
}
