/** To be texted when it is nearly one's turn: a number, the code that shows that it is theirs, and the page can be closed. Fetched while the guest waits (call-parts.js). */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { Refusal, explain, get, post, remove } from '../core/api.js';
import { _, clockTime } from '../core/texts.js';
import { Icon } from '../parts/icons.js';

/** @param {{ link: string, caller: Caller }} props */
export function TextMe({ link, caller }) {
  const own = (/** @type {string} */ more = '') => `/api/caller/text-me${more}?link=${encodeURIComponent(link)}`;
  const [offered, setOffered] = useState(false);
  const [open, setOpen] = useState(false);
  const [answered, setAnswered] = useState(/** @type {Caller | null} */ (null));
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    get(own()).then((found) => setOffered(found.offered), () => {});
  }, [link]);
  // the answer is newer than what the live connection has said
  const wish = (answered && answered.version > caller.version ? answered : caller).text_me;
  const ask = async (/** @type {() => Promise<Caller>} */ how) => {
    setBusy(true);
    setProblem('');
    try {
      setAnswered(await how());
      setTyped('');
    } catch (error) {
      setProblem((error instanceof Refusal && error.problem.errors?.[0]?.detail) || explain(error));
    }
    setBusy(false);
  };
  const stay = () => { setOpen(false); void ask(() => remove(own())); };
  if (!offered && !wish) return null;
  if (wish?.confirmed_at) {
    return html`
      <section class="notice" role="status"><${Icon} name="phone" /><div>
        <p><strong>${wish.texted_at ? _('We have texted you: it is nearly your turn.') : _('You can close this page.')}</strong></p>
        <p>${wish.texted_at ? _('Stay on this page now.') : _('We text the number that ends in {digits} when it is nearly your turn. Press the link in it and come back. Your place is kept until {time}.', { digits: wish.number_ends ?? '', time: clockTime(wish.kept_until ?? '') })}</p>
        ${!wish.texted_at && html`<p><button type="button" class="button small" disabled=${busy} onClick=${stay}>${_('I stay on this page')}</button></p>`}
      </div></section>`;
  }
  if (!wish && !open) {
    return html`<p class="sheet-actions"><button type="button" class="button wide" onClick=${() => setOpen(true)}><${Icon} name="phone" />${_('Text me when it is nearly my turn')}</button></p>`;
  }
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void ask(() => (wish ? post(own('/code'), { code: typed }) : post(own(), { number: typed })));
  };
  const field = wish
    ? { key: 'code', label: _('Code'), hint: _('We have sent a code to the number that ends in {digits}. Type it here.', { digits: wish.number_ends ?? '' }), press: _('Confirm'), mode: 'numeric', filled: 'one-time-code', type: 'text' }
    : { key: 'number', label: _('Mobile number'), hint: _('We send a code first, to see that it is yours. The number is forgotten when you are let in or leave.'), press: _('Send me a code'), mode: 'tel', filled: 'tel', type: 'tel' };
  return html`
    <form onSubmit=${submit} key=${field.key}>
      <div class="field"><label for="text-me">${field.label}</label><span class="hint" id="text-me-hint">${field.hint}</span>
        <input id="text-me" dir="ltr" required autofocus maxlength="60" type=${field.type} inputmode=${field.mode} autocomplete=${field.filled} aria-describedby="text-me-hint text-me-problem" aria-invalid=${Boolean(problem)} value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.target.value)} />
        <p id="text-me-problem" class="problem" role="alert">${problem}</p></div>
      <p class="sheet-actions"><button type="submit" class="button primary wide" disabled=${busy || !typed.trim()}>${field.press}</button>
        <button type="button" class="button wide" onClick=${wish ? stay : () => setOpen(false)}>${wish ? _('Another number') : _('Cancel')}</button></p>
    </form>`;
}
