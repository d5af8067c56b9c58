import type { GrantPurpose } from './held-grant.ts';

/**
 * What the server knows, as far as one batch needs it. SQL loads these rows, `planPosting` reads
 * them, and nothing here knows of a database.
 */

/** Where a till's journal stands at the server. */
export interface TerminalRow {
  readonly tenant: string;
  readonly store: string;
  readonly till: string;
  readonly inc: number;
  /** `forked`: two different entries for one number were seen; a person must look. */
  readonly state: 'active' | 'fenced' | 'forked';
  readonly ackSeq: number;
  readonly ackHash: string;
  /** First number with two entries; null unless forked. */
  readonly forkAt: number | null;
  /** The server's life this till has joined; another than the server's means it has not said HELLO since. */
  readonly epoch: number;
  /** Where its journal ended when it joined: what it wrote before, it wrote without knowing. */
  readonly recoverThrough: number;
  /** All of that has come back. */
  readonly recovered: boolean;
}

/** A member as posting sees it. */
export interface MemberRow {
  readonly member: string;
  /** Whose accounts its entries go to: itself, or the member it was merged into. */
  readonly owner: string;
  readonly status: 'active' | 'blocked' | 'merged' | 'erased';
  readonly provisional: boolean;
  /** False where entries named the member before its enrolment arrived. */
  readonly enrolled: boolean;
}

/** A balance; all in the programme's smallest unit. `available` = posted − granted. */
export interface AccountRow {
  readonly owner: string;
  readonly programme: string;
  readonly posted: number;
  /** Earned, counting later. */
  readonly pending: number;
  /** Spent points of returns whose sale has not arrived yet. */
  readonly held: number;
  /** What open grants hold. */
  readonly granted: number;
}

export type GrantState = 'offered' | 'accepted' | 'closed';

/** A grant as posting sees it. 0 ≤ spent ≤ amount, always. */
export interface GrantRow {
  readonly grant: string;
  readonly member: string;
  readonly programme: string;
  readonly till: string;
  readonly inc: number;
  readonly amount: number;
  readonly spent: number;
  readonly state: GrantState;
  readonly purpose: GrantPurpose;
  /** Its till was asked to give it back. */
  readonly recalled: boolean;
}

/** A sale that was posted before, as far as returns and claims ask. */
export interface SaleRow {
  readonly tx: string;
  readonly member: string | null;
  readonly subtotalMinor: number;
  readonly totalMinor: number;
}

/** Who was given the points of a sale that had no member; once per sale. */
export interface ClaimRow {
  readonly of: string;
  readonly owner: string;
}

export type LedgerType = 'earn' | 'redeem' | 'expire' | 'adjust' | 'transfer' | 'reverse';
export type ReversibleType = 'earn' | 'redeem';

/** A ledger entry that was posted before and may be reversed. `points` is the change it made. */
export interface OriginalRow {
  readonly owner: string;
  readonly programme: string;
  readonly type: ReversibleType;
  readonly source: string;
  readonly points: number;
  readonly counted: boolean;
  readonly effectiveAtMs: number;
  /** Sum of the changes reversals of it made so far; its sign is opposite to `points`. */
  readonly reversed: number;
}

/** A reversal that waits for the entry it reverses. */
export interface HeldRow {
  readonly member: string;
  readonly owner: string;
  readonly programme: string;
  readonly ofType: ReversibleType;
  readonly ofSource: string;
  readonly source: string;
  readonly points: number;
  /** New end of spent points that come back after theirs; null where they keep their lots'. */
  readonly expiresAtMs: number | null;
  readonly version: number;
  readonly till: string;
  readonly inc: number;
  readonly seq: number;
  readonly day: string;
  readonly atMs: number;
}

/** Everything `planPosting` reads. Maps are keyed by the row's own reference. */
export interface PostingRows {
  /** The tills whose entries are posted. */
  readonly terminals: ReadonlyMap<string, TerminalRow>;
  readonly programmes: ReadonlySet<string>;
  readonly members: ReadonlyMap<string, MemberRow>;
  /** By `accountKey`. An account that is missing is empty. */
  readonly accounts: ReadonlyMap<string, AccountRow>;
  readonly grants: ReadonlyMap<string, GrantRow>;
  readonly sales: ReadonlyMap<string, SaleRow>;
  /**
   * Sum of refunds posted so far in minor units, by sale, where somebody looked. A restored server may
   * have them before the sale itself.
   */
  readonly refunds: ReadonlyMap<string, number>;
  readonly claims: ReadonlyMap<string, ClaimRow>;
  /** By `ledgerKey`. */
  readonly originals: ReadonlyMap<string, OriginalRow>;
  readonly held: readonly HeldRow[];
  /** Keys of ledger entries that are there already, where somebody looked. */
  readonly ledgerKeys: ReadonlySet<string>;
  /** Returns that are there already, where somebody looked. */
  readonly returns: ReadonlySet<string>;
}

/** Key of an account among `PostingRows.accounts`. */
export function accountKey(owner: string, programme: string): string {
  return `${owner} ${programme}`;
}

/** Key of an entry that can be reversed: unique on account, type and source. */
export function ledgerKey(
  owner: string,
  programme: string,
  type: LedgerType,
  source: string,
): string {
  return `${owner} ${programme} ${type} ${source}`;
}
