/** Settings, Audit log: who did and who saw what, when and from where; searched, exported, and kept as long as an owner decides. */

import { html, useEffect, useState } from '../../../vendor/preact.js';
import { explain, get } from '../../core/api.js';
import { _, clockTime, ownZone, shortDate } from '../../core/texts.js';
import { Badge } from '../../parts/badge.js';
import { Icon } from '../../parts/icons.js';
import { Empty, Failed, Loading } from '../../parts/states.js';
import { MemberPicker } from '../member-picker.js';
import { KeepFor } from './audit/keep-for.js';
import { browserName, hows, kinds, whatText, whoText } from './audit/words.js';

/** @typedef {import('./audit/words.js').Entry} Entry */
/** @typedef {{ who: string, what: string, how: string, subject: string, from: string, to: string }} Search */

/** @type {Search} */
const EVERYTHING = { who: '', what: '', how: '', subject: '', from: '', to: '' };

export function AuditSection() {
  const [search, setSearch] = useState(EVERYTHING);
  const { items, more, problem, busy, loadMore, again } = useEntries(search);
  const searched = Object.values(search).some(Boolean);
  return html`
    <p class="quiet">${_('Who did something, and who saw whose data. Nobody can change it, and looking at it is written down too.')}</p>
    <${KeepFor} />
    <section aria-labelledby="audit-entries">
      <div class="section-head"><h2 id="audit-entries">${_('Entries')}</h2>
        <a class="button" href=${`/api/audit/export?${query(search)}`} download><${Icon} name="down" />${searched ? _('Export what is found (CSV)') : _('Export all (CSV)')}</a></div>
      <${SearchFields} search=${search} setSearch=${setSearch} />
      ${problem && html`<${Failed} text=${problem} onRetry=${again} />`}
      ${items && !items.length && html`<${Empty} icon="search" title=${searched ? _('Nothing fits') : _('Nothing has happened yet')}>
        ${searched && html`<button type="button" class="button small" onClick=${() => setSearch(EVERYTHING)}>${_('Show everything')}</button>`}<//>`}
      ${items && items.length > 0 && html`<${Entries} items=${items} onSubject=${(/** @type {string} */ subject) => setSearch({ ...EVERYTHING, subject })} />`}
      ${busy && html`<${Loading} lines=${items?.length ? 2 : 6} />`}
      ${more && !busy && html`<p class="more"><button type="button" class="button" onClick=${loadMore}>${_('Show older entries')}</button></p>`}
    </section>
  `;
}

/** A page of entries, and more of them on demand. @param {Search} search */
function useEntries(search) {
  const [items, setItems] = useState(/** @type {Entry[] | null} */ (null));
  const [cursor, setCursor] = useState(/** @type {string | null} */ (null));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(true);
  const [tries, setTries] = useState(0);
  const asked = query(search);
  useEffect(() => {
    let current = true;
    setItems(null);
    setProblem('');
    setBusy(true);
    get(`/api/audit?${asked}`).then(
      (page) => { if (current) { setItems(page.items); setCursor(page.cursor); setBusy(false); } },
      (error) => { if (current) { setProblem(explain(error)); setBusy(false); } },
    );
    return () => { current = false; };
  }, [asked, tries]);
  const loadMore = async () => {
    setBusy(true);
    setProblem('');
    try {
      const page = await get(`/api/audit?${asked}&cursor=${encodeURIComponent(String(cursor))}`);
      setItems([...(items ?? []), ...page.items]);
      setCursor(page.cursor);
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  };
  return { items, more: cursor !== null && items !== null, problem, busy, loadMore, again: () => (items ? void loadMore() : setTries(tries + 1)) };
}

/** As the API takes it; days are whole ones where the reader is. @param {Search} search */
function query({ from, to, ...rest }) {
  const asked = new URLSearchParams(Object.entries(rest).filter(([, value]) => value));
  if (from) asked.set('after', new Date(`${from}T00:00`).toISOString());
  if (to) {
    const end = new Date(`${to}T00:00`);
    end.setDate(end.getDate() + 1);
    asked.set('before', end.toISOString());
  }
  return asked.toString();
}

/** @param {{ search: Search, setSearch: (search: Search) => void }} props */
function SearchFields({ search, setSearch }) {
  const choose = (/** @type {keyof Search} */ name, /** @type {string} */ label, /** @type {[string, string][]} */ choices) => html`
    <div class="field compact"><label for=${`audit-${name}`}>${label}</label>
      <select id=${`audit-${name}`} value=${search[name]} onChange=${(/** @type {any} */ event) => setSearch({ ...search, [name]: event.target.value })}>
        ${choices.map(([value, text]) => html`<option value=${value} selected=${value === search[name]}>${text}</option>`)}</select></div>`;
  const day = (/** @type {'from' | 'to'} */ name, /** @type {string} */ label) => html`
    <div class="field compact"><label for=${`audit-${name}`}>${label}</label>
      <input id=${`audit-${name}`} type="date" value=${search[name]} onChange=${(/** @type {any} */ event) => setSearch({ ...search, [name]: event.target.value })} /></div>`;
  return html`
    <div class="audit-search" role="search" aria-label=${_('Search the audit log')}>
      <${MemberPicker} id="audit-who" label=${_('Who')} compact=${true} nobody=${_('Everybody')} value=${search.who} choose=${(/** @type {string} */ who) => who !== search.who && setSearch({ ...search, who })} />
      ${choose('what', _('About'), kinds())}
      ${choose('how', _('How'), hows())}
      ${day('from', _('From'))}
      ${day('to', _('Until'))}
    </div>
    ${search.subject && html`<p class="audit-chosen">${_('Only what concerns:')} <code>${search.subject}</code>
      <button type="button" class="button small" onClick=${() => setSearch({ ...search, subject: '' })}>${_('Show everything')}</button></p>`}
  `;
}

/** @param {{ items: Entry[], onSubject: (subject: string) => void }} props */
const Entries = ({ items, onSubject }) => html`
  <table class="members audit">
    <thead><tr><th scope="col">${_('When ({zone})', { zone: ownZone() })}</th><th scope="col">${_('Who')}</th><th scope="col">${_('What')}</th><th scope="col">${_('From where')}</th></tr></thead>
    <tbody>${items.map((entry) => html`
      <tr key=${entry.id} class=${entry.how}>
        <th scope="row"><time datetime=${entry.at}>${shortDate(entry.at)} <span>${clockTime(entry.at)}</span></time></th>
        <td>${whoText(entry)}</td>
        <td><span class="audit-what">${whatText(entry)}</span> ${entry.how === 'refused' && html`<${Badge} kind="danger">${_('refused')}<//>`}${entry.how === 'failed' && html`<${Badge} kind="danger">${_('failed')}<//>`}
          ${entry.data.following && html`<span class="quiet">${_('on a screen that went on showing it')}</span>`}
          ${entry.subject_name && entry.how !== 'failed' && entry.subject_name !== entry.who.name && html`<span class="quiet">${entry.subject_name}</span>`}
          ${entry.subject && html`<button type="button" class="link" aria-label=${_('Everything about {subject}', { subject: entry.subject })} onClick=${() => onSubject(String(entry.subject))}><code>${short(entry.subject)}</code></button>`}</td>
        <td>${entry.origin?.network ? html`<bdi>${entry.origin.network}</bdi> <span class="quiet" title=${entry.origin.browser ?? ''}>${browserName(entry.origin.browser)}</span>` : html`<span class="quiet">–</span>`}</td>
      </tr>`)}</tbody>
  </table>
`;

/** The last part of an id tells things apart that were made at one time. @param {string} subject */
const short = (subject) => subject.replace(/\/.*-(?=[^-]+$)/, '/…');
