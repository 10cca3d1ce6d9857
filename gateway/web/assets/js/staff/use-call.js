/** The one call that this tab may be in. It outlives changes of page, and a reload finds it again. */

import { useRef, useState } from '../../vendor/preact.js';
import { CallEngine } from '../call/call.js';
import { OwnMedia } from '../call/own-media.js';
import { get } from '../core/api.js';
import { _ } from '../core/texts.js';
import { toast } from '../parts/toasts.js';

const KEY = 'housecall.in-call';

/** @typedef {{ engine: CallEngine | null, media: OwnMedia | null, roomId: string | null, enter: (roomId: string) => void, resume: (roomId: string) => void, leave: () => void }} StaffCall */

/** @param {import('../core/live.js').Live} live @returns {StaffCall} */
export function useCall(live) {
  const [state, setState] = useState(/** @type {{ engine: CallEngine, media: OwnMedia, roomId: string } | null} */ (null));
  const current = useRef(state);
  current.current = state;

  const leave = () => {
    sessionStorage.removeItem(KEY);
    current.current?.engine.leave();
    current.current?.media.close();
    current.current = null;
    setState(null);
  };
  const enter = (/** @type {string} */ roomId) => {
    if (current.current?.roomId === roomId) return;
    leave();
    sessionStorage.setItem(KEY, roomId);
    const media = new OwnMedia();
    const next = { media, engine: new CallEngine({ live, media, roomId, readCall: (id) => get(`/api/calls/${id}`) }), roomId };
    void media.open().then(() => {
      if (!media.closed && (media.trouble.microphone || media.trouble.camera)) toast(troubleText(media), { kind: 'problem' });
    });
    next.engine.watch(() => {
      if (next.engine.phase !== 'over' || current.current !== next) return;
      sessionStorage.removeItem(KEY);
      media.close();
      setState(null);
      const text = endText(next.engine.reason);
      if (text) toast(text, { kind: next.engine.reason === 'ended' ? 'done' : 'problem' });
    });
    window.housecall.stats = () => next.engine.stats();
    current.current = next;
    setState(next);
  };
  const resume = (/** @type {string} */ roomId) => {
    if (!current.current && sessionStorage.getItem(KEY) === roomId) enter(roomId);
  };
  return { engine: state?.engine ?? null, media: state?.media ?? null, roomId: state?.roomId ?? null, enter, resume, leave };
}

/** @param {OwnMedia} media */
function troubleText(media) {
  if (media.trouble.microphone === 'denied') {
    return _('The browser did not give the microphone. Press the symbol beside the address, allow camera and microphone, then switch them on below.');
  }
  if (media.trouble.microphone) return _('No microphone can be used. Connect one, or close the program that uses it, then switch it on below.');
  return _('The camera cannot be used, so the others only hear you. Allow it beside the address, or close the program that uses it.');
}

/** @param {string} reason */
function endText(reason) {
  if (reason === 'left') return '';
  if (reason === 'ended') return _('The call has ended.');
  if (reason === 'elsewhere') return _('You entered this call in another tab.');
  if (reason === 'removed') return _('You are no longer in the call.');
  return reason;
}
