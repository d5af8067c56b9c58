import { z } from 'zod';
import { ref } from '#journal/entry.ts';
import { percentField } from '#loyalty/fields.ts';
import { marketIds } from '#loyalty/market.ts';
import type { Contract } from './rpc.ts';

/** Longest name of a shop. */
export const STORE_NAME_MAX = 64;
/** Longest address; it is printed on every receipt. */
export const STORE_ADDRESS_MAX = 120;
/** Longest name of a cashier or of goods. */
export const NAME_MAX = 40;
/** Most cashiers that set-up takes. */
export const CASHIERS_MAX = 50;
/** Most goods that set-up takes; more come by import. */
export const GOODS_MAX = 500;
/** Highest price, in minor units. */
export const PRICE_MINOR_MAX = 100_000_000;

/** The goods that examples speak of: what most customers buy. */
export const ITEM_SKU = 'item-1';

/** The preset a shop runs and where its knobs stand. */
export const presetChoice = z.strictObject({
  preset: ref,
  knobs: z.record(z.string().max(32), z.union([z.number(), z.string().max(40)])),
});

/** One tax on everything that is sold: within the price as on a shelf, or added to it. */
export const taxSetting = z.strictObject({ percent: percentField, included: z.boolean() });
export type TaxSetting = z.infer<typeof taxSetting>;

const goods = z.strictObject({ name: z.string().max(400), priceMinor: z.number() });

/**
 * Everything set-up asks.
 *
 * Wide on purpose: what is wrong in it is told by `checkAnswers` with a code for each mistake, so
 * that the page has words for it; only nonsense is refused here.
 */
export const setupAnswers = z.strictObject({
  language: z.enum(['en', 'tr', 'de', 'ar']),
  storeName: z.string().max(4000),
  storeAddress: z.string().max(4000),
  market: z.enum(marketIds),
  currency: z.string().max(8),
  tax: z.strictObject({ percent: z.string().max(40), included: z.boolean() }).nullable(),
  timeZone: z.string().max(64),
  cutOverHour: z.number(),
  /** Whether a scanned card is proof enough to spend points, where the market asks for more. */
  scannedCardSpends: z.boolean(),
  /** What most customers buy; the first of the goods. */
  item: goods,
  choice: presetChoice,
  goods: z.array(goods).max(GOODS_MAX),
  cashiers: z.array(z.string().max(400)).max(CASHIERS_MAX),
  /** Empty = the word for a manager, until somebody writes a name. */
  managerName: z.string().max(400),
  /** The manager signs in with it, and confirms what only a manager may do. */
  managerPin: z.string().max(40),
});
export type SetupAnswers = z.infer<typeof setupAnswers>;

/** One thing that is wrong: where, and a code the page has words for. `detail` says path and fix. */
export const setupProblem = z.strictObject({
  path: z.string().max(120),
  code: z.string().max(64),
  params: z.record(z.string().max(32), z.union([z.string().max(200), z.number()])),
});
export type SetupProblem = z.infer<typeof setupProblem>;

const refused = z.strictObject({
  outcome: z.literal('refused'),
  problems: z.array(setupProblem).min(1).max(200),
});

/** Done; or every reason why not, and then nothing was changed. */
export const setupDone = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('done') }),
  refused,
]);
export type SetupDone = z.infer<typeof setupDone>;

/** What the page needs to show the programme that runs now. */
export const programmesView = z.strictObject({
  /** Null where the programmes did not come from set-up. */
  choice: presetChoice.nullable(),
  currency: z.string().max(8),
  market: z.enum(marketIds),
  timeZone: z.string().max(64),
  cutOverHour: z.int(),
  tax: taxSetting.nullable(),
  item: z.strictObject({
    sku: ref,
    name: z.record(z.string(), z.string()),
    priceMinor: z.int().nonnegative(),
  }),
});
export type ProgrammesView = z.infer<typeof programmesView>;

/** Page ↔ shell while there is no shop yet. */
export const setupContract = {
  calls: {
    'setup.apply': { input: setupAnswers, output: setupDone },
  },
  events: {},
} as const satisfies Contract;
export type SetupContract = typeof setupContract;

/** Page ↔ till: the programme that runs, and its change by a manager. */
export const programmeCalls = {
  'programmes.view': { input: z.null(), output: programmesView },
  'programmes.change': {
    input: z.strictObject({ choice: presetChoice, managerPin: z.string().max(40) }),
    output: setupDone,
  },
} as const;

/** Till ↔ server, beside the calls of `sync.ts`. */
export const setupSyncCalls = {
  /** Unsigned like `enrol`, and good only while the server has no shop: the pairing code opens it. */
  'set-up': {
    input: z.strictObject({ code: z.string().max(32), answers: setupAnswers }),
    output: setupDone,
  },
  /** A manager changes the programme of the till's own store; takes effect with the next version. */
  programmes: {
    input: z.strictObject({ choice: presetChoice, managerPin: z.string().max(40) }),
    output: setupDone,
  },
} as const;
