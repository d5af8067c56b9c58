import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAnswers, shopFromAnswers } from '#contract/setup-shop.ts';
import { ITEM_SKU, setupAnswers } from '#contract/setup.ts';
import { shopConfig } from '#contract/shop.ts';
import { marketIds, markets } from '#loyalty/market.ts';
import { catalogue } from '#loyalty/presets/catalogue.ts';
import { usualKnobs } from '#loyalty/presets/preset-knobs.ts';
import { boutiqueAnswers } from './setup-answers.ts';

const codesOf = (more: Parameters<typeof boutiqueAnswers>[0]): string[] =>
  checkAnswers(boutiqueAnswers(more)).map(({ path, code }) => `${path} ${code}`);

describe('a shop from its answers', () => {
  it('is whole and valid for every preset in every market, at any price', () => {
    const property = fc.property(
      fc.constantFrom(...catalogue),
      fc.constantFrom(...marketIds),
      fc.integer({ min: 1, max: 100_000_000 }),
      (preset, market, priceMinor) => {
        const { currency, timeZone } = markets[market];
        const knobs = usualKnobs(preset, { currency, item: { sku: ITEM_SKU, priceMinor } });
        const shop = shopFromAnswers(
          boutiqueAnswers({
            market,
            currency,
            timeZone,
            item: { name: 'Thing', priceMinor },
            choice: { preset: preset.id, knobs: { ...knobs } },
          }),
        );
        if (!shop.ok) throw new Error(`${preset.id} ${market}: ${JSON.stringify(shop.error)}`);
        expect(shopConfig.parse(JSON.parse(JSON.stringify(shop.value.config)))).toEqual(
          shop.value.config,
        );
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('lets a scanned card spend only where the shop says so and its market asks for more', () => {
    const redeemFrom = (more: Parameters<typeof boutiqueAnswers>[0]): unknown => {
      const shop = shopFromAnswers(boutiqueAnswers(more));
      return shop.ok ? shop.value.config.redeemFrom : shop.error;
    };
    expect(redeemFrom({ scannedCardSpends: true })).toBe('presented');
    expect(redeemFrom({ scannedCardSpends: false })).toBeNull();
    expect(redeemFrom({ scannedCardSpends: true, market: 'US' })).toBeNull();
  });

  it.each([
    ['an empty name', { storeName: '  ' }, 'storeName text-empty'],
    ['a name that is too long', { storeName: 'x'.repeat(65) }, 'storeName text-long'],
    ['a picture in a name', { storeName: 'Kahve ☕️' }, 'storeName text-picture'],
    ['a face in a name', { storeName: 'Kahve 🙂' }, 'storeName text-picture'],
    ['a direction override', { storeName: 'Kahve \u202Eevi' }, 'storeName text-hidden'],
    ['a pasted row of cells', { storeName: 'Kahve\t12,50' }, 'storeName text-cells'],
    ['a pasted column', { storeAddress: 'A\nB' }, 'storeAddress text-cells'],
    ['a scanned code', { storeName: '2900000010017' }, 'storeName text-code'],
    ['a control character', { storeName: 'Kah\u0000ve' }, 'storeName text-controls'],
    ['a currency nobody has', { currency: 'ABC' }, 'currency currency-unknown'],
    ['a tax above everything', { tax: { percent: '120', included: true } }, 'tax tax-range'],
    ['a negative tax', { tax: { percent: '-1', included: true } }, 'tax tax-range'],
    ['a tax in words', { tax: { percent: '1e1', included: true } }, 'tax tax-range'],
    ['a place without a clock', { timeZone: 'Mars/Olympus' }, 'timeZone zone-unknown'],
    ['half an hour', { cutOverHour: 4.5 }, 'cutOverHour hour-range'],
    ['a price of nothing', { item: { name: 'A', priceMinor: 0 } }, 'item.priceMinor price-range'],
    ['a price of 1e9', { item: { name: 'A', priceMinor: 1e9 } }, 'item.priceMinor price-range'],
    ['a negative price', { item: { name: 'A', priceMinor: -1 } }, 'item.priceMinor price-range'],
    ['nobody at the till', { cashiers: [] }, 'cashiers cashiers-none'],
    ['the same name twice', { cashiers: ['Ada', ' ada'] }, 'cashiers.1 name-twice'],
    ['a manager called like a cashier', { managerName: 'İPEK' }, 'managerName name-twice'],
    ['a PIN of letters', { managerPin: 'abcd' }, 'managerPin pin-digits'],
    ['a PIN everybody tries', { managerPin: '1234' }, 'managerPin pin-simple'],
    [
      'a preset that is not there',
      { choice: { preset: 'nothing', knobs: {} } },
      'choice.preset preset-unknown',
    ],
    [
      'a knob beyond its end',
      {
        choice: {
          preset: 'boutique',
          knobs: { pointsPerMajor: 1, costPoints: 0, rewardMinor: 1000 },
        },
      },
      'choice.knobs.costPoints knob-too-low',
    ],
    [
      'levels the wrong way round, with the place in the programme',
      {
        choice: {
          preset: 'tiers',
          knobs: {
            pointsPerMajor: 1,
            costPoints: 10,
            rewardMinor: 100,
            silverPoints: 9,
            goldPoints: 9,
          },
        },
      },
      'programme.tiers.2.criteria levels-order',
    ],
  ])('tells %s by its place and a code', (_, more, told) => {
    expect(setupAnswers.safeParse(boutiqueAnswers(more)).success).toBe(true);
    expect(codesOf(more)).toEqual([told]);
    expect(shopFromAnswers(boutiqueAnswers(more)).ok).toBe(false);
  });

  it('puts the manager behind the cashiers, by name or by the word for it', () => {
    const staffOf = (more: Parameters<typeof boutiqueAnswers>[0]) => {
      const shop = shopFromAnswers(boutiqueAnswers(more));
      return shop.ok ? shop.value.config.cashiers.map(({ name, role }) => [name, role]) : [];
    };
    const sellers = [
      ['Şule', 'cashier'],
      ['İpek', 'cashier'],
    ];
    expect(staffOf({ managerName: ' Nur ' })).toEqual([...sellers, ['Nur', 'manager']]);
    expect(staffOf({ managerName: '' })).toEqual([...sellers, ['Yönetici', 'manager']]);
  });

  it('finds nothing wrong with an Arabic name, a Turkish one and a long address', () => {
    expect(codesOf({ storeName: 'مقهى الزاوية' })).toEqual([]);
    expect(codesOf({ storeName: 'IĞDIR ÇİÇEK ŞİŞLİ' })).toEqual([]);
    expect(codesOf({ storeAddress: 'x'.repeat(120) })).toEqual([]);
  });
});
