import { describe, expect, it } from 'vitest';
import { claimReward } from '#loyalty/claim-item.ts';
import { emptyLedger, type Ledger, spendable, stateOf } from '#loyalty/ledger.ts';
import { enrolMember } from '#loyalty/ledger-events.ts';
import { runNight } from '#loyalty/ledger-night.ts';
import { creditPoints } from '#loyalty/ledger-points.ts';
import { returnSale } from '#loyalty/ledger-return.ts';
import { previewSale, settleSale } from '#loyalty/ledger-sale.ts';
import { benefitsAt } from '#loyalty/membership.ts';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import {
  badgePreset,
  birthdayPreset,
  buyTwoGetOnePreset,
  cashbackPreset,
  comebackPreset,
  couponBatchPreset,
  donationPreset,
  genericPresets,
  giftCardPreset,
  nextOrderPreset,
  paidMembershipPreset,
  promoCodePreset,
  referralPreset,
  stampsPreset,
  subscriptionPreset,
  visitsPreset,
  walletPreset,
} from '#loyalty/presets/generic.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import type { SaleRequest } from '#loyalty/sale-request.ts';
import { got } from './arrange-ledger.ts';
import { line, load, noonMs, settings } from './arrange.ts';

const dayMs = 86_400_000;

function shop(...documents: ProgrammeDocument[]): Ledger {
  return emptyLedger(settings, documents.map(load));
}

function sale(
  id: string,
  lines: SaleRequest['basket']['lines'],
  more: Partial<SaleRequest> = {},
): SaleRequest {
  return {
    id,
    basket: { currency: 'EUR', lines },
    member: 'anna',
    proof: 'verified',
    claims: [],
    nowMs: noonMs,
    channel: 'pos',
    ...more,
  };
}

function pieces(sku: string, count: number, priceMinor: number, category = sku) {
  return line(priceMinor, { sku, categories: [category], quantityMilli: count * 1000 });
}

const balance = (ledger: Ledger, programme: string, ref = 'anna'): number =>
  stateOf(ledger, spendable(ref, programme), noonMs + 400 * dayMs).balance;

describe('a preset', () => {
  it.each(genericPresets.map((preset) => [preset.id, preset] as const))(
    '%s loads without a warning',
    (_, preset) => {
      expect(parseProgramme(preset)).toMatchObject({ ok: true, value: { warnings: [] } });
    },
  );

  it('of stamps keeps the surplus, and the free unit gives no stamp', () => {
    let ledger = shop(stampsPreset);
    ledger = got(settleSale(ledger, sale('s1', [pieces('coffee', 13, 300)]))).ledger;
    const claims = [claimReward('stamps', 'free')];
    const free = got(settleSale(ledger, sale('s2', [pieces('coffee', 2, 300)], { claims })));
    expect(free.quote.dueMinor).toBe(300);
    expect(balance(free.ledger, 'stamps')).toBe(13 - 10 + 1);
  });

  it('of cashback gives whole cents, and its wallet pays without lowering tax', () => {
    const ledger = got(settleSale(shop(cashbackPreset), sale('s1', [line(4999)]))).ledger;
    expect(balance(ledger, 'cashback')).toBe(99);
    const claims = [claimReward('cashback', 'wallet')];
    const paid = previewSale(ledger, sale('s2', [line(1200)], { claims }));
    expect(paid).toMatchObject({
      totalMinor: 1200,
      paidByValueMinor: 99,
      dueMinor: 1101,
      taxMinor: 200,
    });
  });

  it('of gift cards puts the price on the card and earns nothing', () => {
    const sold = line(5000, { kind: 'gift-card', taxes: [] });
    const { ledger } = got(settleSale(shop(giftCardPreset), sale('s1', [sold], { member: null })));
    const [card] = ledger.vouchers;
    const claims = [{ kind: 'code', code: card?.code ?? '' }] as const;
    const paid = previewSale(ledger, sale('s2', [line(3000)], { member: null, claims }));
    expect(paid).toMatchObject({ paidByValueMinor: 3000, dueMinor: 0 });
  });

  it('of three for two frees one of three in the basket by itself', () => {
    const due = (count: number): number =>
      previewSale(
        shop(buyTwoGetOnePreset),
        sale('s', [pieces('soap', count, 200, 'three-for-two')]),
      ).dueMinor;
    expect([2, 3, 4, 6].map(due)).toEqual([400, 400, 600, 800]);
  });

  it('of a promo code works once per member', () => {
    const claims = [{ kind: 'code', code: 'sprng25' }] as const;
    const first = got(settleSale(shop(promoCodePreset), sale('s1', [line(1000)], { claims })));
    const second = previewSale(first.ledger, sale('s2', [line(1000)], { claims }));
    expect([first.quote.dueMinor, second.dueMinor]).toEqual([900, 1000]);
    expect(second.codes).toMatchObject([{ state: 'refused', reason: { code: 'limit-used' } }]);
  });

  it('of coupons takes each code once, from the least amount on', () => {
    const coupon = {
      code: 'K7',
      programme: 'coupons',
      holder: 'k7',
      owner: null,
      sale: null,
      rule: null,
      expiresAtMs: null,
      state: 'active',
    } as const;
    const issued = got(
      creditPoints(
        { ...shop(couponBatchPreset), vouchers: [coupon] },
        { account: spendable('k7', 'coupons'), points: 1, source: 'batch', atMs: noonMs },
      ),
    );
    const claims = [{ kind: 'code', code: 'k7' }] as const;
    expect(previewSale(issued, sale('s0', [line(1999)], { claims })).codes).toMatchObject([
      { state: 'refused', reason: { code: 'minimum-amount', params: { missingMinor: 1 } } },
    ]);
    const used = got(settleSale(issued, sale('s1', [line(2000)], { claims })));
    expect(used.quote.dueMinor).toBe(1500);
    expect(previewSale(used.ledger, sale('s2', [line(2000)], { claims })).codes).toMatchObject([
      { reason: { code: 'code-used' } },
    ]);
  });

  it('of visits gives a voucher on every third one', () => {
    let ledger = shop(visitsPreset);
    const vouchers = [1, 2, 3, 4].map((visit) => {
      ledger = got(settleSale(ledger, sale(`s${visit}`, [line(800)]))).ledger;
      return ledger.vouchers.length;
    });
    expect(vouchers).toEqual([0, 0, 1, 1]);
  });

  it('of the next order gives a tenth of the sale, rounded to whole money', () => {
    const ledger = shop(nextOrderPreset, giftCardPreset);
    const points = (priceMinor: number): number[] =>
      previewSale(ledger, sale('s', [line(priceMinor)])).awards.flatMap((award) =>
        award.kind === 'voucher' ? [award.points] : [],
      );
    expect([points(4999), points(5400), points(5500)]).toEqual([[], [500], [600]]);
  });

  it('of the comeback counts fourteen days, the last included', () => {
    const first = got(settleSale(shop(comebackPreset), sale('s1', [line(2000)])));
    expect(first.quote.awards).toMatchObject([{ kind: 'comeback', lastDay: '2026-12-05' }]);
    const after = (days: number) =>
      previewSale(first.ledger, sale('s2', [line(2000)], { nowMs: noonMs + days * dayMs }))
        .earnings;
    expect([after(14).length, after(15).length]).toEqual([1, 0]);
  });

  it('of a subscription gives its drink every two hours while the term runs', () => {
    const fee = line(1499, { sku: 'drink-subscription', kind: 'membership' });
    let ledger = got(settleSale(shop(subscriptionPreset), sale('s0', [fee]))).ledger;
    const due = [0, 1, 2, 24 * 40].map((hours, index) => {
      const settled = got(
        settleSale(
          ledger,
          sale(`d${index}`, [pieces('drip', 1, 300)], { nowMs: noonMs + hours * 3_600_000 }),
        ),
      );
      ledger = settled.ledger;
      return settled.quote.dueMinor;
    });
    expect(due).toEqual([0, 300, 0, 300]);
  });

  it('of a wallet is loaded at the till, pays to the cent and keeps the rest', () => {
    const load = line(5000, { sku: 'top-up', kind: 'top-up', taxes: [] });
    const { ledger } = got(settleSale(shop(walletPreset), sale('s1', [load])));
    expect(balance(ledger, 'wallet')).toBe(5000);
    const claims = [claimReward('wallet', 'wallet')];
    const paid = got(settleSale(ledger, sale('s2', [line(1234)], { claims })));
    expect(paid.quote).toMatchObject({ totalMinor: 1234, paidByValueMinor: 1234, dueMinor: 0 });
    expect(balance(paid.ledger, 'wallet')).toBe(3766);
  });

  it('of a referral pays both with the first sale of the friend, and once', () => {
    const joins = { identifiers: [], birthday: null, enabled: true, nowMs: noonMs };
    let ledger = shop(referralPreset);
    ledger = got(enrolMember(ledger, { ...joins, ref: 'bert', referredBy: null })).ledger;
    ledger = got(enrolMember(ledger, { ...joins, ref: 'anna', referredBy: 'bert' })).ledger;
    const points = (): number[] => [
      balance(ledger, 'referral'),
      balance(ledger, 'referral', 'bert'),
    ];
    expect(points()).toEqual([0, 0]);
    ledger = got(settleSale(ledger, sale('s1', [line(1000)]))).ledger;
    expect(points()).toEqual([100, 100]);
    ledger = got(settleSale(ledger, sale('s2', [line(1000)]))).ledger;
    expect(points()).toEqual([100, 100]);
    const returning = { kind: 'everything' } as const;
    const back = { saleId: 's1', source: 'r1', returning, nowMs: noonMs };
    ledger = got(returnSale(ledger, back)).ledger;
    expect(points()).toEqual([0, 0]);
  });

  it('of a birthday gives its points on the day, once a year, 29 February on the 28th', () => {
    const birthday = '02-29';
    const joined = enrolMember(shop(birthdayPreset), {
      ref: 'anna',
      identifiers: [],
      birthday,
      referredBy: null,
      enabled: true,
      nowMs: noonMs,
    });
    const nights = ['2027-02-27', '2027-02-28', '2027-02-28', '2027-03-01', '2028-02-29'];
    let { ledger } = got(joined);
    const after = nights.map((day) => {
      ledger = runNight(ledger, Date.parse(`${day}T12:00:00Z`));
      return stateOf(ledger, spendable('anna', 'birthday'), Date.UTC(2029, 0)).balance;
    });
    expect(after).toEqual([0, 250, 250, 250, 500]);
  });

  it('of a paid membership gives its benefit for a year, and the fee earns nothing', () => {
    const fee = line(4900, { sku: 'membership', kind: 'membership' });
    const sold = got(settleSale(shop(paidMembershipPreset), sale('s1', [fee])));
    expect(sold.quote.earnings).toEqual([]);
    const there = (days: number): string[] =>
      benefitsAt(sold.ledger, 'anna', noonMs + days * dayMs);
    expect([there(0), there(364), there(365)]).toEqual([['Free delivery'], ['Free delivery'], []]);
    const returning = { kind: 'everything' } as const;
    const back = returnSale(sold.ledger, { saleId: 's1', source: 'r1', returning, nowMs: noonMs });
    expect(benefitsAt(got(back).ledger, 'anna', noonMs)).toEqual([]);
  });

  it('of a donation spends points for the cause and takes no money off', () => {
    const { ledger } = got(settleSale(shop(donationPreset), sale('s1', [line(12_000)])));
    const claims = [claimReward('donation', 'give')];
    const given = got(settleSale(ledger, sale('s2', [line(1000)], { claims })));
    expect(given.quote).toMatchObject({ discountMinor: 0, dueMinor: 1000 });
    expect(given.quote.redemptions).toMatchObject([{ reward: 'give', value: 'donation' }]);
    expect(balance(given.ledger, 'donation')).toBe(120 - 100 + 10);
  });

  it('of badges gives one on the tenth visit, and never again', () => {
    let ledger = shop(badgePreset);
    const awarded = Array.from({ length: 12 }, (_, visit) => {
      const settled = got(settleSale(ledger, sale(`s${visit}`, [line(500)])));
      ledger = settled.ledger;
      return settled.quote.awards.filter(({ kind }) => kind === 'badge').length;
    });
    expect(awarded).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    expect(ledger.members.get('anna')?.badges).toEqual(['ten-visits']);
  });
});
