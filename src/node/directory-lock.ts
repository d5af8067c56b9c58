import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { makeFolder } from './files.ts';

/** A directory that only this process may use until `release`. */
export interface DirectoryLock {
  readonly directory: string;
  /** Idempotent. The end of the process, however it comes, releases too. */
  release(): void;
}

/** Held by somebody else; `pid` is who, where it could be read. */
export interface DirectoryHeld {
  readonly heldByPid: number | null;
}

/** Two that begin at the same moment are in each other's way for an instant; then one has it. */
const RACE_MS = 200;
/** What this process holds. A database that nobody refers to is closed by the garbage collector, and its lock with it. */
const locks = new Set<Database.Database>();

/**
 * Takes a directory for this process alone.
 *
 * The lock is the operating system's own, on a file beside the directory, taken through SQLite's
 * locking: a dead holder loses it at that moment and a live one, however busy, never does. There is
 * no heartbeat to miss and no stale file to guess about. The PID beside it is only for the message.
 */
export function lockDirectory(directory: string): DirectoryLock | DirectoryHeld {
  const target = resolve(directory);
  const lockPath = `${target}.lock`;
  const pidPath = `${target}.lock-pid`;
  makeFolder(dirname(target));
  const database = new Database(lockPath, { timeout: RACE_MS });
  try {
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return { heldByPid: readPid(pidPath) };
    throw error;
  }
  writeFileSync(pidPath, `${process.pid}\n`);
  locks.add(database);
  return {
    directory: target,
    release() {
      if (!locks.delete(database)) return;
      rmSync(pidPath, { force: true });
      database.close();
    },
  };
}

/** True for the outcome that may be used. */
export function isLocked(outcome: DirectoryLock | DirectoryHeld): outcome is DirectoryLock {
  return 'release' in outcome;
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

function readPid(path: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
