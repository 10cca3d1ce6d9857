/** One press away while waiting: the clinic is told that somebody feels worse, and they read what to do. */

import { html, useState } from '../../vendor/preact.js';
import { explain } from '../core/api.js';
import { _ } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { PlainText } from '../parts/plain-text.js';
import { feelWorse } from './place.js';

/** @param {{ link: string, hello: Hello, caller: Caller }} props */
export function FeelWorse({ link, hello, caller }) {
  const [pressed, setPressed] = useState(false);
  const [problem, setProblem] = useState('');
  const tell = async () => {
    // what to do is read at once, whatever becomes of telling the clinic
    setPressed(true);
    setProblem('');
    try {
      await feelWorse(link);
    } catch (error) {
      setProblem(explain(error));
    }
  };
  if (!pressed && !caller.worse_at) {
    return html`<p class="sheet-actions"><button type="button" class="button wide" onClick=${tell}><${Icon} name="warning" />${_('I feel worse')}</button></p>`;
  }
  return html`
    <section class="notice danger" role="alert"><${Icon} name="warning" /><div>
      ${hello.emergency_text ? html`<${PlainText} text=${hello.emergency_text} />` : html`<p>${_('If it is serious, call the emergency number now. Do not wait for this call.')}</p>`}
      ${hello.contact_phone && html`<p><a href=${`tel:${hello.contact_phone.replace(/[^+\d]/g, '')}`} dir="ltr">${hello.contact_phone}</a></p>`}
      ${problem ? html`<p>${_('The clinic could not be told: {problem}', { problem })} <button type="button" class="button small" onClick=${tell}>${_('Try again')}</button></p>`
    : html`<p>${caller.worse_at ? _('The clinic has been told.') : _('One moment…')}</p>`}
    </div></section>
  `;
}
