import type { SetupAnswers } from '#contract/setup.ts';

/** A Turkish boutique as somebody sets one up. */
export function boutiqueAnswers(more: Partial<SetupAnswers> = {}): SetupAnswers {
  return {
    language: 'tr',
    storeName: 'Şule Butik',
    storeAddress: 'Bağdat Caddesi 5, Kadıköy, İstanbul',
    market: 'TR',
    currency: 'TRY',
    tax: { percent: '20', included: true },
    timeZone: 'Europe/Istanbul',
    cutOverHour: 4,
    scannedCardSpends: true,
    item: { name: 'Fular', priceMinor: 45_000 },
    choice: {
      preset: 'boutique',
      knobs: { pointsPerMajor: 1, costPoints: 3600, rewardMinor: 22_000 },
    },
    goods: [{ name: 'Kemer', priceMinor: 60_000 }],
    cashiers: ['Şule', 'İpek'],
    managerName: '',
    managerPin: '4711',
    ...more,
  };
}
