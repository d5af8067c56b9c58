import { z } from 'zod';
import type { ProgrammeProblem } from '#loyalty/programme-check.ts';

/** What a written programme may say; a key that is not here is refused with its path. */

const anything = z.unknown().optional();

function shape<Inner extends z.ZodRawShape>(keys: string, inner: Inner) {
  const open = Object.fromEntries(keys.split(' ').map((key) => [key, anything]));
  return z.strictObject({ ...open, ...inner });
}

/** Words that state what a rule gives; one of them must be there. */
export const effectWords = [
  'mode',
  'on',
  'per_money',
  'per_unit',
  'fixed',
  'per_visit',
  'fixed_per_unit',
  'addition',
  'multiplier',
  'unit_price',
] as const;

const limit = z.strictObject({
  points: z.number().nullish(),
  times: z.number().optional(),
  per: z.enum(['day', 'week', 'month', 'year', 'member']).optional(),
});

const rule = shape(
  'id mode points products product category tag min_qty max_qty min_amount max_amount min_amount_tax code per_money per_unit per_visit fixed fixed_per_unit addition multiplier on from to enabled stackable priority last segment iso_weekdays exclude_products exclude_categories reward basis created tier within_days rounding unit_price',
  { limit: limit.optional() },
).refine(
  (of) => effectWords.some((word) => word in of),
  `say what the rule gives: ${effectWords.join(', ')}`,
);

const reward = shape(
  'type discount value scope cost_points id products product category tag max_amount qty choose_one points',
  {},
);

const tier = shape(
  'name min max min_spent multiplier bonus points_per_money per nights stays spend base_points all_of any_of',
  {},
);

const expiry = shape('duration expire_at months round_up moment inactivity_months activity', {});

const paying = shape('points value min_points max_percent_of_order', {});

const benefit = shape('every_minutes', { free_product: z.string() });

/** Schema of a programme in short notation. */
export const programmeNotation = shape(
  'kind trigger nominative applies valid_to valid_from max_usage available_here rounding unit lot_order expiry_days expire_after_days own_redemption_reduces_basis no_earn_when_redeeming free_items_earn tax_mode tax_rounding refund clawback_policy clawback return_policy max_balance global_cap max_per_transaction on_cap rules_mode base basis taxes metric metrics window valid include_current_sale percent_back point_value percent earn_percent welcome redeem_not_on_enrol_sale reward goal gives per_unit points bonus_points within_days every choose_one fee period auto_renew events events_cap_per_year voucher windows max_per_window max_per_year enrol earn_by_currency channels exclude transfer receipt_claim auto_redeem_at reset_points_on_recalc downgrade validity_days start keep_for grace_days grace grace_round currency_rounding cash_rounding program_currency order_currency account offline_redeem limit on min_amount min_qty max_qty from to code value_percent round id base_points promotion milestones name scale expected_redeemed allocated',
  {
    earn: z.union([z.array(rule), rule]).optional(),
    rules: z.array(rule).optional(),
    promotions: z.array(rule).optional(),
    rewards: z.array(reward).optional(),
    tiers: z.union([z.array(tier), z.record(z.string(), z.unknown())]).optional(),
    levels: z.array(tier).optional(),
    benefits: z.array(z.union([z.string(), benefit])).optional(),
    expiry: expiry.optional(),
    redeem: paying.optional(),
  },
);

/** What was wrong with something written, place by place; the first fifty. */
export function problemsOf(error: z.ZodError): ProgrammeProblem[] {
  return error.issues.slice(0, 50).map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message,
  }));
}
