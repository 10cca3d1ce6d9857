/** A button that opens a short list of things to do (WAI-ARIA menu button): arrows move, Escape closes, Tab goes on. */

import { html, useEffect, useRef, useState } from '../../vendor/preact.js';

/** @typedef {{ label: string, note?: string, disabled?: boolean, onChoose: () => void, icon?: unknown }} Choice */

/** @param {{ label: unknown, name?: string, class?: string, choices: Choice[], end?: boolean }} props */
export function MenuButton({ label, name, class: look, choices, end }) {
  const [open, setOpen] = useState(false);
  const frame = useRef(/** @type {HTMLDivElement | null} */ (null));
  const items = () => /** @type {HTMLElement[]} */ ([...(frame.current?.querySelectorAll('[role=menuitem]') ?? [])]);
  const close = (/** @type {boolean} */ back) => {
    setOpen(false);
    if (back) /** @type {HTMLElement | null} */ (frame.current?.querySelector('button'))?.focus();
  };
  useEffect(() => {
    if (!open) return undefined;
    items()[0]?.focus();
    const outside = (/** @type {Event} */ event) => {
      if (!frame.current?.contains(/** @type {Node} */ (event.target))) close(false);
    };
    addEventListener('pointerdown', outside);
    return () => removeEventListener('pointerdown', outside);
  }, [open]);
  const move = (/** @type {KeyboardEvent} */ event) => {
    const all = items();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    if (event.key in steps) {
      event.preventDefault();
      all[(steps[event.key] + all.length) % all.length]?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close(true);
    } else if (event.key === 'Tab') {
      setOpen(false);
    }
  };
  return html`
    <div class="menu-place" ref=${frame}>
      <button type="button" class=${look ?? 'button'} aria-haspopup="menu" aria-expanded=${open} aria-label=${name}
        onClick=${() => setOpen(!open)}>${label}</button>
      ${open && html`
        <div class=${end ? 'menu end' : 'menu'} role="menu" onKeyDown=${move}>
          ${choices.map((choice) => html`
            <button type="button" role="menuitem" tabindex="-1" class="menu-item" aria-disabled=${choice.disabled ? 'true' : undefined}
              onClick=${() => { if (choice.disabled) return; close(true); choice.onChoose(); }}>
              ${choice.icon}<span><span class="menu-label">${choice.label}</span>${choice.note && html`<span class="menu-note">${choice.note}</span>`}</span>
            </button>`)}
        </div>`}
    </div>
  `;
}
