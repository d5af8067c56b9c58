import type { PrintJobState, PrintProblem } from '#contract/device.ts';
import type { ProgrammeFacts } from '#contract/facts.ts';
import type { Identifier, MemberBalance, MemberProfile, MemberRecord } from '#contract/member.ts';
import type { ShopConfig } from '#contract/shop.ts';
import type { JournalHead } from '#journal/chain.ts';
import type { EntryKind } from '#journal/entry.ts';
import type { TillGrant } from '#journal/held-grant.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { ReceiptDocument } from '#loyalty/receipt.ts';
import type { Result } from '#loyalty/result.ts';
import type { TriesChange } from './pin-tries.ts';

/** A journal entry as it lies on the disk. */
export interface JournalRow {
  readonly seq: number;
  readonly tx: string;
  readonly kind: EntryKind;
  readonly day: string;
  readonly text: string;
  readonly hash: string;
}

/** How far the server has come, and how far this till has read the server's changes. */
export interface SyncState {
  readonly ackSeq: number;
  readonly ackHash: string;
  readonly durableSeq: number;
  readonly epoch: number;
  readonly cursor: string | null;
  /** Why the server no longer takes entries (`fork`, `fenced`, …); null while it does. */
  readonly stopped: string | null;
  /** Wall time of the last good answer. */
  readonly contactAtMs: number | null;
  /** Wall time at which this till last had read every change. */
  readonly pulledAtMs: number | null;
}

/** What the server counts of a member, as it told it. */
export type MemberFacts = Pick<
  MemberRecord,
  | 'birthday'
  | 'enrolledOn'
  | 'segments'
  | 'standings'
  | 'visits'
  | 'lastSaleAtMs'
  | 'surveyedAtMs'
  | 'uses'
  | 'vouchers'
  | 'news'
>;

/** What concerns programmes as a whole, and when the server said so. */
export interface ProgrammesKnown {
  readonly asOfMs: number;
  readonly programmes: readonly ProgrammeFacts[];
}

/** A use of a rule, a reward, a limit group; empty is the programme as a whole. */
export interface LocalUse {
  readonly programme: string;
  readonly id: string;
  /** Negative where a return took it back. */
  readonly times: number;
  readonly points: number;
}

/** What a sale, a return or a word to the member adds to the server's facts until they include it. */
export interface LocalFact {
  readonly seq: number;
  readonly member: string | null;
  readonly atMs: number;
  readonly day: string;
  readonly visits: number;
  readonly spendMinor: number;
  readonly units: number;
  readonly uses: readonly LocalUse[];
  /** Points per programme: all, and those that count towards a tier. */
  readonly earned: Readonly<Record<string, readonly [number, number]>>;
  /** Tiers reached, per programme. */
  readonly tiers: Readonly<Record<string, string>>;
  /** Exclusive ends of memberships that were paid; null for one that a return ended. */
  readonly memberships: Readonly<Record<string, number | null>>;
  /** Changes of tier the member has been told of, by their source. */
  readonly told: readonly string[];
  /** Holders of vouchers that were spent. */
  readonly spent: readonly string[];
}

/** A member in this till's cache, with the identifier it was asked by (or any, when asked by reference). */
export interface CachedMember extends Omit<MemberRecord, 'identifiers'> {
  readonly masked: string | null;
}

/** Points this till booked for a member that the server has not acknowledged. */
export interface LocalMovement {
  readonly programme: string;
  /** Sum of what was added, not negative. */
  readonly added: number;
  /** Sum of what was taken, not positive. */
  readonly taken: number;
}

/** Where a sale or a return is in the journal. */
export interface SaleRow {
  readonly seq: number;
  readonly lastSeq: number;
  /** Receipt number, consecutive per till. */
  readonly number: number;
  readonly tx: string;
  readonly kind: 'sale' | 'return';
  /** Receipt token without its `R`. */
  readonly receipt: string;
  /** SHA-256 of what was settled: the same id with other content is refused. */
  readonly contentHash: string;
  /** Transaction of the original sale, for a return. */
  readonly of: string | null;
  readonly balanceAfter: number | null;
}

/** A durable print job with its frozen document. */
export interface PrintJob {
  readonly job: string;
  /** Transaction that caused it. */
  readonly sale: string;
  /** 0 = the original, then 1, 2 … */
  readonly copy: number;
  readonly kind: 'sale' | 'return' | 'card' | 'shift' | 'drawer' | 'keys';
  readonly document: ReceiptDocument;
  readonly state: PrintJobState;
  readonly problem: PrintProblem | null;
  readonly detail: string;
  readonly sentBytes: number;
  readonly totalBytes: number;
}

/** A new job on its way into the queue, its document already as the text that is kept. */
export type QueuedJob = Pick<PrintJob, 'job' | 'sale' | 'copy' | 'kind'> & {
  readonly documentJson: string;
};

export type PrintProgress = Pick<
  PrintJob,
  'state' | 'problem' | 'detail' | 'sentBytes' | 'totalBytes'
>;

export interface ShiftRow {
  readonly number: number;
  readonly firstSeq: number;
  /** Null while it is open. */
  readonly lastSeq: number | null;
  readonly openedAtMs: number;
  readonly sales: number;
}

/** Points the server set aside for this till, from the question to the end. */
export interface HeldGrant extends TillGrant {
  /** The sale and the reward it was asked for; null where it is held for later. */
  readonly sale: string | null;
  readonly reward: string | null;
}

/** A sale set aside, as the till wrote it down. */
export interface ParkedRow {
  readonly sale: string;
  readonly atMs: number;
  readonly json: string;
}

/** Where the claim of a sale is in the journal. */
export interface ClaimRow {
  /** Transaction of the claimed sale. */
  readonly sale: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** Everything that can be asked; nothing here changes anything. Synchronous and quick. */
export interface TillReads {
  config(): ShopConfig | null;
  /** A programme as it was in that version; null where this till never had it. */
  programmeVersion(programme: string, version: number): Programme | null;
  syncState(): SyncState;
  head(): JournalHead;
  /** Entries with `seq` greater than `after`, in order. */
  entriesAfter(after: number, limit: number): readonly JournalRow[];
  entriesBetween(firstSeq: number, lastSeq: number): readonly JournalRow[];
  entriesOfDay(day: string, after: number, limit: number): readonly JournalRow[];
  /** Hash of the entry at `seq`; the genesis hash at 0; null where there is none. */
  hashAt(seq: number): string | null;
  /** Sales and returns after `seq`. */
  waitingAfter(seq: number): number;
  member(member: string): CachedMember | null;
  memberByIdentifier(hash: string): CachedMember | null;
  localMovements(member: string): readonly LocalMovement[];
  localFacts(member: string): readonly LocalFact[];
  /** Of everybody's sales; long while offline, so only for limits that all members share. */
  allLocalFacts(): readonly LocalFact[];
  programmesKnown(): ProgrammesKnown | null;
  profile(member: string): MemberProfile | null;
  /** Profiles the server has not accepted, at most `limit`. */
  waitingProfiles(limit: number): readonly MemberProfile[];
  draft(): string | null;
  /** The return being prepared, as `saveDraftReturn` got it. */
  draftReturn(): string | null;
  saleByTx(tx: string): SaleRow | null;
  saleByReceipt(receipt: string): SaleRow | null;
  returnsOf(tx: string): readonly SaleRow[];
  lastSale(): SaleRow | null;
  claimOf(saleTx: string): ClaimRow | null;
  printJob(job: string): PrintJob | null;
  /** Newest first. */
  printJobsOf(sale: string): readonly PrintJob[];
  /** Oldest first, at most `limit`. */
  openPrintJobs(state: 'queued' | 'sending', limit: number): readonly PrintJob[];
  openShift(): ShiftRow | null;
  lastShiftNumber(): number;
  /** The newest shifts, newest first, at most `limit`; the open one among them. */
  shifts(limit: number): readonly ShiftRow[];
  grantByRequest(request: string): HeldGrant | null;
  grantByRef(grant: string): HeldGrant | null;
  /** Grants in state `asked` or `accepted`. */
  openGrants(): readonly HeldGrant[];
  parkedSales(): readonly ParkedRow[];
  /** Those of one member, in every programme. */
  openGrantsOf(member: string): readonly HeldGrant[];
  /** Wrong PINs since the last right one, by staff reference; `''` for the whole till. */
  pinTries(): ReadonlyMap<string, number>;
  isNeverAccepted(grant: string): boolean;
}

/** Changes, handed out only inside `write`; a function that takes it writes. */
export interface TillWrites extends TillReads {
  saveConfig(config: ShopConfig): void;
  /** Keeps a version that came by itself, for an old sale that was made under it. */
  saveProgrammeVersion(programme: Programme): void;
  saveSyncState(change: Partial<SyncState>): void;
  appendEntry(row: JournalRow): void;
  /** Keeps the newer of two versions; also its identifiers and balances. Returns whether anything changed. */
  saveMember(record: MemberRecord): boolean;
  /** When this till asked the member about the shop; an older word of the server's does not undo it. */
  saveSurveyed(member: string, atMs: number): void;
  saveIdentifier(member: string, identifier: Identifier): void;
  /** Keeps the newer of two versions. */
  saveBalance(balance: MemberBalance): void;
  /** Everything of `from` is `into`'s from now on: identifiers, movements, points held here, profile. */
  mergeMember(from: string, into: string): void;
  addMovement(seq: number, member: string, programme: string, points: number): void;
  /** Forgets what the server has acknowledged. */
  dropMovementsThrough(seq: number): void;
  addLocalFact(fact: LocalFact): void;
  /** Forgets what the server's facts include by now, and acknowledged ones from before `beforeMs`. */
  dropLocalFactsThrough(seq: number, beforeMs: number): void;
  saveProgrammesKnown(known: ProgrammesKnown): void;
  saveProfile(profile: MemberProfile): void;
  acknowledgeProfile(member: string, version: number): void;
  parkSale(row: ParkedRow): void;
  dropParked(sale: string): void;
  saveDraft(json: string): void;
  /** Null = no return is being prepared any more. */
  saveDraftReturn(json: string | null): void;
  saveSale(row: SaleRow): void;
  saveClaim(row: ClaimRow): void;
  savePrintJob(job: QueuedJob): void;
  updatePrintJob(job: string, progress: PrintProgress): void;
  saveShift(row: ShiftRow): void;
  saveGrant(row: HeldGrant): void;
  changePinTries(change: TriesChange): void;
  /**
   * The server was restored: whatever it says from now on is newer than what is here, its changes are
   * read from the start, and every profile is sent again.
   */
  beginLife(epoch: number): void;
  markNeverAccepted(grant: string): void;
}

/**
 * Why a transaction did not simply commit. `disk-full` and `busy` changed nothing.
 * After `outcome-unknown` the database was reopened and verified: look up, only then answer.
 * `broken` = it could not be reopened; nothing may be acknowledged any more.
 */
export interface WriteProblem {
  readonly code: 'disk-full' | 'busy' | 'outcome-unknown' | 'broken';
  readonly detail: string;
}

/** The till's storage: one writer, synchronous, durable when `write` returns `ok`. */
export interface TillDatabase {
  readonly read: TillReads;
  /**
   * Runs `work` in one immediate transaction and commits it with fsync.
   *
   * `work` must not wait and must touch nothing but `writes`: it runs a second time when the first
   * met a full disk and the ballast could be dropped. What it throws rolls back and is rethrown.
   */
  write<Value>(work: (writes: TillWrites) => Value): Result<Value, WriteProblem>;
  /** True once the ballast was dropped: room is running out. */
  diskNearlyFull(): boolean;
  /** Moves the log into the database file while nobody is waiting. */
  checkpoint(): void;
  close(): void;
}
