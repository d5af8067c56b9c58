import { z } from 'zod';

/** The six things that can happen to an account; there is no seventh. */
export const entryTypes = ['earn', 'redeem', 'expire', 'adjust', 'transfer', 'reverse'] as const;

/** One of the six. A cancelled redemption is a `reverse`, a merge is a pair of `transfer`. */
export type EntryType = (typeof entryTypes)[number];

/** `spendable` pays rewards; `qualifying` only decides tiers and is never redeemed. */
export const accountPurposes = ['spendable', 'qualifying'] as const;

/** What the points of an account are for. */
export type AccountPurpose = (typeof accountPurposes)[number];

const reference = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, _ and - only, at most 64');

/** Schema of `AccountRef`. */
export const accountRefSchema = z.strictObject({
  holder: reference,
  programme: reference,
  purpose: z.enum(accountPurposes),
});

/**
 * Whose points of which programme for what.
 *
 * The holder is a member reference, or the reference of a bearer account (gift card, coupon).
 */
export type AccountRef = Readonly<z.infer<typeof accountRefSchema>>;

/** One text per account, for maps and database keys; references never contain `/`. */
export function accountKey(account: AccountRef): string {
  return `${account.holder}/${account.programme}/${account.purpose}`;
}

const integer = z.int();

/** Schema of `LedgerEntry`: JSON-safe, integers only, no personal data. */
export const ledgerEntrySchema = z.strictObject({
  id: reference,
  account: accountRefSchema,
  type: z.enum(entryTypes),
  amount: integer,
  source: z.string().min(1).max(128),
  sourceType: z.enum([
    'sale',
    'refund',
    'void',
    'claim',
    'enrol',
    'birthday',
    'referral',
    'event',
    'tier-up',
    'window-close',
    'voucher',
    'badge',
    'expiry',
    'transfer',
    'merge',
    'manual',
    'correction',
  ]),
  lotId: reference.nullable(),
  ofEntryId: reference.nullable(),
  effectiveAtMs: integer,
  expiresAtMs: integer.nullable(),
  basisMinor: integer.nullable(),
  currency: z.string().length(3).nullable(),
  breakdown: z.record(z.string().max(64), integer),
  programmeVersion: z.int().min(1).nullable(),
  allocatedMinor: integer.nullable(),
  actor: z.string().max(64),
  reason: z.string().max(280).nullable(),
  till: z.string().max(64).nullable(),
  atMs: integer,
});

/**
 * One row of the ledger; append-only.
 *
 * `amount` is signed, in the account's smallest unit. Unique on (account, type, source): the same
 * source writes the same row once, however often it is retried. `lotId` names the lot an `expire`
 * closes, or one a debit must take from first. `ofEntryId` is what a `reverse` takes back.
 * `effectiveAtMs` in the future means pending; `expiresAtMs` is exclusive. `basisMinor` and
 * `breakdown` explain an earning; `allocatedMinor` is the money deferred for it that day.
 * Instants are milliseconds since 1970 UTC.
 */
export type LedgerEntry = Readonly<z.infer<typeof ledgerEntrySchema>>;

/** What caused an entry. */
export type SourceType = LedgerEntry['sourceType'];

/** The fields that lots and balances depend on; a projection may hold only these. */
export type LotEntry = Pick<
  LedgerEntry,
  'id' | 'type' | 'amount' | 'source' | 'lotId' | 'ofEntryId' | 'effectiveAtMs' | 'expiresAtMs'
>;

/** The key that makes an entry unique within the ledger. */
export function entryKey(entry: Pick<LedgerEntry, 'account' | 'type' | 'source'>): string {
  return `${accountKey(entry.account)}/${entry.type}/${entry.source}`;
}

/** Makes an entry from what it must have; everything that explains it is optional. */
export function ledgerEntry(
  fields: Pick<
    LedgerEntry,
    'id' | 'account' | 'type' | 'amount' | 'source' | 'sourceType' | 'atMs' | 'actor'
  > &
    Partial<LedgerEntry>,
): LedgerEntry {
  return {
    lotId: null,
    ofEntryId: null,
    effectiveAtMs: fields.atMs,
    expiresAtMs: null,
    basisMinor: null,
    currency: null,
    breakdown: {},
    programmeVersion: null,
    allocatedMinor: null,
    reason: null,
    till: null,
    ...fields,
  };
}
