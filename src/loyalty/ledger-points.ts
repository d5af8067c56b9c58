import { makeContext } from './context.ts';
import { capped } from './earn-caps.ts';
import type { AccountRef, LedgerEntry } from './entry.ts';
import { expiresAt } from './expiry.ts';
import {
  append,
  currentProgrammes,
  entriesOf,
  findEntry,
  type IdempotencyConflict,
  type Ledger,
  type NewEntry,
  resolveMember,
  stateOf,
} from './ledger.ts';
import { factsFor, memberFor } from './ledger-facts.ts';
import { err, ok, type Result } from './result.ts';
import { Trace } from './trace.ts';

/** Why points cannot be moved; nothing was changed. */
export type PointsRefusal =
  | IdempotencyConflict
  | { readonly code: 'member-required' }
  | { readonly code: 'account-disabled' }
  | { readonly code: 'insufficient-points'; readonly available: number }
  | { readonly code: 'same-account' }
  | { readonly code: 'not-allowed' }
  | { readonly code: 'reason-required' }
  | { readonly code: 'daily-limit'; readonly left: number }
  | { readonly code: 'unknown-entry' };

/** One movement of points. */
export interface PointsRequest {
  readonly account: AccountRef;
  /** Positive, in the smallest unit. */
  readonly points: number;
  readonly source: string;
  readonly atMs: number;
}

/** Why these points cannot be spent; `null` when they can. */
export function spendingRefusal(
  ledger: Ledger,
  account: AccountRef | null,
  points: number,
  atMs: number,
): PointsRefusal | null {
  if (account === null) return { code: 'member-required' };
  const member = ledger.members.get(resolveMember(ledger, account.holder));
  if (member !== undefined && !member.enabled) return { code: 'account-disabled' };
  const { available } = stateOf(ledger, account, atMs);
  return available < points ? { code: 'insufficient-points', available } : null;
}

/**
 * Adds points by hand or from another system.
 *
 * They end when the programme's points end, counted from when they take effect, unless the request
 * says otherwise (`null` never).
 */
export function creditPoints(
  ledger: Ledger,
  request: PointsRequest & Partial<LedgerEntry>,
): Result<Ledger, IdempotencyConflict> {
  const { points, ...more } = request;
  const { account, atMs, effectiveAtMs = atMs } = more;
  const programme = currentProgrammes(ledger).find(({ id }) => id === account.programme);
  const usual =
    programme === undefined || account.purpose === 'qualifying'
      ? null
      : expiresAt(programme.expiry, effectiveAtMs, ledger.settings);
  const { expiresAtMs = usual, sourceType = 'manual' } = more;
  return append(ledger, [{ ...more, type: 'earn', amount: points, sourceType, expiresAtMs }]);
}

/** Spends points outside a basket; a retry answers like the first time. */
export function redeemPoints(
  ledger: Ledger,
  request: PointsRequest & { readonly mayOverdraw?: boolean },
): Result<Ledger, PointsRefusal> {
  const { account, points, source, atMs, mayOverdraw = false } = request;
  if (findEntry(ledger, account, 'redeem', source) === null && !mayOverdraw) {
    const refusal = spendingRefusal(ledger, account, points, atMs);
    if (refusal !== null) return err(refusal);
  }
  return append(ledger, [
    { account, type: 'redeem', amount: -points, source, sourceType: 'sale', atMs },
  ]);
}

/** How a taking-back meets points that are spent already. */
export type ClawbackPolicy = 'negative' | 'clamp';

/**
 * Takes back an entry, whole or in part, once per source.
 *
 * A waiting earning is cancelled where it waits and leaves spendable points alone. `clamp` takes no
 * more than what is there.
 */
export function reverseEntry(
  ledger: Ledger,
  entry: LedgerEntry,
  request: {
    readonly source: string;
    readonly atMs: number;
    readonly policy: ClawbackPolicy;
    readonly points?: number;
  },
): Result<Ledger, IdempotencyConflict> {
  const { source, atMs, policy } = request;
  if (findEntry(ledger, entry.account, 'reverse', source) !== null) return ok(ledger);
  const back = ledger.entries.reduce(
    (sum, other) => (other.ofEntryId === entry.id ? sum + other.amount : sum),
    entry.amount,
  );
  let points = Math.min(Math.abs(back), request.points ?? Math.abs(back));
  const pending = entry.effectiveAtMs > atMs;
  if (policy === 'clamp' && entry.amount > 0 && !pending) {
    points = Math.min(points, Math.max(0, stateOf(ledger, entry.account, atMs).balance));
  }
  if (points === 0) return ok(ledger);
  return append(ledger, [
    {
      account: entry.account,
      type: 'reverse',
      amount: entry.amount > 0 ? -points : points,
      source,
      sourceType: 'void',
      ofEntryId: entry.id,
      atMs,
      effectiveAtMs: Math.max(atMs, entry.effectiveAtMs),
    },
  ]);
}

/** A correction by hand; it needs a manager and a reason. */
export function adjustPoints(
  ledger: Ledger,
  request: {
    readonly account: AccountRef;
    readonly points: number;
    readonly source: string;
    readonly atMs: number;
    readonly role: 'cashier' | 'manager';
    readonly reason: string;
  },
): Result<Ledger, PointsRefusal> {
  if (request.role !== 'manager') return err({ code: 'not-allowed' });
  const why = request.reason.trim();
  if (why === '') return err({ code: 'reason-required' });
  const { account, points, source, atMs, role } = request;
  return append(ledger, [
    {
      account,
      type: 'adjust',
      amount: points,
      source,
      sourceType: 'manual',
      atMs,
      actor: role,
      reason: why,
    },
  ]);
}

/** Takes points back where no single entry is meant: waiting ones first, then what is available. */
export function takeBackPoints(
  ledger: Ledger,
  request: PointsRequest & { readonly waiting: number; readonly policy: ClawbackPolicy },
): Result<{ readonly ledger: Ledger; readonly taken: number }, IdempotencyConflict> {
  const { account, points, source, atMs, waiting, policy } = request;
  const pendingEntries = entriesOf(ledger, account).filter(
    ({ type, effectiveAtMs }) => type === 'earn' && effectiveAtMs > atMs,
  );
  let left = points;
  let waitingLeft = waiting;
  const added: NewEntry[] = [];
  for (const entry of pendingEntries) {
    const part = Math.min(left, waitingLeft, entry.amount);
    if (part <= 0) continue;
    left -= part;
    waitingLeft -= part;
    const { effectiveAtMs } = entry;
    added.push({
      account,
      type: 'reverse',
      amount: -part,
      source: `${source}:${entry.id}`,
      sourceType: 'refund',
      ofEntryId: entry.id,
      atMs,
      effectiveAtMs,
    });
  }
  const { available } = stateOf(ledger, account, atMs);
  const taken = policy === 'clamp' ? Math.min(left, available) : left;
  if (taken > 0) {
    added.push({
      account,
      type: 'adjust',
      amount: -taken,
      source,
      sourceType: 'refund',
      atMs,
      reason: 'returned goods',
    });
  }
  const written = append(ledger, added);
  if (!written.ok) return written;
  return ok({ ledger: written.value, taken: points - left + Math.max(0, taken) });
}

/**
 * Earns points under the programme's caps: what would pass a cap is left out.
 *
 * Points that qualify for tiers are written beside them, once per source like they are.
 */
export function earnPoints(
  ledger: Ledger,
  request: PointsRequest & Partial<LedgerEntry> & { readonly qualifyingPoints?: number },
): Result<{ readonly ledger: Ledger; readonly earned: number }, IdempotencyConflict> {
  const { qualifyingPoints = 0, ...spendable } = request;
  const done = earnSpendable(ledger, spendable);
  if (!done.ok || qualifyingPoints <= 0) return done;
  const account = { ...request.account, purpose: 'qualifying' as const };
  const { source, atMs } = request;
  const points = qualifyingPoints;
  const qualified = creditPoints(done.value.ledger, { account, points, source, atMs });
  return qualified.ok ? ok({ ...done.value, ledger: qualified.value }) : qualified;
}

function earnSpendable(
  ledger: Ledger,
  request: PointsRequest & Partial<LedgerEntry>,
): Result<{ readonly ledger: Ledger; readonly earned: number }, IdempotencyConflict> {
  const { account, points, source, atMs } = request;
  const programme = currentProgrammes(ledger).find(({ id }) => id === account.programme);
  const there = findEntry(ledger, account, 'earn', source);
  if (programme === undefined || there !== null) {
    const again = creditPoints(ledger, request);
    return again.ok ? ok({ ledger: again.value, earned: there?.amount ?? points }) : again;
  }
  const ref = resolveMember(ledger, account.holder);
  const context = makeContext({
    nowMs: atMs,
    currency: ledger.settings.market.currency,
    member: memberFor(ledger, ref, 'verified', atMs),
    facts: factsFor(ledger, ref, atMs),
    settings: ledger.settings,
    codes: new Set(),
  });
  const earned = capped(points, programme, context, new Trace());
  if (earned === 0) return ok({ ledger, earned });
  const written = creditPoints(ledger, { ...request, points: earned });
  return written.ok ? ok({ ledger: written.value, earned }) : written;
}

/** Brings an account to a balance that was counted elsewhere, e.g. when a shop moves in. */
export function setBalance(
  ledger: Ledger,
  request: {
    readonly account: AccountRef;
    readonly balance: number;
    readonly source: string;
    readonly atMs: number;
  },
): Result<Ledger, IdempotencyConflict> {
  const { account, balance, source, atMs } = request;
  const amount = balance - stateOf(ledger, account, atMs).balance;
  if (amount === 0) return ok(ledger);
  return append(ledger, [
    {
      account,
      type: 'adjust',
      amount,
      source,
      sourceType: 'manual',
      atMs,
      reason: 'opening balance',
    },
  ]);
}

/**
 * Takes back everything a source wrote, under each programme's own policy; once.
 *
 * What it spent comes back, what it earned goes, waiting points are cancelled where they wait.
 */
export function reverseSource(
  ledger: Ledger,
  request: { readonly source: string; readonly atMs: number },
): Result<Ledger, IdempotencyConflict> {
  const { source, atMs } = request;
  let next = ledger;
  for (const entry of ledger.entries.filter((row) => row.source === source)) {
    const programme = currentProgrammes(ledger).find(({ id }) => id === entry.account.programme);
    const policy = programme?.refund.alreadySpent ?? 'negative';
    const back = reverseEntry(next, entry, {
      source: `void-${source}-${entry.type}`,
      atMs,
      policy,
    });
    if (!back.ok) return back;
    next = back.value;
  }
  return ok(next);
}
