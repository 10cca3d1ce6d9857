/** The recipients as they are typed or pasted: each becomes a chip with its own verdict. What an address is, the server judges. */

import { html, useRef, useState } from '../../vendor/preact.js';
import { post } from '../core/api.js';
import { _, ngettext } from '../core/texts.js';
import { announce } from '../parts/announcer.js';
import { Icon } from '../parts/icons.js';
import { isNumber, useChannels } from './channels.js';
import { reasonText } from './recipient-reasons.js';

const ENDS_ENTRY = /[,;\n]/;

/** @typedef {{ key: number, entry: string, verdict: Verdict | null }} Chip */

let lastKey = 0;

/** @param {import('./channels.js').Channels} channels */
function helpText(channels) {
  if (!channels.texts) return _('E-mail addresses, separated by commas. Each gets an e-mail and a link of their own; nobody sees the others.');
  const words = _('E-mail addresses or mobile numbers, separated by commas. Each gets an e-mail or a text with a link of their own; nobody sees the others.');
  return channels.phone_region ? words : `${words} ${_('Write numbers with + and the country code.')}`;
}

/** Whom the message goes to by text, and whom by e-mail, as far as is known. @param {Chip[]} chips */
export function channelsOf(chips) {
  const addresses = chips.filter((chip) => chip.verdict?.accepted).map((chip) => chip.verdict?.address);
  return { texted: addresses.some(isNumber), mailed: addresses.some((address) => !isNumber(address)) };
}

/** What is sent: every chip's text, and what is still being typed. @param {Chip[]} chips @param {string} typed */
export const recipientsText = (chips, typed) => [...chips.map((chip) => chip.entry), typed.trim()].filter(Boolean).join(', ');

/** @param {Verdict[]} verdicts @returns {Chip[]} */
export const chipsOf = (verdicts) => verdicts.map((verdict) => ({ key: ++lastKey, entry: verdict.entry, verdict }));

/**
 * @param {{ chips: Chip[], setChips: (change: (chips: Chip[]) => Chip[]) => void, typed: string, setTyped: (text: string) => void, optional?: boolean, waits?: boolean }} props
 * `waits`: what stands before it is read first.
 */
export function RecipientsField({ chips, setChips, typed, setTyped, optional, waits }) {
  const input = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const [checking, setChecking] = useState(0);
  const channels = useChannels();
  const commit = async (/** @type {string} */ text) => {
    setTyped('');
    if (!text.trim()) return;
    const pending = { key: ++lastKey, entry: text.trim(), verdict: null };
    setChips((before) => [...before, pending]);
    setChecking((count) => count + 1);
    try {
      const { items } = await post('/api/invitations/check', { recipients: text });
      setChips((before) => before.flatMap((chip) => (chip.key === pending.key ? chipsOf(items) : [chip])));
      const bad = items.filter((/** @type {Verdict} */ verdict) => !verdict.accepted);
      if (bad.length) announce(bad.map((/** @type {Verdict} */ verdict) => `${verdict.entry}: ${reasonText(verdict.reason)}`).join('. '));
    } catch {
      // Without an answer the entry stays as it is; sending gives each its verdict anyway.
    }
    setChecking((count) => count - 1);
  };
  const change = (/** @type {any} */ event) => {
    const text = event.target.value;
    if (ENDS_ENTRY.test(text)) void commit(text);
    else setTyped(text);
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      void commit(typed);
    } else if (event.key === 'Backspace' && !typed && chips.length) {
      const last = chips[chips.length - 1];
      setChips((before) => before.slice(0, -1));
      setTyped(last?.entry ?? '');
      event.preventDefault();
    }
  };
  const bad = chips.filter((chip) => chip.verdict && !chip.verdict.accepted);
  return html`
    <div class="field">
      <label for="recipients">${optional ? _('Recipients (optional)') : _('Recipients')}</label>
      <div class="chips" onClick=${(/** @type {MouseEvent} */ event) => { if (event.target === event.currentTarget) input.current?.focus(); }}>
        ${chips.length > 0 && html`<ul aria-label=${_('Recipients so far')}>
          ${chips.map((chip) => html`
            <li key=${chip.key} class=${!chip.verdict ? 'chip pending' : chip.verdict.accepted ? 'chip good' : 'chip bad'}>
              ${chip.verdict && html`<${Icon} name=${chip.verdict.accepted ? 'check' : 'warning'} />`}
              <span dir="ltr">${chip.verdict?.name ?? chip.verdict?.address ?? chip.entry}</span>
              <button type="button" aria-label=${_('Remove {name}', { name: chip.entry })} onClick=${() => { setChips((before) => before.filter((one) => one.key !== chip.key)); input.current?.focus(); }}><${Icon} name="close" /></button>
            </li>`)}
        </ul>`}
        <textarea id="recipients" autofocus=${!optional && !waits} ref=${input} rows="1" dir="ltr" autocomplete="off" autocapitalize="none" spellcheck=${false} inputmode="email" value=${typed}
          aria-describedby="recipients-help" onInput=${change} onKeyDown=${key} onBlur=${() => commit(typed)}></textarea>
      </div>
      <p class="field-help" id="recipients-help">${checking ? _('Checking…') : helpText(channels)}</p>
      ${bad.length > 0 && html`<ul class="field-problems">${bad.map((chip) => html`<li key=${chip.key}><strong dir="ltr">${chip.entry}</strong>: ${reasonText(chip.verdict?.reason)}</li>`)}</ul>
        <p class="field-help">${ngettext('{n} entry cannot be used; the others will be sent.', '{n} entries cannot be used; the others will be sent.', bad.length)}</p>`}
    </div>
  `;
}
