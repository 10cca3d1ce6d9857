/** Who hosts a session: shown by name, and in a Meeting Room changed. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { Refusal, explain, get, patch } from '../core/api.js';
import { topicOf, useLive } from '../core/hooks.js';
import { _ } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { Failed } from '../parts/states.js';
import { toast } from '../parts/toasts.js';
import { MemberPicker } from './member-picker.js';
import { useRooms } from './rooms.js';
import { ScopeChoice } from './scope-choice.js';

const HOSTS = ['owner', 'admin', 'provider', 'coordinator'];

/** Names by id, as they come. @param {Id[]} ids */
function useNames(ids) {
  const [names, setNames] = useState(/** @type {Record<Id, string>} */ ({}));
  useEffect(() => {
    for (const id of ids.filter((one) => !(one in names))) {
      get(`/api/members/${id}`).then(({ name }) => setNames((before) => ({ ...before, [id]: name })), () => setNames((before) => ({ ...before, [id]: _('Somebody who left') })));
    }
  }, [ids.join()]);
  return names;
}

/** @param {{ session: Session, open: boolean }} props */
export function HostsPart({ session, open }) {
  const live = useLive();
  const room = useRooms().all.find(({ id }) => id === session.room_id);
  const names = useNames(session.host_member_ids);
  const [chosen, setChosen] = useState('');
  const [asked, setAsked] = useState(0);
  const [scope, setScope] = useState(/** @type {import('./scope-choice.js').Scope} */ ('one'));
  const [problem, setProblem] = useState('');
  const [taken, setTaken] = useState(false);
  const [busy, setBusy] = useState(false);
  const changes = open && room?.kind === 'meeting';
  const change = async (/** @type {Id[]} */ hosts, override = false) => {
    setBusy(true);
    setProblem('');
    setTaken(false);
    try {
      const after = await patch(`/api/sessions/${session.id}`, { host_member_ids: hosts, override, scope, version: session.version });
      topicOf(live, 'sessions').note(`session/${session.id}`, after);
      toast(_('The hosts are changed. Who is new, or hosts no more, gets a mail.'));
      setChosen('');
      setAsked((count) => count + 1);
    } catch (error) {
      setTaken(error instanceof Refusal && Array.isArray(error.problem.conflicts));
      setProblem(explain(error));
    }
    setBusy(false);
  };
  const withChosen = [...session.host_member_ids, chosen];
  return html`
    <section class="hosts-part" aria-labelledby="hosts-title">
      <h3 id="hosts-title">${_('Hosts')}</h3>
      <ul class="recipients" aria-labelledby="hosts-title">${session.host_member_ids.map((id) => html`
        <li key=${id} class="recipient"><span class="recipient-who"><span><bdi>${names[id] ?? '…'}</bdi></span></span>
          ${changes && session.host_member_ids.length > 1 && html`<button type="button" class="button quiet square small" disabled=${busy} aria-label=${_('{name} hosts no more', { name: names[id] ?? '' })}
            onClick=${() => change(session.host_member_ids.filter((one) => one !== id))}><${Icon} name="close" /></button>`}</li>`)}</ul>
      ${changes && html`<details><summary>${_('Add a host')}</summary>
        <form onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); if (chosen) void change(withChosen); }}>
          ${problem && html`<${Failed} text=${problem} />`}
          <${ScopeChoice} session=${session} value=${scope} onChange=${setScope} />
          <${MemberPicker} key=${asked} id="another-host" label=${_('Another host')} wanted=${{ state: 'active' }} choose=${setChosen}
            may=${(/** @type {Member} */ { id, role }) => HOSTS.includes(role) && !session.host_member_ids.includes(id)} />
          <button type="submit" class="button" disabled=${busy || !chosen}>${_('Add as a host')}</button>
          ${taken && chosen && html`<button type="button" class="button danger" onClick=${() => change(withChosen, true)}>${_('Add them all the same')}</button>`}
        </form></details>`}
    </section>
  `;
}
