import { z } from 'zod';
import { accountPurposes, accountRefSchema, ledgerEntrySchema } from './entry.ts';
import { dateField, idField, minorField, milliField, pointsField } from './fields.ts';
import { nightJobs } from './ledger-night.ts';
import { proofLevels } from './proof.ts';
import { err, ok, type Result } from './result.ts';
import { writtenSale } from './written-sale.ts';

const ref = accountRefSchema.shape.holder;
const { source, sourceType, breakdown, basisMinor } = ledgerEntrySchema.shape;
const atMs = z.int();
const code = z.string().min(1).max(64);
const account = accountRefSchema.extend({
  purpose: z.enum(accountPurposes).default('spendable'),
});
/** JSON can say `-0`, which nobody means. */
const signed = z.int().transform((amount) => amount + 0);
const moving = { account, points: pointsField, source, atMs };

/** Goods of a sale, whole or in part: by line, by product code, by money, or all that is left. */
const returning = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('everything') }),
  z.strictObject({ kind: z.literal('amount'), amountMinor: minorField }),
  z.strictObject({
    kind: z.literal('lines'),
    lines: z.array(z.strictObject({ line: code, quantityMilli: milliField })).max(300),
  }),
  z.strictObject({
    kind: z.literal('goods'),
    goods: z.array(z.strictObject({ sku: code, quantityMilli: milliField.default(1000) })).max(300),
  }),
]);

const does = <Name extends string>(name: Name) => z.literal(name);

/** Sales, and what happens to them. */
export const saleCommand = z.discriminatedUnion('command', [
  z.strictObject({
    command: does('settle-sale'),
    ...writtenSale,
  }),
  /** Without a choice of goods all that is left comes back. */
  z.strictObject({
    command: does('return-goods'),
    sale: source,
    source,
    returning: returning.default({ kind: 'everything' }),
    atMs,
  }),
  z.strictObject({
    command: does('claim-receipt'),
    sale: source,
    member: ref,
    proof: z.enum(proofLevels).default('verified'),
    atMs,
  }),
  /** Takes back everything a source wrote, where no goods are known. */
  z.strictObject({ command: does('reverse-source'), source, atMs }),
]);

/** Points that move without a basket; always positive but for `adjust-points`. */
export const pointsCommand = z.discriminatedUnion('command', [
  /** Written as they are; `expiresAtMs` left out is the programme's own end, `null` never. */
  z.strictObject({
    command: does('credit-points'),
    ...moving,
    sourceType: sourceType.exactOptional(),
    effectiveAtMs: atMs.exactOptional(),
    expiresAtMs: atMs.nullable().exactOptional(),
  }),
  /** Under the programme's caps. */
  z.strictObject({
    command: does('earn-points'),
    ...moving,
    sourceType: sourceType.default('sale'),
    qualifyingPoints: pointsField.default(0),
    breakdown: breakdown.default({}),
    basisMinor: basisMinor.default(null),
    effectiveAtMs: atMs.exactOptional(),
    expiresAtMs: atMs.nullable().exactOptional(),
  }),
  z.strictObject({
    command: does('redeem-points'),
    ...moving,
    mayOverdraw: z.boolean().default(false),
  }),
  z.strictObject({
    command: does('adjust-points'),
    ...moving,
    points: signed,
    role: z.enum(['cashier', 'manager']),
    reason: z.string().max(280),
  }),
  z.strictObject({ command: does('set-balance'), account, balance: signed, source, atMs }),
  /** `waiting` of the points are taken where they wait; without a policy the programme's counts. */
  z.strictObject({
    command: does('take-back-points'),
    ...moving,
    waiting: pointsField.default(0),
    policy: z.enum(['negative', 'clamp']).exactOptional(),
  }),
  z.strictObject({
    command: does('transfer-points'),
    from: ref,
    to: ref,
    programme: ref,
    points: pointsField,
    source,
    atMs,
  }),
]);

const member = { member: ref, atMs };
const birthday = z.string().regex(/^\d{2}-\d{2}$/, 'write the month and the day, as MM-DD');
const identifiers = z.array(z.string().min(1).max(128)).max(64);

/** Members, their cards and their tiers. */
export const memberCommand = z.discriminatedUnion('command', [
  z.strictObject({
    command: does('enrol'),
    ...member,
    identifiers: identifiers.default([]),
    birthday: birthday.nullable().default(null),
    referredBy: ref.nullable().default(null),
    enabled: z.boolean().default(true),
  }),
  /** Changes what is known of somebody; `enabled: false` blocks. Who is new is made known. */
  z.strictObject({
    command: does('describe-member'),
    ...member,
    identifiers: identifiers.exactOptional(),
    birthday: birthday.nullable().exactOptional(),
    age: z.int().min(0).max(150).nullable().exactOptional(),
    segments: z.array(code).max(64).exactOptional(),
    enabled: z.boolean().exactOptional(),
  }),
  /** A card, phone or other name by which the member is found from now on, beside the others. */
  z.strictObject({
    command: does('add-identifier'),
    ...member,
    identifier: identifiers.element,
  }),
  z.strictObject({ command: does('merge-members'), from: ref, into: ref, source, atMs }),
  z.strictObject({
    command: does('issue-card'),
    code: ref,
    programme: ref,
    points: pointsField,
    source,
    atMs,
  }),
  z.strictObject({ command: does('replace-card'), code, by: ref, atMs }),
  z.strictObject({ command: does('set-membership'), ...member, programme: ref, untilMs: atMs }),
  z.strictObject({ command: does('stop-renewal'), ...member, programme: ref }),
  /** A tier given or brought along; without days, as if it were reached at that instant. */
  z.strictObject({
    command: does('hold-tier'),
    ...member,
    programme: ref,
    tier: idField.nullable(),
    term: z
      .strictObject({ since: dateField, through: dateField.nullable().default(null) })
      .exactOptional(),
  }),
  /** Looks at tiers now: all of them, or one programme's by measures that were counted elsewhere. */
  z.strictObject({
    command: does('review-tiers'),
    ...member,
    counted: z
      .strictObject({ programme: ref, measures: z.record(z.string().max(64), z.int()) })
      .exactOptional(),
  }),
]);

/** What happens by itself or beside the counter. */
export const timeCommand = z.discriminatedUnion('command', [
  z.strictObject({ command: does('record-event'), ...member, type: code, source }),
  z.strictObject({
    command: does('record-referral'),
    ...member,
    moment: z.enum(['register', 'first', 'every']),
    source,
  }),
  z.strictObject({ command: does('close-window'), ...member, programme: ref }),
  z.strictObject({ command: does('run-night'), atMs }),
  z.strictObject({ command: does('run-job'), job: z.enum(nightJobs), atMs }),
  z.strictObject({ command: does('run-yearly-review'), atMs }),
]);

/**
 * Schema of `LedgerCommand`: everything a ledger can be asked to do, as data.
 *
 * With it another programme's history is brought in, a support case is played again, and another
 * system asks for what a till can do. Amounts are integers (minor units, the smallest unit of
 * points, thousandths), instants milliseconds since 1970 UTC; an unknown key is refused.
 */
export const ledgerCommand = z.discriminatedUnion('command', [
  saleCommand,
  pointsCommand,
  memberCommand,
  timeCommand,
]);

/** One thing a ledger is asked to do. */
export type LedgerCommand = Readonly<z.infer<typeof ledgerCommand>>;

/** What is wrong with a list of commands, and where: `3.basket.lines.0.taxes`. */
export interface CommandProblem {
  readonly path: string;
  readonly message: string;
}

/** Most commands of one list; a longer history comes in several. */
export const commandsMax = 100_000;
const commands = z.array(ledgerCommand).max(commandsMax);

/** Reads a list of commands: all of it, or none and every mistake (at most 50) with its path. */
export function parseCommands(
  list: unknown,
): Result<readonly LedgerCommand[], readonly CommandProblem[]> {
  const parsed = commands.safeParse(list);
  if (parsed.success) return ok(parsed.data);
  return err(
    parsed.error.issues.slice(0, 50).map((issue) => ({
      path: issue.path.map(String).join('.'),
      message: issue.message,
    })),
  );
}

/** The commands as JSON Schema (draft 2020-12), for other systems and their tools. */
export function commandsJsonSchema(): unknown {
  return z.toJSONSchema(commands, { io: 'input' });
}
