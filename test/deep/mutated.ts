/** The files faults are seeded into, under `src/loyalty`, by what they are about. */
export const mutated: Readonly<Record<string, readonly string[]>> = {
  lots: ['lots.ts', 'allocate.ts'],
  tiers: ['tiers.ts', 'quote-tiers.ts', 'ledger-tiers.ts'],
  refunds: ['refund.ts', 'refund-spent.ts', 'kept.ts', 'counted.ts', 'claim.ts'],
  earning: ['earn.ts', 'earn-base.ts', 'earn-caps.ts', 'matching.ts', 'working.ts'],
  quote: [
    'quote.ts',
    'quote-state.ts',
    'quote-totals.ts',
    'offers.ts',
    'member-stage.ts',
    'context.ts',
  ],
  rewards: [
    'apply-product.ts',
    'apply-reward.ts',
    'promotions.ts',
    'best-percent.ts',
    'ceiling.ts',
    'scope.ts',
    'awards.ts',
  ],
};
