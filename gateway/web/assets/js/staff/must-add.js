/** Before anything else: who must have a second step and has none adds one. */

import { html } from '../../vendor/preact.js';
import { remove } from '../core/api.js';
import { _ } from '../core/texts.js';
import { Toasts } from '../parts/toasts.js';
import { SecondStepSection } from './settings/own/second-step.js';

const signOut = () => remove('/api/sign-ins/current').finally(() => location.assign('/sign-in'));

/** @param {{ me: Me }} props */
export function MustAdd({ me }) {
  return html`
    <main class="must-add">
      <h1>${_('Add a second step')}</h1>
      <p>${_('{organisation} asks for a second step when you sign in, so that a stolen password opens nothing. Set up an app or a security key: it takes two minutes, and then you go on.', { organisation: me.organisation.name })}</p>
      <${SecondStepSection} onSecured=${() => location.reload()} />
      <p><button type="button" class="button" onClick=${signOut}>${_('Sign out')}</button></p>
    </main>
    <${Toasts} />
  `;
}
