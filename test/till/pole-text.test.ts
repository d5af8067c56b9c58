import { describe, expect, it } from 'vitest';
import type { ShopperScene, ShopperState } from '#contract/shopper.ts';
import { poleText } from '#till/pole-text.ts';

const shop: ShopperState['shop'] = {
  storeName: 'Moda Kahve',
  timeZone: 'Europe/Istanbul',
  currency: 'TRY',
  market: 'TR',
  language: 'tr',
};
const saleId = '0190c0de-0000-7000-8000-000000000001';
const inPoints = { kind: 'points', scale: 0 } as const;
const line = (start: string, end: string) => ({ start, end });
const shown = (scene: ShopperScene, language = shop.language) =>
  poleText({ shop: { ...shop, language }, scene });
const basket = (change: object = {}): ShopperScene => ({
  kind: 'basket',
  saleId,
  lines: [
    { id: 'a', name: { tr: 'Poğaça', en: 'Pastry' }, quantityMilli: 1000, grossMinor: 6000 },
    { id: 'b', name: { tr: 'Çay', en: 'Tea' }, quantityMilli: 2000, grossMinor: 123_450 },
  ],
  linesBefore: 0,
  totalMinor: 129_450,
  savedMinor: 0,
  earns: 12,
  unit: inPoints,
  claimable: false,
  shopper: null,
  rewards: [],
  ...change,
});
const thanks = (change: object = {}): ShopperScene => ({
  kind: 'thanks',
  saleId,
  totalMinor: 129_450,
  unit: inPoints,
  earned: 12,
  claimable: 0,
  balanceAfter: 1240,
  shopper: null,
  receiptCode: 'R:000000000',
  wasAsked: false,
  ...change,
});

describe('what a pole shows', () => {
  it('is the last goods and the sum, as the language of the shop writes them', () => {
    expect(shown(basket())).toEqual({
      upper: line('2x Çay', '1.234,50'),
      lower: line('Toplam', '1.294,50'),
    });
    expect(shown(basket(), 'en').lower).toEqual(line('Total', '1,294.50'));
    // No pole has Arabic letters: what would be blank is said in English.
    expect(shown(basket(), 'ar').upper).toEqual(line('2x Tea', '1,234.50'));
  });

  it('greets a shopper, and tells points only after proof', () => {
    const proven = {
      firstName: 'Ayşe',
      masked: '··67',
      state: 'known',
      balance: { name: { tr: 'puan' }, points: 335, unit: inPoints },
      tier: null,
    };
    expect(shown(basket({ lines: [], shopper: proven }))).toEqual({
      upper: line('Ayşe', ''),
      lower: line('Puan', '335'),
    });
    const unproven = { ...proven, firstName: null, balance: null };
    expect(JSON.stringify(shown(basket({ lines: [], shopper: unproven })))).not.toMatch(/\d/);
  });

  it('thanks with what was earned and what there is now, or with what waits on the receipt', () => {
    expect(shown(thanks())).toEqual({
      upper: line('Teşekkürler', '1.294,50'),
      lower: line('Puan +12', '1.240'),
    });
    const money = { kind: 'money', scale: 0 };
    expect(shown(thanks({ unit: money, earned: 1250, balanceAfter: 99_900 })).lower).toEqual(
      line('+12,50', '999,00'),
    );
    expect(shown(thanks({ claimable: 12, earned: 0 })).lower).toEqual(line('Fişinizde', '+12'));
    expect(shown(thanks({ earned: 0, balanceAfter: null })).lower).toEqual(line('', ''));
  });

  it('is the name of the shop before a sale and nothing when nobody stands there', () => {
    expect(shown({ kind: 'idle' }).upper.start).toBe('Moda Kahve');
    expect(shown({ kind: 'dark' })).toEqual({ upper: line('', ''), lower: line('', '') });
  });
});
