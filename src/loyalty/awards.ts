import { addDays } from './calendar.ts';
import type { Context } from './context.ts';
import { calculateEarned, rulesThatHold } from './earn.ts';
import type { Programme } from './programme.ts';
import type { QuotedAward } from './quote-types.ts';
import { divide, multiply, rate, rational, roundToInteger } from './rational.ts';
import type { Effect, Rule, VoucherTemplate } from './rule.ts';
import { amountLeft, type WorkingLine } from './working.ts';

/** Points a voucher is issued with: fixed, or a share of the sale rounded as the template says. */
export function voucherPoints(template: VoucherTemplate, saleMinor: number): number {
  if (template.percentOfSale === null) return template.points ?? 1;
  const share = multiply(rational(saleMinor), divide(rate(template.percentOfSale), rational(100)));
  const step = Math.max(1, template.roundToMinor);
  return roundToInteger(divide(share, rational(step)), template.rounding) * step;
}

/** Points that a rule's voucher has on the kept lines of a sale; 0 when the rule no longer holds. */
export function voucherPointsOnKept(
  programme: Programme,
  rule: Rule,
  lines: readonly WorkingLine[],
  context: Context,
): number {
  const holds = rulesThatHold(programme, lines, context).some(({ id }) => id === rule.id);
  if (!holds) return 0;
  if (rule.effect.kind === 'voucher') return voucherPoints(rule.effect.template, amountLeft(lines));
  return calculateEarned({ programme, lines, context, trace: null }).breakdown[rule.id] ?? 0;
}

/** Value that the sale puts on a new card or coupon: gift cards sold, coupons for the next sale. */
function issuedByEarning(
  programme: Programme,
  lines: readonly WorkingLine[],
  context: Context,
): QuotedAward[] {
  if (programme.holder !== 'bearer') return [];
  const { breakdown } = calculateEarned({ programme, lines, context, trace: null });
  return Object.entries(breakdown).map(([rule, points]) => ({
    kind: 'voucher',
    programme: programme.id,
    version: programme.version,
    rule,
    opens: programme.id,
    points,
    template: null,
  }));
}

/** Bonuses that this sale puts in reach: come back by that day (inclusive). */
function comebackOffers(programme: Programme, context: Context): QuotedAward[] {
  return programme.rules.flatMap((rule): QuotedAward[] => {
    const condition = rule.conditions.find(({ kind }) => kind === 'comeback');
    if (!rule.enabled || condition?.kind !== 'comeback') return [];
    const lastDay = addDays(context.day, condition.withinDays);
    const { id, name } = rule;
    return [{ kind: 'comeback', programme: programme.id, rule: id, name, lastDay }];
  });
}

const awarding: ReadonlySet<Effect['kind']> = new Set(['voucher', 'badge', 'unlock']);

/** Vouchers, badges and benefits that the sale gives beside points. */
export function awardsOf(
  programme: Programme,
  lines: readonly WorkingLine[],
  context: Context,
): QuotedAward[] {
  const awards: QuotedAward[] = [
    ...issuedByEarning(programme, lines, context),
    ...comebackOffers(programme, context),
  ];
  if (!programme.rules.some(({ effect }) => awarding.has(effect.kind))) return awards;
  for (const rule of rulesThatHold(programme, lines, context)) {
    const common = { programme: programme.id, rule: rule.id };
    if (rule.effect.kind === 'voucher') {
      const { template } = rule.effect;
      awards.push({
        ...common,
        kind: 'voucher',
        version: programme.version,
        opens: template.programme ?? programme.id,
        points: voucherPoints(template, amountLeft(lines)),
        template,
      });
    } else if (rule.effect.kind === 'badge') {
      awards.push({
        ...common,
        kind: 'badge',
        badge: rule.effect.badge,
        points: rule.effect.points,
      });
    } else if (rule.effect.kind === 'unlock') {
      awards.push({ ...common, kind: 'benefit', benefit: rule.effect.benefit });
    }
  }
  return awards;
}
