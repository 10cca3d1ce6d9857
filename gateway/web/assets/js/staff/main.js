/** The staff's pages begin here: who is signed in, in which language, and the live connection. */

import { html, render } from '../../vendor/preact.js';
import { Refusal, explain, get } from '../core/api.js';
import { LiveContext } from '../core/hooks.js';
import { Live, liveAddress } from '../core/live.js';
import { prepareSounds } from '../core/sounds.js';
import { currentLanguage, followLanguage, loadTexts } from '../core/texts.js';
import { Failed } from '../parts/states.js';
import { StaffApp } from './app.js';
import { MustAdd } from './must-add.js';
import './drawings.js';

window.housecall = { stats: async () => ({ phase: 'none', call_id: null, participant_id: null, remotes: {} }) };
prepareSounds();

const place = /** @type {HTMLElement} */ (document.getElementById('app'));

async function begin() {
  try {
    const [me] = await Promise.all([get('/api/me'), loadTexts(currentLanguage())]);
    await followLanguage(me.member.language);
    if (me.must_add_second_step) {
      place.replaceChildren();
      render(html`<${MustAdd} me=${me} />`, place);
      return;
    }
    me.entitlements ??= unknownEntitlements(me.organisation);
    const live = new Live(liveAddress(), () => get('/api/me').catch(signInAgain));
    place.replaceChildren();
    render(html`<${LiveContext.Provider} value=${live}><${StaffApp} me=${me} /><//>`, place);
  } catch (error) {
    if (signInAgain(error)) return;
    place.replaceChildren();
    render(html`<main class="sheet"><${Failed} text=${explain(error)} onRetry=${() => location.reload()} /></main>`, place);
  }
}

/** @param {unknown} error @returns {boolean} whether the reader is led to the sign-in page */
function signInAgain(error) {
  if (!(error instanceof Refusal) || error.status !== 401) return false;
  location.replace(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
  return true;
}

/** What the plan includes could not be read at the moment: its name is known, and nothing is promised. @param {Organisation} organisation @returns {Me['entitlements']} */
function unknownEntitlements(organisation) {
  const plan = { name: organisation.plan, aliases: [], policy_version: 0, meeting_rooms: 0, meeting_rooms_renamed: false, waiting_area: false, first_rooms: [] };
  return { plan, meeting_rooms_used: 0 };
}

void begin();
