import type { CommandOutcome } from './commands-apply.ts';
import type { Programme } from './programme.ts';
import type { LocalText } from './fields.ts';
import type { Quote, QuotedAward, QuotedEarning, TaxGroup } from './quote-types.ts';
import type { ReasonCode } from './reason.ts';
import type { Refund } from './refund.ts';

/** Values by name, none of them in parts. */
export type PlainValues = Readonly<Record<string, string | number | boolean>>;

/** A quote as one programme's figures; money in minor units, points in the smallest unit. */
export interface QuoteFigures {
  readonly earned: number;
  readonly basisMinor: number;
  readonly breakdown: QuotedEarning['breakdown'];
  /** Points that waited for a visit within so many days and are given now. */
  readonly comebackPoints: number;
  /** Last day of the bonus that waits for the next visit. */
  readonly comebackUntil: string | null;
  readonly spent: number;
  readonly remaining: number;
  readonly tier: string | null;
}

/** What a quote says about one programme; zeros where the sale does not touch it. */
export function programmeFigures(quote: Quote, programme: Programme): QuoteFigures {
  const own = (of: { readonly programme: string }): boolean => of.programme === programme.id;
  const earning = quote.earnings.find(own);
  const comeback = quote.awards.filter(own).find(({ kind }) => kind === 'comeback');
  const waited = programme.rules.filter(({ conditions }) =>
    conditions.some(({ kind }) => kind === 'comeback'),
  );
  return {
    earned: earning?.points ?? 0,
    basisMinor: earning?.basisMinor ?? 0,
    breakdown: earning?.breakdown ?? {},
    comebackPoints: waited.reduce((sum, { id }) => sum + (earning?.breakdown[id] ?? 0), 0),
    comebackUntil: comeback?.kind === 'comeback' ? comeback.lastDay : null,
    spent: quote.redemptions.filter(own).reduce((sum, { points }) => sum + points, 0),
    remaining: quote.offers.find(own)?.remainingPoints ?? 0,
    tier: quote.tiers.find(own)?.after ?? null,
  };
}

/** A quote in the words a customer reads beside its sums. */
export interface QuoteWords {
  /** Names of the rewards that are in it, of those that could be claimed, and of all others. */
  readonly applied: readonly LocalText[];
  readonly claimable: readonly LocalText[];
  readonly notApplied: readonly LocalText[];
  readonly keptCodes: readonly string[];
  /** Discounts that points or promotions gave, one by one; stored value is no discount. */
  readonly discounts: readonly { readonly name: LocalText; readonly valueMinor: number }[];
  /** Groups of taxes that carry a discount: lines of an invoice. */
  readonly discountedTaxes: readonly TaxGroup[];
  /** Vouchers that come with the sale. */
  readonly vouchers: readonly QuotedAward[];
}

/** What a quote did and could do, by the rewards of these programmes. */
export function quoteWords(quote: Quote, programmes: readonly Programme[]): QuoteWords {
  const done = new Set(quote.redemptions.map(({ programme, reward }) => `${programme}/${reward}`));
  return {
    applied: quote.redemptions.map(({ name }) => name),
    claimable: quote.offers.filter(({ state }) => state === 'available').map(({ name }) => name),
    notApplied: programmes.flatMap(({ id, rewards }) =>
      rewards.filter((reward) => !done.has(`${id}/${reward.id}`)).map(({ name }) => name),
    ),
    keptCodes: quote.codes.filter(({ state }) => state !== 'refused').map(({ code }) => code),
    discounts: quote.redemptions.filter(
      ({ stage, valueMinor }) => stage === 'discount' && valueMinor > 0,
    ),
    discountedTaxes: quote.taxGroups.filter(({ discountMinor }) => discountMinor > 0),
    vouchers: quote.awards.filter(({ kind }) => kind === 'voucher'),
  };
}

/** Units that rewards made free, by product. */
export function freeUnits(quote: Quote): Readonly<Record<string, number>> {
  const free: Record<string, number> = {};
  for (const done of quote.redemptions) {
    if (done.value !== 'product') continue;
    const parts = new Set(done.parts.map(({ line }) => line));
    const line = quote.lines.find((of) => of.freeMilli > 0 && parts.has(of.line.id));
    const sku = done.added?.sku ?? line?.line.sku ?? '';
    free[sku] = (free[sku] ?? 0) + done.units;
  }
  return free;
}

/** What was taken off the goods of each category, for a report by department. */
export function discountByCategory(quote: Quote): Readonly<Record<string, number>> {
  const taken: Record<string, number> = {};
  for (const { line, discountMinor } of quote.lines) {
    for (const category of discountMinor === 0 ? [] : line.categories)
      taken[category] = (taken[category] ?? 0) + discountMinor;
  }
  return taken;
}

/** What a return did to the points of one programme, or of all, in the smallest unit. */
export function refundFigures(
  { reversals, returns }: Pick<Refund, 'reversals' | 'returns'>,
  programme: string | null = null,
): { readonly takenBack: number; readonly givenBack: number } {
  let takenBack = 0;
  let givenBack = 0;
  for (const { programme: id, points } of reversals) {
    if (programme !== null && id !== programme) continue;
    if (points > 0) takenBack += points;
    else givenBack -= points;
  }
  for (const { programme: id, points } of returns) {
    if (programme === null || id === programme) givenBack += points;
  }
  return { takenBack, givenBack };
}

/** What a command did to one programme's points, and what it told besides: plain values only. */
export function outcomeFigures(outcome: CommandOutcome, programme: string): PlainValues {
  const { refund, earnings, reason, ...done } = outcome;
  const plain = Object.entries(done).flatMap(([key, value]) =>
    typeof value === 'object' ? [] : [[key, value] as const],
  );
  return {
    ...Object.fromEntries(plain),
    ...(earnings && { earned: earnings.find((of) => of.programme === programme)?.points ?? 0 }),
    ...(refund && refundFigures(refund, programme)),
    ...(reason && { reason: reason.code }),
  };
}

/** Why something asked for was not given: the first refusal of a code or claim. */
export function firstRefusal(quote: Quote): ReasonCode | null {
  const refused = [...quote.codes, ...quote.refused].find(({ reason }) => reason !== null);
  return refused?.reason?.code ?? null;
}

/** What points can do for a basket: what was taken, and the ways there are. */
export interface SpendingFigures {
  readonly points: number;
  readonly valueMinor: number;
  /** Points of each reward that could be taken now, the cheapest first. */
  readonly options: readonly number[];
  /** The one that takes off the most; `null` where none is within reach. */
  readonly best: { readonly points: number; readonly valueMinor: number } | null;
}

/** How a quote spends one programme's points, and how it could. */
export function spendingFigures(quote: Quote, programme: string): SpendingFigures {
  const own = (of: { readonly programme: string }): boolean => of.programme === programme;
  const done = quote.redemptions.find(own);
  const available = quote.offers.filter(own).filter(({ state }) => state === 'available');
  const [best] = available;
  return {
    points: done?.points ?? 0,
    valueMinor: done?.valueMinor ?? 0,
    options: available.map(({ costPoints }) => costPoints).toSorted((a, b) => a - b),
    best: best === undefined ? null : { points: best.costPoints, valueMinor: best.worthMinor },
  };
}
