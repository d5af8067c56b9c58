import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AMOUNT_MINOR_MAX, QUANTITY_MILLI_MAX } from '#contract/till.ts';
import {
  addLine,
  applyReward,
  attach,
  BASKET_MINOR_MAX,
  clearLines,
  detach,
  emptySession,
  followMerge,
  grossMinor,
  removeLine,
  removeReward,
  setQuantity,
  type Session,
} from '#till/session.ts';
import { LINES_MAX, session } from '#till/session-shape.ts';

const SALE = '01a1fdc7-eb60-763a-a61a-33bd7487b215';

type Step = (from: Session) => Session;

const kept = (from: Session, next: { ok: true; value: Session } | { ok: false }): Session =>
  next.ok ? next.value : from;

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      sku: fc.constantFrom('a', 'b', null),
      quantityMilli: fc.integer({ min: -1000, max: QUANTITY_MILLI_MAX + 1000 }),
      unitPriceMinor: fc.oneof(
        fc.integer({ min: -5, max: AMOUNT_MINOR_MAX + 5 }),
        fc.constant(100),
      ),
    })
    .map(
      (line): Step =>
        (from) =>
          kept(from, addLine(from, { ...line, name: null, categories: [], kind: 'goods' })),
    ),
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: -5, max: QUANTITY_MILLI_MAX + 5 }))
    .map(
      ([line, quantity]): Step =>
        (from) =>
          kept(from, setQuantity(from, `l${line}`, quantity)),
    ),
  fc.integer({ min: 1, max: 12 }).map(
    (line): Step =>
      (from) =>
        kept(from, removeLine(from, `l${line}`)),
  ),
  fc.constantFrom('m1', 'm2').map(
    (member): Step =>
      (from) =>
        attach(from, { member, proof: 'presented', masked: null }),
  ),
  fc.constant<Step>(detach),
  fc.constant<Step>(clearLines),
  fc.constantFrom('r1', 'r2').map(
    (reward): Step =>
      (from) =>
        applyReward(from, { reward, programme: 'p', points: 5, hold: null, sku: null }),
  ),
  fc.constantFrom('r1', 'r2').map(
    (reward): Step =>
      (from) =>
        removeReward(from, { reward, programme: 'p' }),
  ),
  fc.constant<Step>((from) => followMerge(from, 'm1', 'm2')),
);

describe('the open sale', () => {
  test('whatever is done to it, it keeps its shape, its limits and its id', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let open = emptySession(SALE);
        for (const next of steps) open = next(open);
        expect(session.parse(JSON.parse(JSON.stringify(open)))).toEqual(open);
        expect(open.saleId).toBe(SALE);
        expect(open.lines.length).toBeLessThanOrEqual(LINES_MAX);
        expect(open.lines.reduce((sum, line) => sum + grossMinor(line), 0)).toBeLessThanOrEqual(
          BASKET_MINOR_MAX,
        );
        expect(new Set(open.lines.map(({ id }) => id)).size).toBe(open.lines.length);
        expect(new Set(open.rewards.map(({ reward }) => reward)).size).toBe(open.rewards.length);
        if (open.member === null && steps.length === 0) expect(open.rewards).toEqual([]);
      }),
    );
  });

  test('taking the member off or putting another on takes the rewards with them', () => {
    const rich = applyReward(
      attach(emptySession(SALE), { member: 'm1', proof: 'presented', masked: null }),
      { reward: 'r1', programme: 'p', points: 5, hold: null, sku: null },
    );
    expect(detach(rich).rewards).toEqual([]);
    expect(attach(rich, { member: 'm2', proof: 'presented', masked: null }).rewards).toEqual([]);
    expect(attach(rich, { member: 'm1', proof: 'verified', masked: null }).rewards).toHaveLength(1);
  });

  test('the same product at the same price is one line, at another price another', () => {
    const coffee = {
      sku: 'coffee',
      name: null,
      categories: [],
      kind: 'goods',
      quantityMilli: 1000,
      unitPriceMinor: 500,
    } as const;
    let open = emptySession(SALE);
    for (const line of [coffee, coffee, { ...coffee, unitPriceMinor: 450 }]) {
      const next = addLine(open, line);
      if (next.ok) open = next.value;
    }
    expect(
      open.lines.map(({ quantityMilli, unitPriceMinor }) => [quantityMilli, unitPriceMinor]),
    ).toEqual([
      [2000, 500],
      [1000, 450],
    ]);
  });

  test('quantity × price is rounded half up, exactly', () => {
    expect(grossMinor({ quantityMilli: 350, unitPriceMinor: 999 })).toBe(350);
    expect(grossMinor({ quantityMilli: 1500, unitPriceMinor: 1 })).toBe(2);
    expect(
      grossMinor({ quantityMilli: QUANTITY_MILLI_MAX, unitPriceMinor: AMOUNT_MINOR_MAX }),
    ).toBe(999_900_000_000);
  });
});
