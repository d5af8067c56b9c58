import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '#loyalty/result.ts';
import { isLocked, lockDirectory } from '#node/directory-lock.ts';
import { makeFolder, putInPlace } from '#node/files.ts';
import type { KeyFile } from '#node/key-file.ts';
import type { TillDatabase } from '#till/database.ts';
import { readAnchor } from './anchor.ts';
import { BALLAST_BYTES, dropBallast, layBallast } from './ballast.ts';
import { connect, type Connection } from './connection.ts';
import { createDatabase } from './database.ts';
import {
  inspectDatabase,
  openProblem,
  verifyContent,
  type OpenProblem,
  type TillIdentity,
} from './inspect.ts';
import { hasKeysBeside, keyFileBeside, memberSeal, startKeys } from './member-keys.ts';
import { applyMigrations, readMigrations } from './migrate.ts';

/** Where the till's database is and whose it must be. */
export interface OpenOptions {
  /** Folder of this database alone; made where it is missing, locked while open. */
  readonly directory: string;
  /** The folder `migrations/till`. */
  readonly migrationsDirectory: string;
  readonly identity: TillIdentity;
  /** Room kept back for a full disk; 0 keeps none. Default 32 MiB. */
  readonly ballastBytes?: number;
}

/** Names of the files in the database's folder. */
export const databaseFiles = {
  database: 'till.db',
  anchor: 'head-anchor.txt',
  ballast: 'ballast.bin',
  backups: 'backups',
} as const;

/** Whether a till has worked in this folder: its database is there, where that ended, or its keys. */
export function hasTillFiles(directory: string): boolean {
  const { database, anchor } = databaseFiles;
  return (
    hasKeysBeside(directory) || [database, anchor].some((name) => existsSync(join(directory, name)))
  );
}

/**
 * Opens, checks and where needed migrates the till's database.
 *
 * First it looks without touching: a corrupted, newer, foreign or shortened database is refused with
 * its files as they were. Only then is it opened for writing. An existing database is copied before
 * it is migrated.
 */
export function openTillDatabase(options: OpenOptions): Result<TillDatabase, OpenProblem> {
  const first = openOnce(options);
  if (first.ok || first.error.code !== 'disk-full') return first;
  // The ballast was laid down for this: without it there may be room to open and to sell on.
  const dropped = dropBallast(join(options.directory, databaseFiles.ballast));
  return dropped ? openOnce({ ...options, ballastBytes: 0 }) : first;
}

function openOnce(options: OpenOptions): Result<TillDatabase, OpenProblem> {
  const { directory, identity } = options;
  const paths = {
    database: join(directory, databaseFiles.database),
    anchor: join(directory, databaseFiles.anchor),
    ballast: join(directory, databaseFiles.ballast),
    backups: join(directory, databaseFiles.backups),
  };
  const migrations = readMigrations(options.migrationsDirectory);
  const lock = lockOrProblem(directory);
  if (!lock.ok) return lock;
  const refuse = (problem: OpenProblem): Result<TillDatabase, OpenProblem> => {
    lock.value.release();
    return err(problem);
  };

  const inspected = inspectDatabase(paths.database, paths.anchor, identity, migrations);
  if (!inspected.ok) return refuse(inspected.error);
  // Begun anew, its journal would fork from the one the server has, and its sales would stay here.
  if (inspected.value === null && hasKeysBeside(directory))
    return refuse({ code: 'database-gone' });

  let connection: Connection | null = null;
  let keys: KeyFile | null = null;
  try {
    makeFolder(directory);
    setDamagedAnchorAside(paths.anchor);
    connection = connect(paths.database);
    const pending = inspected.value?.pending ?? migrations;
    const first = pending[0];
    if (first !== undefined && pending.length < migrations.length) {
      backUp(connection, paths.backups, first.number);
    }
    applyMigrations(connection, pending);
    claimIdentity(connection, identity);
    const opened = keyFileBeside(directory);
    keys = opened.file;
    startKeys(connection, opened);
    layBallast(paths.ballast, options.ballastBytes ?? BALLAST_BYTES);
    return ok(
      createDatabase({
        connection,
        connect: () => connect(paths.database),
        verify: (reopened) => verifyContent(reopened, paths.anchor, identity)?.code ?? null,
        persons: memberSeal(opened.file),
        anchorPath: paths.anchor,
        ballastPath: paths.ballast,
        inc: identity.inc,
        monoMs: () => performance.now(),
        onClose() {
          opened.file.close();
          lock.value.release();
        },
      }),
    );
  } catch (error) {
    connection?.close();
    keys?.close();
    lock.value.release();
    return err(openProblem(error));
  }
}

/**
 * Keeps an anchor that cannot be read beside the one that takes its place.
 *
 * The database was found whole before: with nothing to compare it with, its own chain has to do.
 */
function setDamagedAnchorAside(path: string): void {
  if (readAnchor(path).damaged) renameSync(path, `${path}.damaged-${randomUUID()}`);
}

function lockOrProblem(directory: string): Result<{ release(): void }, OpenProblem> {
  try {
    const lock = lockDirectory(directory);
    return isLocked(lock) ? ok(lock) : err({ code: 'locked', heldByPid: lock.heldByPid });
  } catch (error) {
    return err(openProblem(error));
  }
}

function claimIdentity(connection: Connection, identity: TillIdentity): void {
  connection.begin();
  connection.writable.run(
    'INSERT INTO identity VALUES (1, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    identity.tenant,
    identity.store,
    identity.till,
    identity.inc,
  );
  connection.commit();
}

/** A whole copy from before the first pending migration, so that a bad one can be undone by hand. */
function backUp(connection: Connection, directory: string, beforeNumber: number): void {
  makeFolder(directory);
  const path = join(directory, `before-${String(beforeNumber).padStart(4, '0')}.db`);
  const temporary = `${path}.new`;
  if (existsSync(temporary)) rmSync(temporary);
  connection.exec(`VACUUM INTO '${temporary.replaceAll("'", "''")}'`);
  // SQLite does not sync what it vacuums into; the migration behind it is synced.
  putInPlace(temporary, path);
}
