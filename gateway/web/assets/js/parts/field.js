/** A field of a form: its label, what to know about it, and what does not fit. */

import { html } from '../../vendor/preact.js';

/**
 * `control` draws the input with the given attributes, so that both are tied together.
 * @param {{ id: string, label: string, help?: string, problem?: string, compact?: boolean, control: (attributes: Record<string, unknown>) => unknown }} props
 */
export function Field({ id, label, help, problem, compact, control }) {
  const told = [help && `${id}-help`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return html`
    <div class=${compact ? 'field compact' : 'field'}>
      <label for=${id}>${label}</label>
      ${control({ id, 'aria-describedby': told || undefined, 'aria-invalid': problem ? 'true' : undefined })}
      ${help && html`<p class="field-help" id=${`${id}-help`}>${help}</p>`}
      ${problem && html`<p class="field-problem" id=${`${id}-problem`}>${problem}</p>`}
    </div>
  `;
}
