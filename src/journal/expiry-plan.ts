import type { AccountRow } from './posting-rows.ts';

/**
 * How much of an account the night may take away: what is available, and nothing that is held.
 *
 * Points in an open grant may have been spent already at a till that is away; when the grant comes back
 * unspent, a later night takes them. A restored server does not know of all grants until every till has
 * sent again what it lost (`isRecovering`): until then it takes nothing.
 */
export function freeAtNight(
  account: Pick<AccountRow, 'posted' | 'granted'>,
  recovering: boolean,
): number {
  return recovering ? 0 : Math.max(0, account.posted - account.granted);
}
