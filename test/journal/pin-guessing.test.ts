import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pinGuessing, WRONG_AT_TILL_MAX, WRONG_MAX } from '#journal/pin-guessing.ts';

const wrongPin = (wrong: number, wrongAtTill: number): ReturnType<typeof pinGuessing> =>
  pinGuessing({ kind: 'pin-wrong', of: 'ada', purpose: 'sign-in', wrong, wrongAtTill });

test('a slip of the finger is told to nobody, the one that begins a wait is, with whose PIN it was', () => {
  expect([1, 2, 3, 4].map((wrong) => wrongPin(wrong, wrong))).toEqual([null, null, null, null]);
  expect(wrongPin(WRONG_MAX, WRONG_MAX)).toEqual({ person: 'ada', wrong: WRONG_MAX });
});

test('many names tried once each are told as one, without a name', () => {
  expect(wrongPin(1, WRONG_AT_TILL_MAX)).toEqual({ wrong: WRONG_AT_TILL_MAX });
});

test('however long somebody guesses, a manager hears of every fifth try at least, never of each', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 0, max: 50 }),
      (from, others) => {
        const five = [0, 1, 2, 3, 4].map((more) => wrongPin(from + more, from + more + others));
        const told = five.filter((params) => params !== null);
        expect(told.length).toBeGreaterThanOrEqual(1);
        expect(told.length).toBeLessThanOrEqual(2);
      },
    ),
  );
});
