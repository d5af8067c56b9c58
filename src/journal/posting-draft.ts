import type { StoredEntry } from './entry.ts';
import {
  accountKey,
  ledgerKey,
  type AccountRow,
  type ClaimRow,
  type GrantRow,
  type HeldRow,
  type MemberRow,
  type OriginalRow,
  type PostingRows,
  type SaleRow,
} from './posting-rows.ts';
import type {
  AccountDelta,
  ClaimWrite,
  EntryPlace,
  ExceptionCode,
  ExceptionWrite,
  GrantWrite,
  LedgerWrite,
  MemberWrite,
  ReturnWrite,
  SaleWrite,
} from './posting-writes.ts';

/** The state while a batch is folded: what was loaded, what changed so far, what is to be written. */
export interface Draft {
  readonly rows: PostingRows;
  /** The server's clock when the batch came; labels only. */
  readonly nowMs: number;
  readonly members: Map<string, MemberRow>;
  readonly accounts: Map<string, AccountRow>;
  readonly deltas: Map<string, AccountDelta>;
  readonly grants: Map<string, GrantRow>;
  readonly sales: Map<string, SaleRow>;
  readonly refunds: Map<string, number>;
  readonly claims: Map<string, ClaimRow>;
  readonly originals: Map<string, OriginalRow>;
  readonly held: HeldRow[];
  readonly memberWrites: Map<string, MemberWrite>;
  readonly saleWrites: Map<string, SaleWrite>;
  readonly returnWrites: Map<string, ReturnWrite>;
  readonly claimWrites: ClaimWrite[];
  readonly ledgerWrites: Map<string, LedgerWrite>;
  readonly heldWrites: HeldRow[];
  readonly released: HeldRow[];
  readonly grantWrites: Map<string, GrantWrite>;
  /** Grants a restored server had forgotten, each with the row's remaining columns. */
  readonly restored: Map<string, { readonly requestId: string; readonly atMs: number }>;
  readonly exceptions: Map<string, ExceptionWrite>;
  readonly touched: Set<string>;
}

/** Starts a fold over loaded rows. */
export function openDraft(rows: PostingRows, nowMs: number): Draft {
  return {
    rows,
    nowMs,
    members: new Map(rows.members),
    accounts: new Map(rows.accounts),
    deltas: new Map(),
    grants: new Map(rows.grants),
    sales: new Map(rows.sales),
    refunds: new Map(rows.refunds),
    claims: new Map(rows.claims),
    originals: new Map(rows.originals),
    held: [...rows.held],
    memberWrites: new Map(),
    saleWrites: new Map(),
    returnWrites: new Map(),
    claimWrites: [],
    ledgerWrites: new Map(),
    heldWrites: [],
    released: [],
    grantWrites: new Map(),
    restored: new Map(),
    exceptions: new Map(),
    touched: new Set(),
  };
}

/** Where an entry stands, for what it causes. */
export function placeOf({ entry }: StoredEntry): EntryPlace {
  return { till: entry.till, inc: entry.inc, seq: entry.seq, day: entry.day, atMs: entry.atMs };
}

/**
 * Notes an exception; its id is the entry's place and the code, so that a replay makes the same one. One
 * entry may cause several of a code: `nth` tells them apart.
 */
export function note(
  draft: Draft,
  place: EntryPlace,
  code: ExceptionCode,
  params: Readonly<Record<string, string | number>>,
  nth = 1,
): void {
  const id = `${place.till}.${place.inc}.${place.seq}.${code}${nth === 1 ? '' : `.${nth}`}`;
  draft.exceptions.set(id, { ...place, id, code, params });
}

const EMPTY = { posted: 0, pending: 0, held: 0, granted: 0 } as const;

/** Adds to an account, and notes the moment it goes below zero. */
export function changeAccount(
  draft: Draft,
  place: EntryPlace,
  owner: string,
  programme: string,
  change: Readonly<Partial<Record<keyof typeof EMPTY, number>>>,
): void {
  const key = accountKey(owner, programme);
  const before = draft.accounts.get(key) ?? { owner, programme, ...EMPTY };
  const sum = <Base extends Record<keyof typeof EMPTY, number>>(base: Base): Base => ({
    ...base,
    posted: base.posted + (change.posted ?? 0),
    pending: base.pending + (change.pending ?? 0),
    held: base.held + (change.held ?? 0),
    granted: base.granted + (change.granted ?? 0),
  });
  const after = sum(before);
  draft.accounts.set(key, after);
  draft.deltas.set(key, sum(draft.deltas.get(key) ?? { owner, programme, ...EMPTY }));
  draft.touched.add(owner);
  if (after.posted < 0 && after.posted < before.posted) {
    note(draft, place, 'negative-balance', { member: owner, programme, balance: after.posted });
  }
}

/**
 * The member an entry names, known from now on.
 *
 * One that was never enrolled is taken in as provisional: the fact stands, a person is told.
 */
export function memberNamed(draft: Draft, place: EntryPlace, member: string): MemberRow {
  const known = draft.members.get(member);
  if (known !== undefined) return known;
  const row: MemberRow = {
    member,
    owner: member,
    status: 'active',
    provisional: true,
    enrolled: false,
  };
  draft.members.set(member, row);
  draft.memberWrites.set(member, {
    member,
    provisional: true,
    enrolled: false,
    market: null,
    proof: null,
    till: place.till,
    day: place.day,
    atMs: place.atMs,
  });
  draft.touched.add(member);
  note(draft, place, 'unknown-member', { member });
  return row;
}

/** Whose accounts a member's entries go to. */
export function ownerOf(draft: Draft, member: string): string {
  return draft.members.get(member)?.owner ?? member;
}

/** True where an entry of this key is in the ledger, or will be by this batch. */
export function isPosted(draft: Draft, key: string): boolean {
  return draft.ledgerWrites.has(key) || draft.originals.has(key) || draft.rows.ledgerKeys.has(key);
}

/** Adds a ledger row and what it does to its account; false where that key was there already. */
export function addLedger(draft: Draft, write: LedgerWrite, alsoGranted = 0): boolean {
  const key = ledgerKey(write.owner, write.programme, write.type, write.source);
  if (isPosted(draft, key)) {
    note(draft, write, 'duplicate-entry', {
      member: write.owner,
      type: write.type,
      points: write.points,
    });
    return false;
  }
  draft.ledgerWrites.set(key, write);
  changeAccount(draft, write, write.owner, write.programme, {
    posted: write.counted ? write.points : 0,
    pending: write.counted ? 0 : write.points,
    granted: alsoGranted,
  });
  return true;
}
