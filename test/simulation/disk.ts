import { EMPTY_HEAD, GENESIS_HASH, type JournalHead } from '#journal/chain.ts';
import type { StoredEntry } from '#journal/entry.ts';
import type { TillGrant } from '#journal/held-grant.ts';
import type { TillSync } from '#journal/till-sync.ts';

/** A grant as a simulated till keeps it: with the sale it was asked for. */
export interface SimGrant extends TillGrant {
  readonly sale: string | null;
}

/** A balance as the server last told it. */
export interface SimBalance {
  readonly posted: number;
  readonly available: number;
  readonly version: number;
}

/** The sale that is open; it survives a crash. */
export interface OpenSale {
  readonly tx: string;
  readonly number: number;
  readonly member: string;
  readonly earns: number;
  /** The request of the grant that pays the reward on it, once there is one. */
  readonly pays: string | null;
  readonly costs: number;
}

/** A card somebody joined with here, for the server; version 1 for ever. */
export interface SimProfile {
  readonly member: string;
  readonly card: string;
  readonly acknowledged: boolean;
}

/** Everything a till has on stable storage. */
export interface Disk {
  readonly entries: StoredEntry[];
  sync: TillSync;
  cursor: number | null;
  stopped: string | null;
  readonly grants: Map<string, SimGrant>;
  readonly byGrant: Map<string, string>;
  /** Requests in `asked` or `accepted`. */
  readonly open: Set<string>;
  readonly never: Set<string>;
  readonly balances: Map<string, SimBalance>;
  /** Member to the member it was merged into. */
  readonly merged: Map<string, string>;
  readonly cards: Map<string, string>;
  readonly profiles: Map<string, SimProfile>;
  sale: OpenSale | null;
}

export function emptyDisk(epoch: number): Disk {
  return {
    entries: [],
    sync: { ackSeq: 0, ackHash: GENESIS_HASH, durableSeq: 0, epoch },
    cursor: null,
    stopped: null,
    grants: new Map(),
    byGrant: new Map(),
    open: new Set(),
    never: new Set(),
    balances: new Map(),
    merged: new Map(),
    cards: new Map(),
    profiles: new Map(),
    sale: null,
  };
}

/** The disk as it is now, to be put back later. */
export function copyDisk(disk: Disk): Disk {
  return {
    ...disk,
    entries: [...disk.entries],
    grants: new Map(disk.grants),
    byGrant: new Map(disk.byGrant),
    open: new Set(disk.open),
    never: new Set(disk.never),
    balances: new Map(disk.balances),
    merged: new Map(disk.merged),
    cards: new Map(disk.cards),
    profiles: new Map(disk.profiles),
  };
}

export function headOf(disk: Disk): JournalHead {
  const last = disk.entries.at(-1);
  return last === undefined ? EMPTY_HEAD : { seq: disk.entries.length, hash: last.hash };
}

export function hashAt(disk: Disk, seq: number): string | null {
  return seq === 0 ? GENESIS_HASH : (disk.entries[seq - 1]?.hash ?? null);
}

export function saveGrant(disk: Disk, held: SimGrant): void {
  disk.grants.set(held.request, held);
  if (held.grant !== null) disk.byGrant.set(held.grant, held.request);
  if (held.state === 'asked' || held.state === 'accepted') disk.open.add(held.request);
  else disk.open.delete(held.request);
}

/** Grants asked for or accepted, in the order of their questions. */
export function openGrants(disk: Disk): SimGrant[] {
  return [...disk.open].flatMap((request) => disk.grants.get(request) ?? []);
}
