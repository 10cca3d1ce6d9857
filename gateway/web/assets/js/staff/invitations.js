/** What became of each invitation, recipient by recipient: as far as is known, and no further. */

import { html, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { _, clockTime, dayAndTime, dayName } from '../core/texts.js';
import { Badge } from '../parts/badge.js';
import { Icon } from '../parts/icons.js';
import { MenuButton } from '../parts/menu.js';
import { Empty } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { isNumber } from './channels.js';
import { problemOf } from './delivery-problems.js';

/** The furthest that is known, in words. @param {Recipient} recipient @returns {{ kind: string, text: string, note?: string }} */
export function fateOf(recipient) {
  if (recipient.removed_at) return { kind: 'offline', text: _('removed') };
  if (recipient.arrived_at) return { kind: 'in-call', text: _('arrived') };
  if (recipient.link_revoked) return { kind: 'offline', text: _('revoked') };
  if (recipient.opened === 'person') return { kind: 'accent', text: _('opened') };
  if (recipient.reported === 'bounced') return { kind: 'danger', text: isNumber(recipient.address) ? _('not delivered') : _('bounced'), note: problemOf(recipient) ?? _('It came back.') };
  if (recipient.delivery === 'refused') return { kind: 'danger', text: _('refused'), note: problemOf(recipient) ?? _('The mail server refused the address.') };
  if (recipient.delivery === 'failed') return { kind: 'danger', text: _('not delivered'), note: problemOf(recipient) ?? _('Given up after several tries.') };
  if (recipient.reported === 'delayed') return { kind: 'plain', text: _('delayed'), note: problemOf(recipient) };
  if (recipient.opened === 'machine') return { kind: 'plain', text: _('link fetched'), note: _('Perhaps by a mail scanner; nobody has pressed anything yet.') };
  if (recipient.reported === 'delivered') return { kind: 'accent', text: _('delivered') };
  if (recipient.delivery === 'taken') {
    return { kind: 'plain', text: _('sent'), note: isNumber(recipient.address) ? _('The provider of texts has taken it. More is not known.') : _('The mail server has taken it. More is not known.') };
  }
  const problem = problemOf(recipient);
  return problem ? { kind: 'plain', text: _('delayed'), note: problem } : { kind: 'plain', text: _('being sent') };
}

const SHOWN_AT_FIRST = 10;

/** Newest first; older ones on request. @param {{ invitations: Invitation[] }} props */
export function InvitationList({ invitations }) {
  const [all, setAll] = useState(false);
  if (!invitations.length) {
    return html`<${Empty} icon="send" title=${_('No invitations yet')}><p>${_('Here you see, for each recipient, whether the invitation was sent, opened, and whether they arrived.')}</p><//>`;
  }
  const shown = all ? invitations : invitations.slice(0, SHOWN_AT_FIRST);
  return html`
    <ul class="cards">${shown.map((invitation) => html`<${InvitationCard} key=${invitation.id} invitation=${invitation} />`)}</ul>
    ${shown.length < invitations.length && html`<button type="button" class="button" onClick=${() => setAll(true)}>${_('Show older invitations')}</button>`}
  `;
}

/** @param {{ invitation: Invitation }} props */
const InvitationCard = ({ invitation }) => html`
  <li class="card invitation">
    <h3>${invitation.title || _('Invitation')}</h3>
    <p class="quiet">${invitation.planned
      ? html`<${Icon} name="calendar" />${dayAndTime(invitation.planned.starts_at)}`
      : _('sent by {name}, {day} {time}', { name: invitation.sender_name, day: dayName(invitation.created_at), time: clockTime(invitation.created_at) })}</p>
    <ul class="recipients">${invitation.recipients.map((recipient) => html`<${RecipientRow} key=${recipient.id} invitation=${invitation} recipient=${recipient} />`)}</ul>
  </li>
`;

/** @param {{ invitation: Invitation, recipient: Recipient }} props */
function RecipientRow({ invitation, recipient }) {
  const fate = fateOf(recipient);
  const act = async (/** @type {string} */ what, /** @type {string} */ done) => {
    try {
      await post(`/api/invitations/${invitation.id}/recipients/${recipient.id}/${what}`);
      toast(done);
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
  };
  const who = recipient.name ?? recipient.address;
  return html`
    <li class="recipient" data-recipient-id=${recipient.id}>
      <span class="recipient-who"><span dir=${recipient.name ? 'auto' : 'ltr'}>${who}</span>${recipient.name && html`<span class="quiet" dir="ltr">${recipient.address}</span>`}${fate.note && html`<span class="quiet">${fate.note}</span>`}</span>
      <${Badge} kind=${fate.kind}>${fate.text}<//>
      <${MenuButton} class="button quiet square small" end=${true} name=${_('More for {name}', { name: who })} label=${html`<${Icon} name="more" />`} choices=${[
        { label: _('Send again'), disabled: Boolean(recipient.removed_at), icon: html`<${Icon} name="send" />`, onChoose: () => act('resend', _('The invitation is sent again to {name}.', { name: who })) },
        { label: _('Revoke the link'), note: _('It stops at once'), disabled: recipient.link_revoked, icon: html`<${Icon} name="close" />`, onChoose: () => act('revoke', _('The link of {name} no longer works.', { name: who })) },
      ]} />
    </li>
  `;
}
