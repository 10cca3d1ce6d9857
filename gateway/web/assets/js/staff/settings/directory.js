/** Settings, Directory: the tokens by which a network's directory keeps members by SCIM; one is made, shown once, and revoked. */

import { html, useEffect, useState } from '../../../vendor/preact.js';
import { explain, get, remove } from '../../core/api.js';
import { _, dayAndTime, ownZone } from '../../core/texts.js';
import { CopyButton } from '../../parts/copy.js';
import { Question } from '../../parts/dialog.js';
import { Icon } from '../../parts/icons.js';
import { Empty, Failed, Loading } from '../../parts/states.js';
import { toast } from '../../parts/toasts.js';
import { roleName } from '../roles.js';
import { NewTokenDialog } from './directory/new-token-dialog.js';

export function DirectorySection() {
  const [tokens, setTokens] = useState(/** @type {DirectoryToken[] | null} */ (null));
  const [problem, setProblem] = useState('');
  const [making, setMaking] = useState(false);
  const [leaving, setLeaving] = useState(/** @type {DirectoryToken | null} */ (null));
  const load = () => {
    setProblem('');
    get('/api/directory-tokens').then(({ items }) => setTokens(items), (error) => setProblem(explain(error)));
  };
  useEffect(load, []);
  const revoke = async (/** @type {DirectoryToken} */ token) => {
    try {
      await remove(`/api/directory-tokens/${token.id}`);
      toast(_('{name} can change nothing any more.', { name: token.name }));
    } catch (error) {
      toast(explain(error), { kind: 'problem' });
    }
    load();
  };
  const address = `${location.origin}/scim/v2`;
  return html`
    <div class="section-head"><p class="quiet">${_('Let your directory (Entra, Okta and others) make, change and suspend members by itself, by SCIM 2.0.')}</p>
      <div class="page-actions"><button type="button" class="button primary" onClick=${() => setMaking(true)}><${Icon} name="plus" />${_('Make a token')}</button></div></div>
    <section class="card form-card"><h2>${_('What the directory needs')}</h2>
      <p>${_('This address, and a token that you make here.')}</p>
      <div class="copy-line"><code dir="ltr">${address}</code><${CopyButton} text=${address} label=${_('Copy')} /></div>
      <p class="quiet">${_('A group of the directory becomes the clinic of its name; groups that you name give a role. Suspended there means signed out here, at once. Owners are made here only.')}</p></section>
    ${problem && html`<${Failed} text=${problem} onRetry=${load} />`}
    ${!tokens && !problem && html`<${Loading} />`}
    ${tokens?.length === 0 && html`<${Empty} icon="people" title=${_('No directory is connected')}><p>${_('Make a token and give it to whoever runs your directory.')}</p><//>`}
    ${tokens && tokens.length > 0 && html`
      <table class="members">
        <thead><tr><th scope="col">${_('Name')}</th><th scope="col">${_('New people')}</th><th scope="col">${_('Made')}</th><th scope="col">${_('Last used')}</th><th scope="col"><span class="for-screen-reader">${_('What to do')}</span></th></tr></thead>
        <tbody>${tokens.map((token) => html`<${TokenRow} key=${token.id} token=${token} onRevoke=${() => setLeaving(token)} />`)}</tbody>
      </table>`}
    ${making && html`<${NewTokenDialog} address=${address} onMade=${load} onClose=${() => setMaking(false)} />`}
    ${leaving && html`<${Question} title=${_('Revoke {name}', { name: leaving.name })} danger action=${_('Revoke')} onClose=${() => setLeaving(null)} onYes=${() => revoke(leaving)}
      text=${_('The directory can change nothing any more with this token. The members that it brought stay as they are.')} />`}
  `;
}

/** @param {{ token: DirectoryToken, onRevoke: () => void }} props */
const TokenRow = ({ token, onRevoke }) => html`
  <tr>
    <th scope="row">${token.name}</th>
    <td data-label=${_('New people')}>${_('{role}, {how}', { role: roleName(token.default_role), how: token.invite ? _('invited by mail') : _('by your own sign-in') })}</td>
    <td data-label=${_('Made')}>${_('{when} by {who}', { when: dayAndTime(token.created_at, ownZone()), who: token.made_by })}</td>
    <td data-label=${_('Last used')}>${token.last_used_at ? dayAndTime(token.last_used_at, ownZone()) : _('never')}</td>
    <td><button type="button" class="button small" aria-label=${_('Revoke {name}', { name: token.name })} onClick=${onRevoke}>${_('Revoke')}</button></td>
  </tr>
`;
