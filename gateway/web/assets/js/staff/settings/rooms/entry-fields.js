/** The editor of the questions on arrival: added, put in order, made required, with a preview as a guest sees them. */

import { html, useEffect, useRef, useState } from '../../../../vendor/preact.js';
import { Questions } from '../../../guest/questions.js';
import { _ } from '../../../core/texts.js';
import { announce } from '../../../parts/announcer.js';
import { Icon } from '../../../parts/icons.js';

const MOST = 20;

/** @typedef {Omit<EntryField, 'key'> & { key?: string }} Draft a question without a key is given one when it is saved */

/** @returns {[EntryField['kind'], string][]} */
const kinds = () => [['text', _('Text')], ['choice', _('Choice')], ['date', _('Date')], ['yes_no', _('Yes or no')]];

/** @param {{ id: string, fields: Draft[], disabled: boolean, onChange: (fields: Draft[]) => void }} props */
export function EntryFieldsEditor({ id, fields, disabled, onChange }) {
  const list = useRef(/** @type {HTMLOListElement | null} */ (null));
  const wanted = useRef('');
  useEffect(() => {
    // after a question was moved, added or removed the focus goes along
    if (wanted.current) /** @type {HTMLElement | null} */ (list.current?.parentElement?.querySelector(wanted.current))?.focus();
    wanted.current = '';
  });
  const change = (/** @type {number} */ place, /** @type {Partial<Draft>} */ more) => onChange(fields.map((field, at) => (at === place ? { ...field, ...more } : field)));
  const move = (/** @type {number} */ place, /** @type {number} */ by) => {
    const moved = [...fields];
    const [field] = moved.splice(place, 1);
    moved.splice(place + by, 0, field);
    const atEnd = place + by === (by < 0 ? 0 : moved.length - 1);
    wanted.current = `[data-place="${place + by}"] [data-move="${atEnd ? -by : by}"]`;
    announce(_('{label} is now question {n} of {count}.', { label: field.label || _('The new question'), n: place + by + 1, count: moved.length }));
    onChange(moved);
  };
  const add = () => {
    wanted.current = `[data-place="${fields.length}"] input`;
    onChange([...fields, { label: '', kind: 'text', required: false, choices: [] }]);
  };
  const drop = (/** @type {number} */ place) => {
    wanted.current = '.add-question';
    onChange(fields.filter((_field, at) => at !== place));
  };
  return html`
    <div class="questions-editor">
      ${!fields.length && html`<p class="quiet">${_('No questions. Guests are asked their name only.')}</p>`}
      <ol ref=${list}>${fields.map((field, place) => html`
        <${FieldRow} id=${`${id}-${place}`} place=${place} last=${place === fields.length - 1} field=${field} disabled=${disabled}
          onChange=${(/** @type {Partial<Draft>} */ more) => change(place, more)} onMove=${(/** @type {number} */ by) => move(place, by)} onDrop=${() => drop(place)} />`)}
      </ol>
      ${!disabled && html`<p><button type="button" class="button small add-question" disabled=${fields.length >= MOST} onClick=${add}><${Icon} name="plus" />${_('Add a question')}</button></p>`}
      ${fields.length > 0 && html`<${Preview} fields=${fields} />`}
    </div>
  `;
}

/**
 * @param {{ id: string, place: number, last: boolean, field: Draft, disabled: boolean, onChange: (more: Partial<Draft>) => void,
 *   onMove: (by: number) => void, onDrop: () => void }} props
 */
function FieldRow({ id, place, last, field, disabled, onChange, onMove, onDrop }) {
  const label = field.label || _('Question {n}', { n: place + 1 });
  return html`
    <li class="question-row" data-place=${place}>
      <div class="field-row">
        <div class="field compact"><label for=${`${id}-label`}>${_('Question {n}', { n: place + 1 })}</label>
          <input id=${`${id}-label`} maxlength="120" required disabled=${disabled} value=${field.label} dir="auto" onInput=${(/** @type {any} */ event) => onChange({ label: event.target.value })} /></div>
        <div class="field compact"><label for=${`${id}-kind`}>${_('Kind of answer')}</label>
          <select id=${`${id}-kind`} disabled=${disabled} onChange=${(/** @type {any} */ event) => onChange({ kind: event.target.value, choices: [] })}>
            ${kinds().map(([kind, name]) => html`<option value=${kind} selected=${kind === field.kind}>${name}</option>`)}</select></div>
      </div>
      ${field.kind === 'choice' && html`<div class="field compact"><label for=${`${id}-choices`}>${_('Choices, one on each line')}</label>
        <textarea id=${`${id}-choices`} rows="3" required disabled=${disabled} dir="auto" onInput=${(/** @type {any} */ event) => onChange({ choices: event.target.value.split('\n') })}>${field.choices.join('\n')}</textarea></div>`}
      <div class="question-foot">
        <label class="check compact"><input type="checkbox" disabled=${disabled} checked=${field.required} onChange=${(/** @type {any} */ event) => onChange({ required: event.target.checked })} /><span>${_('Must be answered')}</span></label>
        ${!disabled && html`<span class="question-actions">
          <button type="button" class="button quiet square small" data-move="-1" disabled=${place === 0} aria-label=${_('Move up: {label}', { label })} onClick=${() => onMove(-1)}><span class="turned"><${Icon} name="down" /></span></button>
          <button type="button" class="button quiet square small" data-move="1" disabled=${last} aria-label=${_('Move down: {label}', { label })} onClick=${() => onMove(1)}><${Icon} name="down" /></button>
          <button type="button" class="button quiet square small" aria-label=${_('Remove: {label}', { label })} onClick=${onDrop}><${Icon} name="close" /></button></span>`}
      </div>
    </li>
  `;
}

/** As a guest sees them. @param {{ fields: Draft[] }} props */
function Preview({ fields }) {
  const [answers, setAnswers] = useState(/** @type {Record<string, string>} */ ({}));
  const drawn = fields.map((field, place) => ({ ...field, key: `preview-${place}`, label: field.label || _('Question {n}', { n: place + 1 }), choices: cleaned(field.choices) }));
  return html`
    <details class="preview"><summary>${_('As a guest sees it')}</summary>
      <div class="card"><${Questions} fields=${drawn} answers=${answers} problems=${{}} onAnswer=${(/** @type {string} */ key, /** @type {string} */ value) => setAnswers({ ...answers, [key]: value })} /></div>
    </details>
  `;
}

/** @param {string[]} choices */
const cleaned = (choices) => choices.map((choice) => choice.trim()).filter(Boolean);

/** As they are saved, in the words of the API. @param {Draft[]} fields */
export const fieldsToSave = (fields) => fields.map(({ key, label, kind, required, choices }) => ({
  ...(key ? { key } : {}), label: label.trim(), kind, required, choices: kind === 'choice' ? cleaned(choices) : [],
}));

/** What is still wrong with them, in words; empty when nothing is. @param {Draft[]} fields */
export function fieldsProblem(fields) {
  if (fields.some((field) => !field.label.trim())) return _('Give every question its words.');
  const bad = fields.find((field) => field.kind === 'choice' && new Set(cleaned(field.choices)).size < Math.max(2, cleaned(field.choices).length));
  return bad ? _('“{label}” needs two or more different choices.', { label: bad.label }) : '';
}
