import { voucherPointsOnKept } from './awards.ts';
import type { QuoteSettings } from './context.ts';
import { calculateEarned } from './earn.ts';
import {
  contextOfSale,
  isComplete,
  keptLines,
  keptMinor,
  keptNetMinor,
  nothingReturned,
  type Returned,
  totalNet,
} from './kept.ts';
import type { Programme } from './programme.ts';
import { multiply, rational, roundToInteger } from './rational.ts';
import { type PaidBack, splitTenders, type SpendReturn, spendReturns } from './refund-spent.ts';
import { err, ok, type Result } from './result.ts';
import type { SaleSnapshot, SoldEarning } from './sale.ts';
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
export interface RefundsBefore extends PaidBack {
  readonly returned: Returned;
  /** Points asked back per programme, whether they were there or not. */
  readonly reversed: Readonly<Record<string, number>>;
  /** Points taken back per programme: what of them was there. */
  readonly taken: Readonly<Record<string, number>>;
  /** Points per programme that count towards a tier no more. */
  readonly qualifying: Readonly<Record<string, number>>;
  /** Points taken off vouchers the sale issued, keyed by place in `sale.vouchers`. */
  readonly vouchers: Readonly<Record<string, number>>;
}

/** The sale has not been returned yet. */
export const noRefunds: RefundsBefore = {
  returned: nothingReturned,
  reversed: {},
  taken: {},
  qualifying: {},
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

/**
 * Points taken back from an earning.
 *
 * Negative where what is kept now earns more than what was kept before: a rule that paid more only
 * up to an amount, or one that stood in the way of a better one. Then what an earlier return took
 * is put back, and never more than that.
 */
export interface EarnReversal {
  readonly programme: string;
  readonly version: number;
  /** Taken from the account now. */
  readonly points: number;
  /** What should be taken; more than `points` where the programme clamps. */
  readonly owed: number;
  /** What of it counted towards a tier. */
  readonly qualifyingPoints: number;
}

/** Points taken off a voucher that the sale had issued; negative as in `EarnReversal`. */
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

type Entitled = Pick<SoldEarning, 'points' | 'qualifyingPoints'>;

/**
 * Points of an earning that stay with what is kept: what its rules give for that alone, with the
 * counters of the sale, and never more than the sale gave.
 */
function entitled(
  input: RefundInput,
  programme: Programme,
  earning: SoldEarning,
  returned: Returned,
): Entitled {
  const { sale } = input;
  if (isComplete(sale, returned)) return { points: 0, qualifyingPoints: 0 };
  if (programme.refund.earned === 'proportional') {
    const total = totalNet(sale);
    if (total <= 0) return earning;
    const back = rational(total - keptMinor(sale, returned), total);
    const stays = (points: number): number =>
      points - roundToInteger(multiply(rational(points), back), 'floor');
    return { points: stays(earning.points), qualifyingPoints: stays(earning.qualifyingPoints) };
  }
  const kept = calculateEarned({
    programme,
    lines: keptLines(sale, returned),
    context: contextOfSale(sale, input.settings),
    trace: null,
    atMost: earning.points,
  });
  const qualifyingPoints = Math.min(kept.qualifyingPoints, earning.qualifyingPoints);
  return { points: kept.points, qualifyingPoints };
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
    const { id, version } = programme;
    const { before } = input;
    const kept = entitled(input, programme, earning, returned);
    const asked = earning.points - kept.points;
    const owed = asked - (before.reversed[id] ?? 0);
    const lost = earning.qualifyingPoints - kept.qualifyingPoints;
    const qualifyingPoints = lost - (before.qualifying[id] ?? 0);
    trace.add('kept-lines', { programme: id, points: kept.points });
    if (owed === 0 && qualifyingPoints === 0) continue;
    const there = Math.max(0, input.available[id] ?? 0);
    const most = programme.refund.alreadySpent === 'clamp' ? there : owed;
    const points = owed > 0 ? Math.min(owed, most) : Math.min(0, asked - (before.taken[id] ?? 0));
    if (owed > 0) trace.add('taken-back', { programme: id, points });
    if (points < 0) trace.add('given-back', { programme: id, points: -points });
    reversals.push({ programme: id, version, points, owed, qualifyingPoints });
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
    const taken = points - Math.min(points, stays) - (input.before.vouchers[index] ?? 0);
    if (taken === 0) return [];
    return [{ voucher: index, programme: id, rule: ruleId, opens, points: taken }];
  });
}

/**
 * What a return gives back and takes back, exactly.
 *
 * The ORIGINAL programme versions are run again on the kept lines at their original prices; the
 * difference to what is still granted is taken back. Spent points go back in proportion to the
 * money they took off the returned goods. In whatever parts and order the same goods come back, the
 * parts sum to one return of them all, and the last one reaches exactly zero.
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
  const tenders = splitTenders(sale, before, returned);
  const returns = spendReturns(sale, before, returned, tenders);
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
  const taken: Record<string, number> = { ...before.taken };
  const qualifying: Record<string, number> = { ...before.qualifying };
  for (const { programme, owed, points, qualifyingPoints } of done.reversals) {
    reversed[programme] = (reversed[programme] ?? 0) + owed;
    taken[programme] = (taken[programme] ?? 0) + points;
    qualifying[programme] = (qualifying[programme] ?? 0) + qualifyingPoints;
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
    taken,
    qualifying,
    givenBack,
    valueBackMinor,
    vouchers,
    refundedMinor: before.refundedMinor + done.refundMinor,
  };
}
