/** One setting at one level: its value, where that comes from, changed and given back; locked where a level above decides. */

import { html, useEffect, useState } from '../../../../vendor/preact.js';
import { Refusal, explain } from '../../../core/api.js';
import { _ } from '../../../core/texts.js';
import { Badge } from '../../../parts/badge.js';
import { Icon } from '../../../parts/icons.js';
import { Failed } from '../../../parts/states.js';
import { PlainText } from '../../../parts/plain-text.js';
import { EntryFieldsEditor, fieldsProblem, fieldsToSave } from './entry-fields.js';
import { fromWords, lockedWords, texts } from './setting-names.js';

/**
 * @typedef {object} Setting
 * @property {SettingName} name
 * @property {any} value what holds
 * @property {SettingLevel} from the level that gives it
 * @property {SettingLevel | undefined} lockedBy a level above that decides it
 * @property {boolean} own given at this very level
 * @property {boolean} [locks] this level decides it for those below
 */

/**
 * @param {{ setting: Setting, disabled?: boolean, onSave: (value: any) => Promise<void>, onGiveBack: () => Promise<void>, onLock?: (locks: boolean) => Promise<void> }} props
 */
export function SettingCard({ setting, disabled = false, onSave, onGiveBack, onLock }) {
  const { name, value, from, lockedBy, own } = setting;
  const [draft, setDraft] = useState(value);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const { title, help } = texts()[name];
  const fixed = disabled || Boolean(lockedBy);
  const changed = JSON.stringify(draft) !== JSON.stringify(value);
  // somebody else's change is followed, unless one is being made here
  useEffect(() => setDraft(value), [JSON.stringify(value)]);
  const run = async (/** @type {() => Promise<void>} */ what) => {
    setBusy(true);
    setProblem('');
    try {
      await what();
    } catch (error) {
      setProblem(error instanceof Refusal && error.status === 412 ? _('Somebody else changed this meanwhile. Look at it again, then save.') : explain(error));
    }
    setBusy(false);
  };
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    const wrong = name === 'entry_fields' ? fieldsProblem(draft) : '';
    if (wrong) return setProblem(wrong);
    void run(() => onSave(name === 'entry_fields' ? fieldsToSave(draft) : draft));
  };
  return html`
    <section class="card setting" aria-labelledby=${`setting-${name}`} data-setting=${name}>
      <div class="setting-head"><h3 id=${`setting-${name}`}>${title}</h3>
        ${lockedBy ? html`<${Badge} kind="offline"><${Icon} name="lock" />${lockedWords(lockedBy)}<//>` : html`<${Badge} kind=${own ? 'accent' : 'plain'}>${own && from !== 'room' ? _('set here') : fromWords(from)}<//>`}
      </div>
      <p class="quiet" id=${`setting-${name}-help`}>${help}</p>
      <form onSubmit=${save}>
        <${Control} name=${name} title=${title} value=${draft} disabled=${fixed} onChange=${setDraft} />
        ${problem && html`<${Failed} text=${problem} />`}
        ${!fixed && (changed || own) && html`<p class="setting-actions">
          ${changed && html`<button type="submit" class="button primary small" disabled=${busy}>${_('Save')}</button>
            <button type="button" class="button small" onClick=${() => { setDraft(value); setProblem(''); }}>${_('Undo')}</button>`}
          ${own && !changed && html`<button type="button" class="button quiet small" disabled=${busy} onClick=${() => run(onGiveBack)}><${Icon} name="renew" />${_('Use what the level above gives')}</button>`}
        </p>`}
        ${onLock && !lockedBy && html`<label class="check compact"><input type="checkbox" checked=${setting.locks} disabled=${busy || disabled} onChange=${(/** @type {any} */ event) => run(() => onLock(event.target.checked))} />
          <span>${_('Decide this for all below: nobody can set it otherwise')}</span></label>`}
      </form>
    </section>
  `;
}

/** @param {{ name: SettingName, title: string, value: any, disabled: boolean, onChange: (value: any) => void }} props */
function Control({ name, title, value, disabled, onChange }) {
  const id = `value-${name}`;
  const said = { id, disabled, 'aria-describedby': `setting-${name}-help` };
  if (name === 'entry_fields') return html`<${EntryFieldsEditor} id=${id} fields=${value} disabled=${disabled} onChange=${onChange} />`;
  if (name === 'confirm_before_joining' || name === 'show_wait') {
    const text = name === 'show_wait' ? _('Show them their place and how long it may take') : _('Ask hosts to confirm whom they let in');
    return html`<label class="check compact"><input type="checkbox" ...${said} checked=${value} onChange=${(/** @type {any} */ event) => onChange(event.target.checked)} /><span>${text}</span></label>`;
  }
  if (name === 'order') {
    return html`<div class="field compact"><label for=${id} class="for-screen-reader">${title}</label>
      <select ...${said} onChange=${(/** @type {any} */ event) => onChange(event.target.value)}>
        ${[['arrival', _('By arrival')], ['appointment', _('By appointment')]].map(([key, words]) => html`<option value=${key} selected=${key === value}>${words}</option>`)}</select></div>`;
  }
  if (name === 'largest_number') {
    return html`<div class="field compact narrow"><label for=${id}>${_('People')}</label>
      <input ...${said} type="number" min="2" max="100" required value=${value} onInput=${(/** @type {any} */ event) => onChange(Number(event.target.value))} /></div>`;
  }
  return html`<div class="field compact"><label for=${id} class="for-screen-reader">${title}</label>
    <textarea ...${said} rows="4" maxlength="5000" dir="auto" value=${value} onInput=${(/** @type {any} */ event) => onChange(event.target.value)}></textarea></div>
    ${(name === 'waiting_content' || name === 'emergency_text') && value && html`<details class="preview"><summary>${_('As a guest sees it')}</summary><${PlainText} text=${value} class="card" /></details>`}`;
}
