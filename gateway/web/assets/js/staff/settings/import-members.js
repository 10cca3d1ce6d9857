/** Settings, Import members: a table is chosen, dropped or pasted; what each line would do is shown; then it is done, and followed. */

import { html, useEffect, useState } from '../../../vendor/preact.js';
import { explain, get, postCsv, Refusal } from '../../core/api.js';
import { followLink, go } from '../../core/route.js';
import { _, ngettext, number } from '../../core/texts.js';
import { Icon } from '../../parts/icons.js';
import { Failed, Loading } from '../../parts/states.js';
import { ChooseTable } from './import/choose-table.js';
import { DryRun } from './import/dry-run.js';
import { problemText } from './import/words.js';

const AGAIN_AFTER_MS = 700;

/** `rest`: the import that is followed. @param {{ rest: string }} props */
export const ImportSection = ({ rest }) => (rest ? html`<${Following} key=${rest} id=${rest} />` : html`<${Preparing} />`);

function Preparing() {
  const [table, setTable] = useState(/** @type {Blob | null} */ (null));
  const [check, setCheck] = useState(/** @type {ImportCheck | null} */ (null));
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const ask = async (/** @type {Blob} */ chosen, /** @type {boolean} */ dry, /** @type {string} */ wish) => {
    setBusy(true);
    setProblem('');
    try {
      const answer = await postCsv(`/api/members/import?dry_run=${dry}`, chosen, wish);
      if (!dry) return go(`/settings/import/${answer.id}`);
      setCheck(answer);
    } catch (error) {
      setProblem(refusalText(error));
    }
    setBusy(false);
  };
  const choose = (/** @type {Blob} */ chosen) => {
    const wish = crypto.randomUUID();
    setKey(wish);
    setTable(chosen);
    setCheck(null);
    ask(chosen, true, wish);
  };
  const again = () => {
    setTable(null);
    setCheck(null);
    setProblem('');
  };
  if (check && table) return html`<${DryRun} check=${check} busy=${busy} problem=${problem} onImport=${() => ask(table, false, key)} onAgain=${again} />`;
  return html`
    ${problem && html`<${Failed} text=${problem} />`}
    ${busy ? html`<${Loading} lines=${4} />` : html`<${ChooseTable} onChosen=${choose} />`}
  `;
}

/** What is wrong with the table as a whole, and where. @param {unknown} error */
function refusalText(error) {
  if (!(error instanceof Refusal)) return explain(error);
  if (error.status === 413) return _('This file is too large. Send at most a megabyte.');
  if (error.status === 400) return _('This is no text that we can read. Save the table as CSV (UTF-8) and choose that file.');
  return explain(error);
}

/** @param {{ id: string }} props */
function Following({ id }) {
  const [known, setKnown] = useState(/** @type {MemberImport | null} */ (null));
  const [problem, setProblem] = useState('');
  useEffect(() => {
    let timer = 0;
    const look = async () => {
      try {
        const found = await get(`/api/members/imports/${id}`);
        setKnown(found);
        setProblem('');
        if (found.state !== 'done') timer = window.setTimeout(look, AGAIN_AFTER_MS);
      } catch (error) {
        setProblem(explain(error));
        if (!(error instanceof Refusal) || error.status === 0 || error.status >= 500) timer = window.setTimeout(look, 4 * AGAIN_AFTER_MS);
      }
    };
    look();
    return () => clearTimeout(timer);
  }, [id]);
  if (!known) return problem ? html`<${Failed} text=${problem} />` : html`<${Loading} />`;
  return html`
    ${problem && html`<${Failed} text=${problem} />`}
    ${known.state === 'done' ? html`<${Result} known=${known} />` : html`
      <section class="card form-card import-progress"><h2>${_('Importing')}</h2>
        <progress max=${known.total} value=${known.done} aria-label=${_('Lines that are done')}></progress>
        <p role="status">${_('{done} of {total} lines', { done: number(known.done), total: number(known.total) })}</p>
        <p class="quiet">${_('This goes on when you leave the page.')}</p></section>`}
  `;
}

/** @param {{ known: MemberImport }} props */
function Result({ known }) {
  const { invite = 0, change = 0, unchanged = 0, refuse = 0 } = known.counts;
  const done = [
    invite && ngettext('{n} person was invited by mail.', '{n} people were invited by mail.', invite),
    change && ngettext('{n} member was changed.', '{n} members were changed.', change),
    unchanged && ngettext('{n} member was so already.', '{n} members were so already.', unchanged),
    refuse && ngettext('{n} line was not taken.', '{n} lines were not taken.', refuse),
  ].filter(Boolean);
  return html`
    <section class="card form-card" role="status"><h2>${_('The import is done')}</h2>
      <ul class="import-counts">${done.map((text) => html`<li key=${text}>${text}</li>`)}</ul>
      <p class="page-actions"><a class="button primary" href="/settings/members" onClick=${followLink}><${Icon} name="people" />${_('See the members')}</a>
        <a class="button" href="/settings/import" onClick=${followLink}>${_('Import another table')}</a></p></section>
    ${known.refused.length > 0 && html`
      <h2>${_('What was not taken')}</h2>
      <table class="members import-table">
        <thead><tr><th scope="col">${_('Line')}</th><th scope="col">${_('E-mail address')}</th><th scope="col">${_('Why')}</th></tr></thead>
        <tbody>${known.refused.map((row) => html`
          <tr key=${row.line}><th scope="row" data-label=${_('Line')}>${number(row.line)}</th><td data-label=${_('E-mail address')} dir="auto">${row.email || '–'}</td>
            <td data-label=${_('Why')}>${row.problems.map(problemText).join(' ')}</td></tr>`)}</tbody>
      </table>`}
  `;
}
