/** What is done with one member, asked before and told after: invite again, suspend, let in, switch the second step off, remove. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, post, remove } from '../../../core/api.js';
import { topicOf, useLive } from '../../../core/hooks.js';
import { _ } from '../../../core/texts.js';
import { Dialog } from '../../../parts/dialog.js';
import { Failed } from '../../../parts/states.js';
import { toast } from '../../../parts/toasts.js';
import { useApp } from '../../context.js';

/** @typedef {{ title: string, lines: string[], action: string, danger?: boolean, do: () => Promise<any>, done: string }} Deed */

/** @param {{ what: string, member: Member, onClose: () => void }} props */
export function DoDialog({ what, member, onClose }) {
  const live = useLive();
  const { me } = useApp();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const deed = deeds(member, me.member.role === 'owner')[what];
  if (!deed) return null;
  const go = async () => {
    setBusy(true);
    try {
      const after = await deed.do();
      if (after?.id === member.id) topicOf(live, 'members').note(`member/${member.id}`, after);
      toast(deed.done);
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${deed.title} onClose=${onClose} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
      <button type="button" class=${deed.danger ? 'button danger' : 'button primary'} disabled=${busy} onClick=${go}>${deed.action}</button>`}>
      ${problem && html`<${Failed} text=${problem} />`}
      <div class="lines">${deed.lines.map((line) => html`<p>${line}</p>`)}</div>
    <//>
  `;
}

/** @param {Member} member @param {boolean} byOwner @returns {Record<string, Deed>} */
function deeds(member, byOwner) {
  const { name } = member;
  const path = `/api/members/${member.id}`;
  const invited = member.state === 'invited';
  return {
    again: { title: _('Invite {name} again', { name }), lines: [_('A new mail with a new link goes to {email}. The link of the last mail stops.', { email: member.email })], action: _('Send the mail'), do: () => post(`${path}/invite`), done: _('The mail is on its way.') },
    reset: { title: _('Switch the second step off for {name}', { name }), lines: [_('For somebody who lost phone and recovery codes. Make sure that it is really them who asks.'), _('Wherever they are signed in ends; from then on their password alone signs them in, until they switch it on again.')], action: _('Switch it off'), danger: true, do: () => post(`${path}/second-factor/reset`), done: _('Their password alone signs in now.') },
    suspend: { title: _('Suspend {name}', { name }), lines: [_('They cannot sign in until you let them in again, and wherever they are signed in ends at once.'), _('Their User Room, sessions and past stay as they are.')], action: _('Suspend'), danger: true, do: () => post(`${path}/suspend`), done: _('{name} is suspended.', { name }) },
    restore: { title: _('Let {name} in again', { name }), lines: [_('They sign in as before, with the same role and clinics.')], action: _('Let in again'), do: () => post(`${path}/restore`), done: _('{name} may sign in again.', { name }) },
    remove: invited
      ? { title: _('Take the invitation of {name} back', { name }), lines: [_('The link in their mail stops at once. You can invite the address again later.')], action: _('Take it back'), danger: true, do: () => remove(path), done: _('The invitation was taken back.') }
      : { title: _('Remove {name}', { name }), lines: [_('They are a member no more, and wherever they are signed in ends at once. This cannot be undone; you can invite the address anew.'), byOwner ? _('Their User Room is kept without an owner. Afterwards you hand it over to a colleague or delete it, here on this page.') : _('Their User Room is kept without an owner, until an owner of your organisation hands it over or deletes it.')], action: _('Remove'), danger: true, do: () => remove(path), done: _('{name} was removed.', { name }) },
  };
}
