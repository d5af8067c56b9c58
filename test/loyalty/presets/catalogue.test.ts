import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, EXAMPLE_VISITS_MAX, liveExample } from '#loyalty/live-example.ts';
import { marketIds, markets } from '#loyalty/market.ts';
import { catalogue, fitChoice } from '#loyalty/presets/catalogue.ts';
import { type KnobValues, usualKnobs } from '#loyalty/presets/preset-knobs.ts';
import { previewSale } from '#loyalty/ledger-sale.ts';
import { emptyLedger } from '#loyalty/ledger.ts';
import { noonMs } from '#test/loyalty/arrange.ts';

const tax = { kind: 'rate', percent: '20', included: true } as const;

function shopIn(market: (typeof marketIds)[number], priceMinor: number) {
  const profile = markets[market];
  return {
    currency: profile.currency,
    item: { sku: 'item-1', priceMinor },
    settings: {
      timeZone: profile.timeZone,
      cutOverHour: 4,
      store: 'main',
      channel: 'till',
      market: profile,
      cashRoundingMinor: 1,
    },
  };
}

/** Any place of every knob within its bounds, and the usual one. */
function knobsOf(preset: (typeof catalogue)[number]): fc.Arbitrary<KnobValues> {
  const each = preset.knobs.map((knob) =>
    knob.unit === 'code'
      ? fc.constant('WE1C0ME5')
      : fc.oneof(
          fc.integer({ min: knob.min, max: knob.max }),
          fc.integer({ min: knob.min, max: Math.min(knob.max, knob.min + 50) }),
        ),
  );
  return fc
    .tuple(...each)
    .map((values) => Object.fromEntries(preset.knobs.map(({ id }, at) => [id, values[at] ?? 0])));
}

describe('the catalogue', () => {
  it('has every preset once, and each fits every market as it usually stands, without a warning', () => {
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
    for (const preset of catalogue) {
      for (const market of marketIds) {
        const shop = shopIn(market, 2000);
        const fitted = fitChoice({ preset: preset.id, knobs: usualKnobs(preset, shop) }, shop);
        expect([preset.id, market, fitted]).toMatchObject([
          preset.id,
          market,
          { ok: true, value: { warnings: [] } },
        ]);
      }
    }
  });

  it.each(catalogue.map((preset) => [preset.id, preset] as const))(
    '%s: any knobs give right programmes or a refusal with path and fix, and the example is the quote’s',
    (_, preset) => {
      const property = fc.property(
        fc.constantFrom(...marketIds),
        fc.integer({ min: 1, max: 10_000_000 }),
        knobsOf(preset),
        (market, priceMinor, knobs) => {
          const shop = shopIn(market, priceMinor);
          const fitted = fitChoice({ preset: preset.id, knobs }, shop);
          if (!fitted.ok) {
            expect(fitted.error.every((problem) => problem.code === 'programme-wrong')).toBe(true);
            expect(preset.knobs.length).toBeGreaterThan(3);
            return;
          }
          const { programmes } = fitted.value;
          const example = liveExample({ ...shop, programmes, taxes: [tax], startMs: noonMs });
          const first = previewSale(emptyLedger(shop.settings, programmes), {
            id: 'first',
            basket: {
              currency: shop.currency,
              lines: [
                {
                  id: 'item',
                  sku: 'item-1',
                  name: null,
                  categories: [],
                  kind: 'goods',
                  quantityMilli: 1000,
                  unitPriceMinor: priceMinor,
                  taxes: [tax],
                },
              ],
            },
            member: 'somebody',
            proof: 'verified',
            claims: [],
            nowMs: noonMs,
            channel: 'till',
          });
          expect(example.dueMinor).toBe(first.dueMinor);
          expect(example.earns).toEqual(
            first.earnings.map(({ programme, points }) => ({ programme, points })),
          );
          if (example.reward !== null) {
            expect(example.reward.visits).toBeLessThanOrEqual(EXAMPLE_VISITS_MAX);
            expect(example.reward.worthMinor).toBeLessThanOrEqual(priceMinor);
          }
        },
      );
      fc.assert(property, { numRuns: 15 });
    },
  );

  it('tells a gold level below silver by path and fix, and loads nothing', () => {
    const shop = shopIn('TR', 2000);
    const tiers = catalogue.find(({ id }) => id === 'tiers');
    if (tiers === undefined) throw new Error('there are tiers');
    const knobs = { ...usualKnobs(tiers, shop), silverPoints: 500, goldPoints: 400 };
    expect(fitChoice({ preset: 'tiers', knobs }, shop)).toMatchObject({
      ok: false,
      error: [{ code: 'programme-wrong', path: 'tiers.2.criteria' }],
    });
  });

  it.each([
    ['a knob that is not there', { nonsense: 1 }, 'knob-unknown'],
    ['zero', { costPoints: 0 }, 'knob-too-low'],
    ['a negative amount', { rewardMinor: -5 }, 'knob-too-low'],
    ['half a point', { costPoints: 1.5 }, 'knob-too-low'],
    ['a thousand million', { rewardMinor: 1e9 }, 'knob-too-high'],
    ['text', { costPoints: 'many' }, 'knob-too-low'],
  ])('refuses %s', (_, change, code) => {
    const shop = shopIn('TR', 2000);
    const points = catalogue.find(({ id }) => id === 'points');
    if (points === undefined) throw new Error('there are points');
    const knobs: KnobValues = { ...usualKnobs(points, shop), ...change };
    expect(fitChoice({ preset: 'points', knobs }, shop)).toMatchObject({
      ok: false,
      error: [{ code }],
    });
  });
});

describe('the live example', () => {
  const exampleOf = (id: string, more: KnobValues = {}, priceMinor = 2000) => {
    const shop = shopIn('TR', priceMinor);
    const preset = catalogue.find((each) => each.id === id);
    if (preset === undefined) throw new Error(`there is ${id}`);
    const knobs = { ...usualKnobs(preset, shop), ...more };
    const fitted = fitChoice({ preset: id, knobs }, shop);
    if (!fitted.ok) throw new Error(JSON.stringify(fitted.error));
    return liveExample({
      ...shop,
      programmes: fitted.value.programmes,
      taxes: [tax],
      startMs: noonMs,
    });
  };

  it('says that a coffee of 20.00 earns 20 points, and 10.00 come off after five', () => {
    const example = exampleOf('points');
    expect(example).toMatchObject({
      earns: [{ programme: 'points', points: 20 }],
      reward: { visits: 5, costPoints: 100, worthMinor: 1000, spentMinor: 10_000 },
      warnings: [],
    });
    expect(example.reward === null ? null : costOf(example.reward)).toBe(10);
  });

  it('warns with the number of visits when the first reward is far away', () => {
    expect(exampleOf('points', { costPoints: 500 }).warnings).toEqual([
      { code: 'many-visits', visits: 25, most: 10 },
    ]);
    expect(exampleOf('points', { costPoints: 1_000_000 }).warnings).toEqual([
      { code: 'no-reward', most: 60 },
    ]);
  });

  it('warns when the reward costs more than a fifth of what was sold', () => {
    expect(exampleOf('points', { costPoints: 20, rewardMinor: 1000 }).warnings).toEqual([
      { code: 'dear', costPercent: 50, most: 20 },
    ]);
  });

  it('plays stamps, visits, three for two and a code the way their rules say', () => {
    expect(exampleOf('stamps', { stamps: 8 }).reward).toMatchObject({
      visits: 8,
      worthMinor: 2000,
    });
    expect(exampleOf('visits', { visits: 4 }).voucher).toEqual({ visits: 4, points: 1 });
    expect(exampleOf('three-for-two').together).toEqual({ units: 3, discountMinor: 2000 });
    expect(exampleOf('promo-code').code).toEqual({ code: 'WE1C0ME5', discountMinor: 200 });
  });
});
