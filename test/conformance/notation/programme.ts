import type { ProgrammeProblem } from '#loyalty/programme-check.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { type Fields, fields, list, named, type NotationUnits, number, text } from './fields.ts';
import {
  backRules,
  impliedRewards,
  impliedRules,
  membershipBenefits,
  voucherRules,
} from './kinds.ts';
import { holderOf, payingReward, priceReward, rewardOf } from './rewards.ts';
import { rulesOf } from './rules.ts';
import { capsOf, earningOf, expiryOf, membershipOf, movingOf, refundOf } from './settings.ts';
import { problemsOf, programmeNotation } from './shape.ts';
import { tierSettingsOf, tiersOf } from './tiers.ts';

const inMoney = new Set(['wallet', 'gift_card', 'cashback']);

function unitsOf(program: Fields, currency: string): NotationUnits {
  const kind = text(program, 'kind') ?? '';
  const fractional = [...list(program, 'earn'), ...list(program, 'rewards')].some(
    (of) =>
      !Number.isInteger(number(of, 'points') ?? 0) ||
      !Number.isInteger(number(of, 'cost_points') ?? 0),
  );
  return { currency, scale: fractional || inMoney.has(kind) || kind === 'coupons' ? 2 : 0 };
}

function documentOf(program: Fields, id: string): ProgrammeDocument {
  const kind = text(program, 'kind') ?? 'loyalty';
  const perCurrency = Object.keys(fields(program, 'earn_by_currency'));
  const currency = text(program, 'order_currency') ?? perCurrency[0] ?? 'EUR';
  const units = unitsOf(program, currency);
  const isPrice = (of: Fields): boolean => of['unit_price'] !== undefined;
  const rules = list(program, 'rules').filter((of) => !isPrice(of));
  const benefits = membershipBenefits(program);
  const written = [...list(program, 'rewards'), ...impliedRewards(program)];
  return {
    id,
    version: 1,
    name: named(kind),
    unit: inMoney.has(kind) ? { kind: 'money', currency } : { kind: 'points', scale: units.scale },
    currencies: [...new Set([currency, ...perCurrency])],
    holder: holderOf(program),
    enabled: program['available_here'] !== false,
    dates: {
      from: text(program, 'valid_from') ?? text(program, 'from'),
      to: text(program, 'valid_to') ?? text(program, 'to'),
    },
    mostUses: number(program, 'max_usage'),
    rules: [
      ...rulesOf({ ...program, rules: [...rules, ...impliedRules(program)] }, units),
      ...voucherRules(program, currency),
      ...benefits.rules,
      ...backRules(program),
    ],
    rewards: [
      ...written.map((of, index) =>
        of['type'] === 'pay' ? payingReward(of, units) : rewardOf(of, index, program, units),
      ),
      ...list(program, 'rules')
        .filter(isPrice)
        .map((of, index) => priceReward(of, index, units)),
      ...benefits.rewards,
    ],
    tiers: tiersOf(program, currency),
    tierSettings: tierSettingsOf(program),
    membership: membershipOf(program),
    earning: earningOf(program),
    caps: capsOf(program),
    expiry: expiryOf(program),
    refund: refundOf(program),
    ...movingOf(program),
  };
}

/**
 * A programme document from the short notation.
 *
 * The notation is what a person writes in a line or another system exports: money in major units,
 * one word for a kind of programme (`wallet`, `coupons`, `membership`), one for what a rule gives
 * (`per_money`, `fixed`, `multiplier`). A word that nobody knows is refused with its path.
 */
export function programmeFromNotation(
  written: unknown,
  id: string,
): Result<ProgrammeDocument, readonly ProgrammeProblem[]> {
  const parsed = programmeNotation.safeParse(written);
  if (parsed.success) return ok(documentOf(parsed.data, id));
  return err(problemsOf(parsed.error));
}
