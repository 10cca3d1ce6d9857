/** What a table would do, line by line, what would not be taken first; and the button that does it. */

import { html, useState } from '../../../../vendor/preact.js';
import { _, ngettext, number } from '../../../core/texts.js';
import { Icon } from '../../../parts/icons.js';
import { Failed } from '../../../parts/states.js';
import { roleName } from '../../roles.js';
import { fieldName, problemText, willText } from './words.js';

const SHOWN_AT_FIRST = 100;
const ORDER = ['refuse', 'change', 'invite', 'unchanged'];
/** @type {Record<string, string>} */
const LOOKS = { refuse: 'danger', change: 'waiting', invite: 'accent', unchanged: 'offline' };

/** @param {{ check: ImportCheck, busy: boolean, problem: string, onImport: () => void, onAgain: () => void }} props */
export function DryRun({ check, busy, problem, onImport, onAgain }) {
  const [most, setMost] = useState(SHOWN_AT_FIRST);
  const rows = [...check.rows].sort((one, other) => ORDER.indexOf(one.will) - ORDER.indexOf(other.will) || one.line - other.line);
  const todo = (check.counts.invite ?? 0) + (check.counts.change ?? 0);
  return html`
    <section class="card form-card" role="status"><h2>${_('This is what would happen')}</h2>
      <ul class="import-counts">${ORDER.filter((will) => check.counts[will]).map((will) => html`
        <li key=${will}><span class=${`badge ${LOOKS[will]}`}>${number(check.counts[will])}</span> ${willText(will, check.counts[will])}</li>`)}</ul>
      ${check.encoding === 'windows-1252' && html`<p class="notice"><${Icon} name="warning" /><span>${_('This file is not in UTF-8; it was read as Western European (Windows-1252). Look whether the names are right. If not, save it as CSV (UTF-8).')}</span></p>`}
      ${check.ignored.length > 0 && html`<p class="quiet">${_('These columns mean nothing here: {names}.', { names: check.ignored.join(', ') })}</p>`}
      ${problem && html`<${Failed} text=${problem} />`}
      <p class="page-actions">
        ${todo > 0 && html`<button type="button" class="button primary" disabled=${busy} onClick=${onImport}><${Icon} name="people" />${ngettext('Import {n} person', 'Import {n} people', todo)}</button>`}
        <button type="button" class="button" disabled=${busy} onClick=${onAgain}>${_('Choose another table')}</button></p>
      ${todo === 0 && html`<p class="quiet">${_('There is nothing to import.')}</p>`}
      ${todo > 0 && check.counts.refuse > 0 && html`<p class="quiet">${_('Lines that are not taken stop no other. Mend them and import the same table again: who is there already stays.')}</p>`}
    </section>
    <table class="members import-table">
      <thead><tr><th scope="col">${_('Line')}</th><th scope="col">${_('Person')}</th><th scope="col">${_('Role')}</th><th scope="col">${_('Clinics')}</th><th scope="col">${_('What would happen')}</th></tr></thead>
      <tbody>${rows.slice(0, most).map((row) => html`<${Line} key=${row.line} row=${row} />`)}</tbody>
    </table>
    ${rows.length > most && html`<p class="more"><button type="button" class="button" onClick=${() => setMost(most + 500)}>${ngettext('Show {n} more', 'Show {n} more', Math.min(500, rows.length - most))}</button></p>`}
  `;
}

/** @param {{ row: ImportRow }} props */
const Line = ({ row }) => html`
  <tr>
    <th scope="row" data-label=${_('Line')}>${number(row.line)}</th>
    <td data-label=${_('Person')}><span class="import-person"><span dir="auto">${row.name || '–'}</span><span class="quiet" dir="ltr">${row.email || '–'}</span></span></td>
    <td data-label=${_('Role')}>${row.role ? roleName(row.role.toLowerCase()) : '–'}</td>
    <td data-label=${_('Clinics')} dir="auto">${row.clinics.join(', ') || '–'}</td>
    <td data-label=${_('What would happen')}><span class="import-will"><span class=${`badge ${LOOKS[row.will]}`}>${willText(row.will)}</span>
      ${row.changes.map(([field, before, after]) => html`<span key=${field}>${_('{field}: {before} → {after}', { field: fieldName(field), before: shown(field, before), after: shown(field, after) })}</span>`)}
      ${row.problems.map((problem) => html`<span class="import-problem" key=${problem.field + problem.code}>${problemText(problem)}</span>`)}</span></td>
  </tr>
`;

/** @param {string} field @param {string} value */
const shown = (field, value) => (field === 'role' ? roleName(value) : value || '–');
