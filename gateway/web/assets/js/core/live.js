/**
 * The one live connection of a tab (docs/protocol.md): topics with snapshot and changes, questions with answers, and signals of the
 * call. Reconnects by itself; after it, every topic is read anew, so nothing is missing.
 */

import { Refusal } from './api.js';
import { _ } from './texts.js';

const ANSWER_MS = 10_000;
const LONGEST_PAUSE_MS = 5_000;

/** @typedef {'connecting' | 'open' | 'lost'} LiveState */
/** @typedef {{ resolve: (value: any) => void, reject: (error: Error) => void, timer: number }} Question */

/** The server's own reason for closing: whoever this was is not signed in any more. */
const SIGN_IN_ENDED = 4401;

export class Live {
  /** @param {string} url @param {() => void} onRefused called when it seems that this reader may not connect (any more) */
  constructor(url, onRefused = () => {}) {
    this.url = url;
    this.onRefused = onRefused;
    /** @type {LiveState} */
    this.state = 'connecting';
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {Map<string, Set<(frame: any) => void>>} */
    this.topics = new Map();
    /** @type {Map<number, Question>} */
    this.questions = new Map();
    /** @type {Set<(state: LiveState) => void>} */
    this.watchers = new Set();
    /** @type {Set<(frame: any) => void>} */
    this.listeners = new Set();
    this.lastRef = 0;
    this.tries = 0;
    this.heartbeat = 25_000;
    this.heardAt = 0;
    this.closed = false;
    this.retryTimer = 0;
    addEventListener('online', () => this.retryNow());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.retryNow();
    });
    setInterval(() => this.beat(), 5_000);
    this.connect();
  }

  connect() {
    if (this.closed) return;
    const socket = new WebSocket(this.url);
    let opened = false;
    this.socket = socket;
    socket.onopen = () => {
      opened = true;
      this.heardAt = Date.now();
      for (const topic of this.topics.keys()) this.sendSubscribe(topic);
      this.tries = 0;
      this.change('open');
    };
    socket.onmessage = (event) => {
      this.heardAt = Date.now();
      this.hear(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      this.lose();
      if (event.code === SIGN_IN_ENDED || (!opened && navigator.onLine)) this.onRefused();
    };
  }

  lose() {
    this.socket = null;
    for (const question of this.questions.values()) {
      clearTimeout(question.timer);
      question.reject(new Refusal({ status: 0, detail: _('The connection was lost.') }));
    }
    this.questions.clear();
    this.change('lost');
    if (this.closed) return;
    const pause = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** this.tries++) * (0.6 + 0.4 * Math.random());
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.connect(), pause);
  }

  /** Tries at once instead of after the pause: the network is back, or the reader is. */
  retryNow() {
    if (this.socket || this.closed) return;
    clearTimeout(this.retryTimer);
    this.connect();
  }

  /** A connection that says nothing any more is dropped: a sleeping phone or a dead router does not close it. */
  beat() {
    if (!this.socket || this.socket.readyState !== WebSocket.OPEN) return;
    const silent = Date.now() - this.heardAt;
    if (silent > 2 * this.heartbeat + 5_000) {
      const dead = this.socket;
      this.lose();
      dead.close();
    } else if (silent >= this.heartbeat / 2) {
      this.send({ type: 'ping' });
    }
  }

  /** @param {LiveState} state */
  change(state) {
    if (this.state === state) return;
    this.state = state;
    for (const watcher of this.watchers) watcher(state);
  }

  /** @param {any} frame */
  hear(frame) {
    if (frame.type === 'hello') {
      this.heartbeat = (frame.heartbeat_seconds || 25) * 1000;
    } else if (frame.type === 'reply' || frame.type === 'error') {
      if (frame.ref !== undefined && this.questions.has(frame.ref)) this.settle(frame);
      else if (frame.topic) this.topics.get(frame.topic)?.forEach((listener) => listener(frame));
    } else if (frame.type === 'snapshot' || frame.type === 'change') {
      if (frame.ref !== undefined && this.questions.has(frame.ref)) this.settle(frame);
      this.topics.get(frame.topic)?.forEach((listener) => listener(frame));
    } else if (frame.type !== 'pong') {
      this.listeners.forEach((listener) => listener(frame));
    }
  }

  /** @param {any} frame */
  settle(frame) {
    const question = /** @type {Question} */ (this.questions.get(frame.ref));
    this.questions.delete(frame.ref);
    clearTimeout(question.timer);
    if (frame.type === 'error') question.reject(new Refusal(frame.problem));
    else question.resolve(frame.result ?? frame);
  }

  /** @param {Record<string, unknown>} frame */
  send(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /**
   * Asks and waits for the answer.
   * @param {{ type: string, [more: string]: unknown }} frame
   * @returns {Promise<any>} its result @throws {Refusal}
   */
  ask(frame) {
    if (this.socket?.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Refusal({ status: 0, detail: _('No connection. Check your network and try again.') }));
    }
    const ref = ++this.lastRef;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.questions.delete(ref);
        reject(new Refusal({ status: 0, detail: _('No answer came in time. Try again.') }));
      }, ANSWER_MS);
      this.questions.set(ref, { resolve, reject, timer });
      this.send({ ...frame, ref });
    });
  }

  /** @param {string} topic */
  sendSubscribe(topic) {
    this.ask({ type: 'subscribe', topic }).catch((error) => {
      // What did not answer now is shown as soon as it does; the server sees to that.
      if (error.status === 0 || error.status === 503) return;
      this.topics.get(topic)?.forEach((listener) => listener({ type: 'error', topic, problem: error.problem }));
    });
  }

  /**
   * Hears a topic until the returned function is called.
   * @param {string} topic @param {(frame: any) => void} listener
   */
  subscribe(topic, listener) {
    const listeners = this.topics.get(topic) ?? new Set();
    this.topics.set(topic, listeners);
    listeners.add(listener);
    if (this.socket?.readyState === WebSocket.OPEN) this.sendSubscribe(topic);
    return () => {
      listeners.delete(listener);
      if (listeners.size) return;
      this.topics.delete(topic);
      this.send({ type: 'unsubscribe', topic });
    };
  }

  /** Hears the call's signals. @param {(frame: any) => void} listener */
  onSignal(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @param {(state: LiveState) => void} watcher */
  watch(watcher) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  close() {
    this.closed = true;
    this.socket?.close();
  }
}

/** Where the live connection is. */
export const liveAddress = () => document.querySelector('meta[name="live-url"]')?.getAttribute('content') || '';
