import { describe, expect, it } from 'vitest';
import { noFacts } from '#loyalty/facts.ts';
import { markets } from '#loyalty/market.ts';
import { freshMember, newStanding } from '#loyalty/member.ts';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import type { Programme } from '#loyalty/programme.ts';
import { quote } from '#loyalty/quote.ts';
import type { QuoteInput } from '#loyalty/quote-types.ts';

function load(document: unknown): Programme {
  const loaded = parseProgramme(document);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value.programme;
}
const points = load(pointsPreset);
const clock = { timeZone: 'Europe/Istanbul', cutOverHour: 4 };
const settings = {
  ...clock,
  store: 's1',
  channel: 'pos',
  market: markets.TR,
  cashRoundingMinor: 1,
};
function basketOf(...prices: number[]): QuoteInput['basket'] {
  return {
    currency: 'TRY',
    lines: prices.map((unitPriceMinor, index) => ({
      id: `l${index + 1}`,
      sku: `sku${index + 1}`,
      name: null,
      categories: [],
      kind: 'goods',
      quantityMilli: 1000,
      unitPriceMinor,
      taxes: [{ kind: 'rate', percent: '20', included: true }],
    })),
  };
}
const gold = {
  ...freshMember('m1', 'verified'),
  standings: { points: { ...newStanding, tier: 'gold', available: 812, spendableHere: 812 } },
};
const input: QuoteInput = {
  basket: basketOf(1840),
  member: gold,
  programmes: [points],
  claims: [],
  nowMs: 1_795_000_000_000,
  facts: noFacts,
  settings,
};

describe('a quote', () => {
  it('earns 23 points for 18.40 at gold 1.25', () => {
    const result = quote(input);
    expect(result.earnings[0]?.points).toBe(23);
    expect(result.earnings[0]?.breakdown).toEqual({ base: 18, 'tier:gold': 5 });
  });
});
