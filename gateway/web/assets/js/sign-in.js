/** Signing in: sends what was typed, and goes where the reader wanted to go. */

import { Refusal, explain, post } from './core/api.js';
import { _, currentLanguage, loadTexts } from './core/texts.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('sign-in'));
const notice = /** @type {HTMLElement} */ (document.getElementById('problem'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const second = /** @type {HTMLFormElement} */ (document.getElementById('second-step'));
const codeNotice = /** @type {HTMLElement} */ (document.getElementById('code-problem'));
const codeField = /** @type {HTMLInputElement} */ (document.getElementById('code'));
let step = '';
void loadTexts(currentLanguage());

/** Only ever a page of ours. */
function wanted() {
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  return next.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/';
}

/** @param {unknown} error */
function text(error) {
  if (!(error instanceof Refusal)) return explain(error);
  const typed = new FormData(form);
  if (!typed.get('email') || !typed.get('password')) return _('Type your e-mail address and your password.');
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
}

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
