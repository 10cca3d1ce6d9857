/** Choosing one member among however many: typed, and found by the service. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Field } from '../parts/field.js';
import { useMembers } from './members.js';

const PROPOSED = 20;

/**
 * @param {{ id: string, label: string, help?: string, compact?: boolean, nobody?: string, wanted?: import('./members.js').Wanted,
 *   may?: (member: Member) => boolean, value?: string, choose: (id: string) => void }} props
 * `nobody`: what an empty field means; without it somebody must be chosen. `choose` is told '' while nobody is;
 * `value` '' from outside empties the field.
 */
export function MemberPicker({ id, label, help, compact, nobody, wanted = {}, may = () => true, value, choose }) {
  const [text, setText] = useState('');
  const { members, busy, problem } = useMembers({ ...wanted, words: text.replace(/\([^)]*\)?$/, '').trim().slice(0, 100) }, PROPOSED);
  const proposed = (members ?? []).filter(may);
  const chosen = proposed.find((member) => inWords(member) === text)?.id ?? '';
  useEffect(() => { choose(chosen); }, [chosen]);
  useEffect(() => { if (value === '' && chosen) setText(''); }, [value]);
  const nobodyFits = text && !busy && !proposed.length ? _('Nobody of that name is found.') : '';
  return html`
    <${Field} id=${id} label=${label} help=${help} compact=${compact} problem=${problem || nobodyFits} control=${(/** @type {Record<string, unknown>} */ attributes) => html`
      <input ...${attributes} type="text" list=${`${id}-proposed`} autocomplete="off" placeholder=${nobody ?? _('Type a name and choose')} required=${nobody === undefined} value=${text}
        onInput=${(/** @type {any} */ event) => setText(event.target.value)} />
      <datalist id=${`${id}-proposed`}>${proposed.map((member) => html`<option key=${member.id} value=${inWords(member)} />`)}</datalist>`} />
  `;
}

/** Two may have one name. @param {Member} member */
const inWords = ({ name, email }) => `${name} (${email})`;
