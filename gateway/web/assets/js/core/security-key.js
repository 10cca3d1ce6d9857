/** Security keys (W3C WebAuthn): from the API's JSON to what the browser takes, and back. Bytes in JSON are base64url. */

import { _ } from './texts.js';

/** Whether this browser can ask one. */
export const canAskKey = () => 'PublicKeyCredential' in window && Boolean(navigator.credentials);

/** @param {string} text */
function bytes(text) {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
function text(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** @param {any[] | undefined} known */
const described = (known) => (known ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

/** @param {PublicKeyCredential} made @param {Record<string, unknown>} response */
const answered = (made, response) => ({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });

/** Have a key made for this member. @param {any} options */
export async function makeKey(options) {
  const publicKey = {
    ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
  const made = /** @type {PublicKeyCredential} */ (await navigator.credentials.create({ publicKey }));
  const response = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  return answered(made, {
    clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  });
}

/** Have one of the member's keys answer. @param {any} options */
export async function askKey(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) };
  const used = /** @type {PublicKeyCredential} */ (await navigator.credentials.get({ publicKey }));
  const response = /** @type {AuthenticatorAssertionResponse} */ (used.response);
  return answered(used, {
    clientDataJSON: text(response.clientDataJSON), authenticatorData: text(response.authenticatorData), signature: text(response.signature),
  });
}

/** What to say when the browser or the key refused; empty for any other failure. @param {unknown} error */
export function keyProblem(error) {
  if (!(error instanceof DOMException)) return '';
  if (error.name === 'InvalidStateError') return _('This security key is added already.');
  return _('No security key answered. Plug it in or hold it ready, and try again.');
}
