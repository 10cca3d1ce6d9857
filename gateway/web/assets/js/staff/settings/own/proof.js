/** Who changes how they sign in shows again who they are, where they did not sign in just now: the service says when. */

import { html, useState } from '../../../../vendor/preact.js';
import { Refusal, explain } from '../../../core/api.js';
import { _ } from '../../../core/texts.js';
import { Field } from '../../../parts/field.js';

/**
 * `given` goes along with what is sent; `heed` keeps what a refusal asks for and says what is wrong otherwise.
 * @param {string} id of the field
 */
export function useProof(id) {
  const [need, setNeed] = useState(/** @type {'' | 'password' | 'sign_in'} */ (''));
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState('');
  const heed = (/** @type {unknown} */ error) => {
    const reason = error instanceof Refusal ? error.problem.reason : '';
    if (reason === 'sign_in_again') setNeed('sign_in');
    else if (reason === 'password_needed') setNeed('password');
    else if (need === 'password' && error instanceof Refusal && error.status === 401) setWrong(_('The password is not right.'));
    else return explain(error);
    return '';
  };
  const field = {
    '': null,
    password: html`<${Field} id=${id} label=${_('Password')} problem=${wrong} help=${_('You signed in a while ago. Type your password, to show that it is you.')}
      control=${(/** @type {any} */ tied) => html`<input ...${tied} type="password" dir="ltr" autocomplete="current-password" autofocus value=${password} onInput=${(/** @type {any} */ event) => { setWrong(''); setPassword(event.target.value); }} />`} />`,
    sign_in: html`<p class="notice" role="alert">${_('You signed in a while ago. Sign in again, then come back here within ten minutes.')} <a href=${`/sign-in?next=${encodeURIComponent(location.pathname)}`}>${_('Sign in')}</a></p>`,
  }[need];
  return { given: password ? { password } : undefined, heed, field, blocked: need === 'sign_in' || (need === 'password' && !password) };
}
