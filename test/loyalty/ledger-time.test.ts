import { describe, expect, it } from 'vitest';
import { overdrawnAccounts } from '#loyalty/day-totals.ts';
import { holderOfCard, replaceCard } from '#loyalty/ledger-cards.ts';
import { enrolMember, plainEvent, recordEvent } from '#loyalty/ledger-events.ts';
import { nightJobs, runNight } from '#loyalty/ledger-night.ts';
import { adjustPoints, creditPoints, earnPoints, redeemPoints } from '#loyalty/ledger-points.ts';
import { returnSale } from '#loyalty/ledger-return.ts';
import { settleSale } from '#loyalty/ledger-sale.ts';
import { closeWindow } from '#loyalty/ledger-window.ts';
import { type Ledger, spendable } from '#loyalty/ledger.ts';
import { benefitsAt } from '#loyalty/membership.ts';
import {
  balance,
  dayMs,
  everything,
  got,
  ledgerOf,
  request,
  withPoints,
} from './arrange-ledger.ts';
import { line, noonMs, programmeOf } from './arrange.ts';

describe('points by hand', () => {
  const account = spendable('anna', 'club');

  it('are spent once per source, and the same source with another amount is refused', () => {
    const ledger = withPoints(ledgerOf(programmeOf()), 'anna', 100);
    const spend = { account, points: 30, source: 'o1', atMs: noonMs };
    const spent = got(redeemPoints(got(redeemPoints(ledger, spend)), spend));
    expect(balance(spent, 'anna')).toBe(70);
    expect(redeemPoints(spent, { ...spend, points: 31 })).toMatchObject({
      error: { code: 'idempotency-conflict' },
    });
    expect(redeemPoints(spent, { ...spend, source: 'o2', points: 71 })).toMatchObject({
      error: { code: 'insufficient-points', available: 70 },
    });
  });

  it('are corrected by a manager with a reason only', () => {
    const ledger = ledgerOf(programmeOf());
    const ask = {
      account,
      points: -5,
      source: 'a',
      atMs: noonMs,
      role: 'manager',
      reason: 'typing error',
    } as const;
    expect(adjustPoints(ledger, { ...ask, role: 'cashier' })).toMatchObject({
      error: { code: 'not-allowed' },
    });
    expect(adjustPoints(ledger, { ...ask, reason: ' ' })).toMatchObject({
      error: { code: 'reason-required' },
    });
    expect(balance(got(adjustPoints(ledger, ask)), 'anna')).toBe(-5);
    expect(overdrawnAccounts(got(adjustPoints(ledger, ask)), noonMs)).toEqual([
      'anna/club/spendable',
    ]);
  });

  it('stop at the highest balance until some are spent', () => {
    let ledger = withPoints(ledgerOf(programmeOf({ caps: { balance: 100 } })), 'anna', 80);
    const first = got(earnPoints(ledger, { account, points: 50, source: 'e1', atMs: noonMs }));
    ledger = got(redeemPoints(first.ledger, { account, points: 60, source: 'r', atMs: noonMs }));
    const second = got(earnPoints(ledger, { account, points: 50, source: 'e2', atMs: noonMs }));
    expect([first.earned, second.earned]).toEqual([20, 50]);
  });

  it('end with the programme’s points when they are credited, unless it is said otherwise', () => {
    const expiry = { kind: 'after' as const, span: { count: 30, unit: 'day' as const } };
    const ledger = ledgerOf(programmeOf({ expiry }));
    const gift = { account, points: 10, source: 'g1', atMs: noonMs };
    const ends = (more: object): (number | null | undefined)[] =>
      got(creditPoints(ledger, { ...gift, ...more })).entries.map(({ expiresAtMs }) => expiresAtMs);
    expect(ends({})).toEqual([Date.UTC(2026, 11, 21, 21)]);
    expect(ends({ effectiveAtMs: noonMs + dayMs })).toEqual([Date.UTC(2026, 11, 22, 21)]);
    expect(ends({ expiresAtMs: null })).toEqual([null]);
  });

  it('qualify for tiers beside what can be spent, once per source', () => {
    const earn = { account, points: 20, source: 'e1', atMs: noonMs, qualifyingPoints: 15 };
    const once = got(earnPoints(ledgerOf(programmeOf()), earn)).ledger;
    const { ledger: twice } = got(earnPoints(once, earn));
    expect(twice.entries.map(({ account: { purpose }, amount }) => [purpose, amount])).toEqual([
      ['spendable', 20],
      ['qualifying', 15],
    ]);
  });
});

describe('a night', () => {
  it('runs its jobs in one order, and run again changes nothing', () => {
    expect(nightJobs).toEqual([
      'activate-pending',
      'auto-redeem',
      'review-tiers-earned',
      'expire-points',
      'review-tiers-balance',
    ]);
    let ledger = ledgerOf(
      programmeOf({
        autoRedeem: { reward: 'w', atPoints: 40 },
        rewards: [
          {
            id: 'w',
            name: { en: 'W' },
            costPoints: 40,
            value: { kind: 'fixed', amountMinor: 100 },
          },
        ],
      }),
    );
    ledger = withPoints(ledger, 'anna', 30, { expiresAtMs: noonMs + dayMs });
    ledger = withPoints(ledger, 'bert', 90, { expiresAtMs: noonMs + dayMs });
    const first = runNight(ledger, noonMs + 2 * dayMs);
    expect(runNight(first, noonMs + 2 * dayMs)).toEqual(first);
    expect(balance(first, 'anna', 'club', noonMs + 2 * dayMs)).toBe(0);
  });

  it('ends what was idle for too long, and a purchase starts the clock anew', () => {
    const idle = programmeOf({
      expiry: { kind: 'inactivity', span: { count: 12, unit: 'month' } },
    });
    const start = withPoints(ledgerOf(idle), 'anna', 300);
    const at = (days: number): number =>
      balance(runNight(start, noonMs + days * dayMs), 'anna', 'club', noonMs + days * dayMs);
    expect([at(365), at(367)]).toEqual([300, 0]);
  });

  it('gives a birthday once a year, on 28 February where there is no 29th', () => {
    const birthday = programmeOf({
      rules: [
        {
          id: 'b',
          name: { en: 'B' },
          trigger: { on: 'birthday' },
          effect: { kind: 'per-sale', points: '100' },
        },
      ],
    });
    let ledger = got(
      enrolMember(ledgerOf(birthday), {
        ref: 'anna',
        identifiers: [],
        birthday: '02-29',
        referredBy: null,
        enabled: true,
        nowMs: noonMs,
      }),
    ).ledger;
    const february = Date.UTC(2027, 1, 28, 9);
    ledger = runNight(runNight(ledger, february), february + dayMs);
    expect(balance(ledger, 'anna', 'club', february + dayMs)).toBe(100);
  });
});

describe('events without a sale', () => {
  const extras = programmeOf({
    rules: ['review', 'check-in'].map((type) => ({
      id: type,
      name: { en: type },
      trigger: { on: 'event', type },
      effect: { kind: 'per-sale', points: '60' },
      limits: [{ most: 100, count: 'points', per: 'year' }],
      limitGroup: 'extras',
    })),
  });

  it('give points once per source, and a group of them at most so much a year', () => {
    const first = recordEvent(
      ledgerOf(extras),
      plainEvent('event', 'anna', 'r1', noonMs, 'review'),
    );
    const retry = recordEvent(first.ledger, plainEvent('event', 'anna', 'r1', noonMs, 'review'));
    const second = recordEvent(first.ledger, plainEvent('event', 'anna', 'c1', noonMs, 'check-in'));
    const third = recordEvent(second.ledger, plainEvent('event', 'anna', 'c2', noonMs, 'check-in'));
    expect([first.points, retry.points, second.points, third.points]).toEqual([60, 0, 40, 0]);
    expect(third.reason?.code).toBe('limit-used');
  });

  it('reward a referral with the first sale, take it back with the sale, and refuse oneself', () => {
    const referral = programmeOf({
      rules: [
        {
          id: 'r',
          name: { en: 'R' },
          trigger: { on: 'referral', moment: 'first', to: 'both' },
          effect: { kind: 'per-sale', points: '100' },
        },
      ],
    });
    const join = (ledger: Ledger, ref: string, referredBy: string | null) =>
      enrolMember(ledger, {
        ref,
        identifiers: [],
        birthday: null,
        referredBy,
        enabled: true,
        nowMs: noonMs,
      });
    expect(join(ledgerOf(referral), 'anna', 'anna')).toMatchObject({
      error: { code: 'self-referral' },
    });
    let ledger = got(
      join(got(join(ledgerOf(referral), 'anna', null)).ledger, 'bert', 'anna'),
    ).ledger;
    ledger = got(settleSale(ledger, request('s1', 1000, { member: 'bert' }))).ledger;
    ledger = got(settleSale(ledger, request('s2', 1000, { member: 'bert' }))).ledger;
    expect([balance(ledger, 'anna'), balance(ledger, 'bert')]).toEqual([100, 100]);
    ledger = got(
      returnSale(ledger, { saleId: 's1', source: 'r1', returning: everything, nowMs: noonMs }),
    ).ledger;
    expect([balance(ledger, 'anna'), balance(ledger, 'bert')]).toEqual([0, 0]);
  });
});

describe('a paid membership', () => {
  const prime = programmeOf({
    rules: [],
    membership: {
      sku: 'fee',
      term: { count: 1, unit: 'year' },
      benefits: [{ en: 'free delivery' }],
    },
  });
  const fee = request('s1', 13_900, {
    basket: { currency: 'TRY', lines: [line(13_900, { sku: 'fee', kind: 'membership' })] },
  });

  it('gives its benefits for its term, earns nothing, and ends with its refund', () => {
    const sold = got(settleSale(ledgerOf(prime), fee)).ledger;
    expect(sold.entries).toEqual([]);
    expect(benefitsAt(sold, 'anna', Date.UTC(2027, 10, 20, 20))).toEqual(['free delivery']);
    expect(benefitsAt(sold, 'anna', Date.UTC(2027, 10, 20, 21))).toEqual([]);
    const back = got(
      returnSale(sold, { saleId: 's1', source: 'r', returning: everything, nowMs: noonMs }),
    );
    expect(benefitsAt(back.ledger, 'anna', noonMs)).toEqual([]);
  });
});

describe('the close of an earning window', () => {
  it('turns whole steps into vouchers, at most so many, and carries the rest', () => {
    const windowed = programmeOf({
      rules: [
        {
          id: 'w',
          name: { en: 'W' },
          trigger: { on: 'window-close' },
          effect: { kind: 'voucher', template: { perPoints: 100, points: 1000 } },
        },
      ],
      windows: { windows: [{ from: '02-01', to: '05-31' }], maxPerWindowMinor: 5000 },
    });
    const close = (points: number) =>
      got(closeWindow(withPoints(ledgerOf(windowed), 'anna', points), windowed, 'anna', noonMs));
    expect(close(260)).toMatchObject({ redeemed: 200, voucherPoints: 2000, carried: 60 });
    expect(close(99)).toMatchObject({ redeemed: 0, voucherPoints: 0, carried: 99 });
    expect(close(990)).toMatchObject({ redeemed: 500, voucherPoints: 5000, carried: 490 });
  });
});

describe('a lost card', () => {
  it('is replaced: the account stays, the old code stops working', () => {
    const card = {
      code: 'old',
      programme: 'club',
      holder: 'h',
      owner: null,
      sale: null,
      rule: null,
      expiresAtMs: null,
      state: 'active',
    } as const;
    const ledger = { ...ledgerOf(programmeOf()), vouchers: [card] };
    const replaced = got(replaceCard(ledger, 'old', 'new'));
    expect(holderOfCard(replaced, 'new')).toEqual({ ok: true, value: 'h' });
    expect(holderOfCard(replaced, 'old')).toMatchObject({ error: { code: 'card-inactive' } });
    expect(replaceCard(replaced, 'old', 'newer')).toMatchObject({
      error: { code: 'card-inactive' },
    });
  });
});
