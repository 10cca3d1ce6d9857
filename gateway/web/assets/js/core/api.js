/** The public API over HTTP: JSON there and back, refusals as one kind of error. Knows no page. */

import { _ } from './texts.js';

/** A refusal, as the API says it (RFC 9457). `status` 0: no answer came at all. */
export class Refusal extends Error {
  /** @param {Partial<Problem> & { status: number }} problem */
  constructor(problem) {
    super(problem.detail || problem.title || '');
    this.status = problem.status;
    this.problem = problem;
  }
}

/**
 * @param {string} method @param {string} path @param {unknown} [body]
 * @returns {Promise<any>} the answer's JSON, null where it has none
 */
async function ask(method, path, body) {
  /** @type {RequestInit} */
  const request = { method, credentials: 'same-origin', headers: { Accept: 'application/json' } };
  if (method !== 'GET') {
    request.headers = { ...request.headers, 'Content-Type': 'application/json', 'X-Housecall': '1' };
    request.body = JSON.stringify(body ?? {});
  }
  return send(path, request);
}

/** @param {string} path @param {RequestInit} request @returns {Promise<any>} */
async function send(path, request) {
  let answer;
  try {
    answer = await fetch(path, request);
  } catch {
    throw new Refusal({ status: 0, detail: _('No connection. Check your network and try again.') });
  }
  const text = await answer.text();
  const content = text ? parse(text) : null;
  if (!answer.ok) throw new Refusal({ ...content, status: answer.status });
  return content;
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {string} path */
export const get = (path) => ask('GET', path);
/** @param {string} path @param {unknown} [body] */
export const post = (path, body) => ask('POST', path, body);
/** @param {string} path @param {unknown} [body] */
export const patch = (path, body) => ask('PATCH', path, body);
/** @param {string} path @param {unknown} [body] */
export const put = (path, body) => ask('PUT', path, body);
/** @param {string} path @param {unknown} [body] */
export const remove = (path, body) => ask('DELETE', path, body);

/**
 * A table as it is, in whatever encoding: the gateway finds out. The same `key` again is the same wish.
 * @param {string} path @param {BodyInit} table @param {string} key @returns {Promise<any>}
 */
export const postCsv = (path, table, key) => send(path, {
  method: 'POST', credentials: 'same-origin', body: table,
  headers: { Accept: 'application/json', 'Content-Type': 'text/csv', 'X-Housecall': '1', 'Idempotency-Key': key },
});

/** What to tell the reader about a failure: what happened and what to do. @param {unknown} error */
export function explain(error) {
  if (!(error instanceof Refusal)) return _('Something went wrong on this page. Load it again.');
  const { status, problem } = error;
  if (Array.isArray(problem.errors) && problem.errors.length) return problem.errors.map((one) => one.detail).join(' ');
  if (status === 503) return _('This part is not available at the moment. Try again in a few seconds.');
  if (status >= 500) return _('Something went wrong on our side. Try again; if it happens again, tell whoever runs Housecall.');
  return error.message || _('This is not possible now.');
}

/** What the API says of each field that does not fit, by the field's name. @param {unknown} error @returns {Record<string, string>} */
export function fieldProblems(error) {
  const errors = error instanceof Refusal && Array.isArray(error.problem.errors) ? error.problem.errors : [];
  return Object.fromEntries(errors.map((one) => [one.pointer.split('/')[1] ?? '', one.detail]));
}
