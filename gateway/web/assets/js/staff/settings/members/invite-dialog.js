/** Inviting members by e-mail: one or many addresses at once, each with what became of it. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, post } from '../../../core/api.js';
import { _, ngettext } from '../../../core/texts.js';
import { announce } from '../../../parts/announcer.js';
import { Dialog } from '../../../parts/dialog.js';
import { Field } from '../../../parts/field.js';
import { Icon } from '../../../parts/icons.js';
import { useApp } from '../../context.js';
import { ClinicChoice, RoleChoice } from './choices.js';
import { entriesOf } from './entries.js';

/** @typedef {{ email: string, name: string | null, said: string, good: boolean | null }} Verdict */

/** @param {{ onClose: () => void }} props */
export function InviteMembersDialog({ onClose }) {
  const { organisation } = useApp().me;
  const [text, setText] = useState('');
  const [role, setRole] = useState('provider');
  const [clinicIds, setClinicIds] = useState(organisation.clinics.length === 1 ? [organisation.clinics[0].id] : /** @type {string[]} */ ([]));
  const [verdicts, setVerdicts] = useState(/** @type {Verdict[]} */ ([]));
  const [busy, setBusy] = useState(false);
  const entries = entriesOf(text);
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    /** @type {Verdict[]} */
    const done = [];
    for (const { email, name } of entries) {
      done.push(await invited(email, name, role, clinicIds));
      setVerdicts([...done]);
    }
    setBusy(false);
    const good = done.filter((one) => one.good).length;
    announce(ngettext('{n} invitation is on its way.', '{n} invitations are on their way.', good));
    setText(done.filter((one) => !one.good).map((one) => one.email).join('\n'));
    if (good === done.length) setText('');
  };
  const all = verdicts.length > 0 && !busy;
  return html`
    <${Dialog} title=${_('Invite members')} onClose=${onClose} wide=${true} foot=${html`
      <button type="button" class="button" onClick=${onClose}>${all ? _('Close') : _('Cancel')}</button>
      <button type="submit" form="invite-members" class="button primary" disabled=${busy || !entries.length}>${entries.length > 1 ? ngettext('Send {n} invitation', 'Send {n} invitations', entries.length) : _('Send the invitation')}</button>`}>
      <form id="invite-members" onSubmit=${send} noValidate>
        ${verdicts.length > 0 && html`<ul class="verdicts" aria-label=${_('What became of each')}>${verdicts.map((one) => html`
          <li key=${one.email} class=${one.good ? 'good' : 'bad'}><${Icon} name=${one.good ? 'check' : 'warning'} /><span><span dir="ltr">${one.email}</span><span class="quiet">${one.said}</span></span></li>`)}</ul>`}
        <${Field} id="invite-addresses" label=${_('E-mail addresses')} help=${_('One or many: separated by commas, semicolons or lines, also as Name <address>. Each gets a link with which they choose name and password, good for seven days.')}
          control=${(/** @type {Record<string, unknown>} */ tied) => html`<textarea ...${tied} autofocus rows="3" dir="ltr" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)}></textarea>`} />
        <${RoleChoice} role=${role} setRole=${setRole} />
        <${ClinicChoice} clinicIds=${clinicIds} setClinicIds=${setClinicIds} />
      </form>
    <//>
  `;
}

/** @param {string} email @param {string | null} name @param {string} role @param {string[]} clinicIds @returns {Promise<Verdict>} */
async function invited(email, name, role, clinicIds) {
  try {
    await post('/api/members/invites', { email, name, role, clinic_ids: clinicIds });
    return { email, name, good: true, said: _('The invitation is on its way.') };
  } catch (error) {
    return { email, name, good: false, said: explain(error) };
  }
}
