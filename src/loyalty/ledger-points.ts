import { allocate } from './allocate.ts';
import { businessDay } from './business-day.ts';
import type { AccountRef, LedgerEntry, SourceType } from './entry.ts';
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
  spendable,
  stateOf,
  withMember,
} from './ledger.ts';
import type { Consumption } from './lots.ts';
import { multiply, rate, rational, roundToInteger } from './rational.ts';
import { err, ok, type Result } from './result.ts';

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

/** Adds points by hand or from another system. */
export function creditPoints(
  ledger: Ledger,
  request: PointsRequest & Partial<LedgerEntry>,
): Result<Ledger, IdempotencyConflict> {
  const { points, ...more } = request;
  return append(ledger, [
    { ...more, type: 'earn', amount: points, sourceType: more.sourceType ?? 'manual' },
  ]);
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

/** What one debit consumed, lot by lot. */
export function consumedBy(
  ledger: Ledger,
  entry: LedgerEntry,
  atMs: number,
): readonly Consumption[] {
  return stateOf(ledger, entry.account, atMs).consumptions.get(entry.id) ?? [];
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

/** Takes points back where no single entry is meant: waiting ones first, then what is available. */
export function takeBackPoints(
  ledger: Ledger,
  request: PointsRequest & { readonly waiting: number; readonly policy: ClawbackPolicy },
): Result<Ledger, IdempotencyConflict> {
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
  return append(ledger, added);
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

function transferredToday(ledger: Ledger, account: AccountRef, atMs: number): number {
  const today = businessDay(atMs, ledger.settings);
  return entriesOf(ledger, account).reduce(
    (sum, entry) =>
      entry.type === 'transfer' &&
      entry.amount < 0 &&
      businessDay(entry.atMs, ledger.settings) === today
        ? sum - entry.amount
        : sum,
    0,
  );
}

/** The ends of the lots that a debit of these points would consume, with the points of each. */
function lotsTaken(
  ledger: Ledger,
  account: AccountRef,
  points: number,
  atMs: number,
): { expiresAtMs: number | null; points: number }[] {
  const { lots } = stateOf(ledger, account, atMs);
  const parts: { expiresAtMs: number | null; points: number }[] = [];
  let left = points;
  for (const lot of lots) {
    if (left === 0) break;
    if (lot.expiresAtMs !== null && lot.expiresAtMs <= atMs) continue;
    const part = Math.min(left, lot.open);
    left -= part;
    const same = parts.find(({ expiresAtMs }) => expiresAtMs === lot.expiresAtMs);
    if (same === undefined) parts.push({ expiresAtMs: lot.expiresAtMs, points: part });
    else same.points += part;
  }
  return parts;
}

/**
 * Gives points to another member: a debit and its credits in one step, so the total is conserved.
 *
 * Only points that can be spent now move. They keep their ends unless the programme renews them.
 */
export function transferPoints(
  ledger: Ledger,
  request: {
    readonly from: string;
    readonly to: string;
    readonly programme: string;
    readonly points: number;
    readonly source: string;
    readonly atMs: number;
    readonly sourceType?: SourceType;
  },
): Result<Ledger, PointsRefusal> {
  const { programme: id, points, source, atMs, sourceType = 'transfer' } = request;
  const from = spendable(resolveMember(ledger, request.from), id);
  const to = spendable(resolveMember(ledger, request.to), id);
  if (from.holder === to.holder) return err({ code: 'same-account' });
  if (findEntry(ledger, from, 'transfer', source) !== null) return ok(ledger);
  const programme = currentProgrammes(ledger).find((candidate) => candidate.id === id);
  if (programme === undefined || !programme.transfer.allowed) return err({ code: 'not-allowed' });
  const refusal = spendingRefusal(ledger, from, points, atMs);
  if (refusal !== null) return err(refusal);
  const { mostPerDay, keepsExpiry, rate: factor } = programme.transfer;
  const left = mostPerDay === null ? points : mostPerDay - transferredToday(ledger, from, atMs);
  if (left < points) return err({ code: 'daily-limit', left: Math.max(0, left) });
  const parts = keepsExpiry
    ? lotsTaken(ledger, from, points, atMs)
    : [{ expiresAtMs: expiresAt(programme.expiry, atMs, ledger.settings), points }];
  const given = roundToInteger(multiply(rational(points), rate(factor)), 'floor');
  const shares =
    given === 0
      ? parts.map(() => 0)
      : allocate(
          given,
          parts.map((part) => part.points),
        );
  return append(ledger, [
    { account: from, type: 'transfer', amount: -points, source, sourceType, atMs },
    ...parts.map((part, index) => ({
      account: to,
      type: 'transfer' as const,
      amount: shares[index] ?? 0,
      source: index === 0 ? source : `${source}:${index}`,
      sourceType,
      atMs,
      expiresAtMs: part.expiresAtMs,
    })),
  ]);
}

function moveEverything(
  ledger: Ledger,
  from: AccountRef,
  holder: string,
  source: string,
  atMs: number,
): NewEntry[] {
  const to = { ...from, holder };
  const state = stateOf(ledger, from, atMs);
  const parts = state.lots.map((lot) => ({
    amount: lot.open,
    expiresAtMs: lot.expiresAtMs,
    effectiveAtMs: atMs,
  }));
  const waiting = entriesOf(ledger, from).filter(({ effectiveAtMs }) => effectiveAtMs > atMs);
  const all = [
    ...parts,
    ...(state.deficit > 0
      ? [{ amount: -state.deficit, expiresAtMs: null, effectiveAtMs: atMs }]
      : []),
    ...waiting.map(({ amount, expiresAtMs, effectiveAtMs }) => ({
      amount,
      expiresAtMs,
      effectiveAtMs,
    })),
  ];
  return all.flatMap((part, index): NewEntry[] => {
    const common = {
      type: 'transfer' as const,
      source: `${source}:${index}`,
      sourceType: 'merge' as const,
      atMs,
      effectiveAtMs: part.effectiveAtMs,
    };
    return [
      { ...common, account: from, amount: -part.amount },
      { ...common, account: to, amount: part.amount, expiresAtMs: part.expiresAtMs },
    ];
  });
}

/**
 * Joins two records of one person: everything of `from` goes to `into`, once.
 *
 * Cards of `from` find `into` from now on, and sales that arrive late for `from` land there.
 */
export function mergeMembers(
  ledger: Ledger,
  request: {
    readonly from: string;
    readonly into: string;
    readonly source: string;
    readonly atMs: number;
  },
): Result<Ledger, PointsRefusal> {
  const from = ledger.members.get(request.from);
  const into = resolveMember(ledger, request.into);
  if (from === undefined || from.mergedInto !== null) return ok(ledger);
  if (from.ref === into) return err({ code: 'same-account' });
  const accounts = new Map(
    ledger.entries
      .filter(({ account }) => account.holder === from.ref)
      .map(({ account }) => [`${account.programme}/${account.purpose}`, account] as const),
  );
  const moved = [...accounts.values()].flatMap((account) =>
    moveEverything(ledger, account, into, `${request.source}:${account.purpose}`, request.atMs),
  );
  const written = append(ledger, moved);
  return written.ok ? ok(withMember(written.value, { ...from, mergedInto: into })) : written;
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
