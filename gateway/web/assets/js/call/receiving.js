/** The connection on which the others come down: the node offers as people come and go, the browser answers, one offer at a time. */

/**
 * What is shown in one picture: a person, or the screen that they share. `id` is the participant's, of a screen `<participant>/screen`.
 * @typedef {{ id: string, participantId: string, isScreen: boolean, stream: MediaStream, mids: string[] }} Remote
 */

export class Receiving {
  /**
   * @param {RTCIceServer[]} iceServers
   * @param {(remotes: Map<string, Remote>) => void} arranged called with everyone who is to be seen and heard
   */
  constructor(iceServers, arranged) {
    this.peer = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    this.arranged = arranged;
    /** @type {Map<string, Remote>} */
    this.remotes = new Map();
    this.turn = Promise.resolve();
    this.lastOffer = '';
  }

  /**
   * Resolves when the offer is in force here. The node says an offer again until it has the answer, so an answer that was lost, or
   * came after a newer offer, is no reason to begin again.
   * @param {OfferFrame} offer @param {(sdp: string) => Promise<unknown>} answer @returns {Promise<void>}
   */
  accept(offer, answer) {
    this.turn = this.turn.catch(() => {}).then(() => this.take(offer, answer));
    return this.turn;
  }

  /** @param {OfferFrame} offer @param {(sdp: string) => Promise<unknown>} answer */
  async take(offer, answer) {
    if (this.peer.signalingState === 'closed') return;
    if (offer.offer_id !== this.lastOffer) {
      await this.peer.setRemoteDescription({ type: 'offer', sdp: offer.sdp });
      await this.peer.setLocalDescription();
      this.lastOffer = offer.offer_id;
      this.arrange(offer.tracks);
    }
    void answer(/** @type {RTCSessionDescription} */ (this.peer.localDescription).sdp).catch(() => {});
  }

  /** One stream for each person and one for each screen, with the tracks that the offer names as theirs. @param {OfferFrame['tracks']} tracks */
  arrange(tracks) {
    const lines = new Map(this.peer.getTransceivers().map((line) => [line.mid, line]));
    /** @type {Map<string, Remote>} */
    const remotes = new Map();
    for (const { mid, participant_id: participantId, source } of tracks) {
      const line = lines.get(mid);
      if (!line || line.currentDirection === 'inactive') continue;
      const isScreen = source.startsWith('screen');
      const id = isScreen ? `${participantId}/screen` : participantId;
      const remote = remotes.get(id) ?? { id, participantId, isScreen, stream: this.remotes.get(id)?.stream ?? new MediaStream(), mids: [] };
      remote.mids.push(mid);
      if (!remote.stream.getTracks().includes(line.receiver.track)) remote.stream.addTrack(line.receiver.track);
      remotes.set(id, remote);
    }
    for (const remote of remotes.values()) {
      const own = remote.mids.map((mid) => lines.get(mid)?.receiver.track);
      for (const track of remote.stream.getTracks()) if (!own.includes(track)) remote.stream.removeTrack(track);
    }
    this.remotes = remotes;
    this.arranged(remotes);
  }

  /** What has been received of each picture with its sound: frames decoded and their size, packets, and how loud. */
  async stats() {
    /** @type {Record<string, Record<string, number>>} */
    const found = {};
    for (const id of this.remotes.keys()) found[id] = {};
    const report = await this.peer.getStats();
    report.forEach((row) => {
      if (row.type !== 'inbound-rtp') return;
      const remote = [...this.remotes.values()].find(({ mids }) => mids.includes(row.mid));
      if (!remote) return;
      const values = found[remote.id];
      if (row.kind === 'video') {
        Object.assign(values, {
          framesDecoded: row.framesDecoded ?? 0, framesDropped: row.framesDropped ?? 0, framesPerSecond: row.framesPerSecond ?? 0,
          width: row.frameWidth ?? 0, height: row.frameHeight ?? 0, videoPackets: row.packetsReceived ?? 0, videoLost: row.packetsLost ?? 0,
        });
      } else {
        Object.assign(values, {
          audioPackets: row.packetsReceived ?? 0, audioLost: row.packetsLost ?? 0, audioLevel: row.audioLevel ?? 0,
          audioEnergy: row.totalAudioEnergy ?? 0, audioSamples: row.totalSamplesReceived ?? 0,
        });
      }
    });
    return found;
  }

  /** How loud each person is at the moment, 0 to 1, as their own browser measured it. */
  levels() {
    /** @type {Map<string, number>} */
    const found = new Map();
    for (const line of this.peer.getTransceivers()) {
      const remote = this.persons().find(({ mids }) => mids.includes(line.mid ?? ''));
      if (!remote || line.receiver.track.kind !== 'audio') continue;
      found.set(remote.id, line.receiver.getSynchronizationSources()[0]?.audioLevel ?? 0);
    }
    return found;
  }

  /** What has come from each person so far, for rules that compare two looks. */
  async counters() {
    /** @type {Map<string, import('./quality.js').Counters>} */
    const found = new Map();
    for (const { id } of this.persons()) {
      found.set(id, { milliseconds: performance.now(), audioPackets: 0, audioLost: 0, audioSamples: 0, concealedSamples: 0, frozenSeconds: 0 });
    }
    for (const row of (await this.peer.getStats()).values()) {
      const counters = row.type === 'inbound-rtp' && found.get(this.persons().find(({ mids }) => mids.includes(row.mid))?.id ?? '');
      if (!counters) continue;
      if (row.kind === 'video') counters.frozenSeconds = row.totalFreezesDuration ?? 0;
      else {
        Object.assign(counters, {
          audioPackets: row.packetsReceived ?? 0, audioLost: row.packetsLost ?? 0, audioSamples: row.totalSamplesReceived ?? 0,
          // the silence that a pause of the sender leaves is no fault
          concealedSamples: (row.concealedSamples ?? 0) - (row.silentConcealedSamples ?? 0),
        });
      }
    }
    return found;
  }

  persons() {
    return [...this.remotes.values()].filter(({ isScreen }) => !isScreen);
  }

  close() {
    this.peer.close();
  }
}
