/** Who is invited to a session and how far each of them has come; people are added to it and taken out of it here. */

import { html, useState } from '../../vendor/preact.js';
import { explain, post, remove } from '../core/api.js';
import { topicOf, useLive, useTopic } from '../core/hooks.js';
import { _, dayAndTime, ngettext } from '../core/texts.js';
import { Badge } from '../parts/badge.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icons.js';
import { MenuButton } from '../parts/menu.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { GuestRoles, roleWords, rolesToSend } from './guest-roles.js';
import { HostsPart } from './hosts-part.js';
import { fateOf } from './invitations.js';
import { RecipientsField, chipsOf, recipientsText } from './recipients-field.js';
import { ScopeChoice } from './scope-choice.js';

/** @typedef {import('./recipients-field.js').Chip} Chip */
/** @typedef {import('./scope-choice.js').Scope} Scope */

/** @param {{ session: Session, onClose: () => void }} props */
export function PeopleDialog({ session, onClose }) {
  const [invitationId, setInvitationId] = useState(session.invitation_id);
  const [removing, setRemoving] = useState(/** @type {Recipient | null} */ (null));
  const id = session.invitation_id ?? invitationId;
  const shared = { session, onClose, onRemove: setRemoving, onInvited: setInvitationId };
  if (removing) return html`<${RemoveDialog} session=${session} recipient=${removing} onClose=${() => setRemoving(null)} />`;
  return id ? html`<${Invited} key=${id} id=${id} ...${shared} />` : html`<${People} recipients=${[]} ready=${true} problem=${null} ...${shared} />`;
}

/** @param {{ id: Id, session: Session, onClose: () => void, onRemove: (recipient: Recipient) => void, onInvited: (id: Id) => void }} props */
function Invited({ id, session, ...shared }) {
  const topic = useTopic(`invitation:${id}`);
  const [invitation] = /** @type {Invitation[]} */ (topic.all('invitation'));
  const theirs = (invitation?.recipients ?? []).filter(({ attends }) => !attends || attends.includes(session.recurrence_id ?? ''));
  return html`<${People} session=${session} recipients=${theirs} ready=${topic.ready} problem=${topic.problem} ...${shared} />`;
}

/**
 * @param {{ session: Session, recipients: Recipient[], ready: boolean, problem: Problem | null, onClose: () => void,
 *   onRemove: (recipient: Recipient) => void, onInvited: (id: Id) => void }} props
 */
function People({ session, recipients, ready, problem, onClose, onRemove, onInvited }) {
  const here = recipients.filter((recipient) => !recipient.removed_at);
  const gone = recipients.filter((recipient) => recipient.removed_at);
  const open = session.state !== 'cancelled' && session.state !== 'finished' && Date.parse(session.planned.ends_at) > Date.now();
  return html`
    <${Dialog} name="people" title=${_('People of this session')} wide=${true} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Done')}</button>`}>
      <p class="quiet">${session.title || _('Consultation')} · ${dayAndTime(session.planned.starts_at)}</p>
      <${HostsPart} session=${session} open=${open} />
      <h3>${_('Guests')}</h3>
      ${problem ? html`<${Failed} text=${problem.detail} />` : !ready && html`<${Loading} lines=${2} />`}
      ${ready && !problem && !here.length && html`<${Empty} icon="send" title=${_('Nobody is invited')} />`}
      ${here.length > 0 && html`<ul class="recipients" aria-label=${_('Invited')}>${here.map((recipient) => html`
        <${PersonRow} key=${recipient.id} session=${session} recipient=${recipient} people=${recipients} open=${open} onRemove=${() => onRemove(recipient)} />`)}</ul>`}
      ${gone.length > 0 && html`<details><summary>${ngettext('{n} person was removed', '{n} people were removed', gone.length)}</summary>
        <ul class="recipients">${gone.map((recipient) => html`<${PersonRow} key=${recipient.id} session=${session} recipient=${recipient} people=${recipients} />`)}</ul></details>`}
      ${open && ready && !problem ? html`<${AddForm} session=${session} present=${here} onInvited=${onInvited} />`
        : !open && html`<p class="quiet">${session.state === 'cancelled' ? _('This session was cancelled; nobody can be added.') : _('This session is over; nobody can be added.')}</p>`}
    <//>
  `;
}

/** @param {{ session: Session, recipient: Recipient, people: Recipient[], open?: boolean, onRemove?: () => void }} props */
function PersonRow({ session, recipient, people, open, onRemove }) {
  const fate = fateOf(recipient);
  const who = recipient.name ?? recipient.address;
  const client = people.find(({ id }) => id === recipient.for_recipient_id);
  const role = roleWords(recipient.role, client && (client.name ?? client.address));
  const again = async () => {
    try {
      await post(`/api/invitations/${session.invitation_id}/recipients/${recipient.id}/resend`);
      toast(_('The invitation is sent again to {name}.', { name: who }));
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
  };
  return html`
    <li class="recipient" data-recipient-id=${recipient.id}>
      <span class="recipient-who"><span><bdi>${who}</bdi></span>${recipient.name && html`<span class="quiet"><bdi dir="ltr">${recipient.address}</bdi></span>`}
        ${role && html`<span class="quiet">${role}</span>`}${fate.note && html`<span class="quiet">${fate.note}</span>`}</span>
      <${Badge} kind=${fate.kind}>${fate.text}<//>
      ${open && html`<${MenuButton} class="button quiet square small" end=${true} name=${_('More for {name}', { name: who })} label=${html`<${Icon} name="more" />`} choices=${[
        { label: _('Send again'), icon: html`<${Icon} name="send" />`, onChoose: again },
        { label: _('Remove from this session'), note: _('Their link stops at once'), icon: html`<${Icon} name="close" />`, onChoose: onRemove },
      ]} />`}
    </li>
  `;
}

/** @param {{ session: Session, present: Recipient[], onInvited: (id: Id) => void }} props */
function AddForm({ session, present, onInvited }) {
  const live = useLive();
  const [chips, setChips] = useState(/** @type {Chip[]} */ ([]));
  const [typed, setTyped] = useState('');
  const [roles, setRoles] = useState(/** @type {import('./guest-roles.js').Roles} */ ({}));
  const [scope, setScope] = useState(/** @type {Scope} */ ('one'));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const recipients = recipientsText(chips, typed);
  const add = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!recipients) return setProblem(_('Say who is invited.'));
    setBusy(true);
    setProblem('');
    try {
      const answer = await post(`/api/sessions/${session.id}/guests`, { recipients, roles: rolesToSend(chips, roles, present), scope });
      const left = answer.verdicts.filter((/** @type {Verdict} */ verdict) => verdict.reason);
      if (answer.invitation) {
        topicOf(live, `invitation:${answer.invitation.id}`).note(`invitation/${answer.invitation.id}`, answer.invitation);
        onInvited(answer.invitation.id);
        if (left.length < answer.verdicts.length) toast(_('Invited. Everyone who is new gets a mail.'));
      }
      setProblem(left.map((/** @type {Verdict} */ verdict) => `${verdict.address ?? verdict.entry}: ${verdict.reason}`).join(' '));
      setTyped('');
      setChips(() => chipsOf(left.filter((/** @type {Verdict} */ verdict) => !verdict.accepted)));
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  };
  return html`
    <form class="add-people" onSubmit=${add}>
      <h3>${_('Add people')}</h3>
      ${problem && html`<${Failed} text=${problem} />`}
      <${ScopeChoice} session=${session} value=${scope} onChange=${setScope} />
      <${RecipientsField} chips=${chips} setChips=${setChips} typed=${typed} setTyped=${setTyped} waits=${true} />
      <${GuestRoles} chips=${chips} roles=${roles} setRoles=${setRoles} present=${present} />
      <button type="submit" class="button primary" disabled=${busy}><${Icon} name="send" />${busy ? _('Sending…') : _('Invite')}</button>
    </form>
  `;
}

/** @param {{ session: Session, recipient: Recipient, onClose: () => void }} props */
function RemoveDialog({ session, recipient, onClose }) {
  const live = useLive();
  const [scope, setScope] = useState(/** @type {Scope} */ ('one'));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const who = recipient.name ?? recipient.address;
  const take = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      const after = await remove(`/api/sessions/${session.id}/guests/${recipient.id}`, { scope });
      topicOf(live, `invitation:${after.id}`).note(`invitation/${after.id}`, after);
      toast(_('{name} is no longer invited.', { name: who }));
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} name="remove-person" title=${_('Remove {name}?', { name: who })} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="submit" form="remove-person" class="button danger" disabled=${busy}>${_('Remove')}</button>`}>
      <form id="remove-person" onSubmit=${take}>
        ${problem && html`<${Failed} text=${problem} />`}
        <${ScopeChoice} session=${session} value=${scope} onChange=${setScope} />
        <p>${_('Only they get a mail, which takes the session out of their calendar; whoever comes only to accompany them is removed too. A link that has ended stays so.')}</p>
      </form>
    <//>
  `;
}
