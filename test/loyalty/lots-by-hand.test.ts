import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LotEntry } from '#loyalty/entry.ts';
import { compareEntries, replay } from '#loyalty/lots.ts';
import { runs } from './arrange.ts';
import { anyHistory, dayMs, entry } from './arrange-lots.ts';

/** The same account kept by hand: every point lies in its lot, and the lots in one sorted heap. */
function byHand(entries: readonly LotEntry[], atMs: number) {
  const order = (left: LotEntry, right: LotEntry): number =>
    left.effectiveAtMs - right.effectiveAtMs || (left.id < right.id ? -1 : 1);
  const end = (lot: { expiresAtMs: number | null }): number => lot.expiresAtMs ?? Infinity;
  const lots: { id: string; expiresAtMs: number | null; openedAtMs: number; open: number }[] = [];
  const heap = () =>
    lots.toSorted(
      (left, right) =>
        (end(left) === end(right) ? 0 : end(left) - end(right)) ||
        left.openedAtMs - right.openedAtMs ||
        (left.id < right.id ? -1 : 1),
    );
  let deficit = 0;
  for (const one of entries.toSorted(order)) {
    if (one.effectiveAtMs > atMs) continue;
    if (one.amount > 0) {
      const repaid = Math.min(deficit, one.amount);
      deficit -= repaid;
      const { id, expiresAtMs, effectiveAtMs: openedAtMs } = one;
      lots.push({ id, expiresAtMs, openedAtMs, open: one.amount - repaid });
      continue;
    }
    let left = -one.amount;
    const named = lots.filter(({ id }) => id === (one.lotId ?? one.ofEntryId));
    const usable = heap().filter((lot) => end(lot) > one.effectiveAtMs);
    for (const lot of [...named, ...(one.type === 'expire' ? [] : usable)]) {
      const part = Math.min(lot.open, left);
      lot.open -= part;
      left -= part;
    }
    deficit += left;
  }
  return {
    deficit,
    lots: heap()
      .filter(({ open }) => open > 0)
      .map(({ id, open }) => ({ id, open })),
    available: Math.max(
      0,
      lots.reduce((sum, lot) => (end(lot) > atMs ? sum + lot.open : sum), 0) - deficit,
    ),
  };
}

describe('an account kept by hand', () => {
  it('comes to the same lots, deficit and points to spend', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: 0, max: 100 }), (history, day) => {
        const named = new Map(history.map((one) => [one.id, one]));
        const entries = history
          .filter(({ amount, ofEntryId }) => ofEntryId === null || amount < 0)
          .map((one, index) => ({ ...one, id: `${(index * 7) % 10}-${one.id}` }))
          .map((one) => ({
            ...one,
            lotId: one.lotId === null ? null : (renamed(one.lotId) ?? null),
            ofEntryId: one.ofEntryId === null ? null : (renamed(one.ofEntryId) ?? null),
          }));
        function renamed(id: string): string | undefined {
          const kept = history.filter(({ amount, ofEntryId }) => ofEntryId === null || amount < 0);
          const index = kept.findIndex((one) => one === named.get(id));
          return index < 0 ? undefined : `${(index * 7) % 10}-${id}`;
        }
        const { deficit, lots, available } = replay(entries, day * dayMs);
        expect({ deficit, available, lots: lots.map(({ id, open }) => ({ id, open })) }).toEqual(
          byHand(entries, day * dayMs),
        );
      }),
      runs,
    );
  });
});

describe('two rows of one cause', () => {
  it('count once: the earlier stands, whichever came first', () => {
    const early = entry('b', 50, { source: 'sale-1', effectiveAtMs: 1 });
    const late = entry('a', 70, { source: 'sale-1', effectiveAtMs: 2 });
    for (const entries of [
      [early, late],
      [late, early],
    ]) {
      expect(replay(entries, 9)).toMatchObject({ balance: 50, lots: [{ id: 'b', open: 50 }] });
    }
    const redeemed = entry('c', -10, { source: 'sale-1', effectiveAtMs: 3 });
    expect(replay([early, redeemed], 9).balance).toBe(40);
  });

  it('count once by their id too, whatever they say of their cause', () => {
    const rows = [entry('a', 50), entry('a', 50, { source: 'another' })];
    expect(replay(rows, 9).balance).toBe(50);
  });

  it('of one moment are taken by id', () => {
    expect(compareEntries({ effectiveAtMs: 1, id: 'a' }, { effectiveAtMs: 1, id: 'b' })).toBe(-1);
    expect(compareEntries({ effectiveAtMs: 1, id: 'b' }, { effectiveAtMs: 1, id: 'a' })).toBe(1);
    expect(compareEntries({ effectiveAtMs: 1, id: 'b' }, { effectiveAtMs: 1, id: 'b' })).toBe(0);
    expect(compareEntries({ effectiveAtMs: 1, id: 'b' }, { effectiveAtMs: 3, id: 'a' })).toBe(-2);
  });
});

describe('points that come back', () => {
  const back = (id: string, amount: number, more: Partial<LotEntry> = {}) =>
    entry(id, amount, { type: 'reverse', ofEntryId: 'use', effectiveAtMs: 20, ...more });
  const two = [
    entry('a', 60, { expiresAtMs: 15 }),
    entry('b', 40, { effectiveAtMs: 1 }),
    entry('use', -90, { effectiveAtMs: 10 }),
  ];
  const open = (entries: readonly LotEntry[], atMs = 30) =>
    replay(entries, atMs).lots.map((lot) => [lot.id, lot.open, lot.credited, lot.expiresAtMs]);

  it('lie in the lots they came from, in the same proportion', () => {
    expect(open([...two, back('r', 30)])).toEqual([
      ['a', 20, 60, 15],
      ['b', 20, 40, null],
    ]);
    expect(replay([...two, back('r', 30)], 30).consumptions.get('use')).toEqual([
      { lotId: 'a', amount: 40 },
      { lotId: 'b', amount: 20 },
    ]);
    expect(replay([...two, back('r', 90)], 30).consumptions.get('use')).toEqual([]);
    expect(replay([...two, back('r', 30)], 30).available).toBe(20);
  });

  it('with an end of their own open one new lot for what has ended since', () => {
    expect(open([...two, back('r', 30, { expiresAtMs: 99 })])).toEqual([
      ['r', 20, 20, 99],
      ['b', 20, 40, null],
    ]);
    const three = [
      entry('a', 30, { expiresAtMs: 15 }),
      entry('c', 30, { expiresAtMs: 16 }),
      ...two.slice(1),
    ];
    expect(open([...three, back('r', 90, { expiresAtMs: 99 })])).toEqual([
      ['r', 60, 60, 99],
      ['b', 40, 40, null],
    ]);
  });

  it('repay a deficit first, and are not in two places', () => {
    const short = [
      entry('a', 50),
      entry('use', -50, { effectiveAtMs: 10 }),
      entry('more', -30, { effectiveAtMs: 11 }),
    ];
    expect(replay([...short, back('r', 50)], 30)).toMatchObject({
      balance: 20,
      deficit: 0,
      lots: [{ id: 'a', open: 20 }],
    });
    expect(replay([...short, back('r', 20)], 30)).toMatchObject({ deficit: 10, lots: [] });
    const owed = [entry('a', 50), entry('use', -80, { effectiveAtMs: 10 })];
    expect(replay([...owed, back('r', 80)], 30)).toMatchObject({
      balance: 50,
      deficit: 0,
      lots: [{ id: 'a', open: 50 }],
    });
    const repaid = [...owed, entry('b', 100, { effectiveAtMs: 12 })];
    expect(replay([...repaid, back('r', 80)], 30)).toMatchObject({
      balance: 150,
      lots: [
        { id: 'a', open: 50 },
        { id: 'b', open: 70 },
        { id: 'r', open: 30 },
      ],
    });
  });

  it('repay what is still owed, and are new points for the rest of what never was there', () => {
    const owed = [
      entry('a', 50),
      entry('use', -80, { effectiveAtMs: 10 }),
      entry('b', 20, { effectiveAtMs: 12 }),
    ];
    expect(replay([...owed, back('r', 80)], 30)).toMatchObject({
      balance: 70,
      deficit: 0,
      lots: [
        { id: 'a', open: 50 },
        { id: 'r', open: 20 },
      ],
    });
    const beyond = [
      ...two,
      back('r', 90),
      entry('more', -50, { effectiveAtMs: 21 }),
      back('s', 25, { effectiveAtMs: 22 }),
    ];
    expect(replay(beyond, 30)).toMatchObject({
      balance: 75,
      deficit: 0,
      lots: [
        { id: 'a', open: 60 },
        { id: 's', open: 15 },
      ],
    });
  });

  it('beyond what was taken are a credit of their own', () => {
    expect(open([...two, back('r', 100)])).toEqual([
      ['a', 60, 60, 15],
      ['b', 40, 40, null],
      ['r', 10, 10, null],
    ]);
    const all = [back('r', 90), back('s', 25, { effectiveAtMs: 21 })];
    expect(replay([...two, ...all], 30)).toMatchObject({ balance: 125, deficit: 0 });
    expect(open([...two, ...all]).at(-1)).toEqual(['s', 25, 25, null]);
  });
});

describe('a debit', () => {
  it('takes nothing from an empty lot, nor from one that ends at this very moment', () => {
    const state = replay(
      [
        entry('a', 10),
        entry('b', 10, { effectiveAtMs: 1 }),
        entry('c', 10, { expiresAtMs: 50 }),
        entry('u1', -10, { effectiveAtMs: 50 }),
        entry('u2', -5, { effectiveAtMs: 51 }),
      ],
      60,
    );
    expect(state.consumptions.get('u1')).toEqual([{ lotId: 'a', amount: 10 }]);
    expect(state.consumptions.get('u2')).toEqual([{ lotId: 'b', amount: 5 }]);
  });
});

describe('an expiry', () => {
  it('of more than its lot holds is owed, and takes from no other', () => {
    const entries = [
      entry('a', 30, { expiresAtMs: 50 }),
      entry('b', 40),
      entry('x', -50, { type: 'expire', lotId: 'a', effectiveAtMs: 50 }),
    ];
    expect(replay(entries, 60)).toMatchObject({ balance: 20, deficit: 20, available: 20 });
    expect(replay(entries, 60).consumptions.get('x')).toEqual([
      { lotId: 'a', amount: 30 },
      { lotId: null, amount: 20 },
    ]);
  });

  it('of nothing, like any row of nothing, leaves everything as it is', () => {
    const nothing = entry('x', 0, { type: 'expire', lotId: 'a', effectiveAtMs: 50 });
    const state = replay([entry('a', 30), nothing], 60);
    expect(state).toMatchObject({ balance: 30, lots: [{ id: 'a', open: 30 }] });
    expect(state.consumptions.size).toBe(0);
  });
});
