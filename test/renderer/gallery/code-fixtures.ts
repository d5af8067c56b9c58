import type { CodeView, OfferView, TillState, VoucherView } from '#contract/till-state.ts';
import { flatWhite, galleryNowMs, goldWords, named, simit } from './fixtures.ts';

/** A code that works, one that waits for a larger basket, and a gift card that pays. */
export function someCodes(): readonly CodeView[] {
  return [
    {
      text: 'SPRNG25',
      state: 'applied',
      reason: null,
      name: named('10 % off', '%10 indirim', '10 % Rabatt', 'خصم 10٪'),
      valueMinor: 5450,
    },
    {
      text: 'AAAA-111-BBBB',
      state: 'refused',
      reason: { code: 'minimum-amount', params: { missingMinor: 1200 } },
      name: named('₺25 coupon', '25 TL kupon', '25-₺-Gutschein', 'قسيمة 25 ₺'),
      valueMinor: 0,
    },
    {
      text: 'G1FT-99-XK2M7',
      state: 'applied',
      reason: null,
      name: named('Gift card', 'Hediye kartı', 'Geschenkkarte', 'بطاقة هدية'),
      valueMinor: 30000,
    },
  ];
}

/** A member's own coupons: one to use, one that needs the server. */
export function someVouchers(): readonly VoucherView[] {
  return [
    {
      code: 'AAAA-111',
      name: named(
        'Next-order voucher',
        'Sonraki alışveriş kuponu',
        'Gutschein fürs nächste Mal',
        'قسيمة الطلب القادم',
      ),
      worthMinor: 5000,
      expiresAtMs: galleryNowMs + 60 * 86_400_000,
      state: 'available',
      reason: null,
    },
    {
      code: 'BBBB-222',
      name: named('Gift card', 'Hediye kartı', 'Geschenkkarte', 'بطاقة هدية'),
      worthMinor: 30000,
      expiresAtMs: null,
      state: 'unavailable',
      reason: { code: 'offline', params: {} },
    },
  ];
}

/** A reward that leaves the shopper a choice. */
export function aChoice(): OfferView {
  return {
    reward: 'treat',
    programme: 'visits',
    name: named('Choose your treat', 'İkramınızı seçin', 'Ihre Wahl', 'اختاروا هديتكم'),
    choices: [
      { sku: 'simit', name: simit },
      { sku: 'flat-white', name: flatWhite },
    ],
    unit: { kind: 'stamps', scale: 0 },
    costPoints: 1,
    worthMinor: 4500,
    remainingPoints: 2,
    state: 'available',
    reason: null,
  };
}

/** Everything a sale can give besides points. */
export function someAwards(): NonNullable<TillState['lastSale']>['awards'] {
  const lastDayMs = galleryNowMs + 365 * 86_400_000;
  const coffeeClub = JSON.stringify(
    named('Coffee club', 'Kahve kulübü', 'Kaffeeklub', 'نادي القهوة'),
  );
  return [
    { code: 'award-tier-up', params: { name: goldWords } },
    { code: 'award-membership', params: { name: coffeeClub, lastDayMs } },
    { code: 'award-points', params: { name: coffeeClub, points: 2 } },
    {
      code: 'award-voucher-until',
      params: { name: coffeeClub, voucher: 'AAAA-111-BBBB', lastDayMs },
    },
    { code: 'award-badge', params: { name: coffeeClub } },
    { code: 'award-comeback', params: { name: coffeeClub, lastDay: '2026-12-05' } },
  ];
}
