/** The connection on which one's own pictures and sounds go up: the browser offers, the node answers. */

const MOST_VIDEO_BITS = 1_500_000;
const MOST_SCREEN_BITS = 2_500_000;

/** @typedef {import('./own-media.js').OwnMedia} OwnMedia */
/** @typedef {import('./own-screen.js').OwnScreen} OwnScreen */
/** @typedef {{ sdp: string, tracks: { mid: string, source: string }[] }} Offer */
/** @typedef {(offer: Offer) => Promise<{ sdp: string }>} Exchange */

export class Publishing {
  /** @param {RTCIceServer[]} iceServers @param {OwnMedia} media @param {OwnScreen} screen @param {Exchange} exchange */
  constructor(iceServers, media, screen, exchange) {
    this.media = media;
    this.screen = screen;
    this.exchange = exchange;
    this.peer = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    const streams = [new MediaStream()];
    // Both lines are offered from the start, with or without a device, so that switching one on needs no new offer.
    /** What goes up, by its source; the screen's lines come when it is first shared. @type {Map<string, RTCRtpTransceiver>} */
    this.lines = new Map([
      ['microphone', this.peer.addTransceiver(media.tracks.microphone ?? 'audio', { direction: 'sendonly', streams })],
      ['camera', this.peer.addTransceiver(media.tracks.camera ?? 'video', { direction: 'sendonly', streams, sendEncodings: [{ maxBitrate: MOST_VIDEO_BITS }] })],
    ]);
    this.turn = Promise.resolve();
    this.stopWatching = [media.watch(() => this.follow()), screen.watch(() => void this.followScreen().catch(() => this.peer.signalingState !== 'closed' && screen.fail()))];
  }

  /** Resolves when what is there now goes up. */
  async start() {
    this.arrangeScreen();
    await this.negotiate();
    this.follow();
  }

  /** One offer at a time, so that each answer finds its own. */
  negotiate() {
    this.turn = this.turn.catch(() => {}).then(() => this.offer());
    return this.turn;
  }

  async offer() {
    if (this.peer.signalingState === 'closed') return;
    await this.peer.setLocalDescription();
    const { sdp } = /** @type {RTCSessionDescription} */ (this.peer.localDescription);
    const tracks = [...this.lines].map(([source, { mid }]) => ({ source, mid: /** @type {string} */ (mid) }));
    const answer = await this.exchange({ sdp, tracks });
    if (/** @type {string} */ (this.peer.signalingState) === 'closed') return;
    await this.peer.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
  }

  /** Sends what the devices give now. */
  follow() {
    if (this.peer.signalingState === 'closed') return;
    for (const kind of /** @type {const} */ (['microphone', 'camera'])) this.send(kind, this.media.tracks[kind]);
  }

  /** @param {string} source @param {MediaStreamTrack | null} track */
  send(source, track) {
    const sender = this.lines.get(source)?.sender;
    if (sender && sender.track !== track) void sender.replaceTrack(track).catch(() => {});
  }

  /** The others' pages go by the lines: they are told when it begins and when it ends. */
  async followScreen() {
    if (this.arrangeScreen()) await this.negotiate();
  }

  /** True when the lines are no longer as they were offered. */
  arrangeScreen() {
    const parts = /** @type {const} */ ([['screen', this.screen.picture], ['screen_audio', this.screen.sound]]);
    let changed = false;
    for (const [source, track] of parts) {
      const line = this.lines.get(source);
      const direction = track ? 'sendonly' : 'inactive';
      if (line) {
        changed ||= line.direction !== direction;
        line.direction = direction;
        this.send(source, track);
      } else if (track) {
        const bits = source === 'screen' ? { sendEncodings: [{ maxBitrate: MOST_SCREEN_BITS }] } : {};
        this.lines.set(source, this.peer.addTransceiver(track, { direction, streams: [new MediaStream()], ...bits }));
        changed = true;
      }
    }
    return changed;
  }

  /** How one's own sound arrives at the node: the share that is lost, and the time there and back. */
  async report() {
    const found = { lostShare: 0, roundTripSeconds: 0 };
    for (const row of (await this.peer.getStats()).values()) {
      if (row.type !== 'remote-inbound-rtp' || row.kind !== 'audio') continue;
      found.lostShare = Math.max(0, row.fractionLost ?? 0);
      found.roundTripSeconds = row.roundTripTime ?? 0;
    }
    return found;
  }

  close() {
    for (const stop of this.stopWatching) stop();
    this.peer.close();
  }
}
