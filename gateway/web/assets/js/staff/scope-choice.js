/** Which sessions of a series are meant, where one of them is moved or cancelled. */

import { html } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';

/** @typedef {'one' | 'following' | 'all'} Scope */

/** Nothing for a session that does not repeat. @param {{ session: Session, value: Scope, onChange: (value: Scope) => void }} props */
export function ScopeChoice({ session, value, onChange }) {
  if (!session.series_id) return null;
  /** @type {[Scope, string][]} */
  const choices = [['one', _('Only this one')], ['following', _('This and the following ones')], ['all', _('All that have not begun')]];
  return html`
    <fieldset class="field"><legend>${_('This session repeats. What is meant?')}</legend>
      ${choices.map(([scope, text]) => html`<label key=${scope} class="check compact"><input type="radio" name="scope" value=${scope} checked=${scope === value} onChange=${() => onChange(scope)} /><span>${text}</span></label>`)}
    </fieldset>
  `;
}
