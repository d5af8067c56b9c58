import type { Tax } from './basket.ts';
import { roundToMultiple } from './money.ts';
import type { Quote, QuotedLine, TaxGroup } from './quote-types.ts';
import type { QuoteState } from './quote-state.ts';
import { add, multiply, type Rational, rational, roundToInteger, zero } from './rational.ts';
import type { WorkingLine } from './working.ts';

function taxName(tax: Tax): string {
  if (tax.kind === 'rate') return `${tax.percent}%${tax.included ? '' : '+'}`;
  return tax.kind === 'per-unit' ? `${tax.amountMinor}/unit` : 'contained';
}

/** Canonical text of a line's taxes: lines with the same text are one group. */
export function taxKey(taxes: readonly Tax[]): string {
  return taxes.length === 0 ? 'none' : taxes.map(taxName).toSorted().join(' ');
}

interface GroupSum {
  tax: Rational;
  paidMinor: number;
  discountMinor: number;
}

/** Taxes per group, rounded once each. */
export function taxGroupsOf(lines: readonly WorkingLine[]): TaxGroup[] {
  const groups = new Map<string, GroupSum>();
  for (const line of lines) {
    const key = taxKey(line.line.taxes);
    const sum = groups.get(key) ?? { tax: zero, paidMinor: 0, discountMinor: 0 };
    const inPrice = multiply(rational(line.remainingMinor), line.taxShare);
    sum.tax = add(sum.tax, add(inPrice, rational(line.fixedTaxMinor)));
    sum.paidMinor += line.remainingMinor + line.fixedTaxMinor;
    sum.discountMinor += line.grossMinor - line.remainingMinor;
    groups.set(key, sum);
  }
  return [...groups].map(([key, sum]) => {
    const taxMinor = roundToInteger(sum.tax, 'half-up');
    return { key, taxMinor, netMinor: sum.paidMinor - taxMinor, discountMinor: sum.discountMinor };
  });
}

function quotedLine(line: WorkingLine): QuotedLine {
  const discountMinor = line.grossMinor - line.remainingMinor;
  return {
    line: line.line,
    unitPriceMinor: line.unitPriceMinor,
    grossMinor: line.grossMinor + line.fixedTaxMinor,
    discountMinor,
    netMinor: line.remainingMinor + line.fixedTaxMinor,
    paidByValueMinor: line.paidMinor,
    freeMilli: line.freeMilli,
    discounts: line.discounts,
  };
}

type Totals = Pick<
  Quote,
  | 'lines'
  | 'subtotalMinor'
  | 'discountMinor'
  | 'totalMinor'
  | 'roundingMinor'
  | 'paidByValueMinor'
  | 'dueMinor'
  | 'taxGroups'
  | 'taxMinor'
  | 'untaxedDueMinor'
>;

/** Sums of the lines, with cash rounding as the last step. */
export function totalsOf(state: QuoteState): Totals {
  const lines = state.lines.map(quotedLine);
  const sum = (of: (line: QuotedLine) => number): number =>
    lines.reduce((total, line) => total + of(line), 0);
  const subtotalMinor = sum((line) => line.grossMinor);
  const discountMinor = sum((line) => line.discountMinor);
  const paidByValueMinor = sum((line) => line.paidByValueMinor);
  const unrounded = subtotalMinor - discountMinor - paidByValueMinor;
  const step = state.context.settings.cashRoundingMinor;
  const roundedAway = state.redemptions.reduce((total, done) => total + done.roundingMinor, 0);
  const dueMinor = unrounded === 0 ? 0 : roundToMultiple(unrounded, step, 'half-up');
  const roundingMinor = dueMinor - unrounded;
  if (roundingMinor !== 0 || roundedAway !== 0) {
    state.trace.add('cash-rounding', { roundingMinor: roundingMinor + roundedAway });
  }
  const taxGroups = taxGroupsOf(state.lines);
  const taxMinor = taxGroups.reduce((total, group) => total + group.taxMinor, 0);
  return {
    lines,
    subtotalMinor,
    discountMinor,
    totalMinor: dueMinor + paidByValueMinor,
    roundingMinor,
    paidByValueMinor,
    dueMinor,
    taxGroups,
    taxMinor,
    untaxedDueMinor: dueMinor - taxMinor,
  };
}
