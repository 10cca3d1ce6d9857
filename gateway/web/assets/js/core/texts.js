/** The page's words in the reader's language. Knows how to look one up and how to write numbers and times; not where it is shown. */

const CATEGORIES = /** @type {const} */ (['zero', 'one', 'two', 'few', 'many', 'other']);

/** @type {Record<string, string | string[]>} */
let messages = {};
let language = document.documentElement.lang || 'en';
let plurals = new Intl.PluralRules(language);
/** How dates and numbers are written: as the reader's browser wishes within the language, in English as in Britain. */
let locale = localeOf(language);

/** @param {string} of */
function localeOf(of) {
  return navigator.languages.find((wished) => wished.startsWith(`${of}-`)) ?? (of === 'en' ? 'en-GB' : of);
}

/** The reader's language, as a BCP 47 tag. */
export const currentLanguage = () => language;

/**
 * Brings the texts of a language, and turns the page to it. English is the source and needs none.
 * @param {string} wished
 */
export async function loadTexts(wished) {
  if (wished !== 'en') {
    const part = document.body.classList.contains('staff') ? '' : '-guest';
    const answer = await fetch(`${assetsAddress()}texts/${wished}${part}.json`);
    if (!answer.ok) return;
    const catalogue = await answer.json();
    messages = catalogue.messages;
    document.documentElement.dir = catalogue.direction;
  } else {
    messages = {};
    document.documentElement.dir = 'ltr';
  }
  language = wished;
  document.documentElement.lang = wished;
  plurals = new Intl.PluralRules(wished);
  locale = localeOf(wished);
}

/** Follows a person's own language where the reader of this page has not chosen another. @param {string | null | undefined} own */
export async function followLanguage(own) {
  if (own && own !== language && !('languageChosen' in document.documentElement.dataset)) await loadTexts(own);
}

/**
 * The text in the reader's language, with `{names}` filled in.
 * @param {string} text @param {Record<string, string | number>} [values]
 */
export function _(text, values) {
  const found = messages[text];
  return fill(typeof found === 'string' ? found : text, values);
}

/**
 * The text for a number, which it may name as `{n}`.
 * @param {string} one @param {string} many @param {number} n @param {Record<string, string | number>} [values]
 */
export function ngettext(one, many, n, values) {
  const forms = messages[one];
  const text = Array.isArray(forms) ? forms[pluralIndex(n)] ?? forms[forms.length - 1] : n === 1 ? one : many;
  return fill(text ?? many, { n: number(n), ...values });
}

/** gettext orders plural forms as Unicode orders its categories. @param {number} n */
function pluralIndex(n) {
  const has = plurals.resolvedOptions().pluralCategories;
  return CATEGORIES.filter((category) => has.includes(category)).indexOf(plurals.select(n));
}

/** @param {string} text @param {Record<string, string | number>} [values] */
function fill(text, values) {
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole)) : text;
}

/** @param {number} value */
export const number = (value) => new Intl.NumberFormat(locale).format(value);

/** Several names as one text, e.g. "Anna, Ben and Cora". @param {string[]} names */
export const listOf = (names) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);

/** A day in figures and letters, e.g. 30 Nov 2026. @param {string | Date} instant */
export const shortDate = (instant) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(instant));

/** The browser's own zone (IANA). */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** A clock time, e.g. 09:30. @param {string | Date} instant @param {string} [zone] */
export const clockTime = (instant, zone) =>
  new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(instant));

/** A day with its name, e.g. Monday 30 November. @param {string | Date} instant @param {string} [zone] */
export const dayName = (instant, zone) =>
  new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone: zone }).format(new Date(instant));

/** A calendar date of no zone, e.g. 29 February 1980. @param {string} day as 1980-02-29 */
export const dateText = (day) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));

/** A weekday in a few letters, e.g. Mon. @param {Date} date */
export const shortDay = (date) => new Intl.DateTimeFormat(locale, { weekday: 'short' }).format(date);

/** Day and clock time with the zone's name. @param {string | Date} instant @param {string} [zone] */
export const dayAndTime = (instant, zone) =>
  new Intl.DateTimeFormat(locale, {
    weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: zone, timeZoneName: 'short',
  }).format(new Date(instant));

/** Minutes and seconds since, e.g. 3:12; hours from one on. @param {string} instant @param {number} now milliseconds */
export function since(instant, now) {
  const seconds = Math.max(0, Math.floor((now - Date.parse(instant)) / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  const hours = Math.floor(seconds / 3600);
  return hours ? `${hours}:${parts.join(':')}` : `${Number(parts[0])}:${parts[1]}`;
}

/** Where this page's files are, with their version. */
export const assetsAddress = () => document.querySelector('meta[name="assets"]')?.getAttribute('content') ?? '/assets/';
