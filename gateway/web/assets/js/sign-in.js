/** Signing in: sends what was typed, and goes where the reader wanted to go. */

import { Refusal, explain, get, post } from './core/api.js';
import { problemText } from './core/provider-problems.js';
import { askKey, canAskKey, keyProblem } from './core/security-key.js';
import { _, currentLanguage, loadTexts } from './core/texts.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('sign-in'));
const notice = /** @type {HTMLElement} */ (document.getElementById('problem'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const second = /** @type {HTMLFormElement} */ (document.getElementById('second-step'));
const codeNotice = /** @type {HTMLElement} */ (document.getElementById('code-problem'));
const codeField = /** @type {HTMLInputElement} */ (document.getElementById('code'));
const keyButton = /** @type {HTMLButtonElement} */ (document.getElementById('use-key'));
let step = '';
let keyOptions = /** @type {unknown} */ (null);
const asked = new URLSearchParams(location.search);
void loadTexts(currentLanguage()).then(begin);

/** Only ever a page of ours. */
function wanted() {
  const next = asked.get('next') ?? '/';
  // as the browser itself reads it: it drops tabs, and takes a backslash for a slash
  const there = URL.canParse(next, location.origin) ? new URL(next, location.origin) : null;
  return next.startsWith('/') && there?.origin === location.origin ? there.pathname + there.search + there.hash : '/';
}

/** @param {unknown} error */
function text(error) {
  if (!(error instanceof Refusal)) return explain(error);
  const typed = new FormData(form);
  if (!typed.get('email') || !typed.get('password')) return _('Type your e-mail address and your password.');
  if (error.problem.reason === 'use_provider') {
    offer(error.problem.organisation_id, '');
    return _('Your organisation signs in with its own provider. Press Continue above.');
  }
  if (error.status === 401 || error.status === 422) return _('E-mail address or password is not right. Check both, and try again.');
  if (error.status === 429) return _('Too many tries. Wait a minute, then try again.');
  return explain(error);
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const typed = new FormData(form);
  notice.hidden = true;
  button.disabled = true;
  try {
    const answer = await post('/api/sign-ins', { email: String(typed.get('email')).trim(), password: typed.get('password') });
    if (answer.step) askForCode(answer.step);
    else location.assign(wanted());
  } catch (error) {
    notice.textContent = text(error);
    notice.hidden = false;
    button.disabled = false;
    document.getElementById('password')?.focus();
  }
});

/** @param {string} given what the code is to be brought with */
function askForCode(given) {
  step = given;
  form.hidden = true;
  second.hidden = false;
  codeNotice.hidden = true;
  codeField.value = '';
  codeField.focus();
  keyButton.hidden = true;
  if (canAskKey()) offerKey().catch(() => {});
}

/** The button for security keys, for who has one. */
async function offerKey() {
  keyOptions = (await post('/api/sign-ins/security-key/begin', { step })).options;
  keyButton.hidden = !keyOptions;
}

keyButton.addEventListener('click', async () => {
  codeNotice.hidden = true;
  keyButton.disabled = true;
  try {
    const credential = await askKey(keyOptions);
    await post('/api/sign-ins/security-key', { step, credential });
    location.assign(wanted());
  } catch (error) {
    codeNotice.textContent = keyProblem(error) || explain(error);
    codeNotice.hidden = false;
    // what was asked once is not asked again
    await offerKey().catch(() => {});
  }
  keyButton.disabled = false;
});

second.addEventListener('submit', async (event) => {
  event.preventDefault();
  codeNotice.hidden = true;
  try {
    await post('/api/sign-ins/finish', { step, code: codeField.value.trim() });
    location.assign(wanted());
  } catch (error) {
    codeNotice.textContent = codeText(error);
    codeNotice.hidden = false;
    codeField.select();
  }
});

/** @param {unknown} error */
function codeText(error) {
  if (!(error instanceof Refusal)) return explain(error);
  if (error.status === 401 || error.status === 422) return _('This code is not right or too old. Type the newest one; if that does not help, press Back and begin again.');
  if (error.status === 429) return _('Too many tries. Wait a minute, then try again.');
  return explain(error);
}

document.getElementById('back')?.addEventListener('click', () => {
  second.hidden = true;
  form.hidden = false;
  button.disabled = false;
  document.getElementById('password')?.focus();
});

const provider = /** @type {HTMLAnchorElement} */ (document.getElementById('provider'));
const emailField = /** @type {HTMLInputElement} */ (document.getElementById('email'));
let lastDomain = '';

/** What brought the reader here: back from the provider, refused or with the second step still to do. */
function begin() {
  const word = asked.get('problem');
  const given = /^#step=([\w-]{20,128})$/.exec(location.hash);
  const organisation = asked.get('organisation_id') ?? '';
  if (given) {
    history.replaceState(null, '', location.pathname + location.search);
    askForCode(given[1]);
  } else if (word) {
    notice.textContent = problemText(word);
    notice.hidden = false;
    if (/^[0-9a-f-]{36}$/.test(organisation)) offer(organisation, '');
  }
  void look();
}

/** Continue with the organisation's own provider. @param {string} organisation its id @param {string} name as far as it is known */
function offer(organisation, name) {
  provider.href = `/sign-in/with/${encodeURIComponent(organisation)}?next=${encodeURIComponent(wanted())}`;
  provider.textContent = name ? _('Continue with {organisation}', { organisation: name }) : _('Continue with your organisation');
  provider.hidden = false;
}

/** Whose domain it is: only the domain is asked about, so nothing is said of the address. */
async function look() {
  const domain = (emailField.value.split('@')[1] ?? '').trim();
  if (domain === lastDomain || (domain && !/^[^.\s]+(\.[^.\s]+)+$/.test(domain))) return;
  lastDomain = domain;
  if (!domain) return;
  try {
    const found = await get(`/api/sign-ins/provider?domain=${encodeURIComponent(domain)}`);
    if (domain !== lastDomain) return;
    if (found.organisation_id) offer(found.organisation_id, found.organisation_name);
    else provider.hidden = true;
  } catch {
    lastDomain = '';
  }
}
emailField.addEventListener('input', look);
emailField.addEventListener('change', look);
