import type { ProgrammeDocument } from '#loyalty/programme.ts';

/**
 * Points with three tiers above the basic one: the programme of the demo shop.
 *
 * 1 point per 1.00 paid, tax included; 100 points are 10.00, 500 points are 50.00, or any amount is
 * paid with points at 0.10 each. Tiers by points earned in a calendar year.
 */
export const pointsPreset = {
  id: 'points',
  version: 1,
  name: { en: 'Points', tr: 'Puan', de: 'Punkte', ar: 'نقاط' },
  unitName: { en: 'points', tr: 'puan', de: 'Punkte', ar: 'نقطة' },
  currencies: ['TRY'],
  rules: [
    {
      id: 'base',
      name: {
        en: '1 point per 1.00 paid',
        tr: 'Ödenen her 1,00 için 1 puan',
        de: '1 Punkt je bezahlte 1,00',
        ar: 'نقطة لكل 1.00 مدفوعة',
      },
      effect: { kind: 'per-money', points: '1', perMinor: 100 },
    },
  ],
  rewards: [
    {
      id: 'ten-off',
      name: { en: '10.00 off', tr: '10,00 indirim', de: '10,00 Rabatt', ar: 'خصم 10.00' },
      costPoints: 100,
      value: { kind: 'fixed', amountMinor: 1000 },
    },
    {
      id: 'fifty-off',
      name: { en: '50.00 off', tr: '50,00 indirim', de: '50,00 Rabatt', ar: 'خصم 50.00' },
      costPoints: 500,
      value: { kind: 'fixed', amountMinor: 5000 },
    },
    {
      id: 'pay-with-points',
      name: {
        en: 'Pay with points',
        tr: 'Puanla öde',
        de: 'Mit Punkten zahlen',
        ar: 'الدفع بالنقاط',
      },
      costPoints: 1,
      value: { kind: 'per-point', valueMinor: 10 },
      minPoints: 50,
      mostPerSale: null,
    },
  ],
  tiers: [
    { id: 'basic', name: { en: 'Member', tr: 'Üye', de: 'Mitglied', ar: 'عضو' } },
    {
      id: 'silver',
      name: { en: 'Silver', tr: 'Gümüş', de: 'Silber', ar: 'فضي' },
      criteria: { metric: 'earned-points', atLeast: 500 },
      multiplier: '1.1',
    },
    {
      id: 'gold',
      name: { en: 'Gold', tr: 'Altın', de: 'Gold', ar: 'ذهبي' },
      criteria: { metric: 'earned-points', atLeast: 2000 },
      multiplier: '1.25',
    },
    {
      id: 'platinum',
      name: { en: 'Platinum', tr: 'Platin', de: 'Platin', ar: 'بلاتيني' },
      criteria: { metric: 'earned-points', atLeast: 5000 },
      multiplier: '1.5',
    },
  ],
  tierSettings: {
    window: { kind: 'calendar-year' },
    validity: { kind: 'end-of-next-period' },
  },
  expiry: { kind: 'after', span: { count: 12, unit: 'month' }, roundUp: 'end-of-month' },
} satisfies ProgrammeDocument;
