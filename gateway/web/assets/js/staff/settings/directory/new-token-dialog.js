/** Making a token for a directory: what it may decide, and then the token itself, this once. */

import { html, useState } from '../../../../vendor/preact.js';
import { explain, post } from '../../../core/api.js';
import { _ } from '../../../core/texts.js';
import { CopyButton } from '../../../parts/copy.js';
import { Dialog } from '../../../parts/dialog.js';
import { Field } from '../../../parts/field.js';
import { Failed } from '../../../parts/states.js';
import { ROLES, roleName } from '../../roles.js';

const GIVEN = ROLES.filter((role) => role !== 'owner');
/** @type {Record<string, string>} */
const GROUPS = { admin: 'Housecall Admins', coordinator: 'Housecall Coordinators', provider: 'Housecall Providers', reporter: 'Housecall Reporters' };

/** @param {{ address: string, onMade: () => void, onClose: () => void }} props */
export function NewTokenDialog({ address, onMade, onClose }) {
  const [name, setName] = useState('');
  const [invite, setInvite] = useState(true);
  const [role, setRole] = useState('provider');
  const [groups, setGroups] = useState(GROUPS);
  const [made, setMade] = useState(/** @type {string | null} */ (null));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const make = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      const answer = await post('/api/directory-tokens', { name, invite, default_role: role, role_groups: groups });
      setMade(answer.token);
      onMade();
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  };
  if (made) {
    return html`<${Dialog} title=${_('The token')} onClose=${onClose} foot=${html`<button type="button" class="button primary" onClick=${onClose}>${_('I have copied it')}</button>`}>
      <p>${_('Copy it now into your directory: it is shown this once. Whoever has it can make and suspend members.')}</p>
      <div class="copy-line"><code dir="ltr">${made}</code><${CopyButton} text=${made} label=${_('Copy')} class="button primary" /></div>
      <p class="quiet">${_('The address for it:')} <code dir="ltr">${address}</code></p>
    <//>`;
  }
  return html`<${Dialog} title=${_('Make a token')} onClose=${onClose} foot=${html`
    <button type="button" class="button" onClick=${onClose}>${_('Cancel')}</button>
    <button type="submit" form="new-token" class="button primary" disabled=${busy || !name.trim()}>${_('Make the token')}</button>`}>
    <form id="new-token" onSubmit=${make}>
      <${Field} id="token-name" label=${_('Name')} help=${_('As in Entra, or the name of your network')} control=${(/** @type {Record<string, unknown>} */ tied) => html`
        <input ...${tied} required maxlength="80" value=${name} onInput=${(/** @type {any} */ event) => setName(event.target.value)} />`} />
      <label class="check"><input type="checkbox" checked=${invite} onChange=${(/** @type {any} */ event) => setInvite(event.target.checked)} />
        <span>${_('Send new people an invitation by mail, to choose a password. Without it they sign in by your network’s own sign-in.')}</span></label>
      <${Field} id="token-role" label=${_('Role of new people')} help=${_('While no group gives them another.')} control=${(/** @type {Record<string, unknown>} */ tied) => html`
        <select ...${tied} value=${role} onChange=${(/** @type {any} */ event) => setRole(event.target.value)}>
          ${GIVEN.map((each) => html`<option value=${each} selected=${each === role}>${roleName(each)}</option>`)}</select>`} />
      <details class="role-groups"><summary>${_('Groups that give a role')}</summary>
        <p class="quiet">${_('The names of groups in your directory. Every other group becomes a clinic.')}</p>
        ${GIVEN.map((each) => html`<${Field} key=${each} id=${`group-${each}`} label=${roleName(each)} compact control=${(/** @type {Record<string, unknown>} */ tied) => html`
          <input ...${tied} required maxlength="80" dir="auto" value=${groups[each]} onInput=${(/** @type {any} */ event) => setGroups({ ...groups, [each]: event.target.value })} />`} />`)}
      </details>
      ${problem && html`<${Failed} text=${problem} />`}
    </form>
  <//>`;
}
