/** One's own screen, or a part of it, while it is shared. Knows no network. */

const PICTURE = { frameRate: { ideal: 15, max: 30 } };

export class OwnScreen {
  constructor() {
    /** @type {MediaStreamTrack | null} */
    this.picture = null;
    /** What the shared thing sounds like, where the browser gives it. @type {MediaStreamTrack | null} */
    this.sound = null;
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    this.closed = false;
    /** The others could not be shown it. */
    this.failed = false;
  }

  /** Phones' browsers cannot. */
  static isPossible() {
    return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  }

  /** @param {() => void} watcher */
  watch(watcher) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  get on() {
    return this.picture !== null;
  }

  /** Asks which screen, window or tab. False when nothing was chosen; throws where the system refuses. */
  async start() {
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: PICTURE, audio: true });
      this.stop();
      if (this.closed) {
        // the call was over before something was chosen
        for (const track of stream.getTracks()) track.stop();
        return false;
      }
      this.failed = false;
      [this.picture] = stream.getVideoTracks();
      this.sound = stream.getAudioTracks()[0] ?? null;
    } catch (error) {
      if (/** @type {DOMException} */ (error).name === 'NotAllowedError') return false;
      throw error;
    }
    // text is to stay sharp, whatever that costs in movement
    this.picture.contentHint = 'detail';
    // the browser has a button of its own that ends it
    this.picture.onended = () => this.stop();
    this.changed();
    return true;
  }

  stop() {
    if (!this.picture) return;
    this.picture.onended = null;
    this.picture.stop();
    this.sound?.stop();
    this.picture = this.sound = null;
    this.changed();
  }

  /** The node would not take it. */
  fail() {
    this.failed = this.on;
    this.stop();
  }

  close() {
    this.closed = true;
    this.stop();
  }

  changed() {
    for (const watcher of this.watchers) watcher();
  }
}
