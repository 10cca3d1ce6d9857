/** What each recipient comes as, and for whom: most are clients, so it stays folded until somebody is not. */

import { html } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';

/** @typedef {import('./recipients-field.js').Chip} Chip */
/** @typedef {Record<string, { role: GuestRole, for_address: string }>} Roles */

/** @param {Chip[]} chips @returns {Verdict[]} each address once */
const invited = (chips) => chips.flatMap((chip) => (chip.verdict?.accepted ? [chip.verdict] : []))
  .filter((verdict, place, all) => all.findIndex((other) => other.address === verdict.address) === place);

/** @param {GuestRole | undefined} role */
const comesForSomebody = (role) => role === 'carer' || role === 'interpreter';

/** In words, for who is no client. @param {GuestRole | undefined} role @param {string | null | undefined} client whom they come for */
export function roleWords(role, client) {
  if (role === 'carer') return client ? _('Carer of {name}', { name: client }) : _('Carer');
  if (role === 'interpreter') return client ? _('Interpreter for {name}', { name: client }) : _('Interpreter');
  return role === 'clinician' ? _('Clinician') : '';
}

/**
 * As the API takes it; a companion comes for the first client unless another was chosen.
 * @param {Chip[]} chips @param {Roles} roles @param {Recipient[]} [present] who is invited to the same already
 */
export function rolesToSend(chips, roles, present = []) {
  const clients = clientsOf(chips, roles, present);
  return invited(chips).flatMap(({ address }) => {
    const given = roles[address ?? ''];
    if (!given || given.role === 'client') return [];
    const chosen = clients.find((client) => client.address === given.for_address) ?? clients[0];
    return [{ address, role: given.role, for_address: comesForSomebody(given.role) ? chosen?.address ?? null : null }];
  });
}

/** @param {Chip[]} chips @param {Roles} roles @param {Recipient[]} present @returns {{ address: string | null, name: string | null }[]} */
const clientsOf = (chips, roles, present) => [
  ...present.filter(({ role }) => (role ?? 'client') === 'client'),
  ...invited(chips).filter(({ address }) => (roles[address ?? '']?.role ?? 'client') === 'client'),
];

/** @param {{ chips: Chip[], roles: Roles, setRoles: (change: (roles: Roles) => Roles) => void, present?: Recipient[] }} props */
export function GuestRoles({ chips, roles, setRoles, present = [] }) {
  const people = invited(chips);
  const clients = clientsOf(chips, roles, present);
  if (!people.length) return null;
  const set = (/** @type {string} */ address, /** @type {object} */ change) =>
    setRoles((before) => ({ ...before, [address]: { ...(before[address] ?? { role: 'client', for_address: '' }), ...change } }));
  return html`
    <details class="guest-roles">
      <summary>${_('Carer, interpreter or second clinician?')}</summary>
      <p class="field-help">${_('A carer or an interpreter comes in together with their client. A clinician signs in with an account of their own.')}</p>
      <ul>${people.map(({ address, name }) => {
        const who = name ?? address ?? '';
        const role = roles[address ?? '']?.role ?? 'client';
        return html`
          <li key=${address}><span dir="auto">${who}</span>
            <select aria-label=${_('Role of {name}', { name: who })} value=${role} onChange=${(/** @type {any} */ event) => set(address ?? '', { role: event.target.value })}>
              <option value="client">${_('Client')}</option><option value="carer">${_('Carer')}</option>
              <option value="interpreter">${_('Interpreter')}</option><option value="clinician">${_('Clinician')}</option>
            </select>
            ${comesForSomebody(role) && (clients.length ? html`
              <select aria-label=${_('Whom {name} comes for', { name: who })} value=${roles[address ?? '']?.for_address || clients[0]?.address} onChange=${(/** @type {any} */ event) => set(address ?? '', { for_address: event.target.value })}>
                ${clients.map((client) => html`<option key=${client.address} value=${client.address}>${_('comes for {name}', { name: client.name ?? client.address ?? '' })}</option>`)}
              </select>` : html`<span class="quiet">${_('Add the client first.')}</span>`)}
          </li>`;
      })}</ul>
    </details>
  `;
}
