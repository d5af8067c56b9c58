import { allocate } from './allocate.ts';
import { businessDay } from './business-day.ts';
import type { AccountRef, SourceType } from './entry.ts';
import { expiresAt } from './expiry.ts';
import {
  append,
  currentProgrammes,
  entriesOf,
  findEntry,
  type Ledger,
  type NewEntry,
  resolveMember,
  spendable,
  stateOf,
  withMember,
} from './ledger.ts';
import { type PointsRefusal, spendingRefusal } from './ledger-points.ts';
import { multiply, rate, rational, roundToInteger } from './rational.ts';
import { err, ok, type Result } from './result.ts';

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
