import type { EntryBody } from '#journal/entry.ts';
import {
  afterStart,
  closeGrant,
  heldFor,
  joinSteps,
  leftOf,
  passTime,
  spend,
  type CloseReason,
  type GrantStep,
  type InUse,
} from '#journal/held-grant.ts';
import type { TillView } from '#journal/till-sync.ts';
import { assert } from '#loyalty/result.ts';
import { commit, type Core } from './core.ts';
import type { HeldGrant, TillReads, TillWrites } from './database.ts';
import { holdsOf } from './holds.ts';
import { appendEntries } from './journal-writer.ts';
import type { Hold, Session } from './session-shape.ts';

/** Something that may have points on hold. */
export interface Holding {
  readonly hold: Hold | null;
}

/** Writes a step of the grants' rules, inside the transaction of what caused it. */
export function writeStep(core: Core, writes: TillWrites, step: GrantStep<HeldGrant>): void {
  if (step.bodies.length > 0) appendEntries(core, writes, core.ports.ids.uuid(), step.bodies);
  for (const held of step.grants) writes.saveGrant(held);
  for (const grant of step.never) writes.markNeverAccepted(grant);
}

/** Which grants the open sale uses: nobody takes those back while it is open. */
export function inUseBy(open: Session): InUse {
  const used = new Set(holdsOf(open).map(({ request }) => request));
  return ({ request }) => used.has(request);
}

/** What the rules read when the server says something. */
export function grantView(core: Core, reads: TillReads): TillView<HeldGrant> {
  const { session, asking } = core.counter;
  return {
    head: reads.head(),
    hashAt: (seq) => reads.hashAt(seq),
    sync: reads.syncState(),
    open: reads.openGrants(),
    inUse: inUseBy(session),
    sha256Hex: (text) => core.ports.crypto.sha256Hex(text),
    byRequest: (request) => reads.grantByRequest(request),
    byGrant: (grant) => reads.grantByRef(grant),
    isNever: (grant) => reads.isNeverAccepted(grant),
    isOutstanding: ({ request }) => asking.has(request),
  };
}

/**
 * Gives back the points that rewards hold. Journalled: the server releases them when it hears of it.
 * A grant that is held for later stays; it is only no longer used by the sale.
 */
export function closeGrants(core: Core, rewards: readonly Holding[], reason: CloseReason): void {
  const holds = rewards.flatMap(({ hold }) => (hold === null ? [] : [hold]));
  if (holds.length === 0) return;
  const closed = commit(core, (writes) => {
    for (const { request } of holds) {
      const held = writes.grantByRequest(request);
      if (held !== null) closeHeld(core, writes, held, reason);
    }
  });
  // What could not be journalled now the next round closes: the reward is off the sale in any case.
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

/** Closes one grant of the open sale inside a transaction; does nothing where it is not open. */
export function closeHeld(
  core: Core,
  writes: TillWrites,
  held: HeldGrant,
  reason: CloseReason,
): void {
  if (held.purpose === 'sale') writeStep(core, writes, closeGrant(held, reason));
}

/**
 * After a start: a grant whose reward is still on the restored sale stays, as does every grant held
 * for later; questions that were never answered count as never accepted.
 */
export function closeOrphans(core: Core): void {
  const step = afterStart(core.ports.database.read.openGrants(), inUseBy(core.counter.session));
  if (step.grants.length === 0) return;
  const closed = commit(core, (writes) => writeStep(core, writes, step));
  if (!closed.ok) core.notify('warning', closed.error);
}

/**
 * Gives back what is set aside for a sale that has nothing of it: taken off when it could not be written,
 * or written when nobody could tell. What the open sale uses or still asks for stays.
 */
export function closeUnused(core: Core): void {
  const { session, asking } = core.counter;
  const inUse = inUseBy(session);
  const unused = core.ports.database.read
    .openGrants()
    .filter(({ purpose, state }) => purpose === 'sale' && state === 'accepted')
    .filter((held) => !inUse(held) && !asking.has(held.request));
  if (unused.length === 0) return;
  const step = joinSteps(unused.map((held) => closeGrant(held, 'reward-removed')));
  const closed = commit(core, (writes) => writeStep(core, writes, step));
  if (!closed.ok) core.ports.log.warn('unused-not-closed', { count: unused.length });
}

/** Ends the leases of held grants that are over; `elapsedMs` is monotonic. */
export function endLeases(core: Core, elapsedMs: number): void {
  const held = core.ports.database.read.openGrants().filter(({ purpose }) => purpose !== 'sale');
  const step = passTime(held, elapsedMs, inUseBy(core.counter.session));
  if (step.grants.length === 0) return;
  const written = commit(core, (writes) => writeStep(core, writes, step));
  if (written.ok && step.bodies.length > 0) core.wakeSync();
}

/** A grant that is here and covers a cost, for a sale that needs no server. */
export function heldGrantFor(
  core: Core,
  wish: { readonly member: string; readonly programme: string; readonly points: number },
): HeldGrant | null {
  const { read } = core.ports.database;
  // A server that stopped taking our journal may have written our grants off.
  return read.syncState().stopped === null ? heldFor(read.openGrantsOf(wish.member), wish) : null;
}

/** Points of a member that this till holds and the open sale does not use, by programme. */
export function heldHere(core: Core, member: string): ReadonlyMap<string, number> {
  const { read } = core.ports.database;
  const points = new Map<string, number>();
  if (read.syncState().stopped !== null) return points;
  const { rewards } = core.counter.session;
  for (const held of read.openGrantsOf(member)) {
    if (held.purpose !== 'held') continue;
    const used = rewards.find(({ hold }) => hold?.request === held.request)?.points ?? 0;
    const left = Math.max(0, leftOf(held) - used);
    points.set(held.programme, (points.get(held.programme) ?? 0) + left);
  }
  return points;
}

/** What a sale's entries take from the grants it uses, and what becomes of those. */
export function spendGrants(
  read: TillReads,
  open: Session,
  bodies: readonly EntryBody[],
): GrantStep<HeldGrant> {
  return joinSteps(
    holdsOf(open).map(({ request }) => {
      const held = read.grantByRequest(request);
      assert(held?.state === 'accepted', 'what is on the sale has its points on hold');
      const points = bodies.reduce(
        (sum, body) =>
          body.kind === 'redeem' && body.grant === held.grant ? sum + body.points : sum,
        0,
      );
      return spend(held, points);
    }),
  );
}
