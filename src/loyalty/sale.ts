import { z } from 'zod';
import { basketLineField, basketLinesMax, taxField } from './basket.ts';
import { type Context, makeContext } from './context.ts';
import { countedField, countedNow } from './counted.ts';
import { currencyField } from './fields.ts';
import { normaliseCode } from './card.ts';
import { newStanding } from './member.ts';
import {
  earningsMax,
  redemptionsMax,
  vouchersMax,
  type Quote,
  type QuoteInput,
} from './quote-types.ts';
import { taxKey } from './quote-totals.ts';
import { traceCodes, traceStepsMax } from './trace.ts';

const integer = z.int();
const count = z.int().nonnegative();
/** As a document's names once were: a sale that was written down can always be read. */
const idField = z.string().regex(/^[A-Za-z0-9_-]{1,48}$/);
const holderField = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const soldLine = z.strictObject({
  ...basketLineField.omit({ name: true, taxes: true }).shape,
  /** Index into `taxSets`. */
  taxSet: count,
  grossMinor: integer,
  netMinor: integer,
  paidByValueMinor: count,
  freeMilli: count,
  discounts: z
    .array(
      z.strictObject({
        programme: idField,
        reward: idField,
        amountMinor: integer,
        free: z.boolean(),
      }),
    )
    .max(redemptionsMax),
});

const soldEarning = z.strictObject({
  programme: idField,
  version: z.int().positive(),
  points: count,
  qualifyingPoints: count,
  basisMinor: integer,
  breakdown: z.record(z.string().max(64), count),
  effectiveAtMs: integer,
  expiresAtMs: integer.nullable(),
  allocatedMinor: count,
});

const soldRedemption = z.strictObject({
  programme: idField,
  version: z.int().positive(),
  reward: idField,
  stage: z.enum(['discount', 'payment']),
  holder: holderField.nullable(),
  holderKind: z.enum(['member', 'bearer', 'sale']),
  points: count,
  valueMinor: count,
  units: count,
  /** Money taken off or paid, per line id. */
  parts: z
    .array(z.strictObject({ line: z.string().max(64), amountMinor: integer }))
    .max(basketLinesMax),
});

const soldVoucher = z.strictObject({
  programme: idField,
  version: z.int().positive(),
  rule: idField,
  opens: idField,
  points: count,
});

const soldStep = z.strictObject({
  code: z.enum(traceCodes),
  params: z.record(z.string().max(32), z.union([z.string().max(200), z.number()])),
});

/** Schema of `SaleSnapshot`; the journal stores it inside its sale entry. */
export const saleSnapshot = z.strictObject({
  v: z.literal(1),
  currency: currencyField,
  /** When the sale was quoted for the last time. */
  nowMs: integer,
  store: z.string().max(64),
  channel: z.string().max(64),
  codes: z.array(z.string().max(64)).max(20),
  taxSets: z.array(z.array(taxField).max(8)).max(64),
  lines: z.array(soldLine).max(basketLinesMax),
  subtotalMinor: integer,
  discountMinor: integer,
  totalMinor: integer,
  roundingMinor: integer,
  paidByValueMinor: count,
  redemptions: z.array(soldRedemption).max(redemptionsMax),
  earnings: z.array(soldEarning).max(earningsMax),
  /** What the receipt's bearer may claim later; empty when a proven member earned. */
  claimable: z.array(soldEarning).max(earningsMax),
  vouchers: z.array(soldVoucher).max(vouchersMax),
  ...countedField.shape,
  trace: z.array(soldStep).max(traceStepsMax),
});

/**
 * A sale as it was, frozen: everything a refund, a claim or a question needs.
 *
 * JSON-safe, integers only, no name and no free text; a member appears as a random reference. With
 * the programme versions it names it can be computed again to the same figures.
 */
export type SaleSnapshot = Readonly<z.infer<typeof saleSnapshot>>;

/** A line of a frozen sale. */
export type SoldLine = SaleSnapshot['lines'][number];

/** An earning of a frozen sale. */
export type SoldEarning = SaleSnapshot['earnings'][number];

/** A redemption of a frozen sale. */
export type SoldRedemption = SaleSnapshot['redemptions'][number];

function contextOf(input: QuoteInput, quote: Quote): Context {
  const standings = { ...input.member?.standings };
  for (const { programme, after } of quote.tiers) {
    standings[programme] = { ...(standings[programme] ?? newStanding), tier: after };
  }
  const codes = input.claims.flatMap((claim) =>
    claim.kind === 'code' ? [normaliseCode(claim.code)] : [],
  );
  return makeContext({
    nowMs: input.nowMs,
    currency: input.basket.currency,
    member: input.member === null ? null : { ...input.member, standings },
    facts: input.facts,
    settings: input.settings,
    codes: new Set(codes),
  });
}

type QuotedSide = Quote['earnings'][number];

/** An earning as it is frozen. */
export function freezeEarning(earning: QuotedSide): SoldEarning {
  const { name: _, breakdown, ...rest } = earning;
  return { ...rest, breakdown: { ...breakdown } };
}

function freezeRedemption(done: Quote['redemptions'][number]): SoldRedemption {
  return {
    programme: done.programme,
    version: done.version,
    reward: done.reward,
    stage: done.stage,
    holder: done.holder,
    holderKind: done.holderKind,
    points: done.points,
    valueMinor: done.valueMinor,
    units: done.units,
    parts: done.parts.map((part) => ({ ...part })),
  };
}

function freezeLines(quote: Quote): Pick<SaleSnapshot, 'lines' | 'taxSets'> {
  const taxSets: SaleSnapshot['taxSets'] = [];
  const indexes = new Map<string, number>();
  const lines = quote.lines.map((quoted): SoldLine => {
    const { name: _, taxes, ...line } = quoted.line;
    const key = `${taxKey(taxes)} ${taxes.some((tax) => tax.kind === 'contained') ? line.id : ''}`;
    const taxSet = indexes.get(key) ?? taxSets.push([...taxes]) - 1;
    indexes.set(key, taxSet);
    return {
      ...line,
      categories: [...line.categories],
      taxSet,
      grossMinor: quoted.grossMinor,
      netMinor: quoted.netMinor,
      paidByValueMinor: quoted.paidByValueMinor,
      freeMilli: quoted.freeMilli,
      discounts: quoted.discounts.map((discount) => ({ ...discount })),
    };
  });
  return { lines, taxSets };
}

/** Freezes a quote at the moment of settling; the result is what `saleSnapshot` accepts. */
export function freezeSale(input: QuoteInput, quote: Quote): SaleSnapshot {
  const earning = [...quote.earnings, ...quote.claimable].map((item) => item.programme);
  const issuing = quote.awards.map((award) => award.programme);
  const heldProgrammes = input.programmes.filter(
    ({ id }) => earning.includes(id) || issuing.includes(id),
  );
  return {
    v: 1,
    currency: quote.currency,
    nowMs: input.nowMs,
    store: input.settings.store,
    channel: input.settings.channel,
    codes: input.claims
      .flatMap((claim) => (claim.kind === 'code' ? [claim.code] : []))
      .slice(0, 20),
    ...freezeLines(quote),
    subtotalMinor: quote.subtotalMinor,
    discountMinor: quote.discountMinor,
    totalMinor: quote.totalMinor,
    roundingMinor: quote.roundingMinor,
    paidByValueMinor: quote.paidByValueMinor,
    redemptions: quote.redemptions.map(freezeRedemption),
    earnings: quote.earnings.map(freezeEarning),
    claimable: quote.claimable.map(freezeEarning),
    vouchers: quote.awards.flatMap((award) =>
      award.kind === 'voucher'
        ? [
            {
              programme: award.programme,
              version: award.version,
              rule: award.rule,
              opens: award.opens,
              points: award.points,
            },
          ]
        : [],
    ),
    ...countedNow(heldProgrammes, contextOf(input, quote)),
    trace: quote.trace.map((step) => ({ code: step.code, params: { ...step.params } })),
  };
}
