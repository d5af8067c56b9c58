import { z } from 'zod';
import { accountStatement } from './account-statement.ts';
import { dayTotals, outstandingPoints, overdrawnAccounts } from './day-totals.ts';
import { accountPurposes, accountRefSchema } from './entry.ts';
import { figureField, figureOf } from './figures.ts';
import { dateField, pointsField } from './fields.ts';
import { cardBalances, type CardRefusal, holderOfCard } from './ledger-cards.ts';
import { type PointsRefusal, spendingRefusal } from './ledger-points.ts';
import {
  currentProgrammes,
  type Ledger,
  memberByIdentifier,
  resolveMember,
  spendable,
  stateOf,
} from './ledger.ts';
import { expiringBy } from './lots.ts';
import { previewSale } from './ledger-sale.ts';
import { receiptBlocks } from './points-block.ts';
import { spendingFigures } from './quote-figures.ts';
import { assertNever, err, ok, type Result } from './result.ts';
import { saleStatement } from './sale-statement.ts';
import { tierFor } from './tiers.ts';
import { fullClaims, type UnknownReward, writtenSale } from './written-sale.ts';

const ref = accountRefSchema.shape.holder;
const atMs = z.int();
const account = accountRefSchema.extend({
  purpose: z.enum(accountPurposes).default('spendable'),
});
const asks = <Name extends string>(name: Name) => z.literal(name);

/**
 * Schema of `LedgerQuestion`: what a ledger can be asked without changing it, as data.
 *
 * Beside the commands it is what another system reads by: the same words, units and refusals.
 */
export const ledgerQuestion = z.discriminatedUnion('ask', [
  /** What a basket would cost, earn and spend, told of one programme; writes nothing. */
  z.strictObject({ ask: asks('quote'), ...writtenSale, programme: ref }),
  z.strictObject({ ask: asks('account'), account, atMs }),
  z.strictObject({ ask: asks('programme'), programme: ref, atMs }),
  z.strictObject({ ask: asks('source'), source: z.string(), atMs }),
  z.strictObject({ ask: asks('member'), member: ref, atMs }),
  z.strictObject({ ask: asks('expiring'), account, byMs: atMs, atMs }),
  z.strictObject({
    ask: asks('may-spend'),
    account: account.nullable().default(null),
    points: pointsField,
    atMs,
  }),
  z.strictObject({ ask: asks('receipt'), sale: z.string(), programme: ref }),
  z.strictObject({ ask: asks('day'), day: dateField }),
  /** What a manager must look at: accounts below zero. */
  z.strictObject({ ask: asks('exceptions'), atMs }),
  z.strictObject({
    ask: asks('tier-for'),
    programme: ref,
    measures: z.record(z.string().max(64), z.int()),
  }),
  z.strictObject({ ask: asks('card'), code: z.string() }),
  z.strictObject({ ask: asks('member-of'), identifier: z.string() }),
  z.strictObject({ ask: asks('figure'), figure: figureField }),
]);

/** One thing a ledger is asked. */
export type LedgerQuestion = Readonly<z.infer<typeof ledgerQuestion>>;

/** What it says, by names; `…Minor` is money, other amounts are points in the smallest unit. */
export type LedgerAnswer = Readonly<Record<string, unknown>>;

/** Why there is no answer. */
export type QuestionRefusal =
  | CardRefusal
  | PointsRefusal
  | UnknownReward
  | { readonly code: 'unknown-sale' }
  | { readonly code: 'unknown-programme'; readonly programme: string };

function aboutQuote(
  ledger: Ledger,
  of: Extract<LedgerQuestion, { ask: 'quote' }>,
): Result<LedgerAnswer, QuestionRefusal> {
  const programme = currentProgrammes(ledger).find(({ id }) => id === of.programme);
  if (programme === undefined) return err({ code: 'unknown-programme', programme: of.programme });
  const claims = fullClaims(ledger.programmes, of.claims);
  if (!claims.ok) return claims;
  const quote = previewSale(ledger, { ...of, claims: claims.value, nowMs: of.atMs });
  const sale = saleStatement(ledger, quote, programme, of.member, of.atMs);
  return ok({ quote, sale, spending: spendingFigures(quote, programme.id) });
}

function aboutProgramme(ledger: Ledger, programme: string, ms: number): LedgerAnswer {
  const holders = new Set([
    ...ledger.members.keys(),
    ...ledger.entries.map((entry) => entry.account.holder),
  ]);
  const balanceOf = (holder: string): number =>
    stateOf(ledger, spendable(holder, programme), ms).balance;
  return {
    balances: Object.fromEntries([...holders].map((of) => [of, balanceOf(of)])),
    cardBalances: cardBalances(ledger, programme, ms),
    outstanding: outstandingPoints(ledger, programme, ms),
  };
}

/** What a sale or another source wrote, and the points left on the vouchers it issued. */
function aboutSource(ledger: Ledger, source: string, ms: number): LedgerAnswer {
  const entries = ledger.entries.filter(
    (entry) => entry.source === source && entry.account.purpose === 'spendable',
  );
  const vouchers = ledger.vouchers
    .filter(({ sale }) => sale === source)
    .map(({ code, holder, programme }) => {
      const { available } = stateOf(ledger, spendable(holder, programme), ms);
      return { code, programme, available };
    });
  return { entries, vouchers };
}

/** A member's page: where the record went, other records' cards that find it, and each account. */
function aboutMember(ledger: Ledger, member: string, ms: number): LedgerAnswer {
  const known = ledger.members.get(member);
  const all = [...ledger.members.values()].flatMap(({ identifiers }) => identifiers);
  const found = all.filter((each) => memberByIdentifier(ledger, each) === member);
  return {
    mergedInto: known?.mergedInto ?? null,
    takenOver: found.filter((each) => known?.identifiers.includes(each) !== true),
    accounts: Object.fromEntries(
      currentProgrammes(ledger).map(({ id }) => [
        id,
        accountStatement(ledger, spendable(member, id), ms),
      ]),
    ),
  };
}

function aboutReceipt(
  ledger: Ledger,
  id: string,
  programme: string,
): Result<LedgerAnswer, QuestionRefusal> {
  const sale = ledger.sales.get(id);
  if (sale === undefined) return err({ code: 'unknown-sale' });
  const own = receiptBlocks(ledger, sale).find((block) => block.programme === programme);
  return ok(own === undefined ? {} : { won: own.won, spent: own.spent, balance: own.balance });
}

/** Answers a question by the reader of that name. */
export function askLedger(
  ledger: Ledger,
  of: LedgerQuestion,
): Result<LedgerAnswer, QuestionRefusal> {
  switch (of.ask) {
    case 'quote':
      return aboutQuote(ledger, of);
    case 'account':
      return ok({ ...accountStatement(ledger, of.account, of.atMs) });
    case 'programme':
      return ok(aboutProgramme(ledger, of.programme, of.atMs));
    case 'source':
      return ok(aboutSource(ledger, of.source, of.atMs));
    case 'member':
      return ok(aboutMember(ledger, of.member, of.atMs));
    case 'expiring':
      return ok({ expiring: expiringBy(stateOf(ledger, of.account, of.atMs), of.byMs) });
    case 'may-spend': {
      const refusal = spendingRefusal(ledger, of.account, of.points, of.atMs);
      return refusal === null ? ok({}) : err(refusal);
    }
    case 'receipt':
      return aboutReceipt(ledger, of.sale, of.programme);
    case 'day':
      return ok({ ...dayTotals(ledger, of.day) });
    case 'exceptions':
      return ok({ overdrawn: overdrawnAccounts(ledger, of.atMs) });
    case 'tier-for': {
      const programme = currentProgrammes(ledger).find(({ id }) => id === of.programme);
      if (programme === undefined)
        return err({ code: 'unknown-programme', programme: of.programme });
      const tier = tierFor(programme, of.measures);
      return ok({ tier: programme.tiers.find(({ id }) => id === tier)?.name ?? null });
    }
    case 'card': {
      const holder = holderOfCard(ledger, of.code);
      return holder.ok ? ok({ holder: holder.value }) : holder;
    }
    case 'member-of': {
      const member = memberByIdentifier(ledger, of.identifier);
      return ok({ member: member === null ? null : resolveMember(ledger, member) });
    }
    case 'figure':
      return ok(figureOf(of.figure));
    default:
      return assertNever(of, 'askLedger');
  }
}
