/** One's own camera and microphone: asked for, switched, and found again when the device takes them away. Knows no network. */

const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 }, facingMode: 'user' };
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** @typedef {'camera' | 'microphone'} Kind */
/** @typedef {'denied' | 'missing' | 'busy'} Trouble */

export class OwnMedia {
  constructor() {
    /** @type {Record<Kind, MediaStreamTrack | null>} */
    this.tracks = { camera: null, microphone: null };
    /** What the person wishes; a track may be away although it is wished. @type {Record<Kind, boolean>} */
    this.wished = { camera: true, microphone: true };
    /** The device that the person chose, where there are several. @type {Record<Kind, string | null>} */
    this.chosen = { camera: null, microphone: null };
    /** @type {Record<Kind, Trouble | null>} */
    this.trouble = { camera: null, microphone: null };
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    this.closed = false;
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) void this.restore();
    });
  }

  /** @param {() => void} watcher */
  watch(watcher) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  changed() {
    for (const watcher of this.watchers) watcher();
  }

  /** Whether it is heard or seen now. @param {Kind} kind */
  on(kind) {
    const track = this.tracks[kind];
    return this.wished[kind] && track !== null && track.readyState === 'live';
  }

  /** Asks for what is wished and not there, both in one question; where that fails, each by itself. */
  async open() {
    this.closed = false;
    const missing = /** @type {Kind[]} */ (['microphone', 'camera']).filter((kind) => this.wished[kind] && !this.on(kind));
    if (!missing.length) return;
    if (missing.length === 2 && (await this.request(missing))) return;
    if (missing.length === 1) await this.request(missing);
    else for (const kind of missing) await this.request([kind]);
  }

  /** @param {Kind[]} kinds @returns {Promise<boolean>} */
  async request(kinds) {
    if (!navigator.mediaDevices?.getUserMedia) {
      for (const kind of kinds) this.trouble[kind] = 'missing';
      this.changed();
      return false;
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: kinds.includes('camera') && { ...PICTURE, ...this.which('camera') },
        audio: kinds.includes('microphone') && { ...SOUND, ...this.which('microphone') },
      });
      for (const track of stream.getTracks()) this.take(track.kind === 'video' ? 'camera' : 'microphone', track);
      return true;
    } catch (error) {
      for (const kind of kinds) this.trouble[kind] = troubleOf(/** @type {DOMException} */ (error));
      this.changed();
      return false;
    }
  }

  /** @param {Kind} kind @returns {MediaTrackConstraints} */
  which(kind) {
    const deviceId = this.chosen[kind];
    return deviceId ? { deviceId: { exact: deviceId } } : {};
  }

  /** Another camera or microphone of this device. @param {Kind} kind @param {string} deviceId */
  async choose(kind, deviceId) {
    this.chosen[kind] = deviceId;
    this.tracks[kind]?.stop();
    this.tracks[kind] = null;
    await this.request([kind]);
  }

  /** @param {Kind} kind @param {MediaStreamTrack} track */
  take(kind, track) {
    if (this.closed || !this.wished[kind]) {
      track.stop();
      return;
    }
    this.tracks[kind]?.stop();
    this.tracks[kind] = track;
    this.trouble[kind] = null;
    track.onended = () => {
      if (this.tracks[kind] !== track) return;
      this.tracks[kind] = null;
      this.changed();
      if (!document.hidden) void this.restore();
    };
    this.changed();
  }

  /** After a telephone call or a change of device: takes again what was taken away. */
  async restore() {
    if (this.closed) return;
    for (const kind of /** @type {Kind[]} */ (['microphone', 'camera'])) {
      if (this.wished[kind] && !this.tracks[kind] && !this.trouble[kind]) await this.request([kind]);
    }
  }

  /** The camera is really switched off, its light goes out; the microphone sends silence, so that it is back at once. @param {Kind} kind @param {boolean} on */
  async set(kind, on) {
    this.wished[kind] = on;
    const track = this.tracks[kind];
    if (kind === 'microphone' && track) {
      track.enabled = on;
    } else if (!on) {
      track?.stop();
      this.tracks[kind] = null;
    } else {
      this.trouble[kind] = null;
      await this.request([kind]);
    }
    this.changed();
  }

  /** What the device test found, for the host's card. @returns {DeviceTest} */
  result() {
    return { camera: this.on('camera'), microphone: this.on('microphone') };
  }

  close() {
    this.closed = true;
    for (const kind of /** @type {Kind[]} */ (['microphone', 'camera'])) {
      this.tracks[kind]?.stop();
      this.tracks[kind] = null;
    }
    this.changed();
  }
}

/** @param {DOMException} error @returns {Trouble} */
function troubleOf(error) {
  if (error.name === 'NotAllowedError' || error.name === 'SecurityError') return 'denied';
  return error.name === 'NotFoundError' || error.name === 'OverconstrainedError' ? 'missing' : 'busy';
}
