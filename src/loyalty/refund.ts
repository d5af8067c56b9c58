import { allocate } from './allocate.ts';
import { voucherPointsOnKept } from './awards.ts';
import type { QuoteSettings } from './context.ts';
import { calculateEarned } from './earn.ts';
import { contextOfSale, keptLines, keptNetMinor, nothingReturned, type Returned } from './kept.ts';
import type { Programme } from './programme.ts';
import { add, multiply, type Rational, rational, roundToInteger, zero } from './rational.ts';
import { err, ok, type Result } from './result.ts';
import type { SaleSnapshot, SoldEarning, SoldRedemption } from './sale.ts';
import { Trace, type TraceStep } from './trace.ts';

/** What is brought back now. */
export type Returning =
  | {
      readonly kind: 'lines';
      readonly lines: readonly { readonly line: string; readonly quantityMilli: number }[];
    }
  /** Money back without goods, e.g. for a flaw. */
  | { readonly kind: 'amount'; readonly amountMinor: number }
  | { readonly kind: 'everything' };

/** What earlier returns of the same sale did; `afterRefund` adds one. */
export interface RefundsBefore {
  readonly returned: Returned;
  /** Points asked back per programme, whether they were there or not. */
  readonly reversed: Readonly<Record<string, number>>;
  /** Points given back, keyed by place in `sale.redemptions`. */
  readonly givenBack: Readonly<Record<string, number>>;
  /** Stored value given back, keyed the same way. */
  readonly valueBackMinor: Readonly<Record<string, number>>;
  /** Points taken off vouchers the sale issued, keyed by place in `sale.vouchers`. */
  readonly vouchers: Readonly<Record<string, number>>;
  readonly refundedMinor: number;
}

/** The sale has not been returned yet. */
export const noRefunds: RefundsBefore = {
  returned: nothingReturned,
  reversed: {},
  givenBack: {},
  valueBackMinor: {},
  vouchers: {},
  refundedMinor: 0,
};

/** What a refund depends on. */
export interface RefundInput {
  readonly sale: SaleSnapshot;
  /** Must hold every version the sale names; newer ones are ignored. */
  readonly programmes: readonly Programme[];
  readonly returning: Returning;
  readonly before: RefundsBefore;
  readonly settings: QuoteSettings;
  /** What the member has now, for programmes that take no more than that. */
  readonly available: Readonly<Record<string, number>>;
}

/** Points taken back from an earning. */
export interface EarnReversal {
  readonly programme: string;
  readonly version: number;
  /** Taken from the account now: positive. */
  readonly points: number;
  /** What should be taken; more than `points` where the programme clamps. */
  readonly owed: number;
}

/** Points given back from a redemption. */
export interface SpendReturn {
  /** Place in `sale.redemptions`. */
  readonly redemption: number;
  readonly programme: string;
  readonly version: number;
  readonly reward: string;
  readonly holder: string | null;
  readonly holderKind: SoldRedemption['holderKind'];
  readonly points: number;
  /** Stored value that goes back to its card or wallet instead of the till's drawer. */
  readonly valueMinor: number;
}

/** Points taken off a voucher that the sale had issued. */
export interface VoucherReversal {
  /** Place in `sale.vouchers`. */
  readonly voucher: number;
  readonly programme: string;
  readonly rule: string;
  /** Programme whose rewards the voucher opens: where its points are. */
  readonly opens: string;
  readonly points: number;
}

/** What a return does. */
export interface Refund {
  readonly returned: Returned;
  readonly lines: readonly {
    readonly line: string;
    readonly quantityMilli: number;
    readonly amountMinor: number;
  }[];
  /** Money back to the shopper, without stored value. */
  readonly refundMinor: number;
  readonly reversals: readonly EarnReversal[];
  readonly returns: readonly SpendReturn[];
  readonly vouchers: readonly VoucherReversal[];
  /** Nothing of the sale is left. */
  readonly complete: boolean;
  readonly trace: readonly TraceStep[];
}

/** Why a return cannot be made; nothing was changed. */
export type RefundRefusal =
  | {
      readonly code: 'programme-version-missing';
      readonly programme: string;
      readonly version: number;
    }
  | { readonly code: 'unknown-line'; readonly line: string }
  | { readonly code: 'more-than-sold'; readonly line: string; readonly leftMilli: number }
  | { readonly code: 'more-than-paid'; readonly leftMinor: number }
  | { readonly code: 'nothing-chosen' };

function wanted(input: RefundInput): Result<Returned, RefundRefusal> {
  const { sale, returning, before } = input;
  const milliByLine: Record<string, number> = { ...before.returned.milliByLine };
  if (returning.kind === 'amount') {
    const leftMinor =
      sale.lines.reduce((sum, line) => sum + keptNetMinor(line, before.returned), 0) -
      before.returned.amountMinor;
    if (returning.amountMinor <= 0) return err({ code: 'nothing-chosen' });
    if (returning.amountMinor > leftMinor) return err({ code: 'more-than-paid', leftMinor });
    return ok({ milliByLine, amountMinor: before.returned.amountMinor + returning.amountMinor });
  }
  const chosen =
    returning.kind === 'lines'
      ? returning.lines
      : sale.lines.map((line) => ({
          line: line.id,
          quantityMilli: line.quantityMilli - (milliByLine[line.id] ?? 0),
        }));
  for (const { line: id, quantityMilli } of chosen) {
    const sold = sale.lines.find((line) => line.id === id);
    if (sold === undefined) return err({ code: 'unknown-line', line: id });
    const leftMilli = sold.quantityMilli - (milliByLine[id] ?? 0);
    const outside = returning.kind === 'lines' && (quantityMilli < 0 || quantityMilli > leftMilli);
    if (outside) return err({ code: 'more-than-sold', line: id, leftMilli });
    milliByLine[id] = (milliByLine[id] ?? 0) + quantityMilli;
  }
  const any = chosen.some(({ quantityMilli }) => quantityMilli !== 0);
  return any
    ? ok({ milliByLine, amountMinor: before.returned.amountMinor })
    : err({ code: 'nothing-chosen' });
}

function isComplete(sale: SaleSnapshot, returned: Returned): boolean {
  return keptLines(sale, returned).length === 0;
}

/** Money of the sale that is kept after these returns. */
function keptMinor(sale: SaleSnapshot, returned: Returned): number {
  const goods = sale.lines.reduce((sum, line) => sum + keptNetMinor(line, returned), 0);
  return Math.max(0, goods - returned.amountMinor);
}

function totalNet(sale: SaleSnapshot): number {
  return sale.lines.reduce((sum, line) => sum + line.netMinor, 0);
}

/** Points of an earning that stay with what is kept. */
function entitled(
  input: RefundInput,
  programme: Programme,
  earning: SoldEarning,
  returned: Returned,
): number {
  const { sale } = input;
  if (isComplete(sale, returned)) return 0;
  if (programme.refund.earned === 'proportional') {
    const total = totalNet(sale);
    if (total <= 0) return earning.points;
    const back = rational(total - keptMinor(sale, returned), total);
    return earning.points - roundToInteger(multiply(rational(earning.points), back), 'floor');
  }
  const kept = calculateEarned({
    programme,
    lines: keptLines(sale, returned),
    context: contextOfSale(sale, input.settings),
    trace: null,
  });
  const { perSale } = programme.caps;
  return Math.min(kept.points, earning.points, perSale ?? earning.points);
}

function shareBack(sale: SaleSnapshot, done: SoldRedemption, returned: Returned): Rational {
  if (isComplete(sale, returned)) return rational(1);
  const weight = done.parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const total = totalNet(sale);
  const kept = keptMinor(sale, { ...returned, amountMinor: 0 });
  const byMoney =
    total > 0 && kept > 0 ? rational(Math.min(returned.amountMinor, kept), kept) : zero;
  if (weight <= 0) {
    return total > 0 ? rational(total - keptMinor(sale, returned), total) : zero;
  }
  const byGoods = done.parts.reduce((sum, { line, amountMinor }) => {
    const sold = sale.lines.find((candidate) => candidate.id === line);
    if (sold === undefined || sold.quantityMilli === 0) return sum;
    const back = rational(returned.milliByLine[line] ?? 0, sold.quantityMilli);
    return add(sum, multiply(back, rational(amountMinor, weight)));
  }, zero);
  const rest = add(rational(1), {
    numerator: -byGoods.numerator,
    denominator: byGoods.denominator,
  });
  return add(byGoods, multiply(rest, byMoney));
}

interface Tenders {
  readonly refundMinor: number;
  /** Back to stored value, per place in `sale.redemptions`. */
  readonly valueMinor: ReadonlyMap<number, number>;
}

/** What stored value paid of the sale's lines; what it paid of cash rounding comes with the end. */
function carriedBy(done: SoldRedemption): number {
  return done.parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/**
 * Splits the money of a return over what it was paid with, in proportion to what is left of each.
 *
 * Whole units, never negative, and the last return empties every tender.
 */
function splitTenders(input: RefundInput, returned: Returned, complete: boolean): Tenders {
  const { sale, before } = input;
  const payments = sale.redemptions
    .map((done, index) => ({ done, index }))
    .filter(({ done }) => done.stage === 'payment');
  const left = payments.map(({ done, index }) =>
    Math.max(0, carriedBy(done) - (before.valueBackMinor[index] ?? 0)),
  );
  const cashMinor = sale.totalMinor - sale.paidByValueMinor - before.refundedMinor;
  const weights = [...left, Math.max(0, cashMinor)];
  const remaining = weights.reduce((sum, weight) => sum + weight, 0);
  const goodsMinor = keptMinor(sale, before.returned) - keptMinor(sale, returned);
  const give = complete ? remaining : Math.max(0, Math.min(goodsMinor, remaining));
  const parts = allocate(give, weights);
  const valueMinor = new Map(
    payments.map(({ done, index }, place) => {
      const rounding = complete ? done.valueMinor - carriedBy(done) : 0;
      return [index, (parts[place] ?? 0) + rounding] as const;
    }),
  );
  return { refundMinor: parts.at(-1) ?? 0, valueMinor };
}

function returnsOf(input: RefundInput, returned: Returned, tenders: Tenders): SpendReturn[] {
  return input.sale.redemptions.flatMap((done, index): SpendReturn[] => {
    if (done.holderKind === 'sale' || done.points === 0) return [];
    const valueMinor = tenders.valueMinor.get(index) ?? 0;
    const valueSoFar = valueMinor + (input.before.valueBackMinor[index] ?? 0);
    const pointsSoFar = roundToInteger(
      done.stage === 'payment' && done.valueMinor > 0
        ? rational(BigInt(done.points) * BigInt(valueSoFar), BigInt(done.valueMinor))
        : multiply(rational(done.points), shareBack(input.sale, done, returned)),
      'floor',
    );
    const points = pointsSoFar - (input.before.givenBack[index] ?? 0);
    if (points === 0 && valueMinor === 0) return [];
    const { programme, version, reward, holder, holderKind } = done;
    return [
      { redemption: index, programme, version, reward, holder, holderKind, points, valueMinor },
    ];
  });
}

function reversalsOf(
  input: RefundInput,
  returned: Returned,
  trace: Trace,
): Result<EarnReversal[], RefundRefusal> {
  const reversals: EarnReversal[] = [];
  for (const earning of input.sale.earnings) {
    const programme = input.programmes.find(
      ({ id, version }) => id === earning.programme && version === earning.version,
    );
    if (programme === undefined) {
      const { programme: id, version } = earning;
      return err({ code: 'programme-version-missing', programme: id, version });
    }
    const kept = entitled(input, programme, earning, returned);
    const before = input.before.reversed[programme.id] ?? 0;
    const owed = Math.max(0, earning.points - kept - before);
    trace.add('kept-lines', { programme: programme.id, points: kept });
    if (owed === 0) continue;
    const clamp = programme.refund.alreadySpent === 'clamp';
    const there = Math.max(0, input.available[programme.id] ?? 0);
    const points = clamp ? Math.min(owed, there) : owed;
    trace.add('taken-back', { programme: programme.id, points });
    reversals.push({ programme: programme.id, version: programme.version, points, owed });
  }
  return ok(reversals);
}

function vouchersOf(input: RefundInput, returned: Returned): VoucherReversal[] {
  const lines = keptLines(input.sale, returned);
  return input.sale.vouchers.flatMap((issued, index) => {
    const { programme: id, version, rule: ruleId, opens, points } = issued;
    const programme = input.programmes.find(
      (candidate) => candidate.id === id && candidate.version === version,
    );
    const rule = programme?.rules.find((candidate) => candidate.id === ruleId);
    const stays =
      programme === undefined || rule === undefined || lines.length === 0
        ? 0
        : voucherPointsOnKept(programme, rule, lines, contextOfSale(input.sale, input.settings));
    const before = input.before.vouchers[index] ?? 0;
    const taken = Math.max(0, points - stays - before);
    if (taken === 0) return [];
    return [{ voucher: index, programme: id, rule: ruleId, opens, points: taken }];
  });
}

/**
 * What a return gives back and takes back, exactly.
 *
 * The ORIGINAL programme versions are run again on the kept lines at their original prices; the
 * difference to what is still granted is taken back. Spent points go back in proportion to the
 * money they took off the returned goods. However a sale is returned in parts, the last return
 * reaches exactly zero, and the parts sum to one return of everything.
 */
export function refund(input: RefundInput): Result<Refund, RefundRefusal> {
  const { sale, before } = input;
  const chosen = wanted(input);
  if (!chosen.ok) return chosen;
  const returned = chosen.value;
  const trace = new Trace();
  const reversals = reversalsOf(input, returned, trace);
  if (!reversals.ok) return reversals;
  const complete = isComplete(sale, returned);
  const tenders = splitTenders(input, returned, complete);
  const returns = returnsOf(input, returned, tenders);
  for (const { programme, reward, points } of returns) {
    trace.add('given-back', { programme, reward, points });
  }
  return ok({
    returned,
    lines: sale.lines.flatMap((line) => {
      const quantityMilli =
        (returned.milliByLine[line.id] ?? 0) - (before.returned.milliByLine[line.id] ?? 0);
      const amountMinor = keptNetMinor(line, before.returned) - keptNetMinor(line, returned);
      return quantityMilli === 0 ? [] : [{ line: line.id, quantityMilli, amountMinor }];
    }),
    refundMinor: tenders.refundMinor,
    reversals: reversals.value,
    returns,
    vouchers: vouchersOf(input, returned),
    complete,
    trace: trace.steps,
  });
}

/** Adds a return that was made to what came before it. */
export function afterRefund(before: RefundsBefore, done: Refund): RefundsBefore {
  const reversed: Record<string, number> = { ...before.reversed };
  for (const { programme, owed } of done.reversals) {
    reversed[programme] = (reversed[programme] ?? 0) + owed;
  }
  const givenBack: Record<string, number> = { ...before.givenBack };
  const valueBackMinor: Record<string, number> = { ...before.valueBackMinor };
  for (const { redemption, points, valueMinor } of done.returns) {
    givenBack[redemption] = (givenBack[redemption] ?? 0) + points;
    valueBackMinor[redemption] = (valueBackMinor[redemption] ?? 0) + valueMinor;
  }
  const vouchers: Record<string, number> = { ...before.vouchers };
  for (const { voucher, points } of done.vouchers) {
    vouchers[voucher] = (vouchers[voucher] ?? 0) + points;
  }
  return {
    returned: done.returned,
    reversed,
    givenBack,
    valueBackMinor,
    vouchers,
    refundedMinor: before.refundedMinor + done.refundMinor,
  };
}
