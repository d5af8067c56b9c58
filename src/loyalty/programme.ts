import { z } from 'zod';
import { currencyField, datesField, idField, namesField, textField } from './fields.ts';
import { rewardField } from './reward.ts';
import { ruleField } from './rule.ts';
import {
  accountingField,
  autoRedeemField,
  capsField,
  earningField,
  expiryField,
  membershipField,
  receiptClaimField,
  redemptionField,
  refundField,
  transferField,
  windowsField,
} from './settings.ts';
import { tierField, tierSettingsField } from './tier.ts';

const unitField = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('points'),
    scale: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).default(0),
  }),
  z.strictObject({ kind: z.literal('stamps') }),
  z.strictObject({ kind: z.literal('money'), currency: currencyField }),
]);

/** Most programmes of one shop: those that run, and campaigns of other shelves, stores and weeks. */
export const programmesMax = 500;

/** Most rules of one programme. */
export const rulesMax = 500;

/** The programme document: strict, so that a misspelt setting is an error and not ignored. */
export const programme = z.strictObject({
  id: idField,
  /** Versions are immutable; a change is the next number. */
  version: z.int().min(1),
  name: textField,
  /** What one point is called, e.g. `points`, `stars`. */
  unitName: textField.default({ en: 'points' }),
  unit: unitField.default({ kind: 'points', scale: 0 }),
  /** The first is the one rewards are written in. */
  currencies: z.array(currencyField).min(1).max(20),
  /** Where the points live: with the member, on a coupon or card, or only within the sale. */
  holder: z.enum(['member', 'bearer', 'sale']).default('member'),
  enabled: z.boolean().default(true),
  dates: datesField.prefault({}),
  stores: namesField.nullable().default(null),
  channels: namesField.nullable().default(null),
  rules: z.array(ruleField).max(rulesMax).default([]),
  rewards: z.array(rewardField).max(200).default([]),
  tiers: z.array(tierField).max(20).default([]),
  tierSettings: tierSettingsField.prefault({}),
  earning: earningField.prefault({}),
  caps: capsField.prefault({}),
  expiry: expiryField.default({ kind: 'never' }),
  redemption: redemptionField.prefault({}),
  refund: refundField.prefault({}),
  transfer: transferField.prefault({}),
  receiptClaim: receiptClaimField.prefault({}),
  membership: membershipField.nullable().default(null),
  windows: windowsField.nullable().default(null),
  autoRedeem: autoRedeemField.nullable().default(null),
  accounting: accountingField.prefault({}),
  /** How often the whole programme may be used, e.g. a promotion once per member. */
  mostUses: z.int().min(1).nullable().default(null),
});

/**
 * One immutable version of a programme, complete: every setting has a value.
 *
 * The same document drives till, server and tests. A named programme is only such a document.
 */
export type Programme = Readonly<z.infer<typeof programme>>;

/** The programme a shop's figures are about, and the counter shows first; null where none is for members. */
export function mainProgramme(programmes: readonly Programme[]): Programme | null {
  return programmes.find(({ holder }) => holder === 'member') ?? null;
}

/** What a person or a preset writes: defaults left out. */
export type ProgrammeDocument = z.input<typeof programme>;
