import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EMPTY_HEAD, readChain, type JournalHead } from '#journal/chain.ts';
import type { StoredEntry } from '#journal/entry.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { isLocked, lockDirectory } from '#node/directory-lock.ts';
import { syncDirectory } from '#node/files.ts';
import { readAnchor } from './anchor.ts';
import { chainHash } from './chain-hash.ts';
import { openProblem, type OpenProblem, type TillIdentity } from './inspect.ts';
import { readMigrations } from './migrate.ts';
import { databaseFiles } from './open.ts';
import { rebuildDatabase } from './rebuild.ts';
import { openSalvage, type Salvage } from './salvage.ts';

/** What the server has of this till's journal. */
export interface ServerJournal {
  readonly epoch: number;
  readonly ackSeq: number;
  readonly ackHash: string;
  /** Texts after a number, in order; as many as it likes, none where it cannot say. */
  entriesAfter(seq: number): Promise<readonly string[]>;
}

/** Where a damaged database is and whose it is. */
export interface RepairOptions {
  readonly directory: string;
  readonly migrationsDirectory: string;
  readonly identity: TillIdentity;
  readonly server: ServerJournal;
  /** Name of the folder the damaged files are kept in, beside the new one. */
  readonly quarantineName: string;
}

/** What a repair came to. */
export interface Repaired {
  readonly headSeq: number;
  /** Entries that were not readable here and came from the server. */
  readonly fetched: number;
  /** Where the damaged files are kept. */
  readonly quarantine: string;
}

/** Why a database was not repaired. Nothing was changed. */
export type RepairProblem =
  | OpenProblem
  /** Entries that were written here, cannot be read and never reached the server. */
  | { readonly code: 'entries-lost'; readonly fromSeq: number; readonly toSeq: number }
  /** Nothing outside the damage says where the journal ended, so a loss could not be seen. */
  | { readonly code: 'end-unknown' }
  /** What is here does not lead to what the server has. */
  | { readonly code: 'not-the-servers'; readonly seq: number };

/** Whether another start after a repair may help. */
export function isRepairable({ code }: OpenProblem): boolean {
  return code === 'corrupted' || code === 'chain-broken' || code === 'rolled-back';
}

/**
 * Finishes a repair that was interrupted between its two renames. Call before opening.
 *
 * The new folder has its name only when it is whole; while the damaged one is still in place, it is
 * not needed: the repair is simply done again.
 */
export function finishRepair(directory: string): void {
  const made = repairedName(directory);
  if (!existsSync(made)) return;
  if (existsSync(directory)) rmSync(made, { recursive: true });
  else renameSync(made, directory);
  syncDirectory(dirname(directory));
}

/**
 * Builds a damaged database again from what is readable of it and what the server has.
 *
 * Every entry is taken only where the chain proves it, from the first one on, past the server's own
 * head and up to the anchor's: what was ever acknowledged is in the new database, or the repair is
 * refused and says which entries are missing. The damaged files are kept.
 */
export async function repairDatabase(
  options: RepairOptions,
): Promise<Result<Repaired, RepairProblem>> {
  const { directory } = options;
  const lock = lockDirectory(directory);
  if (!isLocked(lock)) return err({ code: 'locked', heldByPid: lock.heldByPid });
  const making = `${directory}.repairing`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  const salvage = openSalvage(join(directory, databaseFiles.database), join(making, 'damaged'));
  try {
    return await rebuild(options, salvage, making);
  } catch (error) {
    return err(openProblem(error));
  } finally {
    salvage.close();
    rmSync(making, { recursive: true, force: true });
    lock.release();
  }
}

async function rebuild(
  options: RepairOptions,
  salvage: Salvage,
  making: string,
): Promise<Result<Repaired, RepairProblem>> {
  const { directory, identity, server } = options;
  const { anchor } = readAnchor(join(directory, databaseFiles.anchor));
  if (anchor === null || anchor.inc !== identity.inc) return err({ code: 'end-unknown' });
  const gathered = await gather(salvage, server);
  if (!gathered.ok) return gathered;
  const { entries, fetched } = gathered.value;
  const headSeq = entries.length;
  const endSeq = Math.max(anchor.seq, salvage.lastSeq, server.ackSeq);
  if (headSeq < endSeq) {
    return err({ code: 'entries-lost', fromSeq: headSeq + 1, toSeq: endSeq });
  }
  const anchored = anchor.seq === 0 ? undefined : entries[anchor.seq - 1];
  if (anchored !== undefined && anchored.hash !== anchor.hash) {
    return err({ code: 'not-the-servers', seq: anchor.seq });
  }
  const folder = join(making, 'new');
  mkdirSync(folder, { mode: 0o700 });
  rebuildDatabase(join(folder, databaseFiles.database), join(folder, databaseFiles.anchor), {
    identity,
    migrations: readMigrations(options.migrationsDirectory),
    entries,
    acknowledged: { seq: server.ackSeq, hash: server.ackHash, epoch: server.epoch },
    salvage,
  });
  syncDirectory(folder);
  const quarantine = join(dirname(directory), options.quarantineName);
  const made = repairedName(directory);
  renameSync(folder, made);
  syncDirectory(dirname(directory));
  renameSync(directory, quarantine);
  renameSync(made, directory);
  syncDirectory(dirname(directory));
  // The ballast is room, not evidence: the new folder lays its own.
  rmSync(join(quarantine, databaseFiles.ballast), { force: true });
  return ok({ headSeq, fetched, quarantine });
}

function repairedName(directory: string): string {
  return join(dirname(directory), `${basename(directory)}.repaired`);
}

interface Gathered {
  readonly entries: readonly StoredEntry[];
  readonly fetched: number;
}

/** The longest journal that the chain proves: each entry from here where it is whole, else the server's. */
async function gather(
  salvage: Salvage,
  server: ServerJournal,
): Promise<Result<Gathered, RepairProblem>> {
  const entries: StoredEntry[] = [];
  let head: JournalHead = EMPTY_HEAD;
  let fetched = 0;
  const take = (stored: StoredEntry): void => {
    entries.push(stored);
    head = { seq: stored.entry.seq, hash: stored.hash };
  };
  for (;;) {
    const here = entryHere(salvage, head);
    if (here !== null) take(here);
    else {
      if (head.seq >= server.ackSeq) break;
      const texts = await server.entriesAfter(head.seq);
      const chain = readChain(texts, head, chainHash);
      if (!chain.ok || chain.value.length === 0) break;
      for (const stored of chain.value) take(stored);
      fetched += chain.value.length;
    }
    const passed = entries[server.ackSeq - 1];
    if (head.seq === server.ackSeq && passed !== undefined && passed.hash !== server.ackHash) {
      return err({ code: 'not-the-servers', seq: server.ackSeq });
    }
  }
  const acknowledged = entries[server.ackSeq - 1]?.hash ?? EMPTY_HEAD.hash;
  return server.ackSeq <= head.seq && acknowledged !== server.ackHash
    ? err({ code: 'not-the-servers', seq: server.ackSeq })
    : ok({ entries, fetched });
}

/** The next entry as it is readable here, where its text is what its hash says. */
function entryHere(salvage: Salvage, head: JournalHead): StoredEntry | null {
  const row = salvage.entry(head.seq + 1);
  if (row === undefined || typeof row.text !== 'string') return null;
  if (chainHash(head.hash, row.text) !== row.hash) return null;
  const chain = readChain([row.text], head, chainHash);
  return chain.ok ? (chain.value[0] ?? null) : null;
}
