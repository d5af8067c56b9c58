import { describe, expect, it } from 'vitest';
import { claimReward } from '#loyalty/claim-item.ts';
import {
  emptyLedger,
  type Ledger,
  newLedgerMember,
  spendable,
  stateOf,
  withMember,
} from '#loyalty/ledger.ts';
import { plainEvent, recordEvent } from '#loyalty/ledger-events.ts';
import { runNight } from '#loyalty/ledger-night.ts';
import { creditPoints } from '#loyalty/ledger-points.ts';
import { claimReceipt, previewSale, settleSale } from '#loyalty/ledger-sale.ts';
import { closeWindow } from '#loyalty/ledger-window.ts';
import { benefitsAt, renewalFees, stopRenewal } from '#loyalty/membership.ts';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import {
  bfearlessPreset,
  boutiquePreset,
  hiltonPreset,
  legoPreset,
  namedPresets,
  paneraPreset,
  primePreset,
  sephoraPreset,
  walmartPreset,
  xplrPreset,
} from '#loyalty/presets/named.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import type { SaleRequest } from '#loyalty/sale-request.ts';
import { tierFor } from '#loyalty/tiers.ts';
import { got } from './arrange-ledger.ts';
import { line, load, noonMs, settings } from './arrange.ts';

const dayMs = 86_400_000;

function shop(document: ProgrammeDocument): Ledger {
  return withMember(emptyLedger(settings, [load(document)]), newLedgerMember('anna', 0));
}

function sale(id: string, priceMinor: number, more: Partial<SaleRequest> = {}): SaleRequest {
  return {
    id,
    basket: { currency: 'USD', lines: [line(priceMinor, { taxes: [] })] },
    member: 'anna',
    proof: 'verified',
    claims: [],
    nowMs: noonMs,
    channel: 'pos',
    ...more,
  };
}

const earned = (ledger: Ledger, request: SaleRequest): number =>
  previewSale(ledger, request).earnings[0]?.points ?? 0;

describe('a named programme', () => {
  it.each(namedPresets.map((preset) => [preset.id, preset] as const))(
    '%s loads without a warning',
    (_, preset) => {
      expect(parseProgramme(preset)).toMatchObject({ ok: true, value: { warnings: [] } });
    },
  );

  it('Panera gives 10 points per whole dollar, and a sale without a card is claimed for 30 days', () => {
    const sold = got(settleSale(shop(paneraPreset), sale('s1', 850, { member: null }))).ledger;
    const claim = { saleId: 's1', member: 'anna', proof: 'verified' } as const;
    expect(
      got(claimReceipt(sold, { ...claim, nowMs: noonMs + 30 * dayMs })).earnings,
    ).toMatchObject([{ points: 80 }]);
    expect(claimReceipt(sold, { ...claim, nowMs: noonMs + 31 * dayMs })).toMatchObject({
      error: { code: 'too-old' },
    });
  });

  it.each([
    ['Amazon Prime', primePreset, 'prime-year', 364, 'lapses'],
    ['Walmart+', walmartPreset, 'plus-month', 29, 'renews'],
  ] as const)(
    '%s runs from payment to the end of its term, and the fee earns nothing',
    (_, preset, sku, lastDay, then) => {
      const fee = line(13_900, { sku, kind: 'membership', taxes: [] });
      const settled = got(
        settleSale(shop(preset), sale('s1', 0, { basket: { currency: 'USD', lines: [fee] } })),
      );
      const there = (days: number): boolean =>
        benefitsAt(settled.ledger, 'anna', noonMs + days * dayMs).includes('Free delivery');
      expect(settled.quote.earnings).toEqual([]);
      expect([there(0), there(lastDay), there(lastDay + 1)]).toEqual([
        true,
        true,
        then === 'renews',
      ]);
      const fees = renewalFees(settled.ledger, noonMs + (lastDay + 1) * dayMs);
      expect(fees.map((owed) => owed.sku)).toEqual(then === 'renews' ? [sku] : []);
      const stopped = stopRenewal(settled.ledger, 'anna', preset.id);
      expect(benefitsAt(stopped, 'anna', noonMs + (lastDay + 1) * dayMs)).toEqual([]);
    },
  );

  it('Sephora moves up at 350 and 1,000 inclusive, multiplies, and forgets after 12 idle months', () => {
    const programme = load(sephoraPreset);
    const tier = (spendMinor: number) => tierFor(programme, { 'spend-minor': spendMinor });
    expect([34_999, 35_000, 99_999, 100_000].map(tier)).toEqual(['insider', 'vib', 'vib', 'rouge']);
    let ledger = got(settleSale(shop(sephoraPreset), sale('s1', 35_000))).ledger;
    expect(earned(ledger, sale('s2', 10_000))).toBe(125);
    ledger = runNight(ledger, noonMs + 367 * dayMs);
    expect(stateOf(ledger, spendable('anna', 'beauty-insider'), noonMs + 367 * dayMs).balance).toBe(
      0,
    );
    expect(ledger.members.get('anna')?.tiers['beauty-insider']).toMatchObject({
      tier: 'vib',
      through: '2027-12-31',
    });
  });

  it('Bfearless earns 99 for 99.99; the reward appears on the sale after the hundredth point', () => {
    let ledger = shop(bfearlessPreset);
    expect(earned(ledger, sale('s', 9999))).toBe(99);
    ledger = got(settleSale(ledger, sale('s1', 9999))).ledger;
    const hundredth = got(settleSale(ledger, sale('s2', 100)));
    const offer = (from: Ledger) => previewSale(from, sale('s3', 5000)).offers[0]?.state;
    expect(hundredth.quote.offers[0]?.state).toBe('unavailable');
    expect(offer(hundredth.ledger)).toBe('available');
  });

  it('The North Face caps extras at 100 points a year and turns whole hundreds into vouchers', () => {
    let ledger = shop(xplrPreset);
    const given = ['referral', 'referral', 'referral', 'renewed-item', 'check-in'].map(
      (type, index) => {
        const done = recordEvent(ledger, plainEvent('event', 'anna', `e${index}`, noonMs, type));
        ledger = done.ledger;
        return done.points;
      },
    );
    expect(given).toEqual([25, 25, 25, 25, 0]);
    ledger = got(
      creditPoints(ledger, {
        account: spendable('anna', 'xplr-pass'),
        points: 160,
        source: 'c',
        atMs: noonMs,
      }),
    );
    expect(got(closeWindow(ledger, load(xplrPreset), 'anna', noonMs))).toMatchObject({
      voucherPoints: 2000,
      carried: 60,
    });
  });

  it('Hilton needs any of its measures, and for the highest tier both', () => {
    const programme = load(hiltonPreset);
    const tier = (nights: number, stays: number, spendMinor: number) =>
      tierFor(programme, {
        'custom:nights': nights,
        'custom:stays': stays,
        'spend-minor': spendMinor,
      });
    expect([tier(9, 3, 249_900), tier(3, 4, 0), tier(9, 3, 600_000), tier(50, 2, 0)]).toEqual([
      'member',
      'silver',
      'gold',
      'diamond',
    ]);
    expect([tier(80, 20, 1_799_900), tier(80, 20, 1_800_000), tier(60, 40, 1_800_000)]).toEqual([
      'diamond',
      'diamond-reserve',
      'diamond-reserve',
    ]);
  });

  it('LEGO earns by currency, without tax, in its own channels, and not on gift cards', () => {
    const ledger = shop(legoPreset);
    const inChannel = { channel: 'official_store' };
    const by = (currency: string, more: Partial<SaleRequest> = inChannel): number =>
      earned(
        ledger,
        sale('s', 0, { basket: { currency, lines: [line(10_000, { taxes: [] })] }, ...more }),
      );
    expect(['USD', 'CAD', 'GBP', 'EUR', 'AUD'].map((currency) => by(currency))).toEqual([
      650, 500, 800, 750, 450,
    ]);
    expect(by('USD', { channel: 'pos' })).toBe(0);
    const taxed = line(1999, { taxes: [{ kind: 'per-unit', amountMinor: 160 }] });
    const shipping = line(495, { kind: 'delivery', taxes: [] });
    const card = line(5000, { kind: 'gift-card', taxes: [] });
    expect(
      earned(
        ledger,
        sale('s', 0, { basket: { currency: 'USD', lines: [taxed, shipping, card] }, ...inChannel }),
      ),
    ).toBe(129);
    const rich = got(
      creditPoints(ledger, {
        account: spendable('anna', 'insiders'),
        points: 3000,
        source: 'c',
        atMs: noonMs,
      }),
    );
    const offers = previewSale(rich, sale('s', 6000, inChannel)).offers.filter(
      ({ state }) => state === 'available',
    );
    expect(offers.map(({ costPoints }) => costPoints)).toEqual([2600, 650]);
  });

  it('the boutique works from its one rule and one reward', () => {
    const euros = (id: string, priceMinor: number, more: Partial<SaleRequest> = {}) =>
      sale(id, 0, { basket: { currency: 'EUR', lines: [line(priceMinor)] }, ...more });
    const ledger = got(settleSale(shop(boutiquePreset), euros('s1', 20_000))).ledger;
    const used = previewSale(
      ledger,
      euros('s2', 4500, { claims: [claimReward('boutique', 'thank-you')] }),
    );
    expect(used.dueMinor).toBe(3500);
  });
});
