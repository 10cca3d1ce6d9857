/** Before those who belong together are let in: who they are. And the button that asks for it. */

import { html } from '../../vendor/preact.js';
import { _, ngettext } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icons.js';
import { Face } from '../parts/person.js';
import { InvitedAs, WaitingTime } from './caller-card.js';
import { AlreadyThere } from './confirm-accept-dialog.js';
import { useApp } from './context.js';

/** @param {{ callers: Caller[], onYes: () => void, onClose: () => void }} props */
export const AcceptAllDialog = ({ callers, onYes, onClose }) => html`
  <${Dialog} name="accept-all" title=${ngettext('Let {n} person in?', 'Let {n} people in?', callers.length)} onClose=${onClose} foot=${html`
    <button type="button" class="button" onClick=${onClose}>${_('Not now')}</button>
    <button type="button" class="button primary" autofocus onClick=${() => { onClose(); onYes(); }}>${_('Let them in')}</button>`}>
    <p>${_('They were invited together. Just these come in, and see and hear each other.')}</p>
    <ul class="people">${callers.map((caller) => html`
      <li key=${caller.id}><${Face} name=${caller.display_name} /><span class="person-text"><span>${caller.display_name}</span><${WaitingTime} since=${caller.waiting_since} /><${InvitedAs} caller=${caller} /></span></li>`)}
    </ul>
    <${AlreadyThere} roomId=${callers[0]?.room_id} />
  <//>
`;

/** One for each invitation or session of which several wait. @param {{ callers: Caller[] }} props those who wait in one room */
export function AcceptAll({ callers }) {
  const { acceptAll } = useApp();
  return invitedTogether(callers).map((together) => html`
    <p key=${together[0]?.id}><button type="button" class="button small" onClick=${() => acceptAll(together)}><${Icon} name="people" />${ngettext('Accept {n} who was invited', 'Accept all {n} who were invited together', together.length)}</button></p>`);
}

/** @param {Caller[]} callers @returns {Caller[][]} of two or more */
export function invitedTogether(callers) {
  /** @type {Map<string, Caller[]>} */
  const groups = new Map();
  for (const caller of callers) {
    const key = caller.session_id ?? caller.invitation_id;
    if (key) groups.set(key, [...(groups.get(key) ?? []), caller]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
