import type { Condition, LineFilter, LineKind } from './conditions.ts';
import { reason, type Reason } from './reason.ts';
import { add, roundToInteger, zero } from './rational.ts';
import { isReducible, withoutTax, type WorkingLine } from './working.ts';

/** Whether a line is among the lines a rule or reward looks at. */
export function lineMatches(filter: LineFilter, line: WorkingLine): boolean {
  const { sku, categories, kind } = line.line;
  if (filter.kinds !== null && !filter.kinds.includes(kind)) return false;
  if (filter.skus !== null && (sku === null || !filter.skus.includes(sku))) return false;
  const wanted = filter.categories;
  if (wanted !== null && !categories.some((name) => wanted.includes(name))) return false;
  if (sku !== null && filter.exceptSkus.includes(sku)) return false;
  return !categories.some((name) => filter.exceptCategories.includes(name));
}

/** Lines of these kinds that the filter lets through; kinds in the filter go before `kinds`. */
export function matchingLines(
  filter: LineFilter,
  kinds: readonly LineKind[] | null,
  lines: readonly WorkingLine[],
): WorkingLine[] {
  return lines.filter(
    (line) =>
      (filter.kinds !== null || kinds === null || kinds.includes(line.line.kind)) &&
      lineMatches(filter, line),
  );
}

function amountOf(lines: readonly WorkingLine[], tax: 'included' | 'excluded'): number {
  if (tax === 'included') {
    return lines.reduce((sum, line) => sum + line.remainingMinor + line.fixedTaxMinor, 0);
  }
  const net = lines.reduce((sum, line) => add(sum, withoutTax(line, line.remainingMinor)), zero);
  return roundToInteger(net, 'half-up');
}

function amountReason(
  condition: Extract<Condition, { kind: 'amount' }>,
  matching: readonly WorkingLine[],
  all: readonly WorkingLine[],
): Reason | null {
  const lines = condition.of === 'matching' ? matching : all.filter(isReducible);
  const amountMinor = amountOf(lines, condition.tax);
  if (condition.minMinor !== null && amountMinor < condition.minMinor) {
    return reason('minimum-amount', {
      missingMinor: condition.minMinor - amountMinor,
      minMinor: condition.minMinor,
    });
  }
  if (condition.maxMinor !== null && amountMinor > condition.maxMinor) {
    return reason('maximum-amount', { maxMinor: condition.maxMinor });
  }
  return null;
}

/** Units of these lines that are paid for, in thousandths. */
export function paidMilli(lines: readonly WorkingLine[]): number {
  return lines.reduce((sum, line) => sum + line.line.quantityMilli - line.freeMilli, 0);
}

/**
 * Whether the basket conditions hold; `null` is yes.
 *
 * `matching` are the lines the rule looks at, `all` the whole basket. Bounds are inclusive and look
 * at what is left after the discounts applied so far.
 */
export function basketReason(
  conditions: readonly Condition[],
  matching: readonly WorkingLine[],
  all: readonly WorkingLine[],
): Reason | null {
  for (const condition of conditions) {
    let why: Reason | null = null;
    if (condition.kind === 'amount') why = amountReason(condition, matching, all);
    else if (condition.kind === 'quantity') {
      const milli = paidMilli(matching);
      if (condition.minMilli !== null && milli < condition.minMilli) {
        why = reason('minimum-quantity', { missingMilli: condition.minMilli - milli });
      } else if (condition.maxMilli !== null && milli > condition.maxMilli) {
        why = reason('maximum-quantity', { maxMilli: condition.maxMilli });
      }
    } else if (condition.kind === 'contains') {
      const there = all.some(
        (line) => line.line.quantityMilli > 0 && lineMatches(condition.lines, line),
      );
      if (!there) why = reason('products-missing');
    }
    if (why !== null) return why;
  }
  return null;
}
