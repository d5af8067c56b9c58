import { z } from 'zod';
import { ref } from '#journal/entry.ts';
import { lineKinds } from '#loyalty/conditions.ts';
import { localText } from './member.ts';

/** A thing the shop sells, as the till's catalogue knows it. */
export const product = z.strictObject({
  sku: ref,
  name: localText,
  /** GTIN-14 codes that a scan may bring. */
  gtins: z.array(z.string().regex(/^[0-9]{14}$/)).max(8),
  unitPriceMinor: z.int().nonnegative(),
  categories: z.array(ref).max(8),
  /** What it is besides goods: a gift card, a top-up, a deposit … Absent for goods. */
  kind: z.enum(lineKinds).optional(),
});
export type Product = z.infer<typeof product>;
