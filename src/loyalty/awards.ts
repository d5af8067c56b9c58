import { rulesThatHold } from './earn.ts';
import type { Context } from './context.ts';
import type { Programme } from './programme.ts';
import type { QuotedAward } from './quote-types.ts';
import { divide, multiply, rate, rational, roundToInteger } from './rational.ts';
import type { VoucherTemplate } from './rule.ts';
import { amountLeft, type WorkingLine } from './working.ts';

/** Points a voucher is issued with: fixed, or a share of the sale rounded as the template says. */
export function voucherPoints(template: VoucherTemplate, saleMinor: number): number {
  if (template.percentOfSale === null) return template.points ?? 1;
  const share = multiply(rational(saleMinor), divide(rate(template.percentOfSale), rational(100)));
  const step = Math.max(1, template.roundToMinor);
  return roundToInteger(divide(share, rational(step)), template.rounding) * step;
}

/** Vouchers, badges and benefits that the sale gives beside points. */
export function awardsOf(
  programme: Programme,
  lines: readonly WorkingLine[],
  context: Context,
): QuotedAward[] {
  const awards: QuotedAward[] = [];
  for (const rule of rulesThatHold(programme, lines, context)) {
    const common = { programme: programme.id, rule: rule.id };
    if (rule.effect.kind === 'voucher') {
      const { template } = rule.effect;
      awards.push({
        ...common,
        kind: 'voucher',
        opens: template.programme ?? programme.id,
        points: voucherPoints(template, amountLeft(lines)),
        template,
      });
    } else if (rule.effect.kind === 'badge') {
      const { points } = rule.effect;
      awards.push({ ...common, kind: 'badge', badge: rule.effect.badge, points });
    } else if (rule.effect.kind === 'unlock') {
      awards.push({ ...common, kind: 'benefit', benefit: rule.effect.benefit });
    }
  }
  return awards;
}
