/** Settings, Your account, Password: another one, for who knows the current one. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, fieldProblems, post } from '../../../core/api.js';
import { passwordProblem } from '../../../core/password-problems.js';
import { _ } from '../../../core/texts.js';
import { Field } from '../../../parts/field.js';
import { Failed } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { useApp } from '../../context.js';

export function PasswordSection() {
  const { me } = useApp();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [problem, setProblem] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const weak = passwordProblem(problem);
  const problems = weak ? { password: weak } : fieldProblems(problem);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await post('/api/me/password', { current_password: current, password });
      setCurrent('');
      setPassword('');
      toast(_('Your password is changed. Everywhere else you are signed out.'));
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  };
  const sendLink = async () => {
    try {
      await post('/api/password-resets', { email: me.member.email });
      toast(_('A link to choose a password is on its way to {address}.', { address: me.member.email }));
    } catch (error) {
      setProblem(error);
    }
  };
  const type = shown ? 'text' : 'password';
  return html`
    <form class="form-sheet" onSubmit=${save} noValidate>
      ${problem && !Object.keys(problems).length && html`<${Failed} text=${explain(problem)} />`}
      <div class="card form-card">
        <${Field} id="own-address" label=${_('E-mail address')}
          control=${(/** @type {any} */ tied) => html`<input ...${tied} type="email" dir="ltr" autocomplete="username" value=${me.member.email} readonly />`} />
        <${Field} id="current-password" label=${_('Current password')} problem=${problems.current_password}
          control=${(/** @type {any} */ tied) => html`<input ...${tied} type=${type} dir="ltr" autocomplete="current-password" value=${current} onInput=${(/** @type {any} */ event) => setCurrent(event.target.value)} />`} />
        <${Field} id="own-new-password" label=${_('New password')} problem=${problems.password} help=${_('Twelve characters or more. A few words that do not belong together are easy to remember and hard to guess.')}
          control=${(/** @type {any} */ tied) => html`<input ...${tied} type=${type} dir="ltr" autocomplete="new-password" value=${password} onInput=${(/** @type {any} */ event) => setPassword(event.target.value)} />`} />
        <label class="check"><input type="checkbox" checked=${shown} onChange=${() => setShown(!shown)} /><span>${_('Show the passwords')}</span></label>
      </div>
      <p class="quiet">${_('When it is changed, you are signed out everywhere but here.')}</p>
      <p class="button-row"><button type="submit" class="button primary" disabled=${busy || !current || !password}>${_('Change the password')}</button></p>
      <p class="quiet">${_('You do not know the current one, or have none because you sign in another way?')} <button type="button" class="button quiet" onClick=${sendLink}>${_('Send me a link to choose one')}</button></p>
    </form>
  `;
}
