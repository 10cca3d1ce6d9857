/** The connection on which one's own picture and sound go up: the browser offers, the node answers. */

const MOST_VIDEO_BITS = 1_500_000;

/** @typedef {import('./own-media.js').OwnMedia} OwnMedia */

export class Publishing {
  /** @param {RTCIceServer[]} iceServers @param {OwnMedia} media */
  constructor(iceServers, media) {
    this.media = media;
    this.peer = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    const stream = new MediaStream();
    // Both lines are offered from the start, with or without a device, so that switching one on needs no new offer.
    this.microphone = this.peer.addTransceiver(media.tracks.microphone ?? 'audio', { direction: 'sendonly', streams: [stream] });
    this.camera = this.peer.addTransceiver(media.tracks.camera ?? 'video', {
      direction: 'sendonly', streams: [stream], sendEncodings: [{ maxBitrate: MOST_VIDEO_BITS }],
    });
    this.stopWatching = media.watch(() => this.follow());
  }

  /** @param {(offer: { sdp: string, tracks: { mid: string, source: string }[] }) => Promise<{ sdp: string }>} exchange */
  async start(exchange) {
    await this.peer.setLocalDescription();
    const sdp = /** @type {RTCSessionDescription} */ (this.peer.localDescription).sdp;
    const tracks = [
      { mid: /** @type {string} */ (this.microphone.mid), source: 'microphone' },
      { mid: /** @type {string} */ (this.camera.mid), source: 'camera' },
    ];
    const answer = await exchange({ sdp, tracks });
    if (this.peer.signalingState === 'closed') return;
    await this.peer.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
    this.follow();
  }

  /** Sends what the devices give now. */
  follow() {
    if (this.peer.signalingState === 'closed') return;
    for (const kind of /** @type {const} */ (['microphone', 'camera'])) {
      const { sender } = this[kind];
      const track = this.media.tracks[kind];
      if (sender.track !== track) void sender.replaceTrack(track).catch(() => {});
    }
  }

  close() {
    this.stopWatching();
    this.peer.close();
  }
}
