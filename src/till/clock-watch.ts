import { commit, wallMs, type Core } from './core.ts';
import { appendEntries } from './journal-writer.ts';

const LOOK_EVERY_MS = 30_000;
/** Differences below this are drift and the network's time; above it somebody set the clock. */
const JUMP_LEAST_MS = 60_000;
/** Differences below this are no reason to call anybody. */
const WRONG_LEAST_MS = 300_000;

/** Says on the screen whether this till's clock has to be set; nobody else notices one that starts wrong. */
export function compareClocks(core: Core, serverTimeMs: number): void {
  const isClockWrong = Math.abs(wallMs(core) - serverTimeMs) >= WRONG_LEAST_MS;
  if (core.link.isClockWrong === isClockWrong) return;
  core.link.isClockWrong = isClockWrong;
  core.changed();
}

/**
 * Notes in the journal when the wall clock was set.
 *
 * Nothing here depends on wall time, but people read it: a day that looks too short has its reason
 * beside it. Returns the function that stops the watch.
 */
export function watchClock(core: Core): () => void {
  const { clock, timer, ids } = core.ports;
  const difference = (): number => Math.round(wallMs(core) - clock.monoMs());
  let before = difference();
  let cancel = (): void => {};

  const look = (): void => {
    const now = difference();
    const deltaMs = now - before;
    if (Math.abs(deltaMs) >= JUMP_LEAST_MS) {
      const noted = commit(core, (writes) => {
        appendEntries(core, writes, ids.uuid(), [{ kind: 'clock-jump', deltaMs }]);
      });
      if (noted.ok) before = now;
      core.wakeSync();
    } else {
      before = now;
    }
    cancel = timer.after(LOOK_EVERY_MS, look);
  };

  cancel = timer.after(LOOK_EVERY_MS, look);
  return () => cancel();
}
