/** The modules of the call itself: fetched while the guest waits, so that the first page is small and the call opens at once. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Sheet } from './screens.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
const PATIENCE_MS = 10_000;

/** @typedef {typeof import('./guest-call.js') & typeof import('./messages.js') & typeof import('./text-me.js')} CallParts */

/** Null until they are here; asked for again as long as the network does not give them. @returns {CallParts | null} */
export function useCallParts() {
  const [parts, setParts] = useState(/** @type {CallParts | null} */ (null));
  useEffect(() => {
    let timer = 0;
    const fetchParts = async (/** @type {number} */ pause) => {
      try {
        setParts({ ...(await import('./guest-call.js')), ...(await import('./messages.js')), ...(await import('./text-me.js')) });
      } catch {
        timer = setTimeout(fetchParts, pause, Math.min(2 * pause, LONGEST_PAUSE_MS));
      }
    };
    void fetchParts(FIRST_PAUSE_MS);
    return () => clearTimeout(timer);
  }, []);
  return parts;
}

/** For who is let in before they are here. Some browsers remember a failure until the page is loaded again. @param {{ hello: Hello }} props */
export function FetchingCall({ hello }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(setLate, PATIENCE_MS, true);
    return () => clearTimeout(timer);
  }, []);
  return html`<${Sheet} hello=${hello} step=${3} title=${_('You are being let in.')}>
    <p class="lead" role="status">${late ? _('The network is slow. Load this page again: your place is kept.') : _('One moment…')}</p>
    ${late && html`<p class="sheet-actions"><button type="button" class="button primary wide" onClick=${() => location.reload()}>${_('Load this page again')}</button></p>`}
  <//>`;
}
