/** A guest's place: what their link opens, who they are once they have arrived, and what they do about it. Over the public API only. */

import { Refusal, get, post } from '../core/api.js';
import { currentLanguage } from '../core/texts.js';

const NAME_KEY = 'housecall.name';
const ARRIVED_KEY = 'housecall.arrived';

/** The link in an address of the API. @param {string} link */
const path = (link) => `/api/join/${link.split('/').map(encodeURIComponent).join('/')}`;

/** @param {string} link @returns {Promise<Hello>} */
export const readHello = (link) => get(path(link));

/** Whoever arrived by this link in this browser before; in one where nobody ever did, nobody is asked. @param {string} link @returns {Promise<Caller | null>} */
export async function readCaller(link) {
  if (!kept(ARRIVED_KEY)) return null;
  try {
    return await get(`/api/caller?link=${encodeURIComponent(link)}`);
  } catch (error) {
    if (error instanceof Refusal && [401, 403, 404, 410].includes(error.status)) return null;
    throw error;
  }
}

/** A person, not a mail scanner, is here. @param {string} link */
export const noteOpened = (link) => post(`${path(link)}/opened`).catch(() => {});

/**
 * @param {string} link @param {import('./about.js').About} about @param {string | null} consentVersion of the text that was shown
 * @param {DeviceTest | null} test @returns {Promise<Caller>}
 */
export async function arrive(link, about, consentVersion, test) {
  const caller = await post(`${path(link)}/arrivals`, {
    display_name: about.name, device_test: test, language: currentLanguage(),
    answers: about.answers, consent_version: about.agreed ? consentVersion : null,
  });
  keep(ARRIVED_KEY, 'yes');
  return caller;
}

/** @param {string} link */
export const leave = (link) => post(`/api/caller/leave?link=${encodeURIComponent(link)}`);

/** @param {string} link @param {string} text */
export const write = (link, text) => post(`/api/caller/messages?link=${encodeURIComponent(link)}`, { text });

/** @param {string} link */
export const feelWorse = (link) => post(`/api/caller/worse?link=${encodeURIComponent(link)}`);

/** The name that this device remembers, if its owner wished. */
export const rememberedName = () => kept(NAME_KEY) ?? '';

/** @param {string} name @param {boolean} wished */
export const rememberName = (name, wished) => keep(NAME_KEY, wished ? name : null);

/** What this browser keeps; one that keeps nothing is asked again each time. @type {Map<string, string>} */
const memory = new Map();

/** @param {string} key @returns {string | null} */
function kept(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return memory.get(key) ?? null;
  }
}

/** @param {string} key @param {string | null} value */
function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    memory.set(key, value ?? '');
  }
}
