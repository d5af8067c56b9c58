import { allocate } from './allocate.ts';
import type { Basket, BasketLine } from './basket.ts';
import type { LineKind } from './conditions.ts';
import { priceOf } from './money.ts';
import type { Programme } from './programme.ts';
import {
  add,
  divide,
  multiply,
  one,
  rate,
  type Rational,
  rational,
  roundToInteger,
  subtract,
  zero,
} from './rational.ts';

/** What one reward took off one line. */
export interface LineDiscount {
  readonly programme: string;
  readonly reward: string;
  readonly amountMinor: number;
  /** Whether it made units free: those earn nothing unless the programme says so. */
  readonly free: boolean;
}

/** A line while the quote is being computed. */
export interface WorkingLine {
  readonly line: BasketLine;
  /** Price × quantity with added taxes, without fixed ones: what discounts can reduce. */
  readonly grossMinor: number;
  readonly fixedTaxMinor: number;
  /** Share of the discountable amount that is tax, exactly. */
  readonly taxShare: Rational;
  remainingMinor: number;
  readonly discounts: LineDiscount[];
  /** Part of `remainingMinor` that stored value pays. */
  paidMinor: number;
  freeMilli: number;
  /** What one unit costs now: a price reward may have set it. */
  unitPriceMinor: number;
}

const reducible: ReadonlySet<LineKind> = new Set(['goods', 'fee', 'delivery', 'membership']);

/** Whether discounts may reduce the line: never stored value, tips or deposits. */
export function isReducible(line: WorkingLine): boolean {
  return isReducibleKind(line.line.kind);
}

/** The same of a kind of line. */
export function isReducibleKind(kind: LineKind): boolean {
  return reducible.has(kind);
}

const percent = (text: string): Rational => divide(rate(text), rational(100));

/** Price and taxes of a line. Added taxes are computed on the price without its included taxes. */
export function workingLine(line: BasketLine): WorkingLine {
  const price = priceOf(line.unitPriceMinor, line.quantityMilli);
  let included = zero;
  let added = zero;
  let contained = 0;
  let fixed = zero;
  for (const tax of line.taxes) {
    if (tax.kind === 'per-unit') fixed = add(fixed, priceOf(tax.amountMinor, line.quantityMilli));
    else if (tax.kind === 'contained') contained += tax.amountMinor;
    else if (tax.included) included = add(included, percent(tax.percent));
    else added = add(added, percent(tax.percent));
  }
  const net = divide(subtract(price, rational(contained)), add(one, included));
  const gross = add(price, multiply(net, added));
  const grossMinor = roundToInteger(gross, 'half-up');
  const share = gross.numerator === 0n ? zero : divide(subtract(gross, net), gross);
  return {
    line,
    grossMinor,
    fixedTaxMinor: roundToInteger(fixed, 'half-up'),
    taxShare: share,
    remainingMinor: grossMinor,
    discounts: [],
    paidMinor: 0,
    freeMilli: 0,
    unitPriceMinor: line.unitPriceMinor,
  };
}

/** All lines of a basket, nothing taken off yet. */
export function workingLines(basket: Basket): WorkingLine[] {
  return basket.lines.map(workingLine);
}

/** A copy that can be tried on. */
export function copyLines(lines: readonly WorkingLine[]): WorkingLine[] {
  return lines.map((line) => ({ ...line, discounts: [...line.discounts] }));
}

/** What is still to be paid for these lines, fixed taxes included; negative lines count. */
export function amountLeft(lines: readonly WorkingLine[]): number {
  return lines.reduce((sum, line) => sum + line.remainingMinor + line.fixedTaxMinor, 0);
}

/** What discounts can still reduce in the whole sale: negative lines lower it, never below zero. */
export function reducibleLeft(lines: readonly WorkingLine[]): number {
  const sum = lines.reduce(
    (total, line) => (isReducible(line) ? total + line.remainingMinor : total),
    0,
  );
  return Math.max(0, sum);
}

/** Takes an amount off these lines in proportion to what is left of each; it sums exactly. */
export function takeOff(
  lines: readonly WorkingLine[],
  amountMinor: number,
  by: Pick<LineDiscount, 'programme' | 'reward'>,
): number[] {
  const weights = lines.map((line) => Math.max(0, line.remainingMinor));
  const parts = allocate(amountMinor, weights);
  lines.forEach((line, index) => {
    const part = parts[index] ?? 0;
    if (part === 0) return;
    line.remainingMinor -= part;
    line.discounts.push({ ...by, amountMinor: part, free: false });
  });
  return parts;
}

/** Lets stored value pay an amount of the sale, in proportion to what is still unpaid. */
export function payOff(lines: readonly WorkingLine[], amountMinor: number): number[] {
  const weights = lines.map((line) =>
    Math.max(0, line.remainingMinor + line.fixedTaxMinor - line.paidMinor),
  );
  const parts = allocate(amountMinor, weights);
  lines.forEach((line, index) => {
    line.paidMinor += parts[index] ?? 0;
  });
  return parts;
}

/** What is still to be paid after stored value. */
export function unpaid(lines: readonly WorkingLine[]): number {
  return amountLeft(lines) - lines.reduce((sum, line) => sum + line.paidMinor, 0);
}

/** Exact amount without tax of a part of a line. */
export function withoutTax(line: WorkingLine, amountMinor: number): Rational {
  return subtract(rational(amountMinor), multiply(rational(amountMinor), line.taxShare));
}

/** The money of a line that earns in a programme, exactly; see the programme's earning settings. */
export function basisOf(line: WorkingLine, programme: Programme): Rational {
  const { earning } = programme;
  let amountMinor = line.grossMinor;
  for (const discount of line.discounts) {
    const own = discount.programme === programme.id;
    const counts = own ? earning.ownRedemptionReduces : earning.discounts === 'after';
    if (counts || (discount.free && !earning.freeUnitsEarn)) amountMinor -= discount.amountMinor;
  }
  if (!earning.storedValueEarns) amountMinor -= line.paidMinor;
  if (earning.tax === 'excluded') return withoutTax(line, amountMinor);
  return rational(amountMinor + line.fixedTaxMinor);
}
