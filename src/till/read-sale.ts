import type { TakenBack } from '#contract/sync.ts';
import type { EntryBody, JournalEntry } from '#journal/entry.ts';
import {
  claimSale,
  type ClaimInput,
  type ClaimRefusal,
  type ReceiptClaim,
} from '#loyalty/claim.ts';
import type { QuoteSettings } from '#loyalty/context.ts';
import type { Programme } from '#loyalty/programme.ts';
import { afterRefund, noRefunds, refund, type RefundsBefore } from '#loyalty/refund.ts';
import { err, type Result } from '#loyalty/result.ts';
import type { SoldEarning } from '#loyalty/sale.ts';
import type { MadeReturn, ReturnedLine, SoldSale } from './return-in-progress.ts';

/** What a till knows of a sale: what it wrote itself, and what the server told, each in any order. */
export interface SaleEntries {
  readonly here: readonly JournalEntry[];
  readonly told: readonly JournalEntry[];
  readonly takenBack: readonly TakenBack[];
}

/**
 * A sale with what was done to it, read from entries; null where the sale itself is not among them.
 *
 * `memberNow` says who a member is today, after merges.
 */
export function readSale(
  receipt: string,
  { here, told, takenBack }: SaleEntries,
  memberNow: (member: string) => string,
): SoldSale | null {
  const own = new Set(here.map((entry) => entry.tx));
  const elsewhere = told.filter((entry) => !own.has(entry.tx));
  const entries = [...here, ...elsewhere];
  const sale = entries.find((entry) => isSaleOf(entry, receipt));
  if (sale?.body.kind !== 'sale') return null;
  const { body, atMs } = sale;
  const isClaim = (entry: JournalEntry): boolean =>
    entry.body.kind === 'claim' && entry.body.of === sale.tx;
  // One claim counts: the one the server posted, whatever another till wrote meanwhile.
  const claim = elsewhere.find(isClaim) ?? here.find(isClaim);
  const { member: claimedBy, counted } =
    claim?.body.kind === 'claim' ? claim.body : { member: null, counted: null };
  const earnedByClaim = entries.flatMap((entry) =>
    entry.tx === claim?.tx && entry.body.kind === 'earn' ? [soldEarning(entry.body)] : [],
  );
  const returns = returnsOf(entries, sale.tx);
  const member = claimedBy ?? body.member;
  return {
    tx: sale.tx,
    receipt,
    soldAtMs: atMs,
    member: member === null ? null : memberNow(member),
    currency: body.currency,
    snapshot:
      counted === null
        ? body.snapshot
        : { ...body.snapshot, ...counted, earnings: earnedByClaim, claimable: [] },
    claimed: claim !== undefined,
    returns: [
      ...notToldHere(claim, returns),
      ...returns.map((made) => ({
        lines: made.body.lines,
        tookPoints: claim === undefined || knewOf(made, claim, body.member, entries),
        takenByHand: takenBack.flatMap((taken) =>
          taken.return === made.tx ? [taken.programme] : [],
        ),
      })),
    ],
    elsewhere,
    takenBack,
  };
}

/** Whether an entry is the sale that a receipt was printed for. */
export function isSaleOf({ body }: JournalEntry, receipt: string): boolean {
  return body.kind === 'sale' && body.receipt === receipt;
}

type ReturnEntry = JournalEntry & { readonly body: Extract<EntryBody, { kind: 'return' }> };

/** Returns of a sale, oldest first. */
function returnsOf(entries: readonly JournalEntry[], of: string): readonly ReturnEntry[] {
  const isReturn = (entry: JournalEntry): entry is ReturnEntry =>
    entry.body.kind === 'return' && entry.body.of === of;
  return entries
    .filter(isReturn)
    .toSorted((a, b) => (isOfOneJournal(a, b) ? a.seq - b.seq : a.atMs - b.atMs));
}

/** Returns the claim knew of and this till does not: it may have been told once, and is alone now. */
function notToldHere(
  claim: JournalEntry | undefined,
  returns: readonly ReturnEntry[],
): readonly MadeReturn[] {
  if (claim?.body.kind !== 'claim' || claim.body.returned === undefined) return [];
  const others = returns.filter(({ till }) => till !== claim.till);
  const known = sumByLine(others.flatMap(({ body }) => body.lines));
  const lines = claim.body.returned.flatMap(({ line, quantityMilli }) => {
    const left = quantityMilli - (known.get(line) ?? 0);
    return left > 0 ? [{ line, quantityMilli: left }] : [];
  });
  return lines.length === 0 ? [] : [{ lines, tookPoints: false, takenByHand: [] }];
}

/** What other tills took back of a sale, as far as the server told. */
export function returnedElsewhere({ tx, elsewhere }: SoldSale): readonly ReturnedLine[] {
  const sums = sumByLine(returnsOf(elsewhere, tx).flatMap(({ body }) => body.lines));
  return [...sums].map(([line, quantityMilli]) => ({ line, quantityMilli }));
}

/** How many thousandths of each line these are together. */
export function sumByLine(lines: readonly ReturnedLine[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { line, quantityMilli } of lines) {
    sums.set(line, (sums.get(line) ?? 0) + quantityMilli);
  }
  return sums;
}

/**
 * Whether a return knew of the claim, and so took its points back; those before it took none.
 *
 * Clocks are believed last: one journal has its order, a return that took points knew of them, and one
 * that names nobody did not.
 */
function knewOf(
  made: ReturnEntry,
  claim: JournalEntry,
  soldTo: string | null,
  entries: readonly JournalEntry[],
): boolean {
  if (isOfOneJournal(made, claim)) return made.seq > claim.seq;
  if (soldTo === null) return made.body.member !== null;
  const took = entries.some(
    ({ tx, body }) => tx === made.tx && body.kind === 'reverse' && body.of.type === 'earn',
  );
  return took || made.atMs > claim.atMs;
}

function isOfOneJournal(a: JournalEntry, b: JournalEntry): boolean {
  return a.till === b.till && a.inc === b.inc;
}

function soldEarning(body: Extract<EntryBody, { kind: 'earn' }>): SoldEarning {
  const {
    programme,
    version,
    points,
    qualifyingPoints = points,
    basisMinor,
    breakdown,
    effectiveAtMs,
    expiresAtMs,
    allocatedMinor,
  } = body;
  return {
    programme,
    version,
    points,
    qualifyingPoints,
    basisMinor,
    breakdown: { ...breakdown },
    effectiveAtMs,
    expiresAtMs,
    allocatedMinor,
  };
}

/** What the earlier returns of a sale did, computed the way they were. */
export function refundsBefore(
  sale: SoldSale,
  programmes: readonly Programme[],
  settings: QuoteSettings,
): RefundsBefore {
  return sale.returns.reduce<RefundsBefore>((before, { lines, tookPoints, takenByHand }) => {
    const done = refund({
      sale: sale.snapshot,
      programmes,
      returning: { kind: 'lines', lines },
      before,
      settings,
      available: {},
    });
    if (!done.ok) return before;
    // Nobody had earned yet: the claim gave points for what was left, so none were taken back.
    const { reversals } = done.value;
    // What no entry said is said by the next one.
    const written = reversals.filter(({ owed }) => owed !== 0);
    const taken = written.filter(({ programme }) => tookPoints || takenByHand.includes(programme));
    return afterRefund(before, { ...done.value, reversals: taken });
  }, noRefunds);
}

/**
 * What a claim of a sale, as it stands now, brings to the member in front of the till.
 *
 * `programmes` must hold every version the sale names.
 */
export function claimOfSale(
  sale: SoldSale,
  input: Omit<ClaimInput, 'sale' | 'claimed' | 'returned'>,
): Result<ReceiptClaim, ClaimRefusal> {
  if (sale.member !== null && sale.member !== input.member.ref)
    return err({ code: 'had-a-member' });
  const { returned } = refundsBefore(sale, input.programmes, input.settings);
  return claimSale({ ...input, sale: sale.snapshot, claimed: sale.claimed, returned });
}
