import { leftOf } from '#journal/held-grant.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import type { TillReads } from './database.ts';
import { holdsOf } from './holds.ts';
import { grantFor } from './sale-entries.ts';
import type { Session } from './session.ts';

/**
 * Whether all that a sale spends is set aside for it, so that it can be written.
 *
 * The quote spends no more than its claims say; this is the last look before money changes hands.
 */
export function isCovered(read: TillReads, open: Session, quote: Quote): boolean {
  const holds = holdsOf(open);
  // A server that stopped taking our journal may have written our grants off.
  if (holds.length > 0 && read.syncState().stopped !== null) return false;
  const spent = new Map<string, number>();
  for (const done of quote.redemptions) {
    if (done.holder === null || done.points === 0) continue;
    const grant = grantFor(open, done);
    if (grant === null) return false;
    spent.set(grant, (spent.get(grant) ?? 0) + done.points);
  }
  return holds.every(({ request, grant }) => {
    const held = read.grantByRequest(request);
    return held?.state === 'accepted' && (spent.get(grant) ?? 0) <= leftOf(held);
  });
}
