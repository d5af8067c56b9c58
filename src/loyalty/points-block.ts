import type { LedgerSale } from './ledger.ts';

/** What a receipt says about one programme; figures are frozen with the sale. */
export interface PointsBlock {
  readonly programme: string;
  readonly won: number;
  readonly spent: number;
  /** Spendable points after the sale. */
  readonly balance: number;
}

/** The block for each programme the sale touched, largest fact first; others are not mentioned. */
export function pointsBlocks(
  sale: LedgerSale,
  balanceAfter: Readonly<Record<string, number>>,
): PointsBlock[] {
  const { earnings, redemptions } = sale.snapshot;
  const spentIn = (programme: string): number =>
    redemptions.reduce(
      (sum, done) =>
        done.programme === programme && done.holderKind === 'member' ? sum + done.points : sum,
      0,
    );
  const touched = new Set([
    ...earnings.map(({ programme }) => programme),
    ...redemptions.flatMap(({ programme, holderKind }) =>
      holderKind === 'member' ? [programme] : [],
    ),
  ]);
  return [...touched].map((programme) => ({
    programme,
    won: earnings.find((earning) => earning.programme === programme)?.points ?? 0,
    spent: spentIn(programme),
    balance: balanceAfter[programme] ?? 0,
  }));
}
