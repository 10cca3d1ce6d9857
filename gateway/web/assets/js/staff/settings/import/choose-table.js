/** Choosing a table of members: a file, dropped or chosen, or text that is pasted; what its columns are; and one to begin with. */

import { html, useRef, useState } from '../../../../vendor/preact.js';
import { _ } from '../../../core/texts.js';
import { Field } from '../../../parts/field.js';
import { Icon } from '../../../parts/icons.js';
import { useApp } from '../../context.js';

/** @param {{ onChosen: (table: Blob) => void }} props */
export function ChooseTable({ onChosen }) {
  const { organisation } = useApp().me;
  const [over, setOver] = useState(false);
  const [text, setText] = useState('');
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const drop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file) onChosen(file);
  };
  const paste = (/** @type {Event} */ event) => {
    event.preventDefault();
    onChosen(new Blob([text]));
  };
  return html`
    <p class="quiet">${_('A table with one line for each person. Nothing is done before you have seen what would happen; whoever is new gets an invitation by mail.')}</p>
    <div class=${over ? 'card drop over' : 'card drop'} onDragOver=${(/** @type {Event} */ event) => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)} onDrop=${drop}>
      <p>${_('Drop a CSV file here, or choose one.')}</p>
      <input ref=${input} type="file" hidden aria-label=${_('CSV file')} accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values"
        onChange=${(/** @type {any} */ event) => event.target.files[0] && onChosen(event.target.files[0])} />
      <button type="button" class="button primary" onClick=${() => input.current?.click()}><${Icon} name="plus" />${_('Choose a file')}</button>
      <button type="button" class="button" onClick=${() => download(example(organisation.clinics[0]?.name ?? ''))}>${_('Download an example')}</button>
    </div>
    <form class="card form-card" onSubmit=${paste}>
      <${Field} id="import-text" label=${_('Or paste the table')} compact control=${(/** @type {Record<string, unknown>} */ tied) => html`
        <textarea ...${tied} rows="5" dir="auto" spellcheck="false" placeholder="email,name,role,clinics,language" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)}></textarea>`} />
      <p><button class="button" disabled=${!text.trim()}>${_('Check')}</button></p>
    </form>
    <section class="card form-card"><h2>${_('The columns')}</h2>
      <dl class="facts import-columns">
        <div><dt><code>email</code></dt><dd>${_('needed; it tells people apart')}</dd></div>
        <div><dt><code>name</code></dt><dd>${_('a proposal; whoever accepts the invitation says theirs')}</dd></div>
        <div><dt><code>role</code></dt><dd>${_('admin, coordinator, provider or reporter; an owner may also make owners')}</dd></div>
        <div><dt><code>clinics</code></dt><dd>${_('names of clinics, with a semicolon between several')}</dd></div>
        <div><dt><code>language</code></dt><dd>${_('en, de or ar, for pages and mails')}</dd></div>
      </dl>
      <p class="quiet">${_('The first line names the columns, in any order. An empty cell leaves a member as they are.')}</p></section>
  `;
}

/** @param {string} clinic */
const example = (clinic) => [
  ['email', 'name', 'role', 'clinics', 'language'],
  ['ann.smith@example.com', 'Dr Ann Smith', 'provider', clinic, 'en'],
  ['reception@example.com', 'Reception', 'coordinator', clinic, 'de'],
].map((cells) => cells.map(quoted).join(',')).join('\r\n');

/** @param {string} cell */
const quoted = (cell) => (/[",;\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** With a mark by which spreadsheets know UTF-8. @param {string} text */
function download(text) {
  const address = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: 'members.csv' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
