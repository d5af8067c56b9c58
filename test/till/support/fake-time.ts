import type { Clock, Timer } from '#till/ports.ts';

/** A clock and a timer that move only when a test says so. */
export interface FakeTime {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Moves both clocks, runs what is due in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Lets promises settle, and what was put off by a moment; moves the clocks by that moment at most. */
  settle(): Promise<void>;
  /** Moves the wall clock alone, as somebody who sets it. */
  setWall(wallMs: number): void;
  /** The machine sleeps: both clocks go on, and whatever waits does not. */
  sleep(ms: number): void;
}

/** Saturday 21 November 2026, 14:05 in Istanbul. */
export const NOON_MS = Date.UTC(2026, 10, 21, 11, 5);

/** What follows a settled sale is put off this long, so that its answer is seen first. */
const MOMENT_MS = 50;
/** A chain of turns without delay longer than this is a loop. */
const LATER_TURNS_MAX = 20;
/** Turns in which nothing was put off any more, before all is taken to be settled. */
const QUIET_TURNS = 3;

/** Makes fake time. */
export function fakeTime(startMs = NOON_MS): FakeTime {
  let monoMs = 1000;
  let wallOffsetMs = startMs - monoMs;
  let waiting: { atMs: number; readonly run: () => void }[] = [];

  const turn = async (): Promise<void> => {
    for (let count = 0; count < 40; count += 1) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    for (let count = 0; count < 40; count += 1) await Promise.resolve();
  };

  const settle = async (): Promise<void> => {
    const untilMs = monoMs + MOMENT_MS;
    await turn();
    let quietTurns = 0;
    for (let count = 0; count < LATER_TURNS_MAX && quietTurns < QUIET_TURNS; count += 1) {
      const due = waiting.filter(({ atMs }) => atMs <= untilMs);
      quietTurns = due.length === 0 ? quietTurns + 1 : 0;
      waiting = waiting.filter((known) => !due.includes(known));
      for (const { atMs, run } of due.toSorted((a, b) => a.atMs - b.atMs)) {
        monoMs = Math.max(monoMs, atMs);
        run();
      }
      await turn();
    }
  };

  return {
    clock: { wallMs: () => monoMs + wallOffsetMs, monoMs: () => monoMs },
    timer: {
      after(delayMs, run) {
        const entry = { atMs: monoMs + Math.max(0, delayMs), run };
        waiting.push(entry);
        return () => {
          waiting = waiting.filter((known) => known !== entry);
        };
      },
    },
    async advance(ms) {
      const endMs = monoMs + ms;
      for (;;) {
        await settle();
        const [next] = waiting
          .filter(({ atMs }) => atMs <= endMs)
          .toSorted((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        waiting = waiting.filter((known) => known !== next);
        monoMs = Math.max(monoMs, next.atMs);
        next.run();
      }
      monoMs = endMs;
      await settle();
    },
    settle,
    setWall(wallMs) {
      wallOffsetMs = wallMs - monoMs;
    },
    sleep(ms) {
      monoMs += ms;
      for (const entry of waiting) entry.atMs += ms;
    },
  };
}
