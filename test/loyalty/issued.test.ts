import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimReward } from '#loyalty/claim-item.ts';
import { noFacts } from '#loyalty/facts.ts';
import { quote } from '#loyalty/quote.ts';
import {
  afterRefund,
  noRefunds,
  refund,
  type RefundsBefore,
  type Returning,
} from '#loyalty/refund.ts';
import { freezeSale } from '#loyalty/sale.ts';
import { inputOf, line, noonMs, programmeOf, runs, settings } from './arrange.ts';

const next = programmeOf({
  holder: 'bearer',
  rewards: [
    {
      id: 'off',
      name: { en: 'Off' },
      costPoints: 1,
      value: { kind: 'per-point', valueMinor: 10 },
      mostPerSale: null,
    },
  ],
});

describe('points that a sale puts on a coupon', () => {
  it('are taken off it with what is returned, once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 100, max: 9999 }),
        (steps, priceMinor) => {
          const pieces = steps.reduce((all, step) => all + step, 0);
          const bought = line(priceMinor, { id: 'a', quantityMilli: pieces * 1000 });
          const input = inputOf([bought], { programmes: [next] });
          const sale = freezeSale(input, quote(input));
          let before: RefundsBefore = noRefunds;
          let taken = 0;
          for (const step of steps) {
            const returning: Returning = {
              kind: 'lines',
              lines: [{ line: 'a', quantityMilli: step * 1000 }],
            };
            const asked = { sale, programmes: [next], returning, before, settings, available: {} };
            const done = refund(asked);
            if (!done.ok) throw new Error(done.error.code);
            taken += done.value.vouchers.reduce((sum, { points }) => sum + points, 0);
            before = afterRefund(before, done.value);
          }
          expect(taken).toBe(sale.vouchers[0]?.points);
        },
      ),
      runs,
    );
  });

  it('are taken off by the version that put them there', () => {
    const input = inputOf([line(2000, { id: 'a', quantityMilli: 2000 })], {
      programmes: [{ ...next, version: 2 }],
    });
    const sale = freezeSale(input, quote(input));
    const dearer = programmeOf({ rules: [] });
    const returning: Returning = { kind: 'lines', lines: [{ line: 'a', quantityMilli: 1000 }] };
    const done = refund({
      sale,
      programmes: [{ ...dearer, holder: 'bearer' }, ...input.programmes],
      returning,
      before: noRefunds,
      settings,
      available: {},
    });
    expect(done).toMatchObject({ ok: true, value: { vouchers: [{ rule: 'base', points: 20 }] } });
  });

  it('cannot be spent in the sale that mints them', () => {
    const told = quote(
      inputOf([line(5000)], { programmes: [next], claims: [claimReward('club', 'off')] }),
    );
    expect(told.discountMinor).toBe(0);
    expect(told.refused).toMatchObject([{ reason: { code: 'code-needed' } }]);
  });

  it('are spent from the coupon that was entered', () => {
    const two = programmeOf({
      holder: 'bearer',
      rewards: [5, 7].map((amountMinor) => ({
        id: `off${amountMinor}`,
        name: { en: 'Off' },
        costPoints: 3,
        value: { kind: 'fixed', amountMinor },
      })),
    });
    const voucher = {
      code: 'AUTUMN',
      programme: 'club',
      holder: 'v1',
      available: 4,
      expiresAtMs: noonMs + 1,
      state: 'active',
    } as const;
    const told = quote(
      inputOf([line(5000)], {
        programmes: [two],
        claims: [{ kind: 'code', code: 'autumn' }, claimReward('club', 'off7')],
        facts: { ...noFacts, vouchers: [voucher] },
      }),
    );
    expect(told.redemptions).toMatchObject([
      { reward: 'off7', holder: 'v1', holderKind: 'bearer', points: 3, valueMinor: 7 },
    ]);
  });
});

describe('a code that gives a member points', () => {
  const coded = programmeOf({
    rules: [
      {
        id: 'weekday',
        name: { en: 'Monday' },
        effect: { kind: 'per-sale', points: '1' },
        conditions: [{ kind: 'weekday', in: [1] }],
      },
      ...[99, 1].map((minMinor) => ({
        id: `from${minMinor}`,
        name: { en: 'Code' },
        effect: { kind: 'per-sale' as const, points: '5' },
        conditions: [
          { kind: 'code' as const, code: 'AUTUMN' },
          { kind: 'amount' as const, minMinor },
        ],
      })),
    ],
    rewards: [
      { id: 'off', name: { en: 'Off' }, costPoints: 5, value: { kind: 'fixed', amountMinor: 1 } },
    ],
  });
  const codes = (priceMinor: number) =>
    quote(
      inputOf([line(priceMinor)], {
        programmes: [coded],
        claims: [{ kind: 'code', code: 'AUTUMN' }],
      }),
    ).codes;

  it('is accepted as soon as one of its rules holds, whatever else the programme has', () => {
    expect(codes(100)).toMatchObject([{ state: 'accepted', reason: null }]);
    expect(codes(1)).toMatchObject([{ state: 'accepted', reason: null }]);
  });

  it('is refused with what its rule lacks when none does', () => {
    expect(codes(0)).toMatchObject([
      { state: 'refused', reason: { code: 'minimum-amount', params: { missingMinor: 99 } } },
    ]);
  });
});

describe('a discount on everything', () => {
  const kinds = [
    'goods',
    'fee',
    'delivery',
    'membership',
    'gift-card',
    'top-up',
    'tip',
    'deposit',
  ] as const;

  it('reduces goods, fees, delivery and memberships, never stored value, tips or deposits', () => {
    const all = programmeOf({
      holder: 'sale',
      rules: [],
      rewards: [
        {
          id: 'all',
          name: { en: 'All' },
          costPoints: 0,
          value: { kind: 'percent', percent: '100' },
          applies: 'automatic',
        },
      ],
    });
    const told = quote(
      inputOf(
        kinds.map((kind) => line(100, { id: kind, kind })),
        { programmes: [all] },
      ),
    );
    const left = told.lines.filter(({ netMinor }) => netMinor > 0).map((one) => one.line.kind);
    expect(left).toEqual(['gift-card', 'top-up', 'tip', 'deposit']);
  });

  it('is quoted at an instant that a clock can show', () => {
    expect(quote(inputOf([line(100)], { nowMs: 0 })).totalMinor).toBe(100);
    expect(() => quote(inputOf([line(100)], { nowMs: -1 }))).toThrow('after 1970');
  });
});

describe('several cards that pay one sale', () => {
  it('never pay more of a line than it costs', () => {
    const card = programmeOf({
      holder: 'bearer',
      rules: [],
      rewards: [
        {
          id: 'pay',
          name: { en: 'Pay' },
          costPoints: 1,
          value: { kind: 'per-point', valueMinor: 1 },
          stage: 'payment',
          mostPerSale: null,
        },
      ],
    });
    const amounts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(amounts, amounts, (prices, cards) => {
        const vouchers = cards.map((available, index) => ({
          code: `CARD${index}`,
          programme: 'club',
          holder: `v${index}`,
          available,
          expiresAtMs: null,
          state: 'active' as const,
        }));
        const told = quote(
          inputOf(
            prices.map((price, index) => line(price, { id: `l${index}` })),
            {
              programmes: [card],
              claims: vouchers.map(({ code }) => ({ kind: 'code', code })),
              facts: { ...noFacts, vouchers },
            },
          ),
        );
        const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
        expect(told.paidByValueMinor).toBe(Math.min(sum(prices), sum(cards)));
        for (const { netMinor, paidByValueMinor } of told.lines) {
          expect(paidByValueMinor).toBeLessThanOrEqual(netMinor);
        }
      }),
      runs,
    );
  });
});

describe('a sale with a line of no goods', () => {
  it('is returned whole like any other', () => {
    const input = inputOf([line(1000, { id: 'a' }), line(300, { id: 'none', quantityMilli: 0 })]);
    const sale = freezeSale(input, quote(input));
    const done = refund({
      sale,
      programmes: input.programmes,
      returning: { kind: 'everything' },
      before: noRefunds,
      settings,
      available: {},
    });
    expect(done).toMatchObject({ ok: true, value: { complete: true, refundMinor: 1000 } });
  });
});

describe('a return', () => {
  const input = inputOf([line(1000, { id: 'a', quantityMilli: 3000 }), line(500, { id: 'b' })]);
  const sale = freezeSale(input, quote(input));
  const asked = { sale, programmes: input.programmes, before: noRefunds, settings, available: {} };
  const back = (returning: Returning, before: RefundsBefore = noRefunds) =>
    refund({ ...asked, returning, before });
  const pieces = (quantityMilli: number, id = 'a'): Returning => ({
    kind: 'lines',
    lines: [{ line: id, quantityMilli }],
  });
  const money = (amountMinor: number): Returning => ({ kind: 'amount', amountMinor });
  const refusal = (error: object) => ({ ok: false, error });
  const after = (returning: Returning, before: RefundsBefore = noRefunds): RefundsBefore => {
    const done = back(returning, before);
    if (!done.ok) throw new Error(done.error.code);
    return afterRefund(before, done.value);
  };

  it('of nothing is not one', () => {
    const nothing = refusal({ code: 'nothing-chosen' });
    expect(back(money(0))).toEqual(nothing);
    expect(back(money(-1))).toEqual(nothing);
    expect(back(pieces(0))).toEqual(nothing);
    expect(back({ kind: 'lines', lines: [] })).toEqual(nothing);
    expect(back({ kind: 'everything' }, after({ kind: 'everything' }))).toEqual(nothing);
  });

  it('of more than was sold or paid says what is left', () => {
    expect(back(pieces(3001))).toEqual(
      refusal({ code: 'more-than-sold', line: 'a', leftMilli: 3000 }),
    );
    expect(back(pieces(-1))).toEqual(
      refusal({ code: 'more-than-sold', line: 'a', leftMilli: 3000 }),
    );
    const one = after(pieces(1000));
    expect(back(pieces(2001), one)).toEqual(
      refusal({ code: 'more-than-sold', line: 'a', leftMilli: 2000 }),
    );
    expect(back(pieces(2000), one).ok).toBe(true);
    expect(back(money(3501))).toEqual(refusal({ code: 'more-than-paid', leftMinor: 3500 }));
    expect(back(money(2001), after(money(500), one))).toEqual(
      refusal({ code: 'more-than-paid', leftMinor: 2000 }),
    );
    expect(back(money(2000), after(money(500), one))).toMatchObject({
      ok: true,
      value: { refundMinor: 2000, complete: true },
    });
    expect(back(pieces(1, 'c'))).toEqual(refusal({ code: 'unknown-line', line: 'c' }));
  });

  it('may name a line of which nothing comes back, beside one of which something does', () => {
    const lines = [
      { line: 'a', quantityMilli: 0 },
      { line: 'b', quantityMilli: 1000 },
    ];
    expect(back({ kind: 'lines', lines })).toMatchObject({
      ok: true,
      value: { refundMinor: 500, lines: [{ line: 'b', quantityMilli: 1000, amountMinor: 500 }] },
    });
  });

  it('needs the very programme and version of the sale', () => {
    const wrong = { code: 'programme-version-missing', programme: 'club', version: 1 };
    const other = programmeOf({ id: 'other', rules: [] });
    expect(refund({ ...asked, returning: pieces(1000), programmes: [other] })).toEqual(
      refusal(wrong),
    );
    const newer = { ...other, id: 'club', version: 2 };
    expect(refund({ ...asked, returning: pieces(1000), programmes: [newer] })).toEqual(
      refusal(wrong),
    );
    const among = [other, newer, ...input.programmes];
    expect(refund({ ...asked, returning: pieces(1000), programmes: among })).toMatchObject({
      ok: true,
      value: { reversals: [{ programme: 'club', version: 1, points: 10, owed: 10 }] },
    });
  });

  it('of a free sale keeps its points until nothing of it is left', () => {
    const visit = programmeOf({
      refund: { earned: 'proportional' },
      rules: [{ id: 'v', name: { en: 'Visit' }, effect: { kind: 'per-sale', points: '5' } }],
    });
    const free = inputOf([line(0, { id: 'a', quantityMilli: 2000 })], { programmes: [visit] });
    const given = freezeSale(free, quote(free));
    const taken = (quantityMilli: number) => {
      const done = refund({
        ...asked,
        sale: given,
        programmes: [visit],
        returning: pieces(quantityMilli),
      });
      return done.ok ? done.value.reversals.map(({ points }) => points) : done.error;
    };
    expect(taken(1000)).toEqual([]);
    expect(taken(2000)).toEqual([5]);
  });

  it('takes all of a coupon whose programme or rule is gone', () => {
    const issued = inputOf([line(2000, { id: 'a', quantityMilli: 2000 })], { programmes: [next] });
    const given = freezeSale(issued, quote(issued));
    const taken = (programmes: readonly (typeof next)[]) => {
      const done = refund({ ...asked, sale: given, programmes, returning: pieces(1000) });
      return done.ok ? done.value.vouchers.map(({ points }) => points) : done.error;
    };
    expect(taken([next])).toEqual([20]);
    expect(taken([{ ...next, id: 'other', rules: [] }, next])).toEqual([20]);
    expect(taken([])).toEqual([40]);
    expect(taken([{ ...next, rules: [] }])).toEqual([40]);
    expect(taken([{ ...next, id: 'other' }])).toEqual([40]);
  });

  it('of a sale at another shop is counted as there', () => {
    const there = programmeOf({
      rules: [
        {
          id: 'shop',
          name: { en: 'Shop' },
          effect: { kind: 'per-unit', points: '1' },
          conditions: [{ kind: 'store', in: ['kadikoy'] }],
        },
      ],
    });
    const bought = inputOf([line(10, { id: 'a', quantityMilli: 2000 })], { programmes: [there] });
    const done = refund({
      ...asked,
      sale: freezeSale(bought, quote(bought)),
      programmes: [there],
      settings: { ...settings, store: 'izmir', channel: 'web' },
      returning: pieces(1000),
    });
    expect(done).toMatchObject({ ok: true, value: { reversals: [{ points: 1 }] } });
  });
});
