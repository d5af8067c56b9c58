import { type Ledger, type LedgerSale, resolveMember } from './ledger.ts';
import { replay } from './lots.ts';

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

/**
 * The blocks of a settled sale with the balance as it was when it was settled.
 *
 * What happened since, be it at the same instant, does not change them: a reprint repeats them.
 */
export function receiptBlocks(ledger: Ledger, sale: LedgerSale): PointsBlock[] {
  const last = ledger.entries.findLastIndex(({ source }) => source === sale.id);
  const then =
    last < 0
      ? ledger.entries.filter(({ atMs }) => atMs <= sale.atMs)
      : ledger.entries.slice(0, last + 1);
  const holder = sale.member === null ? null : resolveMember(ledger, sale.member);
  const own = then.filter(
    ({ account }) => account.holder === holder && account.purpose === 'spendable',
  );
  const balances = [...new Set(own.map(({ account }) => account.programme))].map((programme) => {
    const entries = own.filter(({ account }) => account.programme === programme);
    return [programme, replay(entries, sale.atMs).balance] as const;
  });
  return pointsBlocks(sale, Object.fromEntries(balances));
}
