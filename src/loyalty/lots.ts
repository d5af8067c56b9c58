import { allocate } from './allocate.ts';
import type { LotEntry } from './entry.ts';

/** Points that came in together and end together. The id is that of the entry that opened it. */
export interface Lot {
  readonly id: string;
  readonly openedAtMs: number;
  /** Exclusive; `null` never expires. */
  readonly expiresAtMs: number | null;
  readonly credited: number;
  /** What is still in it. */
  readonly open: number;
}

/** What one debit took from one lot; `lotId` null is the part that became a deficit. */
export interface Consumption {
  readonly lotId: string | null;
  readonly amount: number;
}

/** An account at an instant, folded from its entries. */
export interface AccountState {
  /** Lots with something in them, in the order they will be spent. */
  readonly lots: readonly Lot[];
  /** What debits took beyond the lots; the next credit repays it. */
  readonly deficit: number;
  /** Sum of the effective entries = open lots − deficit. May be negative. */
  readonly balance: number;
  /** Entries that take effect later, summed. */
  readonly pending: number;
  /** What can be spent now: open lots that have not passed their end, less the deficit; ≥ 0. */
  readonly available: number;
  /** Per debit entry, what it consumed and has not been given back. */
  readonly consumptions: ReadonlyMap<string, readonly Consumption[]>;
}

interface OpenLot {
  id: string;
  openedAtMs: number;
  expiresAtMs: number | null;
  credited: number;
  open: number;
}

interface Fold {
  readonly lots: OpenLot[];
  readonly byId: Map<string, OpenLot>;
  readonly taken: Map<string, Consumption[]>;
  deficit: number;
}

/** Orders entries by when they take effect, then by id: the same on every machine. */
export function compareEntries(
  left: Pick<LotEntry, 'effectiveAtMs' | 'id'>,
  right: Pick<LotEntry, 'effectiveAtMs' | 'id'>,
): number {
  if (left.effectiveAtMs !== right.effectiveAtMs) return left.effectiveAtMs - right.effectiveAtMs;
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}

function endOf(lot: OpenLot): number {
  return lot.expiresAtMs ?? Number.MAX_SAFE_INTEGER;
}

/**
 * Sorts and removes repetitions, by id and by (type, source).
 *
 * Of two rows with one key the earlier stands, so any arrival order keeps the same one.
 */
export function orderedOnce(entries: readonly LotEntry[]): LotEntry[] {
  const ids = new Set<string>();
  const keys = new Set<string>();
  return entries.toSorted(compareEntries).filter((entry) => {
    const key = `${entry.type}/${entry.source}`;
    if (ids.has(entry.id) || keys.has(key)) return false;
    ids.add(entry.id);
    keys.add(key);
    return true;
  });
}

/** Lots come in the order of their entries: of lots that end together the older one stays ahead. */
function openLot(fold: Fold, lot: OpenLot): void {
  let low = 0;
  let high = fold.lots.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = fold.lots[middle];
    if (other !== undefined && endOf(other) <= endOf(lot)) low = middle + 1;
    else high = middle;
  }
  fold.lots.splice(low, 0, lot);
  fold.byId.set(lot.id, lot);
}

function credit(fold: Fold, entry: LotEntry, amount: number): void {
  const repaid = Math.min(amount, fold.deficit);
  fold.deficit -= repaid;
  openLot(fold, {
    id: entry.id,
    openedAtMs: entry.effectiveAtMs,
    expiresAtMs: entry.expiresAtMs,
    credited: amount,
    open: amount - repaid,
  });
}

function hasEnded(lot: OpenLot, atMs: number): boolean {
  return lot.expiresAtMs !== null && lot.expiresAtMs <= atMs;
}

function takeFrom(lot: OpenLot, amount: number, into: Consumption[]): number {
  const part = Math.min(lot.open, amount);
  if (part === 0) return 0;
  lot.open -= part;
  into.push({ lotId: lot.id, amount: part });
  return part;
}

function debit(fold: Fold, entry: LotEntry, amount: number): void {
  const taken: Consumption[] = [];
  let left = amount;
  const namedId = entry.lotId ?? entry.ofEntryId;
  const named = namedId === null ? undefined : fold.byId.get(namedId);
  if (named !== undefined) left -= takeFrom(named, left, taken);
  if (entry.type !== 'expire') {
    for (const lot of fold.lots) {
      if (left === 0) break;
      if (!hasEnded(lot, entry.effectiveAtMs)) left -= takeFrom(lot, left, taken);
    }
  }
  if (left > 0) {
    fold.deficit += left;
    taken.push({ lotId: null, amount: left });
  }
  fold.taken.set(entry.id, taken);
}

function giveBack(fold: Fold, entry: LotEntry, amount: number, taken: Consumption[]): void {
  const repaid = Math.min(amount, fold.deficit);
  fold.deficit -= repaid;
  const returned = Math.min(
    amount,
    taken.reduce((sum, part) => sum + part.amount, 0),
  );
  const shares = allocate(
    returned,
    taken.map((part) => part.amount),
  );
  let kept = repaid;
  const cover = (share: number): number => {
    const covered = Math.min(kept, share);
    kept -= covered;
    return covered;
  };
  // What was never in a lot repays the deficit before what was.
  const owed = taken.map((part, index) => (part.lotId === null ? cover(shares[index] ?? 0) : null));
  const left: Consumption[] = [];
  taken.forEach((part, index) => {
    const share = shares[index] ?? 0;
    if (part.amount > share) left.push({ lotId: part.lotId, amount: part.amount - share });
    const lot = part.lotId === null ? undefined : fold.byId.get(part.lotId);
    const covered = owed[index] ?? cover(share);
    const renewed =
      lot !== undefined && entry.expiresAtMs !== null && hasEnded(lot, entry.effectiveAtMs);
    if (lot !== undefined && !renewed) lot.open += share - covered;
    else creditRest(fold, entry, share - covered);
  });
  if (entry.ofEntryId !== null) fold.taken.set(entry.ofEntryId, left);
  creditRest(fold, entry, amount - returned - kept);
}

function creditRest(fold: Fold, entry: LotEntry, amount: number): void {
  if (amount === 0) return;
  const known = fold.byId.get(entry.id);
  if (known !== undefined) {
    known.open += amount;
    known.credited += amount;
  } else credit(fold, entry, amount);
}

function apply(fold: Fold, entry: LotEntry): void {
  if (entry.amount < 0) return debit(fold, entry, -entry.amount);
  if (entry.amount === 0) return;
  const { ofEntryId } = entry;
  if (ofEntryId === null) return credit(fold, entry, entry.amount);
  const taken = fold.taken.get(ofEntryId);
  if (taken !== undefined) return giveBack(fold, entry, entry.amount, taken);
  const { expiresAtMs } = fold.byId.get(ofEntryId) ?? entry;
  credit(fold, { ...entry, expiresAtMs }, entry.amount);
}

/**
 * Folds the entries of ONE account into its state at `atMs`.
 *
 * Credits open lots; debits take the soonest end first, then the oldest, what never ends last; a
 * debit beyond the lots is a deficit that the next credit repays; an `expire` takes only from the
 * lot it names; a `reverse` of a debit puts the points back into the lots they came from in the
 * same proportion, a `reverse` of a credit takes from that lot first. A `reverse` of a debit that
 * states an end of its own opens a new lot with it for what would go back into lots that have ended.
 * A `reverse` of a credit that adds to it again opens a lot that ends as the credit does.
 * Any order and repetition of the same entries gives the same state.
 */
export function replay(entries: readonly LotEntry[], atMs: number): AccountState {
  const fold: Fold = { lots: [], byId: new Map(), taken: new Map(), deficit: 0 };
  let balance = 0;
  let pending = 0;
  for (const entry of orderedOnce(entries)) {
    if (entry.effectiveAtMs > atMs) {
      pending += entry.amount;
      continue;
    }
    balance += entry.amount;
    apply(fold, entry);
  }
  const lots = fold.lots.filter((lot) => lot.open > 0);
  const usable = lots.reduce(
    (sum, lot) => (lot.expiresAtMs !== null && lot.expiresAtMs <= atMs ? sum : sum + lot.open),
    0,
  );
  return {
    lots,
    deficit: fold.deficit,
    balance,
    pending,
    available: Math.max(0, usable - fold.deficit),
    consumptions: fold.taken,
  };
}

/** Points whose lots end by `byMs` (inclusive): what the receipt warns about. */
export function expiringBy(state: AccountState, byMs: number): number {
  return state.lots.reduce(
    (sum, lot) => (lot.expiresAtMs !== null && lot.expiresAtMs <= byMs ? sum + lot.open : sum),
    0,
  );
}
