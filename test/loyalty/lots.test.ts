import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiringBy, replay } from '#loyalty/lots.ts';
import { runs } from './arrange.ts';
import { anyHistory, dayMs, entry } from './arrange-lots.ts';

describe('the balance of an account', () => {
  it('is the sum of its entries, and of its open lots less the deficit', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: 0, max: 70 }), (entries, day) => {
        const state = replay(entries, day * dayMs);
        const effective = entries.filter(({ effectiveAtMs }) => effectiveAtMs <= day * dayMs);
        const sum = effective.reduce((total, { amount }) => total + amount, 0);
        const open = state.lots.reduce((total, lot) => total + lot.open, 0);
        expect(state.balance).toBe(sum);
        expect(open - state.deficit).toBe(sum);
        expect(state.deficit).toBeGreaterThanOrEqual(0);
        for (const lot of state.lots) expect(lot.open).toBeGreaterThan(0);
      }),
      runs,
    );
  });

  it('is the same for any order and any repetition of the same entries', () => {
    fc.assert(
      fc.property(
        anyHistory.chain((entries) =>
          fc.tuple(
            fc.constant(entries),
            fc.shuffledSubarray([...entries, ...entries], { minLength: entries.length * 2 }),
          ),
        ),
        ([entries, shuffled]) => {
          const { consumptions: left, ...expected } = replay(entries, 100 * dayMs);
          const { consumptions: right, ...state } = replay(shuffled, 100 * dayMs);
          expect(state).toEqual(expected);
          expect([...right].toSorted()).toEqual([...left].toSorted());
        },
      ),
      runs,
    );
  });

  it('is back where it was when a redemption is reversed, lot by lot', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom(null, 40, 80)), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (credits, share) => {
          const earned = credits.map(([amount, end], index) =>
            entry(`c${index}`, amount, {
              effectiveAtMs: index,
              expiresAtMs: end === null ? null : end * dayMs,
            }),
          );
          const total = credits.reduce((sum, [amount]) => sum + amount, 0);
          const spent = Math.max(1, Math.floor(total * share));
          const used = entry('u', -spent, { effectiveAtMs: 100 });
          const first = Math.floor(spent / 3);
          const back = [
            entry('v1', first, { type: 'reverse', ofEntryId: 'u', effectiveAtMs: 101 }),
            entry('v2', spent - first, { type: 'reverse', ofEntryId: 'u', effectiveAtMs: 102 }),
          ];
          expect(replay([...earned, used, ...back], dayMs).lots).toEqual(
            replay(earned, dayMs).lots,
          );
          const whole = entry('v', total * 2, {
            type: 'reverse',
            ofEntryId: 'o',
            effectiveAtMs: 101,
          });
          const overspent = entry('o', -total * 2, { effectiveAtMs: 100 });
          const { lots, deficit } = replay([...earned, overspent, whole], dayMs);
          expect({ lots, deficit }).toEqual({ lots: replay(earned, dayMs).lots, deficit: 0 });
        },
      ),
      runs,
    );
  });
});

describe('lots', () => {
  it('are spent soonest end first, then oldest, what never ends last', () => {
    const state = replay(
      [
        entry('never', 100, { effectiveAtMs: 1 }),
        entry('late', 100, { effectiveAtMs: 2, expiresAtMs: 900 }),
        entry('soon', 100, { effectiveAtMs: 3, expiresAtMs: 500 }),
        entry('soon-too', 100, { effectiveAtMs: 4, expiresAtMs: 500 }),
        entry('use', -250, { effectiveAtMs: 5 }),
      ],
      10,
    );
    expect(state.lots.map(({ id, open }) => [id, open])).toEqual([
      ['late', 50],
      ['never', 100],
    ]);
    expect(state.consumptions.get('use')).toEqual([
      { lotId: 'soon', amount: 100 },
      { lotId: 'soon-too', amount: 100 },
      { lotId: 'late', amount: 50 },
    ]);
  });

  it('carry a deficit that the next credit repays', () => {
    const spent = [entry('a', 50), entry('b', -80, { effectiveAtMs: 1 })];
    expect(replay(spent, 9)).toMatchObject({ balance: -30, deficit: 30, available: 0, lots: [] });
    const repaid = replay([...spent, entry('c', 100, { effectiveAtMs: 2 })], 9);
    expect(repaid).toMatchObject({ balance: 70, deficit: 0, available: 70 });
    expect(repaid.lots).toMatchObject([{ id: 'c', open: 70 }]);
  });

  it('end alone: an expiry never eats another lot', () => {
    const state = replay(
      [
        entry('a', 100, { expiresAtMs: 50 }),
        entry('b', 40),
        entry('x', -100, { type: 'expire', lotId: 'a', effectiveAtMs: 50 }),
      ],
      60,
    );
    expect(state.lots).toMatchObject([{ id: 'b', open: 40 }]);
    expect(state.balance).toBe(40);
  });

  it('past their end cannot be spent, even before the night job has closed them', () => {
    const entries = [entry('a', 100, { expiresAtMs: 50 }), entry('b', 40)];
    expect(replay(entries, 49).available).toBe(140);
    expect(replay(entries, 50).available).toBe(40);
    const state = replay([...entries, entry('u', -30, { effectiveAtMs: 60 })], 70);
    expect(state.consumptions.get('u')).toEqual([{ lotId: 'b', amount: 30 }]);
  });

  it('that wait are pending; a return while they wait leaves spendable points alone', () => {
    const entries = [
      entry('a', 20),
      entry('p', 60, { effectiveAtMs: 100 }),
      entry('r', -60, { type: 'reverse', ofEntryId: 'p', effectiveAtMs: 100 }),
    ];
    expect(replay(entries.slice(0, 2), 50)).toMatchObject({ pending: 60, available: 20 });
    expect(replay(entries, 50)).toMatchObject({ pending: 0, available: 20 });
    expect(replay(entries, 100)).toMatchObject({ pending: 0, balance: 20, available: 20 });
  });

  it('know what ends by a day', () => {
    const state = replay(
      [
        entry('a', 100, { expiresAtMs: 100 }),
        entry('b', 200, { expiresAtMs: 200 }),
        entry('c', 50),
      ],
      0,
    );
    expect([expiringBy(state, 99), expiringBy(state, 100), expiringBy(state, 300)]).toEqual([
      0, 100, 300,
    ]);
  });
});
