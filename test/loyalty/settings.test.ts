import { describe, expect, it } from 'vitest';
import { budgetUses } from '#loyalty/budget.ts';
import { claimReward } from '#loyalty/claim-item.ts';
import { runNight } from '#loyalty/ledger-night.ts';
import { returnSale } from '#loyalty/ledger-return.ts';
import { previewSale, settleSale } from '#loyalty/ledger-sale.ts';
import { type Ledger, spendable, stateOf } from '#loyalty/ledger.ts';
import { benefitsAt, renewalFees, stopRenewal } from '#loyalty/membership.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { dayMs, everything, got, ledgerOf, request, withPoints } from './arrange-ledger.ts';
import { line, noonMs, programmeOf } from './arrange.ts';

const availableAt = (ledger: Ledger, atMs: number): number =>
  stateOf(ledger, spendable('anna', 'club'), atMs).available;

describe('spent points that come back after their end', () => {
  const fixed: NonNullable<ProgrammeDocument['rewards']>[number] = {
    id: 'ten',
    name: { en: 'Ten off' },
    costPoints: 60,
    value: { kind: 'fixed', amountMinor: 1000 },
  };
  const expiry = { kind: 'after' as const, span: { count: 30, unit: 'day' as const } };

  function returned(returnedExpired: 'keep' | 'renew', afterDays: number) {
    const programme = programmeOf({
      rules: [],
      rewards: [fixed],
      expiry,
      refund: { returnedExpired },
    });
    const gift = withPoints(ledgerOf(programme), 'anna', 100, { expiresAtMs: noonMs + 5 * dayMs });
    const claims = [claimReward('club', 'ten')];
    const sold = got(settleSale(gift, request('s1', 5000, { claims }))).ledger;
    const nowMs = noonMs + afterDays * dayMs;
    const night = runNight(sold, nowMs);
    const back = { saleId: 's1', source: 'r1', returning: everything, nowMs };
    return { ledger: runNight(got(returnSale(night, back)).ledger, nowMs), nowMs };
  }

  it('are ended where the programme keeps their end', () => {
    const { ledger, nowMs } = returned('keep', 10);
    expect(availableAt(ledger, nowMs)).toBe(0);
  });

  it('can be spent until a new end where the programme renews it', () => {
    const { ledger, nowMs } = returned('renew', 10);
    expect(availableAt(ledger, nowMs)).toBe(60);
    expect(availableAt(ledger, nowMs + 29 * dayMs)).toBe(60);
    expect(availableAt(ledger, nowMs + 32 * dayMs)).toBe(0);
  });

  it('go back to their own lot while it runs, whatever the programme says', () => {
    const { ledger, nowMs } = returned('renew', 2);
    expect(availableAt(ledger, nowMs)).toBe(100);
    expect(availableAt(ledger, noonMs + 5 * dayMs)).toBe(0);
  });
});

describe('a membership that renews', () => {
  const monthly = (autoRenew: boolean) =>
    programmeOf({
      rules: [],
      membership: {
        sku: 'fee',
        term: { count: 1, unit: 'month' },
        autoRenew,
        benefits: [{ en: 'Free delivery' }],
      },
    });
  const fee = line(1495, { sku: 'fee', kind: 'membership' });
  const pay = (ledger: Ledger, id: string, nowMs = noonMs): Ledger =>
    got(settleSale(ledger, { ...request(id, 0), basket: { currency: 'TRY', lines: [fee] }, nowMs }))
      .ledger;
  const later = noonMs + 40 * dayMs;

  it('runs on after its term and owes a fee; one that does not renew lapses', () => {
    const renewing = pay(ledgerOf(monthly(true)), 's1');
    expect(benefitsAt(renewing, 'anna', later)).toEqual(['Free delivery']);
    expect(renewalFees(renewing, noonMs)).toEqual([]);
    expect(renewalFees(renewing, later)).toMatchObject([
      { member: 'anna', programme: 'club', sku: 'fee' },
    ]);
    const lapsing = pay(ledgerOf(monthly(false)), 's1');
    expect(benefitsAt(lapsing, 'anna', later)).toEqual([]);
    expect(renewalFees(lapsing, later)).toEqual([]);
  });

  it('is paid for the term it runs in, not for one from the day of payment', () => {
    const paid = pay(pay(ledgerOf(monthly(true)), 's1'), 's2', later);
    expect(renewalFees(paid, later)).toEqual([]);
    expect(paid.members.get('anna')?.membershipUntilMs['club']).toBe(Date.UTC(2027, 0, 20, 21));
  });

  it('ends with its paid term once it is stopped, and with its fee when that is returned', () => {
    const running = pay(ledgerOf(monthly(true)), 's1');
    const stopped = stopRenewal(running, 'anna', 'club');
    expect(benefitsAt(stopped, 'anna', noonMs)).toEqual(['Free delivery']);
    expect(benefitsAt(stopped, 'anna', later)).toEqual([]);
    const back = { saleId: 's1', source: 'r1', returning: everything, nowMs: later };
    expect(benefitsAt(got(returnSale(running, back)).ledger, 'anna', later)).toEqual([]);
  });

  it('starts anew when it is bought after it was stopped', () => {
    const stopped = stopRenewal(pay(ledgerOf(monthly(true)), 's1'), 'anna', 'club');
    const again = pay(stopped, 's2', later);
    expect(benefitsAt(again, 'anna', later + 60 * dayMs)).toEqual(['Free delivery']);
  });
});

describe('a budget of points', () => {
  const budget = (onBudget: 'stop' | 'warn') =>
    ledgerOf(programmeOf({ caps: { budgetPoints: 30, onBudget } }));
  const sold = (ledger: Ledger, id: string): Ledger =>
    got(settleSale(ledger, request(id, 2000))).ledger;
  const earned = (ledger: Ledger): number =>
    previewSale(ledger, request('next', 2000)).earnings[0]?.points ?? 0;

  it('that stops gives what is left, and nothing more', () => {
    const once = sold(budget('stop'), 's1');
    expect(budgetUses(once)).toMatchObject([{ givenPoints: 20, overPoints: 0, state: 'within' }]);
    expect(earned(once)).toBe(10);
    const spent = sold(once, 's2');
    expect(budgetUses(spent)).toMatchObject([{ givenPoints: 30, overPoints: 0, state: 'spent' }]);
    expect(earned(spent)).toBe(0);
  });

  it('that warns gives on and says by how much it is passed', () => {
    const passed = sold(sold(budget('warn'), 's1'), 's2');
    expect(budgetUses(passed)).toEqual([
      { programme: 'club', budgetPoints: 30, givenPoints: 40, overPoints: 10, state: 'passed' },
    ]);
    expect(earned(passed)).toBe(20);
  });

  it('that nobody set is not listed', () => {
    expect(budgetUses(ledgerOf(programmeOf()))).toEqual([]);
  });
});
