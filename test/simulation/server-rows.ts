import { GENESIS_HASH } from '#journal/chain.ts';
import type { StoredEntry } from '#journal/entry.ts';
import type { PostingPlan } from '#journal/posting-writes.ts';
import type { ExceptionWrite, LedgerWrite } from '#journal/posting-writes.ts';
import { postingNeeds } from '#journal/posting-needs.ts';
import type { RiskCaps } from '#journal/risk.ts';
import {
  accountKey,
  ledgerKey,
  type AccountRow,
  type GrantRow,
  type HeldRow,
  type MemberRow,
  type OriginalRow,
  type PostingRows,
  type TerminalRow,
} from '#journal/posting-rows.ts';

import {
  applySales,
  claimRows,
  copySales,
  emptySales,
  refundRows,
  saleRows,
  type SaleTables,
} from './server-sales.ts';

export const PROGRAMME = 'points';
const PROGRAMMES: ReadonlySet<string> = new Set([PROGRAMME]);

/** What the simulated shop is ready to lose: little, so that tills quarrel over it. */
export const RISK: RiskCaps = { perRedemption: 100, perMember: 160, perTillDay: 100, budget: 110 };

/** A grant's row with what only the server needs. */
export type ServerGrantRow = GrantRow & { readonly requestId: string };

/** The server's tables: maps of rows that are replaced, never changed. */
export interface ServerRows extends SaleTables {
  epoch: number;
  readonly terminals: Map<string, TerminalRow>;
  /** Hash of each posted entry, by number; place 0 holds the genesis hash. */
  readonly hashes: Map<string, string[]>;
  readonly accounts: Map<string, AccountRow>;
  readonly versions: Map<string, number>;
  readonly ledger: LedgerWrite[];
  /** Rows by source, and reversals by the source they reverse. */
  readonly bySource: Map<string, LedgerWrite[]>;
  readonly byOriginal: Map<string, LedgerWrite[]>;
  readonly grants: Map<string, ServerGrantRow>;
  readonly requests: Map<string, string>;
  readonly open: Set<string>;
  readonly members: Map<string, MemberRow>;
  readonly identifiers: Map<string, string>;
  readonly profiles: Set<string>;
  held: readonly HeldRow[];
  readonly exceptions: Map<string, ExceptionWrite>;
  /** Subject to the place of its last change. */
  readonly feed: Map<string, number>;
  readonly merges: { readonly place: number; readonly from: string; readonly into: string }[];
  place: number;
}

export function emptyRows(epoch: number): ServerRows {
  return {
    ...emptySales(),
    epoch,
    terminals: new Map(),
    hashes: new Map(),
    accounts: new Map(),
    versions: new Map(),
    ledger: [],
    bySource: new Map(),
    byOriginal: new Map(),
    grants: new Map(),
    requests: new Map(),
    open: new Set(),
    members: new Map(),
    identifiers: new Map(),
    profiles: new Set(),
    held: [],
    exceptions: new Map(),
    feed: new Map(),
    merges: [],
    place: 0,
  };
}

/** A backup: all of it, at one moment. */
export function copyRows(rows: ServerRows): ServerRows {
  const lists = <Item>(of: Map<string, Item[]>): Map<string, Item[]> =>
    new Map([...of].map(([key, list]) => [key, [...list]]));
  return {
    ...rows,
    ...copySales(rows),
    terminals: new Map(rows.terminals),
    hashes: lists(rows.hashes),
    accounts: new Map(rows.accounts),
    versions: new Map(rows.versions),
    ledger: [...rows.ledger],
    bySource: lists(rows.bySource),
    byOriginal: lists(rows.byOriginal),
    grants: new Map(rows.grants),
    requests: new Map(rows.requests),
    open: new Set(rows.open),
    members: new Map(rows.members),
    identifiers: new Map(rows.identifiers),
    profiles: new Set(rows.profiles),
    exceptions: new Map(rows.exceptions),
    feed: new Map(rows.feed),
    merges: [...rows.merges],
  };
}

export function addTerminal(rows: ServerRows, till: string): void {
  rows.terminals.set(till, {
    tenant: 'demo',
    store: 'moda',
    till,
    inc: 1,
    state: 'active',
    ackSeq: 0,
    ackHash: GENESIS_HASH,
    forkAt: null,
    epoch: rows.epoch,
    recoverThrough: 0,
    recovered: true,
  });
  rows.hashes.set(till, [GENESIS_HASH]);
}

export function ownerOf(rows: ServerRows, member: string): string {
  return rows.members.get(member)?.owner ?? member;
}

/** What the plan of a batch reads, as the SQL loads it for a careful try. */
export function postingRows(
  rows: ServerRows,
  terminal: TerminalRow,
  entries: readonly StoredEntry[],
): PostingRows {
  const needs = postingNeeds(entries);
  const grants = picked(rows.grants, needs.grants);
  const members = picked(rows.members, [
    ...needs.members,
    ...[...grants.values()].map(({ member }) => member),
  ]);
  const originals = new Map<string, OriginalRow>();
  for (const source of [...needs.reversedSources, ...needs.addedSources]) {
    for (const row of rows.bySource.get(source) ?? []) {
      if (row.type !== 'earn' && row.type !== 'redeem') continue;
      const owner = ownerOf(rows, row.member);
      const reversed = (rows.byOriginal.get(source) ?? [])
        .filter(
          (other) =>
            other.ofType === row.type &&
            other.programme === row.programme &&
            ownerOf(rows, other.member) === owner,
        )
        .reduce((sum, { points }) => sum + points, 0);
      const { programme, type, points, counted, effectiveAtMs } = row;
      originals.set(ledgerKey(owner, programme, type, source), {
        owner,
        programme,
        type,
        source,
        points,
        counted,
        effectiveAtMs,
        reversed,
      });
    }
  }
  const ledgerKeys = new Set<string>();
  for (const { entry } of entries) {
    if (entry.body.kind !== 'reverse') continue;
    for (const row of rows.bySource.get(`${entry.body.source}:${entry.body.of.type}`) ?? []) {
      ledgerKeys.add(ledgerKey(ownerOf(rows, row.member), row.programme, row.type, row.source));
    }
  }
  return {
    terminals: new Map([[terminal.till, terminal]]),
    programmes: PROGRAMMES,
    members,
    accounts: picked(
      rows.accounts,
      [...members.values()].map(({ owner }) => accountKey(owner, PROGRAMME)),
    ),
    grants,
    sales: saleRows(rows, [...needs.sales, ...entries.map(({ entry }) => entry.tx)]),
    refunds: refundRows(rows, needs.sales),
    claims: claimRows(rows, needs.claims, (member) => ownerOf(rows, member)),
    originals,
    held: rows.held,
    ledgerKeys,
    returns: rows.returns,
  };
}

function picked<Row>(from: ReadonlyMap<string, Row>, keys: readonly string[]): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const key of keys) {
    const row = from.get(key);
    if (row !== undefined) found.set(key, row);
  }
  return found;
}

/** Applies a batch's plan, as the SQL does. */
export function applyPlan(rows: ServerRows, till: string, plan: PostingPlan): void {
  const { writes } = plan;
  const terminal = rows.terminals.get(till);
  const hashes = rows.hashes.get(till);
  if (terminal === undefined || hashes === undefined) return;
  for (const { hash } of writes.entries) hashes.push(hash);
  for (const row of writes.members) {
    const before = rows.members.get(row.member);
    rows.members.set(row.member, { status: 'active', owner: row.member, ...before, ...row });
  }
  applySales(rows, writes);
  for (const row of writes.ledger) addLedgerRow(rows, row);
  if (writes.released.length > 0) {
    const released = new Set(writes.released);
    rows.held = rows.held.filter((row) => !released.has(row));
  }
  if (writes.held.length > 0) rows.held = [...rows.held, ...writes.held];
  for (const delta of writes.accounts) addToAccount(rows, delta);
  for (const write of writes.grants) {
    const before = rows.grants.get(write.grant);
    if (before !== undefined) saveServerGrant(rows, { ...before, ...write });
  }
  for (const { atMs: _atMs, ...grant } of writes.restored) saveServerGrant(rows, grant);
  for (const exception of plan.exceptions) rows.exceptions.set(exception.id, exception);
  touch(rows, writes.touched);
  const head = writes.heads.get(till);
  if (head === undefined) return;
  rows.terminals.set(till, { ...terminal, ackSeq: head.seq, ackHash: head.hash });
}

export function addLedgerRow(rows: ServerRows, row: LedgerWrite): void {
  rows.ledger.push(row);
  append(rows.bySource, row.source, row);
  if (row.ofSource !== null) append(rows.byOriginal, row.ofSource, row);
}

function append<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

export function saveServerGrant(rows: ServerRows, grant: ServerGrantRow): void {
  rows.grants.set(grant.grant, grant);
  if (grant.state === 'closed') rows.open.delete(grant.grant);
  else rows.open.add(grant.grant);
}

/** Adds to an account. */
export function addToAccount(
  rows: ServerRows,
  delta: Pick<AccountRow, 'owner' | 'programme'> & Partial<AccountRow>,
): void {
  const key = accountKey(delta.owner, delta.programme);
  const before = rows.accounts.get(key);
  rows.accounts.set(key, {
    owner: delta.owner,
    programme: delta.programme,
    posted: (before?.posted ?? 0) + (delta.posted ?? 0),
    pending: (before?.pending ?? 0) + (delta.pending ?? 0),
    held: (before?.held ?? 0) + (delta.held ?? 0),
    granted: (before?.granted ?? 0) + (delta.granted ?? 0),
  });
  rows.versions.set(key, (rows.versions.get(key) ?? 0) + 1);
}

export function touch(rows: ServerRows, subjects: readonly string[]): void {
  for (const subject of subjects) rows.feed.set(subject, (rows.place += 1));
}

/** Open grants of a till, sorted. */
export function openAt(rows: ServerRows, till: string): ServerGrantRow[] {
  const open: ServerGrantRow[] = [];
  for (const ref of rows.open) {
    const grant = rows.grants.get(ref);
    if (grant?.till === till) open.push(grant);
  }
  return open.toSorted((a, b) => (a.grant < b.grant ? -1 : 1));
}

/** Gives everything of one member to another, as the SQL does. */
export function mergeRows(rows: ServerRows, from: string, into: string): void {
  for (const [key, row] of rows.members) {
    if (row.owner === from) rows.members.set(key, { ...row, owner: into, status: 'merged' });
  }
  const account = rows.accounts.get(accountKey(from, PROGRAMME));
  if (account !== undefined) {
    const intoKey = accountKey(into, PROGRAMME);
    const fresh = !rows.accounts.has(intoKey);
    const version = rows.versions.get(accountKey(from, PROGRAMME)) ?? 0;
    addToAccount(rows, { ...account, owner: into });
    if (fresh) rows.versions.set(intoKey, version);
    rows.accounts.delete(accountKey(from, PROGRAMME));
    rows.versions.delete(accountKey(from, PROGRAMME));
  }
  rows.held = rows.held.map((row) => (row.owner === from ? { ...row, owner: into } : row));
  for (const [hash, member] of rows.identifiers) {
    if (member === from) rows.identifiers.set(hash, into);
  }
  rows.merges.push({ place: (rows.place += 1), from, into });
  touch(rows, [from, into]);
}
