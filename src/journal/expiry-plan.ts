import type { AccountRow } from './posting-rows.ts';

/** A lot whose end has come, with what is still in it. */
export interface EndedLot {
  readonly lot: string;
  readonly open: number;
}

/** What expires of one lot. */
export interface LotExpiry {
  readonly lot: string;
  readonly points: number;
}

/**
 * What expires of an account's ended lots: never more than is available.
 *
 * Points in an open grant may have been spent already at a till that is away. They are left; when the
 * grant comes back unspent, the next run takes them. A server that was restored and still waits for
 * tills lets nothing expire (`isRecovering`).
 */
export function planExpiry(
  account: Pick<AccountRow, 'posted' | 'granted'>,
  ended: readonly EndedLot[],
): readonly LotExpiry[] {
  let available = Math.max(0, account.posted - account.granted);
  return ended.flatMap(({ lot, open }) => {
    const points = Math.min(open, available);
    available -= points;
    return points > 0 ? [{ lot, points }] : [];
  });
}
