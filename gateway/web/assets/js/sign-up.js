/** A new organisation: by the link of a mail or of an operator; without one, asking for a mail where strangers may sign up. */

import { Refusal, explain, post } from './core/api.js';
import { takeToken } from './core/link.js';
import { passwordProblem } from './core/password-problems.js';
import { _, currentLanguage, loadTexts, ownZone } from './core/texts.js';
import { zoneChoices } from './core/zones.js';

const page = /** @type {HTMLElement} */ (document.getElementById('sign-up'));
const ask = /** @type {HTMLFormElement} */ (document.getElementById('ask'));
const make = /** @type {HTMLFormElement} */ (document.getElementById('make'));
const closed = /** @type {HTMLElement} */ (document.getElementById('closed'));
const notice = /** @type {HTMLElement} */ (document.getElementById('problem'));
const done = /** @type {HTMLElement} */ (document.getElementById('done'));
const invited = /** @type {HTMLElement} */ (document.getElementById('invited'));
const token = takeToken();

/** @param {string} said */
function refuse(said) {
  notice.textContent = said;
  notice.hidden = false;
  for (const form of [ask, make]) /** @type {HTMLButtonElement} */ (form.querySelector('button')).disabled = false;
  notice.scrollIntoView({ block: 'nearest' });
}

/** @param {HTMLFormElement} form */
function begin(form) {
  notice.hidden = true;
  /** @type {HTMLButtonElement} */ (form.querySelector('button')).disabled = true;
  const typed = new FormData(form);
  return (/** @type {string} */ name) => String(typed.get(name) ?? '').trim();
}

/** Without a link: who may ask for one. */
function offer() {
  const open = page.dataset.open === 'yes';
  ask.hidden = !open;
  closed.hidden = open;
}

async function look() {
  await loadTexts(currentLanguage());
  if (!token) return offer();
  try {
    const found = await post('/api/sign-ups/look', { token });
    invited.textContent = _('You will sign in as {email}. It begins on the {plan} plan.', { email: found.email, plan: found.plan });
    const zones = /** @type {HTMLSelectElement} */ (document.getElementById('zone'));
    for (const zone of zoneChoices(ownZone())) zones.add(new Option(zone.replaceAll('_', ' '), zone, false, zone === ownZone()));
    make.hidden = false;
    document.getElementById('organisation-name')?.focus();
  } catch (error) {
    const dead = error instanceof Refusal && (error.status === 410 || error.status === 404 || error.status === 422);
    refuse(dead ? _('This link no longer works: it was used, or is too old. Ask whoever gave it to you for a new one.') : explain(error));
    if (dead && page.dataset.open === 'yes') offer();
  }
  return undefined;
}

ask.addEventListener('submit', async (event) => {
  event.preventDefault();
  const typed = begin(ask);
  try {
    await post('/api/sign-ups', { email: typed('email'), language: currentLanguage() });
    done.textContent = _('A mail is on its way, if this address can get one. Its link works for one day.');
    done.hidden = false;
    ask.hidden = true;
  } catch (error) {
    refuse(error instanceof Refusal && error.status === 422 ? _('Type your e-mail address.') : explain(error));
  }
});

make.addEventListener('submit', async (event) => {
  event.preventDefault();
  const typed = begin(make);
  const password = String(new FormData(make).get('password'));
  const names = ['organisation_name', 'clinic_name', 'zone', 'name'];
  if (!password || names.some((name) => !typed(name))) return refuse(_('Fill in the names of the organisation, the clinic and yourself, and a password.'));
  const asked = { ...Object.fromEntries(names.map((name) => [name, typed(name)])), contact_phone: typed('contact_phone') || null };
  try {
    const made = await post('/api/sign-ups/finish', { ...asked, token, password, language: currentLanguage() });
    await post('/api/sign-ins', { email: made.email, password }).then(() => location.assign('/'), () => location.assign('/sign-in'));
  } catch (error) {
    refuse(passwordProblem(error) || explain(error));
  }
  return undefined;
});

void look();
