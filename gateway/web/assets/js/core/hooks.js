/** How components follow what changes outside them: topics, the connection, the time. */

import { createContext, useContext, useEffect, useMemo, useReducer, useState } from '../../vendor/preact.js';
import { Topic } from './topic.js';

/** @typedef {import('./live.js').Live} Live */

export const LiveContext = createContext(/** @type {Live | null} */ (null));

export function useLive() {
  return /** @type {Live} */ (useContext(LiveContext));
}

/** Draws the component again when called. */
export const useRedraw = () => useReducer((/** @type {number} */ count) => count + 1, 0)[1];

/** @param {string} name @returns {Topic} */
export function useTopic(name) {
  const live = useLive();
  const topic = useMemo(() => topicOf(live, name), [live, name]);
  const redraw = useRedraw();
  useEffect(() => topic.watch(() => redraw(undefined)), [topic]);
  return topic;
}

/** @type {WeakMap<Live, Map<string, Topic>>} */
const topics = new WeakMap();

/** One topic is kept once, however many components show it. @param {Live} live @param {string} name */
export function topicOf(live, name) {
  const known = topics.get(live) ?? new Map();
  topics.set(live, known);
  if (!known.has(name)) known.set(name, new Topic(live, name));
  return /** @type {Topic} */ (known.get(name));
}

export function useConnection() {
  const live = useLive();
  const [state, setState] = useState(live.state);
  useEffect(() => {
    setState(live.state);
    return live.watch(setState);
  }, [live]);
  return state;
}

/** The time in milliseconds, renewed every second while it is shown. */
export function useNow() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
