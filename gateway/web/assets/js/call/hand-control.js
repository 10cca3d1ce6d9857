/** One's own hand: up until it is put down, seen by everybody in the call. */

import { html } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { toast } from '../parts/toasts.js';

/** @param {{ engine: import('./call.js').CallEngine, call: Call | undefined }} props */
export function HandControl({ engine, call }) {
  const own = call?.participants.find(({ id }) => id === engine.seat?.participant_id);
  const raised = Boolean(own?.hand_raised_at);
  const toggle = () => engine.raiseHand(!raised).catch((error) => toast(error.message, { kind: 'problem' }));
  return html`<button type="button" class=${raised ? 'control sharing' : 'control'} aria-pressed=${raised} disabled=${!own || own.held} onClick=${toggle}>
    <${Icon} name="hand" /><span>${raised ? _('Lower hand') : _('Raise hand')}</span></button>`;
}
