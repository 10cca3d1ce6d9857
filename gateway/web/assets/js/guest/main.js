/** A guest's page begins here. What the link opens is read first; a place that was taken before is found again. */

import { html, render } from '../../vendor/preact.js';
import { currentLanguage, loadTexts } from '../core/texts.js';
import { GuestApp } from './app.js';

window.housecall = { stats: async () => ({ phase: 'none', call_id: null, participant_id: null, remotes: {} }) };

const place = /** @type {HTMLElement} */ (document.getElementById('app'));
const link = decodeURIComponent(location.pathname.slice('/join/'.length));

void loadTexts(currentLanguage()).finally(() => {
  place.replaceChildren();
  render(html`<${GuestApp} link=${link} />`, place);
});
