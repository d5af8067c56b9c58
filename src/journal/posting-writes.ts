import type { StoredEntry } from './entry.ts';
import type { GrantRow, GrantState, HeldRow, LedgerType, ReversibleType } from './posting-rows.ts';
import type { JournalHead } from './chain.ts';

/** Where an entry stands in a journal; carried by everything it causes. */
export interface EntryPlace {
  readonly till: string;
  readonly inc: number;
  readonly seq: number;
  readonly day: string;
  readonly atMs: number;
}

/** One row of the ledger: append-only, unique on (member, programme, type, source). */
export interface LedgerWrite extends EntryPlace {
  /** As journalled; the account is its owner's. */
  readonly member: string;
  readonly owner: string;
  readonly programme: string;
  readonly version: number;
  readonly type: LedgerType;
  readonly source: string;
  /** Change of the balance. */
  readonly points: number;
  /** False while `effectiveAtMs` is ahead. */
  readonly counted: boolean;
  readonly effectiveAtMs: number;
  readonly expiresAtMs: number | null;
  readonly basisMinor: number | null;
  readonly allocatedMinor: number | null;
  readonly valueMinor: number | null;
  readonly grant: string | null;
  readonly ofType: ReversibleType | null;
  readonly ofSource: string | null;
}

/** Change of an account, to be added to what is there. */
export interface AccountDelta {
  readonly owner: string;
  readonly programme: string;
  readonly posted: number;
  readonly pending: number;
  readonly held: number;
  readonly granted: number;
}

/** A grant a restored server had forgotten, taken in again from its till's journal. */
export interface RestoredGrant extends GrantRow {
  readonly requestId: string;
  readonly atMs: number;
}

/** What a grant is afterwards. */
export interface GrantWrite {
  readonly grant: string;
  readonly spent: number;
  readonly state: GrantState;
}

/** A member that was enrolled, or named before its enrolment arrived. */
export interface MemberWrite {
  readonly member: string;
  readonly provisional: boolean;
  readonly enrolled: boolean;
  readonly market: string | null;
  readonly proof: string | null;
  readonly till: string;
  readonly day: string;
  readonly atMs: number;
}

/** A sale's row for reports, returns and claims. */
export interface SaleWrite extends EntryPlace {
  readonly tx: string;
  readonly receipt: string;
  readonly member: string | null;
  readonly proof: string | null;
  readonly currency: string;
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly totalMinor: number;
  readonly tender: string;
}

/** A return's row. */
export interface ReturnWrite extends EntryPlace {
  readonly tx: string;
  readonly of: string;
  readonly receipt: string;
  readonly member: string | null;
  readonly refundMinor: number;
}

/** The points of a sale given to a member afterwards. */
export interface ClaimWrite extends EntryPlace {
  readonly tx: string;
  readonly of: string;
  readonly member: string;
  readonly owner: string;
}

/** Why a fact was posted but a person should look. The renderer has the sentences. */
export type ExceptionCode =
  | 'unknown-member'
  | 'unknown-programme'
  | 'blocked-member'
  | 'duplicate-transaction'
  | 'duplicate-entry'
  | 'redeem-without-grant'
  | 'grant-of-another-till'
  | 'grant-of-another-member'
  | 'grant-closed'
  | 'grant-not-accepted'
  | 'grant-overspent'
  | 'unknown-grant'
  | 'reversal-over-original'
  | 'reversal-wrong-sign'
  | 'refund-over-sale'
  | 'return-to-erased'
  | 'already-claimed'
  | 'claim-of-member-sale'
  | 'return-of-claimed-sale'
  | 'claim-of-returned-sale'
  | 'earn-without-claim'
  | 'negative-balance'
  | 'clock-jump'
  | 'pin-guessing'
  | 'twin-merged'
  | 'same-number'
  | 'fork'
  | 'till-fenced'
  | 'grant-written-off';

/** An exception for the manager; the same fact always makes the same id. */
export interface ExceptionWrite extends EntryPlace {
  readonly id: string;
  readonly code: ExceptionCode;
  readonly params: Readonly<Record<string, string | number>>;
}

/** What one batch changes. Applying it is all that is left to SQL. */
export interface PostingWrites {
  /** The entries that are new, in order. */
  readonly entries: readonly StoredEntry[];
  /** Where the journals of these tills end now. */
  readonly heads: ReadonlyMap<string, JournalHead>;
  readonly members: readonly MemberWrite[];
  readonly sales: readonly SaleWrite[];
  readonly returns: readonly ReturnWrite[];
  readonly claims: readonly ClaimWrite[];
  readonly ledger: readonly LedgerWrite[];
  readonly held: readonly HeldRow[];
  /** Held reversals whose original arrived with this batch. */
  readonly released: readonly HeldRow[];
  readonly accounts: readonly AccountDelta[];
  readonly grants: readonly GrantWrite[];
  readonly restored: readonly RestoredGrant[];
  /** Owners whose record is no longer what tills hold. */
  readonly touched: readonly string[];
}

/** The plan of a batch: what to write, what to tell the manager. */
export interface PostingPlan {
  readonly writes: PostingWrites;
  readonly exceptions: readonly ExceptionWrite[];
}
