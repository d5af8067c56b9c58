import { describe, expect, it } from 'vitest';
import { killWhileSettling } from '#test/faults/kill-settling.ts';

const ROUNDS = 25;
/** A round starts the real program; two cores take a second or two for it. */
const TIMEOUT_MS = 300_000;

describe('a till killed with kill -9 while it settles', () => {
  it(
    'has every acknowledged sale exactly once, in its own file and at the server',
    async () => {
      const outcome = await killWhileSettling(ROUNDS);
      expect(outcome.acknowledged).toBeGreaterThan(ROUNDS);
      expect(outcome.lost).toEqual([]);
      expect(outcome.server).toEqual(outcome.journal);
    },
    TIMEOUT_MS,
  );
});
