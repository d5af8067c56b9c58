import type { EntryBody } from '#journal/entry.ts';
import type { Refund } from '#loyalty/refund.ts';
import type { SoldSale } from './return-in-progress.ts';
import { voucherHolder } from './sale-entries.ts';

/** A return as it is made. */
export interface MadeReturn {
  /** The return's transaction. */
  readonly returnId: string;
  readonly sale: SoldSale;
  readonly refund: Refund;
  readonly receipt: string;
}

/** Spent points that come back: the programme, in the version they were spent under. */
export interface Spent {
  readonly programme: string;
  readonly version: number;
}

/**
 * Everything a return says in the journal: itself, and what it takes from accounts and gives back.
 *
 * `renewedEnd` says with which end spent points come back; nothing where they keep their lots'.
 */
export function returnEntries(
  { returnId, sale, refund, receipt }: MadeReturn,
  renewedEnd: (spent: Spent) => { readonly expiresAtMs?: number | null },
): readonly EntryBody[] {
  const returned: EntryBody = {
    kind: 'return',
    of: sale.tx,
    receipt,
    member: sale.member,
    currency: sale.currency,
    refundMinor: refund.refundMinor,
    lines: refund.lines.map(({ line, quantityMilli }) => ({ line, quantityMilli })),
  };
  const reverse = (back: Back): readonly EntryBody[] =>
    back.member === null || back.points === 0
      ? []
      : [
          {
            kind: 'reverse',
            member: back.member,
            programme: back.programme,
            version: back.version,
            of: { source: sale.tx, type: back.type },
            points: back.points,
            ...qualifyingPart(back),
            source: returnId,
            ...(back.type === 'redeem' ? renewedEnd(back) : {}),
          },
        ];
  return [
    returned,
    ...refund.reversals.flatMap(({ programme, version, points, qualifyingPoints }) =>
      reverse({
        member: sale.member,
        programme,
        version,
        type: 'earn',
        points: -points,
        qualifyingPoints: -qualifyingPoints,
      }),
    ),
    ...spendReturns(refund, sale).flatMap(reverse),
    ...refund.vouchers.flatMap(({ voucher, opens, points }) =>
      reverse({
        member: voucherHolder(sale.tx, voucher),
        programme: opens,
        version: sale.snapshot.vouchers[voucher]?.version ?? 1,
        type: 'earn',
        points: -points,
      }),
    ),
  ];
}

/** Points that go back to an account, or out of it. */
interface Back extends Spent {
  readonly member: string | null;
  readonly type: 'earn' | 'redeem';
  readonly points: number;
  /** Left out where all of them count towards a tier. */
  readonly qualifyingPoints?: number;
}

function qualifyingPart({ points, qualifyingPoints = points }: Back): {
  readonly qualifyingPoints?: number;
} {
  return qualifyingPoints === points ? {} : { qualifyingPoints };
}

/** One per account, as the sale spent them: a coupon's two rewards were one spending of it. */
function spendReturns(refund: Refund, sale: SoldSale): readonly Back[] {
  const sums = new Map<string, Back>();
  for (const { holder, holderKind, programme, version, points } of refund.returns) {
    const member = holderKind === 'member' ? sale.member : holder;
    if (member === null || holderKind === 'sale') continue;
    const key = `${member} ${programme}`;
    const before = sums.get(key)?.points ?? 0;
    sums.set(key, { member, programme, version, type: 'redeem', points: before + points });
  }
  return [...sums.values()];
}
