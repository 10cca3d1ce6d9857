/** While another page is shown, a call goes on: this bar leads back to it. */

import { html } from '../../vendor/preact.js';
import { go } from '../core/route.js';
import { _ } from '../core/texts.js';
import { RemoteVideo } from '../call/video.js';
import { Icon } from '../parts/icons.js';
import { useRooms } from './rooms.js';

/** @param {{ call: import('./use-call.js').StaffCall }} props */
export function ReturnBar({ call }) {
  const room = useRooms().all.find(({ id }) => id === call.roomId);
  return html`
    <aside class="return-bar" aria-label=${_('Your call')}>
      <span class="dot in-call"></span><p>${_('You are in the call in {room}.', { room: room?.name ?? _('your room') })}</p>
      <button type="button" class="button primary small" onClick=${() => go(`/rooms/${call.roomId}`)}><${Icon} name="camera" />${_('Return to the call')}</button>
      <div class="unseen">${[...(call.engine?.remotes.values() ?? [])].map((remote) => html`<${RemoteVideo} key=${remote.id} remote=${remote} />`)}</div>
    </aside>
  `;
}
