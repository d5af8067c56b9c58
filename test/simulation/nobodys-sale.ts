import type { QuoteSettings } from '#loyalty/context.ts';
import { noFacts } from '#loyalty/facts.ts';
import { markets } from '#loyalty/market.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme } from '#loyalty/programme.ts';
import { quote } from '#loyalty/quote.ts';
import { freezeSale, type SaleSnapshot } from '#loyalty/sale.ts';
import { NOON_MS } from '#test/journal/support/test-till.ts';

/** The one line of a sale to nobody. */
export const LINE = 'line-1';
/** Most pieces on one. */
export const PIECES_MAX = 4;
/** What a piece costs, in minor units, and earns, in points. */
const PIECE_MINOR = 2000;
export const POINTS_PER_PIECE = 20;
/** A piece as lines count it. */
export const PIECE_MILLI = 1000;

/** The shop's programme, in the only version it ever has. */
export const PROGRAMMES = [programme.parse(pointsPreset)];

export const SETTINGS: QuoteSettings = {
  timeZone: 'Europe/Istanbul',
  cutOverHour: 4,
  store: 'moda',
  channel: 'store',
  market: markets.TR,
  cashRoundingMinor: 1,
};

const frozen = new Map<number, SaleSnapshot>();

/** A sale of so many pieces to nobody, priced by the engine: its receipt can be claimed. */
export function nobodysSale(pieces: number): SaleSnapshot {
  const known = frozen.get(pieces);
  if (known !== undefined) return known;
  const line = {
    id: LINE,
    sku: 'moda-01',
    name: null,
    categories: [],
    kind: 'goods' as const,
    quantityMilli: PIECE_MILLI * pieces,
    unitPriceMinor: PIECE_MINOR,
    taxes: [],
  };
  const input = {
    basket: { currency: 'TRY' as const, lines: [line] },
    member: null,
    programmes: PROGRAMMES,
    claims: [],
    nowMs: NOON_MS,
    facts: noFacts,
    settings: SETTINGS,
  };
  const sale = freezeSale(input, quote(input));
  frozen.set(pieces, sale);
  return sale;
}
