/** Settings, Your account, Where you are signed in: each browser, since when, and a way to end it. */

import { html, useEffect, useState } from '../../../../vendor/preact.js';
import { explain, get, remove } from '../../../core/api.js';
import { _, clockTime, dayName } from '../../../core/texts.js';
import { Badge } from '../../../parts/badge.js';
import { Icon } from '../../../parts/icons.js';
import { Failed, Loading } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';

/** @typedef {{ id: Id, created_at: string, expires_at: string, network: string | null, browser: string | null, current: boolean }} OwnSignIn */

export function SignInsSection() {
  const [items, setItems] = useState(/** @type {OwnSignIn[] | null} */ (null));
  const [problem, setProblem] = useState('');
  const load = () => {
    setProblem('');
    get('/api/sign-ins').then((known) => setItems(known.items), (error) => setProblem(explain(error)));
  };
  useEffect(load, []);
  const end = async (/** @type {string} */ path, /** @type {string} */ said) => {
    try {
      await remove(path);
      toast(said);
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
    load();
  };
  if (problem) return html`<${Failed} text=${problem} onRetry=${load} />`;
  if (!items) return html`<${Loading} lines=${4} />`;
  const others = items.filter((item) => !item.current);
  return html`
    <p>${_('If you do not know one of these, end it and change your password.')}</p>
    <ul class="cards">
      ${items.map((item) => html`
        <li class="card sign-in-row" key=${item.id}>
          <${Icon} name=${isPhone(item.browser) ? 'phone' : 'shield'} />
          <div><p><strong>${browserName(item.browser)}</strong> ${item.current && html`<${Badge} kind="in-call">${_('this browser')}<//>`}</p>
            <p class="quiet">${_('since {day}, {time}', { day: dayName(item.created_at), time: clockTime(item.created_at) })}${item.network && html` · <span dir="ltr">${item.network}</span>`}</p></div>
          ${!item.current && html`<button type="button" class="button small" aria-label=${_('Sign out {browser}', { browser: browserName(item.browser) })}
            onClick=${() => end(`/api/sign-ins/${item.id}`, _('It is signed out.'))}>${_('Sign out')}</button>`}
        </li>`)}
    </ul>
    ${others.length > 0 && html`<p><button type="button" class="button" onClick=${() => end('/api/sign-ins', _('You are signed in only here now.'))}>${_('Sign out everywhere else')}</button></p>`}
  `;
}

/** @param {string | null} agent */
const isPhone = (agent) => /Mobile|Android|iPhone|iPad/.test(agent ?? '');

/** Browser and system, as far as the browser says. @param {string | null} agent */
export function browserName(agent) {
  const first = (/** @type {[RegExp, string][]} */ known) => known.find(([sign]) => sign.test(agent ?? ''))?.[1];
  const browser = first([[/Edg/, 'Edge'], [/OPR\//, 'Opera'], [/SamsungBrowser/, 'Samsung Internet'], [/Firefox|FxiOS/, 'Firefox'], [/Chrome|CriOS/, 'Chrome'], [/Safari/, 'Safari']]);
  const system = first([[/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux']]);
  if (browser && system) return _('{browser} on {system}', { browser, system });
  return browser ?? system ?? _('Another program');
}
