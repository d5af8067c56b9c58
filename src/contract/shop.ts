import { z } from 'zod';
import { programme, programmesMax } from '#loyalty/programme.ts';
import { ref } from '#journal/entry.ts';
import { proofLevel } from './member.ts';
import { product } from './product.ts';
import { offlineRisk } from './shop-rules.ts';
import { presetChoice, taxSetting } from './setup.ts';
import { surveyRules } from './survey.ts';
import { STAFF_MAX, staffMember, staffRules } from './staff.ts';

/** What a till must know of its shop to work alone; comes at enrolment and by PULL. */
export const shopConfig = z.strictObject({
  /** Grows with every change. */
  version: z.int().positive(),
  storeName: z.string().min(1).max(64),
  storeAddress: z.string().max(120),
  /** IANA zone, `Europe/Istanbul`. */
  timeZone: z.string().max(64),
  /** The business day begins at this hour of the store's clock. */
  cutOverHour: z.int().min(0).max(12),
  currency: z.string().regex(/^[A-Z]{3}$/),
  market: z.enum(['TR', 'DE', 'US', 'SA']),
  /** Least proof with which points are spent here; null = as the market profile says. */
  redeemFrom: proofLevel.nullable(),
  /** Language of the screen and of receipts where the member has none. */
  language: z.enum(['en', 'tr', 'de', 'ar']),
  /** On everything that is sold here; absent = prices are what they are. */
  tax: taxSetting.optional(),
  /** The preset the programmes came from; absent = they were written by hand. */
  choice: presetChoice.optional(),
  programmes: z.array(programme).min(1).max(programmesMax),
  products: z.array(product).max(5000),
  cashiers: z.array(staffMember).max(STAFF_MAX),
  /** What this store decided about its staff; absent = as usual. */
  staffRules: staffRules.optional(),
  /**
   * What the shop is ready to lose so that members can spend offline what no till holds for them;
   * absent = nothing. See `RiskCaps`.
   */
  offlineRisk: z.array(offlineRisk).max(programmesMax).optional(),
  /** What this shop decided about asking its members after a sale; absent = as usual. */
  survey: surveyRules.optional(),
  tills: z.array(z.strictObject({ till: ref, name: z.string().max(64) })).max(1000),
});
export type ShopConfig = z.infer<typeof shopConfig>;
