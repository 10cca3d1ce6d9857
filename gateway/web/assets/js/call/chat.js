/** What people write to each other in a call, as far as this page knows. Knows no page. */

/** @typedef {{ id: Id, participant_id: Id, display_name: string, text: string, said_at: string }} Line */

export class Chat {
  /** @param {(frame: { type: string, [more: string]: unknown }) => Promise<any>} ask asks in the name of one's own seat */
  constructor(ask) {
    this.ask = ask;
    /** @type {Map<Id, Line>} */
    this.known = new Map();
    /** Those that were on the screen while the panel was open. @type {Set<Id>} */
    this.seen = new Set();
    /** @type {Set<() => void>} */
    this.watchers = new Set();
  }

  /** @param {() => void} watcher */
  watch(watcher) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  get lines() {
    return [...this.known.values()].sort((one, other) => one.said_at.localeCompare(other.said_at) || one.id.localeCompare(other.id));
  }

  get unseen() {
    return [...this.known.keys()].filter((id) => !this.seen.has(id)).length;
  }

  /** What was written before one came, or while the connection was away. */
  async refresh() {
    this.note((await this.ask({ type: 'call.lines' })).items);
  }

  /** @param {Line[]} lines */
  note(lines) {
    const fresh = lines.filter(({ id }) => !this.known.has(id));
    for (const line of fresh) this.known.set(line.id, line);
    if (fresh.length) this.changed();
  }

  /** @param {string} text */
  async say(text) {
    await this.ask({ type: 'call.say', text });
  }

  markSeen() {
    if (!this.unseen) return;
    this.seen = new Set(this.known.keys());
    this.changed();
  }

  changed() {
    for (const watcher of this.watchers) watcher();
  }
}
