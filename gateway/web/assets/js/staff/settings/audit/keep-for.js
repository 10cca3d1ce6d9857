/** How long the audit log is kept: chosen from a few lengths, and asked again before anything would go. */

import { html, useEffect, useState } from '../../../../vendor/preact.js';
import { explain, get, put } from '../../../core/api.js';
import { _ } from '../../../core/texts.js';
import { Question } from '../../../parts/dialog.js';
import { Failed, Loading } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { days } from './words.js';

const CHOICES = [30, 90, 365, 1095, 2190, 3650];

export function KeepFor() {
  const [kept, setKept] = useState(/** @type {number | null} */ (null));
  const [asked, setAsked] = useState(/** @type {number | null} */ (null));
  const [problem, setProblem] = useState('');
  const load = () => {
    setProblem('');
    get('/api/audit/policy').then(({ keep_days: count }) => setKept(count), (error) => setProblem(explain(error)));
  };
  useEffect(load, []);
  const keep = async (/** @type {number} */ count) => {
    setProblem('');
    try {
      setKept((await put('/api/audit/policy', { keep_days: count })).keep_days);
      toast(_('Saved. Entries are kept for {time}.', { time: days(count) }));
    } catch (error) {
      setProblem(explain(error));
    }
  };
  if (kept === null) return problem ? html`<${Failed} text=${problem} onRetry=${load} />` : html`<${Loading} lines=${1} />`;
  return html`
    ${problem && html`<${Failed} text=${problem} />`}
    <div class="field audit-keep"><label for="audit-keep">${_('Entries are kept for')}</label>
      <select id="audit-keep" value=${kept} aria-describedby="audit-keep-help" onChange=${(/** @type {any} */ event) => {
        const count = Number(event.target.value);
        if (count > kept) void keep(count);
        else if (count < kept) { setAsked(count); event.target.value = kept; }
      }}>
        ${[...new Set([...CHOICES, kept])].sort((one, other) => one - other).map((count) => html`<option value=${count} selected=${count === kept}>${days(count)}</option>`)}</select>
      <p class="field-help" id="audit-keep-help">${_('Six years is what HIPAA asks for. The law where you are may ask for more, or allow less.')}</p></div>
    ${asked !== null && html`<${Question} title=${_('Keep entries for {time} only?', { time: days(asked) })} text=${_('Older entries are deleted for good, starting now. That you decided it is written into the log.')}
      action=${_('Delete older entries')} danger onYes=${() => void keep(asked)} onClose=${() => setAsked(null)} />`}
  `;
}
