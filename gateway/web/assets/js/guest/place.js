/** A guest's place: what their link opens, who they are once they have arrived, and what they do about it. Over the public API only. */

import { Refusal, get, post } from '../core/api.js';
import { currentLanguage } from '../core/texts.js';

const NAME_KEY = 'housecall.name';

/** The link in an address of the API. @param {string} link */
const path = (link) => `/api/join/${link.split('/').map(encodeURIComponent).join('/')}`;

/** @param {string} link @returns {Promise<Hello>} */
export const readHello = (link) => get(path(link));

/** Whoever arrived by this link in this browser before. @param {string} link @returns {Promise<Caller | null>} */
export async function readCaller(link) {
  try {
    return await get(`/api/caller?link=${encodeURIComponent(link)}`);
  } catch (error) {
    if (error instanceof Refusal && [401, 403, 404, 410].includes(error.status)) return null;
    throw error;
  }
}

/** A person, not a mail scanner, is here. @param {string} link */
export const noteOpened = (link) => post(`${path(link)}/opened`).catch(() => {});

/** @param {string} link @param {string} name @param {DeviceTest | null} test @returns {Promise<Caller>} */
export const arrive = (link, name, test) =>
  post(`${path(link)}/arrivals`, { display_name: name, device_test: test, language: currentLanguage() });

/** @param {string} link */
export const leave = (link) => post(`/api/caller/leave?link=${encodeURIComponent(link)}`);

/** The name that this device remembers, if its owner wished. */
export function rememberedName() {
  try {
    return localStorage.getItem(NAME_KEY) ?? '';
  } catch {
    return '';
  }
}

/** @param {string} name @param {boolean} wished */
export function rememberName(name, wished) {
  try {
    if (wished) localStorage.setItem(NAME_KEY, name);
    else localStorage.removeItem(NAME_KEY);
  } catch {
    // A browser that keeps nothing just asks again next time.
  }
}
