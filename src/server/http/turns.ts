/**
 * Gives a till's requests back their order where each has to wait for something of its own.
 *
 * A till that sends ahead relies on nothing, but a batch that overtakes another is sent twice.
 */
export type Turns = <Value>(till: string, ready: Promise<Value>) => Promise<Value>;

/** Makes it: what is ready is given out after what came before it from the same till. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return async (till, ready) => {
    const turn = Promise.allSettled([last.get(till), ready]);
    last.set(till, turn);
    await turn;
    if (last.get(till) === turn) last.delete(till);
    return ready;
  };
}
