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
