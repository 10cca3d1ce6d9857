/** One setting of a Waiting Area, changed and saved by itself. */

import { html, useEffect, useState } from '../../../../vendor/preact.js';
import { Refusal, explain, patch } from '../../../core/api.js';
import { _ } from '../../../core/texts.js';
import { Failed } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { useAreas } from '../../rooms.js';

/**
 * @param {{ area: WaitingArea, name: keyof WaitingArea, title: string, help: string, draw: (draft: any, set: (draft: any) => void, help: string) => unknown,
 *   problemOf?: (draft: any) => string, toSave?: (draft: any) => any }} props
 */
export function AreaCard({ area, name, title, help, draw, problemOf, toSave }) {
  const { topic } = useAreas();
  const value = area[name];
  const [draft, setDraft] = useState(/** @type {any} */ (value));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const changed = JSON.stringify(draft) !== JSON.stringify(value);
  // somebody else's change is followed, unless one is being made here
  useEffect(() => setDraft(value), [JSON.stringify(value)]);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const wrong = problemOf?.(draft) ?? '';
    setProblem(wrong);
    if (wrong) return;
    setBusy(true);
    try {
      const kept = await patch(`/api/waiting-areas/${area.id}`, { [name]: toSave ? toSave(draft) : draft, version: area.version });
      topic.note(`area/${area.id}`, kept);
      setDraft(kept[name]);
      toast(_('Saved.'));
    } catch (error) {
      const field = error instanceof Refusal ? error.problem.errors?.[0]?.detail : undefined;
      setProblem(field ?? explain(error));
    }
    setBusy(false);
  };
  const id = `area-card-${name}`;
  return html`
    <section class="card setting" aria-labelledby=${id}>
      <div class="setting-head"><h3 id=${id}>${title}</h3></div>
      <p class="quiet" id=${`${id}-help`}>${help}</p>
      <form onSubmit=${save}>
        ${draw(draft, setDraft, `${id}-help`)}
        ${problem && html`<${Failed} text=${problem} />`}
        ${changed && html`<p class="setting-actions"><button type="submit" class="button primary small" disabled=${busy}>${_('Save')}</button>
          <button type="button" class="button small" onClick=${() => { setDraft(value); setProblem(''); }}>${_('Undo')}</button></p>`}
      </form>
    </section>
  `;
}
