import type { Quote, QuotedEarning } from '#loyalty/quote-types.ts';
import type { Reason } from '#loyalty/reason.ts';
import type { Refund } from '#loyalty/refund.ts';

const pairs = (of: object): string =>
  Object.entries(of)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ');

const because = (reason: Reason | null): string =>
  reason === null ? '' : ` because ${reason.code} ${pairs(reason.params)}`;

const earned = (word: string, item: QuotedEarning): string =>
  `${word} ${item.programme}@${item.version} ${item.points} (tier ${item.qualifyingPoints}, of ${item.basisMinor}, books ${item.allocatedMinor}) ${pairs(item.breakdown)} from ${item.effectiveAtMs} to ${item.expiresAtMs}`;

/** Everything a quote says, one fact per line; money in minor units. A line that nothing touched is left out. */
export function tellQuote(quote: Quote): string[] {
  return [
    `pays ${quote.dueMinor} = ${quote.subtotalMinor} - ${quote.discountMinor} - ${quote.paidByValueMinor} + ${quote.roundingMinor}; total ${quote.totalMinor}, tax ${quote.taxMinor}, without ${quote.untaxedDueMinor} ${quote.currency}`,
    ...quote.lines
      .filter(
        (line) =>
          line.discountMinor !== 0 ||
          line.paidByValueMinor !== 0 ||
          line.freeMilli !== 0 ||
          line.discounts.length > 0 ||
          line.unitPriceMinor !== line.line.unitPriceMinor,
      )
      .map(
        (line) =>
          `line ${line.line.id} at ${line.unitPriceMinor}: ${line.grossMinor} - ${line.discountMinor} = ${line.netMinor}, value ${line.paidByValueMinor}, free ${line.freeMilli} ${line.discounts.map((off) => `${off.programme}/${off.reward}:${off.amountMinor}${off.free ? 'f' : ''}`).join(' ')}`,
      ),
    `taxes ${quote.taxGroups.map((group) => `${group.key}: ${group.taxMinor} of ${group.netMinor} (${group.discountMinor})`).join('; ')}`,
    ...quote.addedGoods.map((goods) => `added ${pairs(goods)}`),
    ...quote.redemptions.map(
      (done) =>
        `redeemed "${done.name['en']}" ${done.programme}@${done.version}/${done.reward} ${done.value} ${done.stage} of ${done.holderKind} ${done.holder}: ${done.points} points for ${done.valueMinor}, rounded ${done.roundingMinor}, ${done.units} times ${done.parts.map((part) => `${part.line}:${part.amountMinor}`).join(' ')}${done.added === null ? '' : ` added ${pairs(done.added)}`}`,
    ),
    ...quote.earnings.map((item) => earned('earned', item)),
    ...quote.claimable.map((item) => earned('claimable', item)),
    ...quote.awards.map((award) => `award ${JSON.stringify(award)}`),
    ...quote.tiers.map((tier) => `tier ${JSON.stringify(tier)}`),
    ...quote.offers.map(
      (offer) =>
        `offer "${offer.name['en']}" ${offer.programme}/${offer.reward} ${offer.value} ${offer.state} ${offer.costPoints} points worth ${offer.worthMinor}, leaves ${offer.remainingPoints}${because(offer.reason)}`,
    ),
    ...quote.codes.map(({ code, state, reason }) => `code ${code} ${state}${because(reason)}`),
    ...quote.refused.map(
      ({ claim, reason }) => `refused ${Object.values(claim).join(' ')}${because(reason)}`,
    ),
    ...quote.trace.map((step) => `why ${step.code} ${pairs(step.params)}`),
  ];
}

/** Everything a return does, one fact per line. */
export function tellRefund(done: Refund): string[] {
  return [
    `back ${done.refundMinor}${done.complete ? ', all' : ''}: ${done.lines.map((line) => `${line.line} ${line.quantityMilli} for ${line.amountMinor}`).join(', ')}`,
    ...done.reversals.map(
      (item) => ` taken ${item.points} of ${item.owed} points ${item.programme}@${item.version}`,
    ),
    ...done.returns.map(
      (item) =>
        ` given back ${item.points} points, ${item.valueMinor} of ${item.redemption} ${item.programme}@${item.version}/${item.reward} of ${item.holderKind} ${item.holder}`,
    ),
    ...done.vouchers.map((item) => ` voucher ${pairs(item)}`),
    ...done.trace.map((step) => ` why ${step.code} ${Object.values(step.params).join(' ')}`),
  ];
}
