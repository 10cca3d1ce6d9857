/** What every part of the staff's pages may reach: who is signed in, and the few things that open from everywhere. */

import { createContext, useContext } from '../../vendor/preact.js';

/**
 * @typedef {object} App
 * @property {Me} me
 * @property {(room?: Room) => void} invite opens Send Invitation; without a room, for the member's own User Room
 * @property {(room?: Room) => void} schedule opens the dialog that books a time
 * @property {(room: Room) => void} enter joins the room's call; only this joins
 * @property {(caller: Caller) => Promise<void>} accept lets a caller in, and enters their room where the member is not in it yet
 * @property {(queue: import('./accepting.js').Queue) => Promise<void>} acceptNext lets whoever is next in
 * @property {(callers: Caller[]) => void} acceptAll shows whom it would let in before it does
 * @property {(caller: Caller) => void} refuse asks before it sends somebody away
 * @property {(caller: Caller) => void} transfer asks whereto before it hands somebody on
 * @property {(caller: Caller) => void} write opens what is written with somebody who waits
 * @property {(room: Room) => void} writeToAll writes to everybody who waits in the room
 * @property {string | null} callRoomId the room whose call the member is in
 */

export const AppContext = createContext(/** @type {App | null} */ (null));

export function useApp() {
  return /** @type {App} */ (useContext(AppContext));
}
