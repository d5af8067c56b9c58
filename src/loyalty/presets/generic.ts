import type { ProgrammeDocument } from '#loyalty/programme.ts';

/** A document without its place in a shop: id and currency are chosen in set-up. */
type Preset = ProgrammeDocument;

const base = { version: 1, currencies: ['EUR'] as string[] };

/** Ten stamps, the eleventh is free: one stamp a unit, surplus kept, the free unit gives none. */
export const stampsPreset = {
  ...base,
  id: 'stamps',
  name: { en: 'Stamp card', tr: 'Damga kartı', de: 'Stempelkarte', ar: 'بطاقة الأختام' },
  unitName: { en: 'stamps', tr: 'damga', de: 'Stempel', ar: 'ختم' },
  unit: { kind: 'stamps' },
  rules: [
    {
      id: 'stamp',
      name: { en: 'A stamp for each coffee' },
      lines: { categories: ['coffee'] },
      effect: { kind: 'per-unit', points: '1' },
    },
  ],
  rewards: [
    {
      id: 'free',
      name: { en: 'A coffee on us', tr: 'Bizden bir kahve', de: 'Ein Kaffee gratis' },
      costPoints: 10,
      value: { kind: 'product', skus: ['coffee'], units: 1 },
      mostPerSale: null,
    },
  ],
} satisfies Preset;

/** Two percent of what was paid, as money in a wallet that pays at the till. */
export const cashbackPreset = {
  ...base,
  id: 'cashback',
  name: { en: 'Cashback', tr: 'Para iadesi', de: 'Cashback', ar: 'استرداد نقدي' },
  unit: { kind: 'money', currency: 'EUR' },
  rules: [{ id: 'back', name: { en: '2 % back' }, effect: { kind: 'percent-back', percent: '2' } }],
  rewards: [
    {
      id: 'wallet',
      name: { en: 'Pay from the wallet', tr: 'Cüzdandan öde', de: 'Aus dem Guthaben zahlen' },
      costPoints: 1,
      value: { kind: 'per-point', valueMinor: 1 },
      stage: 'payment',
      mostPerSale: null,
    },
  ],
} satisfies Preset;

/** Money loaded at the till and spent like money; loading it earns nothing anywhere. */
export const walletPreset = {
  ...cashbackPreset,
  id: 'wallet',
  name: { en: 'Wallet', tr: 'Cüzdan', de: 'Guthaben', ar: 'محفظة' },
  rules: [
    {
      id: 'load',
      name: { en: 'What is loaded' },
      lines: { kinds: ['top-up'] },
      effect: { kind: 'per-money', points: '1', perMinor: 100 },
    },
  ],
} satisfies Preset;

/** A card with money on it: whoever holds the code can pay with it. */
export const giftCardPreset = {
  ...cashbackPreset,
  id: 'gift-card',
  name: { en: 'Gift card', tr: 'Hediye kartı', de: 'Geschenkkarte', ar: 'بطاقة هدية' },
  holder: 'bearer',
  rules: [
    {
      id: 'sold',
      name: { en: 'What was paid for the card' },
      lines: { kinds: ['gift-card'] },
      effect: { kind: 'per-money', points: '1', perMinor: 100 },
    },
  ],
} satisfies Preset;

/** Every third visit a treat to choose. */
export const visitsPreset = {
  ...base,
  id: 'visits',
  name: { en: 'Every third visit', tr: 'Her üçüncü ziyaret', de: 'Jeder dritte Besuch' },
  unit: { kind: 'stamps' },
  rules: [
    {
      id: 'third',
      name: { en: 'A treat on the third visit' },
      conditions: [{ kind: 'visit', every: 3 }],
      effect: { kind: 'voucher', template: { points: 1, validFor: { count: 60, unit: 'day' } } },
    },
  ],
  rewards: [
    {
      id: 'treat',
      name: { en: 'Choose your treat' },
      costPoints: 1,
      value: { kind: 'product', skus: ['pastry', 'coffee'] },
    },
  ],
} satisfies Preset;

/** Both the one who brings a friend and the friend get 100 points with the friend's first sale. */
export const referralPreset = {
  ...base,
  id: 'referral',
  name: { en: 'Bring a friend', tr: 'Arkadaşını getir', de: 'Freunde werben' },
  rules: [
    {
      id: 'friend',
      name: { en: '100 points for both' },
      trigger: { on: 'referral', moment: 'first', to: 'both' },
      effect: { kind: 'per-sale', points: '100' },
      qualifying: false,
    },
  ],
} satisfies Preset;

/** 250 points on the birthday, once a year. */
export const birthdayPreset = {
  ...base,
  id: 'birthday',
  name: { en: 'Birthday', tr: 'Doğum günü', de: 'Geburtstag', ar: 'عيد ميلاد' },
  rules: [
    {
      id: 'birthday',
      name: { en: '250 points' },
      trigger: { on: 'birthday' },
      effect: { kind: 'per-sale', points: '250' },
      qualifying: false,
    },
  ],
} satisfies Preset;

/** One code for everybody: 10 % off the order, once per member. */
export const promoCodePreset = {
  ...base,
  id: 'promo-code',
  name: { en: 'Promo code', tr: 'Promosyon kodu', de: 'Aktionscode' },
  holder: 'sale',
  rules: [
    {
      id: 'code',
      name: { en: 'Whoever knows the code' },
      conditions: [{ kind: 'code', code: 'SPRNG25' }],
      effect: { kind: 'per-sale', points: '1' },
    },
  ],
  rewards: [
    {
      id: 'ten-percent',
      name: { en: '10 % off', tr: '%10 indirim', de: '10 % Rabatt' },
      costPoints: 1,
      value: { kind: 'percent', percent: '10' },
      applies: 'automatic',
      limits: [{ most: 1, per: 'life' }],
    },
  ],
} satisfies Preset;

/** A batch of codes, each good once: 5.00 off from 20.00. */
export const couponBatchPreset = {
  ...base,
  id: 'coupons',
  name: { en: 'Coupons', tr: 'Kuponlar', de: 'Gutscheine', ar: 'قسائم' },
  holder: 'bearer',
  rewards: [
    {
      id: 'five-off',
      name: { en: '5.00 off', tr: '5,00 indirim', de: '5,00 Rabatt' },
      costPoints: 1,
      value: { kind: 'fixed', amountMinor: 500 },
      minSaleMinor: 2000,
      applies: 'automatic',
    },
  ],
  expiry: { kind: 'after', span: { count: 3, unit: 'month' } },
} satisfies Preset;

/** Buy two of a kind, the third is free; it applies by itself to what lies in the basket. */
export const buyTwoGetOnePreset = {
  ...base,
  id: 'three-for-two',
  name: { en: 'Three for two', tr: 'Üç al iki öde', de: 'Drei für zwei' },
  holder: 'sale',
  rules: [
    {
      id: 'paid',
      name: { en: 'Each paid unit counts' },
      lines: { categories: ['three-for-two'] },
      effect: { kind: 'per-unit', points: '1' },
    },
  ],
  rewards: [
    {
      id: 'free',
      name: { en: 'One free' },
      costPoints: 2,
      value: { kind: 'product', skus: ['soap'], units: 1 },
      applies: 'automatic',
      mostPerSale: null,
    },
  ],
} satisfies Preset;

/** A sale of 50.00 gives a coupon of 10 % of it for the next one. */
export const nextOrderPreset = {
  ...base,
  id: 'next-order',
  name: {
    en: 'Next-order voucher',
    tr: 'Sonraki alışveriş kuponu',
    de: 'Gutschein fürs nächste Mal',
  },
  rules: [
    {
      id: 'voucher',
      name: { en: '10 % for next time' },
      conditions: [{ kind: 'amount', minMinor: 5000 }],
      effect: {
        kind: 'voucher',
        template: {
          programme: 'gift-card',
          percentOfSale: '10',
          rounding: 'half-up',
          roundToMinor: 100,
          validFor: { count: 60, unit: 'day' },
        },
      },
    },
  ],
} satisfies Preset;

/** Come back within fourteen days for fifty points more. */
export const comebackPreset = {
  ...base,
  id: 'comeback',
  name: { en: 'Come back soon', tr: 'Yine bekleriz', de: 'Bis bald' },
  rules: [
    {
      id: 'soon',
      name: { en: '50 points within 14 days' },
      conditions: [{ kind: 'comeback', withinDays: 14 }],
      effect: { kind: 'per-sale', points: '50' },
      qualifying: false,
    },
  ],
} satisfies Preset;

/** A yearly fee that gives free delivery; the fee itself earns nothing. */
export const paidMembershipPreset = {
  ...base,
  id: 'paid-membership',
  name: { en: 'Paid membership', tr: 'Ücretli üyelik', de: 'Bezahlte Mitgliedschaft' },
  membership: {
    sku: 'membership',
    term: { count: 1, unit: 'year' },
    benefits: [{ en: 'Free delivery', tr: 'Ücretsiz teslimat', de: 'Kostenlose Lieferung' }],
  },
} satisfies Preset;

/** A monthly fee for a free drink every two hours. */
export const subscriptionPreset = {
  ...base,
  id: 'subscription',
  name: { en: 'Drink subscription', tr: 'İçecek aboneliği', de: 'Getränke-Abo' },
  membership: { sku: 'drink-subscription', term: { count: 1, unit: 'month' } },
  rules: [
    {
      id: 'drink',
      name: { en: 'A drink every two hours' },
      conditions: [{ kind: 'membership' }],
      effect: { kind: 'discount', reward: 'free-drink' },
    },
  ],
  rewards: [
    {
      id: 'free-drink',
      name: { en: 'Your drink', tr: 'İçeceğiniz', de: 'Ihr Getränk' },
      costPoints: 1,
      value: { kind: 'product', skus: ['drip'] },
      conditions: [{ kind: 'interval', minutes: 120 }],
    },
  ],
} satisfies Preset;

/** Points given to a local cause: counted as redeemed, no money off. */
export const donationPreset = {
  ...base,
  id: 'donation',
  name: { en: 'Give your points', tr: 'Puanını bağışla', de: 'Punkte spenden' },
  rules: [
    {
      id: 'base',
      name: { en: '1 point per 1.00' },
      effect: { kind: 'per-money', points: '1', perMinor: 100 },
    },
  ],
  rewards: [
    {
      id: 'give',
      name: { en: '5.00 for the animal shelter' },
      costPoints: 100,
      value: { kind: 'donation', amountMinor: 500, cause: { en: 'Animal shelter' } },
    },
  ],
} satisfies Preset;

/** A badge after the tenth visit, with points once. */
export const badgePreset = {
  ...base,
  id: 'badges',
  name: { en: 'Badges', tr: 'Rozetler', de: 'Abzeichen' },
  rules: [
    {
      id: 'tenth',
      name: { en: 'Ten visits' },
      conditions: [{ kind: 'visit', at: 10 }],
      effect: { kind: 'badge', badge: 'ten-visits' },
    },
  ],
} satisfies Preset;

/** Every generic preset, for set-up. */
export const genericPresets: readonly Preset[] = [
  stampsPreset,
  cashbackPreset,
  walletPreset,
  giftCardPreset,
  visitsPreset,
  referralPreset,
  birthdayPreset,
  promoCodePreset,
  couponBatchPreset,
  buyTwoGetOnePreset,
  nextOrderPreset,
  comebackPreset,
  paidMembershipPreset,
  subscriptionPreset,
  donationPreset,
  badgePreset,
];
