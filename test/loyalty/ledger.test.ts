import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimReward } from '#loyalty/claim-item.ts';
import { dayTotals } from '#loyalty/day-totals.ts';
import { enrolMember } from '#loyalty/ledger-events.ts';
import { runNight } from '#loyalty/ledger-night.ts';
import { setBalance } from '#loyalty/ledger-points.ts';
import { returnSale } from '#loyalty/ledger-return.ts';
import { claimReceipt, previewSale, settleSale } from '#loyalty/ledger-sale.ts';
import { mergeMembers, transferPoints } from '#loyalty/ledger-transfer.ts';
import { type Ledger, memberByIdentifier, spendable, stateOf } from '#loyalty/ledger.ts';
import {
  balance,
  dayMs,
  everything,
  got,
  ledgerOf,
  request,
  withPoints,
} from './arrange-ledger.ts';
import { anySale, noonMs, programmeOf, runs, points as demo } from './arrange.ts';

describe('a settled sale', () => {
  it('writes what it spends and earns once, however often it is sent', () => {
    const before = withPoints(ledgerOf(programmeOf()), 'anna', 40);
    const once = got(settleSale(before, request('s1', 2500))).ledger;
    const again = got(settleSale(once, request('s1', 2500))).ledger;
    expect(balance(once, 'anna')).toBe(65);
    expect(again.entries).toEqual(once.entries);
  });

  it('returned whole, restores the balance it found', () => {
    fc.assert(
      fc.property(anySale, (input) => {
        const programme = input.programmes[0] ?? programmeOf();
        const start = got(
          setBalance(ledgerOf(programme), {
            account: spendable('anna', 'club'),
            balance: input.member?.standings['club']?.available ?? 0,
            source: 'opening',
            atMs: noonMs - 1,
          }),
        );
        const { basket, claims } = input;
        const sold = got(settleSale(start, request('s1', 0, { basket, claims }))).ledger;
        const back = got(
          returnSale(sold, {
            saleId: 's1',
            source: 'r1',
            returning: everything,
            nowMs: noonMs + 1,
          }),
        );
        expect(balance(back.ledger, 'anna', 'club', noonMs + 1)).toBe(balance(start, 'anna'));
      }),
      runs,
    );
  });

  it('that is only previewed writes nothing', () => {
    const ledger = ledgerOf(programmeOf());
    expect(previewSale(ledger, request('s1', 2500)).earnings).toMatchObject([{ points: 25 }]);
    expect(ledger.entries).toEqual([]);
  });

  it('counts its limits by what happened before', () => {
    const once = programmeOf({
      rules: [
        {
          id: 'daily',
          name: { en: 'Once a day' },
          effect: { kind: 'per-sale', points: '5' },
          limits: [{ most: 1, per: 'day' }],
        },
      ],
    });
    let ledger = ledgerOf(once);
    const earned = [0, 1, 30].map((hours, index) => {
      const settled = got(
        settleSale(ledger, request(`s${index}`, 100, { nowMs: noonMs + hours * 3_600_000 })),
      );
      ledger = settled.ledger;
      return settled.quote.earnings[0]?.points ?? 0;
    });
    expect(earned).toEqual([5, 0, 5]);
  });

  it('without a member can be claimed once, and what was claimed goes back with the goods', () => {
    const sold = got(
      settleSale(ledgerOf(programmeOf()), request('s1', 2500, { member: null })),
    ).ledger;
    const claim = {
      saleId: 's1',
      member: 'anna',
      proof: 'verified',
      nowMs: noonMs + dayMs,
    } as const;
    const claimed = got(claimReceipt(sold, claim)).ledger;
    expect(balance(claimed, 'anna', 'club', noonMs + dayMs)).toBe(25);
    const back = got(
      returnSale(claimed, {
        saleId: 's1',
        source: 'r1',
        returning: everything,
        nowMs: noonMs + dayMs,
      }),
    );
    expect(balance(back.ledger, 'anna', 'club', noonMs + dayMs)).toBe(0);
    expect(claimReceipt(claimed, { ...claim, member: 'bert' })).toMatchObject({
      error: { code: 'already-claimed' },
    });
  });

  it('ties in the totals of its day, redeemed points being a discount', () => {
    let ledger = got(settleSale(ledgerOf(demo), request('s1', 10_000))).ledger;
    ledger = got(
      settleSale(ledger, request('s2', 5000, { claims: [claimReward('points', 'ten-off')] })),
    ).ledger;
    expect(dayTotals(ledger, '2026-11-21')).toMatchObject({
      sales: 2,
      salesWithMember: 2,
      grossMinor: 15_000,
      loyaltyDiscountMinor: 1000,
      netMinor: 14_000,
      pointsEarned: 150,
      pointsRedeemed: 100,
    });
  });

  it('tells a new tier exactly once', () => {
    let ledger = ledgerOf(demo);
    for (const [index, price] of [49_900, 100, 100].entries()) {
      ledger = got(settleSale(ledger, request(`s${index}`, price))).ledger;
    }
    ledger = runNight(runNight(ledger, noonMs + dayMs), noonMs + dayMs);
    expect(ledger.tierEvents.map(({ kind, to, member }) => [kind, to, member])).toEqual([
      ['up', 'silver', 'anna'],
    ]);
  });
});

describe('points between members', () => {
  const open = programmeOf({ transfer: { allowed: true } });

  it('are conserved by any transfer, ends included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.constantFrom(null, 5, 9)), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.integer({ min: 1, max: 300 }),
        (credits, points) => {
          let ledger = ledgerOf(open);
          credits.forEach(([amount, days], index) => {
            const expiresAtMs = days === null ? null : noonMs + days * dayMs;
            ledger = withPoints(ledger, 'anna', amount, { source: `c${index}`, expiresAtMs });
          });
          const before = stateOf(ledger, spendable('anna', 'club'), noonMs);
          const moved = transferPoints(ledger, {
            from: 'anna',
            to: 'bert',
            programme: 'club',
            points,
            source: 't',
            atMs: noonMs,
          });
          const after = moved.ok ? moved.value : ledger;
          const lots = ['anna', 'bert'].flatMap(
            (ref) => stateOf(after, spendable(ref, 'club'), noonMs).lots,
          );
          const byEnd = (of: typeof before.lots, end: number | null): number =>
            of.filter((lot) => lot.expiresAtMs === end).reduce((sum, lot) => sum + lot.open, 0);
          expect(moved.ok).toBe(points <= before.available);
          expect(balance(after, 'anna') + balance(after, 'bert')).toBe(before.balance);
          for (const end of [null, noonMs + 5 * dayMs, noonMs + 9 * dayMs]) {
            expect(byEnd(lots, end)).toBe(byEnd(before.lots, end));
          }
        },
      ),
      runs,
    );
  });

  it('move only when they can be spent, and never to oneself', () => {
    const ledger = withPoints(ledgerOf(open), 'anna', 50, { effectiveAtMs: noonMs + dayMs });
    const ask = {
      from: 'anna',
      to: 'bert',
      programme: 'club',
      points: 10,
      source: 't',
      atMs: noonMs,
    };
    expect(transferPoints(ledger, ask)).toMatchObject({ error: { code: 'insufficient-points' } });
    expect(transferPoints(ledger, { ...ask, to: 'anna' })).toMatchObject({
      error: { code: 'same-account' },
    });
    expect(transferPoints(ledgerOf(programmeOf()), ask)).toMatchObject({
      error: { code: 'not-allowed' },
    });
  });

  it('go over whole when two records are joined, once, and late sales follow', () => {
    const enrol = (ledger: Ledger, ref: string): Ledger =>
      got(
        enrolMember(ledger, {
          ref,
          identifiers: [`card-${ref}`],
          birthday: null,
          referredBy: null,
          enabled: true,
          nowMs: noonMs,
        }),
      ).ledger;
    let ledger = withPoints(
      withPoints(enrol(enrol(ledgerOf(open), 'anna'), 'bert'), 'anna', 100),
      'bert',
      30,
    );
    const merge = { from: 'bert', into: 'anna', source: 'm', atMs: noonMs };
    ledger = got(mergeMembers(got(mergeMembers(ledger, merge)), merge));
    expect([balance(ledger, 'anna'), balance(ledger, 'bert')]).toEqual([130, 0]);
    ledger = withPoints(ledger, 'bert', 5);
    expect([balance(ledger, 'anna'), balance(ledger, 'bert')]).toEqual([135, 0]);
    expect(memberByIdentifier(ledger, 'card-bert')).toBe('anna');
  });
});
