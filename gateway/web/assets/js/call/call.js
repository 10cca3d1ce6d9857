/**
 * One person's place in a call, from joining to leaving. It finds back by itself: after a lost network, a lost live connection, or a
 * call that was placed on another node, it joins again with new peer connections. Knows no page.
 */

import { deviceId } from '../core/device.js';
import { Chat } from './chat.js';
import { OwnScreen } from './own-screen.js';
import { Publishing } from './publishing.js';
import { Receiving } from './receiving.js';

const CONNECT_MS = 12_000;
const DISCONNECTED_MS = 2_000;
const LONGEST_PAUSE_MS = 5_000;
const VERDICT_MS = 2_500;
const FINAL_STATUSES = [400, 401, 403, 404, 410, 422];
const MOST_CONFLICTS = 4;

/**
 * The same device has one seat: the tab that joined last keeps it, the others are told.
 * @param {string} place @param {() => void} onOther
 */
function oneTabOnly(place, onOther) {
  const own = Math.random();
  const channel = new BroadcastChannel('housecall.call');
  channel.onmessage = ({ data }) => {
    if (data.place === place && data.tab !== own) onOther();
  };
  channel.postMessage({ place, tab: own });
  return channel;
}

/** @typedef {import('../core/live.js').Live} Live */
/** @typedef {import('./own-media.js').OwnMedia} OwnMedia */
/** @typedef {import('./receiving.js').Remote} Remote */
const KINDS = /** @type {const} */ ([['audio', 'microphone'], ['video', 'camera']]);

/** @typedef {'joining' | 'connected' | 'reconnecting' | 'over'} Phase */

export class CallEngine {
  /**
   * @param {{ live: Live, media: OwnMedia, roomId?: string | null, readCall?: (id: string) => Promise<Call> }} parts
   * `roomId` and `readCall` for members: their joining would begin a new call where the old one has ended, so they look first.
   */
  constructor({ live, media, roomId = null, readCall }) {
    this.live = live;
    this.media = media;
    this.screen = new OwnScreen();
    this.chat = new Chat((frame) => this.live.ask({ ...frame, participant_id: this.seat?.participant_id }));
    this.roomId = roomId;
    this.readCall = readCall;
    /** @type {Phase} */
    this.phase = 'joining';
    /** Why it is over: `left`, `ended`, `removed`, `elsewhere` (another tab), or a refusal's text. */
    this.reason = '';
    /** @type {Seat | null} */
    this.seat = null;
    /** Oneself, as the call's view has it. @type {Participant | null} */
    this.own = null;
    /** @type {Map<string, Remote>} */
    this.remotes = new Map();
    /** @type {Publishing | null} */
    this.publishing = null;
    /** @type {Receiving | null} */
    this.receiving = null;
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    this.attempt = 0;
    this.failures = 0;
    this.conflicts = 0;
    this.seen = false;
    this.timer = 0;
    this.tabs = oneTabOnly(roomId ?? location.pathname, () => this.stop('elsewhere'));
    this.forget = [
      () => this.tabs.close(),
      media.watch(() => this.unmute()),
      live.onSignal((frame) => this.hear(frame)),
      live.watch((state) => {
        if (state === 'open' && this.phase !== 'over') void this.connect();
        else if (state === 'lost' && this.phase === 'connected') this.change('reconnecting');
      }),
    ];
    void this.connect();
  }

  /** @param {() => void} watcher */
  watch(watcher) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** @param {Phase} phase */
  change(phase) {
    this.phase = phase;
    for (const watcher of this.watchers) watcher();
  }

  /** Joins, or joins again. What is on the screen stays until the new connections bring something. */
  async connect() {
    const attempt = ++this.attempt;
    const current = () => attempt === this.attempt && this.phase !== 'over';
    clearTimeout(this.timer);
    this.timer = setTimeout(() => current() && this.again(), CONNECT_MS);
    try {
      if (this.seat && this.readCall && (await this.readCall(this.seat.call_id)).state === 'ended') return this.stop('ended');
      if (!current()) return;
      const seat = await this.live.ask({ type: 'call.join', room_id: this.roomId ?? undefined, device_id: deviceId() });
      if (!current()) return;
      this.take(seat, attempt);
      const { publishing } = this;
      await Promise.all([
        publishing?.start(),
        this.live.ask({ type: 'call.subscribe', participant_id: seat.participant_id }),
      ]);
    } catch (error) {
      if (current()) this.fail(/** @type {{ status?: number, message: string }} */ (error));
    }
  }

  /** New peer connections in place of the old. @param {Seat} seat @param {number} attempt */
  take(seat, attempt) {
    this.closePeers();
    if (this.seat?.participant_id !== seat.participant_id) this.seen = false;
    this.seat = seat;
    this.publishing = new Publishing(seat.ice_servers, this.media, this.screen, (offer) =>
      this.live.ask({ type: 'call.publish', participant_id: seat.participant_id, ...offer }));
    this.receiving = new Receiving(seat.ice_servers, (remotes) => {
      this.remotes = remotes;
      this.change(this.phase);
    });
    for (const { peer } of [this.publishing, this.receiving]) this.follow(peer, attempt);
  }

  /** @param {RTCPeerConnection} peer @param {number} attempt */
  follow(peer, attempt) {
    let doubt = 0;
    peer.addEventListener('connectionstatechange', () => {
      if (attempt !== this.attempt || this.phase === 'over') return;
      clearTimeout(doubt);
      if (peer.connectionState === 'connected' && peer === this.publishing?.peer) {
        clearTimeout(this.timer);
        this.failures = this.conflicts = 0;
        this.change('connected');
      } else if (peer.connectionState === 'failed') {
        this.again();
      } else if (peer.connectionState === 'disconnected') {
        doubt = setTimeout(() => attempt === this.attempt && peer.connectionState !== 'connected' && this.again(), DISCONNECTED_MS);
      }
    });
  }

  /** @param {{ status?: number, message: string }} error */
  fail(error) {
    const final = FINAL_STATUSES.includes(error.status ?? -1) || (error.status === 409 && ++this.conflicts >= MOST_CONFLICTS);
    if (final) this.stop(error.message);
    else this.again();
  }

  /** Joins again after a pause that grows. Without the live connection, its return is what begins it. */
  again() {
    if (this.phase === 'over') return;
    this.change(this.seat ? 'reconnecting' : 'joining');
    this.attempt++;
    clearTimeout(this.timer);
    const pause = this.failures ? Math.min(LONGEST_PAUSE_MS, 200 * 2 ** this.failures) * (0.6 + 0.4 * Math.random()) : 0;
    this.failures++;
    this.timer = setTimeout(() => {
      if (this.live.state === 'open') void this.connect();
    }, pause);
  }

  /** @param {any} frame */
  hear(frame) {
    if (this.phase === 'over' || frame.participant_id !== this.seat?.participant_id) return;
    if (frame.type === 'call.offer') {
      const { attempt, receiving } = this;
      receiving?.accept(frame, (sdp) =>
        this.live.ask({ type: 'call.answer', participant_id: frame.participant_id, offer_id: frame.offer_id, sdp }),
      ).catch(() => attempt === this.attempt && this.again());
    } else if (frame.type === 'call.closed' && frame.reason === 'node_stopped') {
      this.again();
    } else if (frame.type === 'call.closed') {
      // Ended, removed, or moved to another node: the call's view says which, and soon.
      const { attempt } = this;
      setTimeout(() => attempt === this.attempt && this.again(), VERDICT_MS);
    }
  }

  /** The call as its view says it: ended, placed anew, or without this person. @param {Call} call */
  note(call) {
    if (this.phase === 'over' || call.id !== this.seat?.call_id) return;
    const own = call.participants.find((participant) => participant.id === this.seat?.participant_id) ?? null;
    const muted = this.own?.muted ?? [];
    const redraws = this.own?.held !== own?.held;
    this.own = own;
    if (redraws) this.change(this.phase);
    // who is muted by a host switches on again themselves, and sees until then that they are off
    for (const [kind, device] of KINDS) if (own?.muted?.includes(kind) && !muted.includes(kind)) void this.media.set(device, false);
    if (call.state === 'ended') this.stop('ended');
    else if (this.seen && !own) this.stop('removed');
    else if ((call.placement ?? 0) > (this.seat.placement ?? 0)) void this.connect();
    this.seen ||= own !== null;
  }

  /** Switched on again after a host had muted it: the others are to hear or see it. */
  unmute() {
    for (const [kind, device] of KINDS) {
      if (!this.own?.muted?.includes(kind) || !this.media.on(device)) continue;
      this.live.ask({ type: 'call.unmute', participant_id: this.own.id, kind }).catch(() => this.media.set(device, false));
    }
  }

  /** @param {boolean} raised */
  async raiseHand(raised) {
    await this.live.ask({ type: 'call.raise_hand', participant_id: this.seat?.participant_id, raised });
  }

  /** Leaves; the others go on. */
  leave() {
    if (this.seat) this.live.send({ type: 'call.leave', ref: 0, call_id: this.seat.call_id, participant_id: this.seat.participant_id });
    this.stop('left');
  }

  /** @param {string} reason */
  stop(reason) {
    if (this.phase === 'over') return;
    this.attempt++;
    clearTimeout(this.timer);
    for (const forget of this.forget) forget();
    this.closePeers();
    this.screen.close();
    this.remotes = new Map();
    this.reason = reason;
    this.change('over');
  }

  closePeers() {
    this.publishing?.close();
    this.receiving?.close();
    this.publishing = this.receiving = null;
  }

  /** For tests and for the display of quality: the phase, and what has been received from each person. */
  async stats() {
    return {
      phase: this.phase, call_id: this.seat?.call_id ?? null, participant_id: this.seat?.participant_id ?? null,
      remotes: this.receiving ? await this.receiving.stats() : {},
    };
  }
}
