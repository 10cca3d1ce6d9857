/** Carers and interpreters: listed under the client whom they come for, and let in with them. */

/** @param {Caller} caller */
export const isCompanion = (caller) => Boolean(caller.for_recipient_id);

/** The client's visit that lasts, if they are here. @param {Caller} caller @param {Caller[]} callers @returns {Caller | undefined} */
export const clientOf = (caller, callers) =>
  callers.find((other) => isCompanion(caller) && other.recipient_id === caller.for_recipient_id && other.room_id === caller.room_id);

/** Whether they cannot be let in by themselves: their client is not in the call. @param {Caller} caller @param {Caller[]} callers */
export const comesAlong = (caller, callers) => isCompanion(caller) && !['admitted', 'in_call'].includes(clientOf(caller, callers)?.state ?? '');

/** The same order, with each companion right after their client. @param {Caller[]} callers @returns {Caller[]} */
export function underTheirClients(callers) {
  const under = callers.filter((caller) => clientOf(caller, callers));
  return callers.filter((caller) => !under.includes(caller))
    .flatMap((client) => [client, ...under.filter((caller) => clientOf(caller, callers) === client)]);
}
