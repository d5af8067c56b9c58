import type { Grant } from '#contract/sync.ts';
import type { EntryBody } from '#journal/entry.ts';
import { commit, type Core } from './core.ts';
import type { HeldGrant, TillWrites } from './database.ts';
import { appendEntries } from './journal-writer.ts';
import { isRequesting } from './offer-view.ts';
import type { Hold } from './session-shape.ts';

type CloseReason = Extract<EntryBody, { kind: 'grant-close' }>['reason'];

/** Something that may have points on hold. */
export interface Holding {
  readonly hold: Hold | null;
}

/** Gives back the points that rewards hold. Journalled: the server releases them when it hears of it. */
export function closeGrants(core: Core, rewards: readonly Holding[], reason: CloseReason): void {
  const holds = rewards.flatMap(({ hold }) => (hold === null ? [] : [hold]));
  if (holds.length === 0) return;
  const closed = commit(core, (writes) => {
    for (const { request } of holds) {
      const held = writes.grantByRequest(request);
      if (held !== null) closeHeld(core, writes, held, reason);
    }
  });
  // What could not be journalled now is closed at the next start: the reward is off the sale in any case.
  if (!closed.ok) core.notify('warning', closed.error);
  core.wakeSync();
}

/**
 * Takes every reward off the open sale's account: what is held is given back, and what the server is
 * still being asked for is no longer wanted when it comes.
 */
export function endRewards(core: Core, reason: CloseReason): void {
  core.counter.requesting.clear();
  closeGrants(core, core.counter.session.rewards, reason);
}

/** Closes one grant inside a transaction; does nothing where it is not open. */
export function closeHeld(
  core: Core,
  writes: TillWrites,
  held: HeldGrant,
  reason: CloseReason,
): void {
  if (held.state !== 'accepted' || held.grant === null) return;
  appendEntries(core, writes, core.ports.ids.uuid(), [
    { kind: 'grant-close', grant: held.grant, reason },
  ]);
  writes.saveGrant({ ...held, state: 'closed' });
}

/** Closes a grant this till never accepted, and remembers to ignore it for good. */
export function closeNeverAccepted(core: Core, writes: TillWrites, grant: string): void {
  appendEntries(core, writes, core.ports.ids.uuid(), [
    { kind: 'grant-close', grant, reason: 'never-accepted' },
  ]);
  writes.markNeverAccepted(grant);
}

/**
 * The rule of each acknowledgement: what the server counts as open here and this till never accepted
 * is closed, unless the answer to its request is still on the way.
 *
 * A grant this till has closed or spent in entries the server has not read yet is left alone.
 */
export function reconcileGrants(core: Core, writes: TillWrites, open: readonly Grant[]): number {
  let closed = 0;
  for (const { grant, requestId } of open) {
    const asked = writes.grantByRequest(requestId);
    const known = writes.grantByRef(grant) !== null || writes.isNeverAccepted(grant);
    const outstanding = asked?.state === 'asked' && isRequesting(core, asked);
    if (known || outstanding) continue;
    closeNeverAccepted(core, writes, grant);
    if (asked?.state === 'asked') writes.saveGrant({ ...asked, state: 'refused' });
    closed += 1;
  }
  return closed;
}

/** Whether the server's count and hash of open grants are what this till holds. */
export function sameOpenGrants(
  core: Core,
  theirs: { readonly count: number; readonly hash: string },
): boolean {
  const mine = core.ports.database.read
    .openGrants()
    .flatMap(({ state, grant }) => (state === 'accepted' && grant !== null ? [grant] : []))
    .toSorted();
  return (
    theirs.count === mine.length && theirs.hash === core.ports.crypto.sha256Hex(mine.join('\n'))
  );
}

/**
 * After a start: a grant whose reward is still on the restored sale stays; every other is closed.
 * Questions that were never answered count as never accepted.
 */
export function closeOrphans(core: Core): void {
  const { read } = core.ports.database;
  const { rewards, codes } = core.counter.session;
  const kept = new Set([
    ...rewards.map(({ hold }) => hold?.request),
    ...codes.map(({ voucher }) => voucher?.hold.request),
  ]);
  const orphans = read.openGrants().filter(({ request }) => !kept.has(request));
  if (orphans.length === 0) return;
  const closed = commit(core, (writes) => {
    for (const held of orphans) {
      if (held.state === 'asked') writes.saveGrant({ ...held, state: 'refused' });
      else closeHeld(core, writes, held, 'restart');
    }
  });
  if (!closed.ok) core.notify('warning', closed.error);
}
