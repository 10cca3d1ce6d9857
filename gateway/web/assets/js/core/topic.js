/** What a topic says, kept: the newest view of each subject. A change that is older than what is known is dropped. */

/** @typedef {import('./live.js').Live} Live */
/** @typedef {{ sequence: number, view: any }} Known */

export class Topic {
  /** @param {Live} live @param {string} name */
  constructor(live, name) {
    this.live = live;
    this.name = name;
    this.ready = false;
    /** How often all of it was shown anew. */
    this.snapshots = 0;
    /** @type {Problem | null} */
    this.problem = null;
    /** @type {Map<string, Known>} */
    this.known = new Map();
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    /** @type {(() => void) | null} */
    this.stop = null;
  }

  /** @param {() => void} watcher */
  watch(watcher) {
    this.watchers.add(watcher);
    this.stop ??= this.live.subscribe(this.name, (frame) => this.hear(frame));
    return () => {
      this.watchers.delete(watcher);
      if (this.watchers.size || !this.stop) return;
      this.stop();
      this.stop = null;
      this.ready = false;
    };
  }

  /** @param {any} frame */
  hear(frame) {
    if (frame.type === 'snapshot') {
      this.known = new Map(frame.items.map((/** @type {any} */ item) => [item.subject, { sequence: Number(item.sequence), view: item.view }]));
      this.ready = true;
      this.snapshots += 1;
      this.problem = null;
    } else if (frame.type === 'change') {
      const before = this.known.get(frame.subject);
      if (before && Number(frame.sequence) < before.sequence) return;
      if (frame.view === null) this.known.delete(frame.subject);
      else this.known.set(frame.subject, { sequence: Number(frame.sequence), view: frame.view });
    } else if (frame.type === 'error') {
      this.problem = frame.problem;
      this.ready = true;
    }
    for (const watcher of this.watchers) watcher();
  }

  /** A view that came as the answer to something just done, so that the page need not wait for the news of it. @param {string} subject @param {any} view */
  note(subject, view) {
    const before = this.known.get(subject);
    if (before && view.version !== undefined && view.version < before.view.version) return;
    this.known.set(subject, { sequence: before?.sequence ?? 0, view });
    for (const watcher of this.watchers) watcher();
  }

  /** All views of one kind, e.g. `room`. @param {string} kind @returns {any[]} */
  all(kind) {
    return [...this.known].filter(([subject]) => subject.startsWith(`${kind}/`)).map(([, known]) => known.view);
  }
}
