import { z } from 'zod';
import { basketField, basketLineField, basketLinesMax } from './basket.ts';
import { basketOfTotals, repriceBasket } from './basket-totals.ts';
import { type Claim, claimField, claimNamed } from './claim-item.ts';
import {
  currencyField,
  idField,
  minorField,
  namesField,
  pointsField,
  rateField,
} from './fields.ts';
import { ledgerEntrySchema } from './entry.ts';
import type { Programme } from './programme.ts';
import { proofLevels } from './proof.ts';
import { err, ok, type Result } from './result.ts';

/** A line where what goes without saying may be left out: its number, one piece, goods, no tax. */
const line = basketLineField.extend({
  id: basketLineField.shape.id.optional(),
  sku: basketLineField.shape.sku.default(null),
  name: basketLineField.shape.name.default(null),
  categories: basketLineField.shape.categories.default([]),
  kind: basketLineField.shape.kind.default('goods'),
  quantityMilli: basketLineField.shape.quantityMilli.default(1000),
  unitPriceMinor: basketLineField.shape.unitPriceMinor.default(0),
  taxes: basketLineField.shape.taxes.default([]),
  /** Rung up and taken out again, as other systems keep it; it is not bought. */
  voided: z.boolean().default(false),
});

/** A basket line by line; `priceFactor` is that of the price list, where it is not the plain one. */
const lines = basketField
  .extend({
    lines: z.array(line).max(basketLinesMax),
    priceFactor: rateField.default('1'),
  })
  .transform(({ priceFactor, currency, lines: written }) => {
    const sold = written.flatMap(({ voided, id, ...of }, place) =>
      voided ? [] : { id: id ?? `l${place}`, ...of },
    );
    return repriceBasket({ currency, lines: sold }, priceFactor);
  });

/** An order known by its sums only, as another system's history has it. */
const totals = z
  .strictObject({
    currency: currencyField,
    goodsMinor: minorField.default(0),
    units: z.int().min(1).max(basketLinesMax).exactOptional(),
    goodsTaxMinor: minorField.exactOptional(),
    addedTaxMinor: minorField.exactOptional(),
    orderMinor: minorField.exactOptional(),
    orderTaxMinor: minorField.exactOptional(),
    deliveryMinor: minorField.exactOptional(),
  })
  .transform(basketOfTotals);

/** A reward as a shopper asks for it: by its name, or only "with points". */
const namedClaim = z.strictObject({
  reward: idField.nullable().default(null),
  points: pointsField.exactOptional(),
  units: z.int().min(0).exactOptional(),
  sku: z.string().max(64).exactOptional(),
  takes: z.enum(['basket', 'added']).exactOptional(),
});
const claims = z.array(z.union([claimField, namedClaim])).max(64);

/** Claims as they are written; a reward may be named without its programme. */
export type WrittenClaims = Readonly<z.infer<typeof claims>>;

/**
 * What a sale is written by, to be settled or only asked about.
 *
 * The basket stands line by line or as its sums; codes and rewards are claimed in their order.
 */
export const writtenSale = {
  id: ledgerEntrySchema.shape.source,
  basket: z.union([lines, totals]),
  member: z.string().min(1).max(64).nullable().default(null),
  proof: z.enum(proofLevels).default('verified'),
  claims: claims.default([]),
  channel: namesField.element.default('pos'),
  atMs: z.int(),
};

/** A claim of a reward that no programme has; `null` where no points can pay. */
export interface UnknownReward {
  readonly code: 'unknown-reward';
  readonly reward: string | null;
}

/** The claims in full: each reward with the programme that has it. */
export function fullClaims(
  programmes: readonly Programme[],
  written: WrittenClaims,
): Result<readonly Claim[], UnknownReward> {
  const found: Claim[] = [];
  for (const claim of written) {
    if ('kind' in claim) {
      found.push(claim);
      continue;
    }
    const { reward, ...more } = claim;
    const named = claimNamed(programmes, reward, more);
    if (named === null) return err({ code: 'unknown-reward', reward });
    found.push(named);
  }
  return ok(found);
}
