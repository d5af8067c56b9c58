/**
 * Keys that verbs may carry besides id, do, at and member: verbs, then their keys.
 *
 * A key that is not here fails its case: it would ask for something nobody does.
 */
const table: readonly (readonly [verbs: string, keys: string])[] = [
  ['pay replay save_draft reopen_draft abandon add_gift_card', 'order'],
  ['cancel clawback print reprint claim_receipt', 'order'],
  ['hold_reward release_reward redeem_held', 'reward'],
  ['issue_card issue_voucher', 'code points'],
  ['set_earned late_sync_earn window_close', 'points'],
  ['tier_at tier_for', 'nights stays spend base_points current_sale'],
  ['tier_at tier_for', 'spent_before spent_this_year spent_2027'],
  ['order', 'lines claim codes code_first code_last pay pay_with channel currency variant'],
  ['order', 'manual_discount reward_products_override validity offline key'],
  ['claim', 'order reward'],
  ['enter_code', 'order code'],
  ['set_reward_qty', 'order reward qty'],
  ['set_reward_cap', 'order reward max_amount'],
  ['set_qty', 'order sku qty then_code'],
  ['reprice', 'order factor'],
  ['scan', 'code code_of'],
  ['wedge_scan', 'code focus is'],
  ['replace_card', 'old new'],
  ['refund', 'order lines full'],
  ['refund_amount', 'order net_amount'],
  ['quote_redemption', 'requested balance order_total account_enabled'],
  ['rule_applies', 'qty'],
  ['calculate_earn', 'basis subtotal discount items_net tax shipping units currency'],
  ['calculate_earn', 'member_segments tier variant'],
  ['basis', 'items_total items_tax order_total order_tax variant'],
  ['enrol', 'phone country birthday referred_by account_enabled'],
  ['enrol_on_order', 'order phone'],
  ['event', 'type'],
  ['scan_qr', 'code'],
  ['set_balance', 'points program'],
  ['set_account', 'available pending'],
  ['return_points', 'points from_order_pending'],
  ['adjust', 'points by reason'],
  ['transfer', 'from to points'],
  ['merge', 'from into'],
  ['set_tier', 'tier'],
  ['reach_threshold', 'tier variant'],
  ['period_end', 'earned_in_period'],
  ['change_program', 'earn'],
  ['credit', 'points lot expires usable_through'],
  ['earn', 'points order key basis breakdown qualifying effective_at'],
  ['earn_action', 'points source qualifying'],
  ['redeem', 'points order till offline before_expiry variant'],
  ['debit', 'points allow_negative'],
  ['expire_lot', 'lot'],
  ['query_expiring', 'by'],
  ['advance_days', 'days'],
  ['entries', 'list'],
  ['sync_again', 'lost_ack'],
  ['metric', 'orders_per_member scores answers start end new avg_sale per_year years margin'],
  ['metric', 'issued redeemed expired reversed outstanding test control coupon_cost'],
  ['allocate', 'sales points'],
  ['year_end', 'redeemed_cum expected'],
  ['day_close', 'opening_liability_points earned redeemed expired adjusted reversed'],
];

/** The keys a step with this verb may carry. */
export function keysOf(verb: string): ReadonlySet<string> {
  const rows = table.filter(([verbs]) => verbs.split(' ').includes(verb));
  return new Set(['id', 'do', 'at', 'member', ...rows.flatMap(([, keys]) => keys.split(' '))]);
}
