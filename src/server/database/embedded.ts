import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { bootId, syncTree } from '#node/boot.ts';
import { isLocked, lockDirectory } from '#node/directory-lock.ts';
import { openKeyFile, type KeyFile } from '#node/key-file.ts';
import { makeFolder, syncDirectory, writeFileAtomic } from '#node/files.ts';
import { errorText, type Log } from '#node/log.ts';
import { MigrationError } from '#node/migrations.ts';
import { openCommandLog, type CommandLog } from '#server/commands/command-log.ts';
import { replayLog } from '#server/commands/executor.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { fileKeys, type MemberKeys } from './member-keys.ts';
import { openPglite, type PgliteOptions } from './pglite.ts';

/** The embedded database, its log, and how to let go of both. */
export interface EmbeddedDatabase {
  readonly database: Database;
  readonly log: CommandLog;
  close(): Promise<void>;
}

/** Somebody else works in this directory. */
export class DirectoryInUse extends Error {
  constructor(directory: string, pid: number | null) {
    super(
      `${directory} is in use${pid === null ? '' : ` by process ${pid}`}. Close the other Regulars first.`,
    );
    this.name = 'DirectoryInUse';
  }
}

/** The keys of members' data are not where they must be. */
export class KeysMissing extends Error {
  constructor(path: string) {
    super(
      `${path} is missing: without it names, telephone numbers and cards of members cannot be read. ` +
        'Put it back from its backup. If it is lost, make an empty file of that name: ' +
        'points stay, members join again.',
    );
    this.name = 'KeysMissing';
  }
}

const CLEAN = 'clean';

/**
 * Opens the embedded database of a data directory, one process at a time.
 *
 * PGlite is made in a directory of its own and renamed when whole: an interrupted first start leaves
 * rubbish, never half a database. One that cannot be opened is set aside, not deleted, and built
 * again from the command log; so is one whose machine went down while it was open, since PGlite
 * never told the disk to keep anything.
 */
export async function openEmbedded(
  directory: string,
  log: Log,
  options: PgliteOptions = {},
): Promise<EmbeddedDatabase> {
  const lock = lockDirectory(directory);
  if (!isLocked(lock)) throw new DirectoryInUse(directory, lock.heldByPid);
  let commands: CommandLog | null = null;
  let keys: KeyFile | null = null;
  try {
    makeFolder(directory);
    commands = openCommandLog(join(directory, 'commands.db'));
    const keyPath = join(directory, 'member-keys.db');
    if (commands.lastNumber > 0 && !existsSync(keyPath)) throw new KeysMissing(keyPath);
    keys = openKeyFile(keyPath);
    const database = await openOrRebuild(directory, fileKeys(keys), log, options);
    const replayed = await replayLog(database, commands);
    if (replayed > 0) log.info('commands replayed', { count: replayed });
    const opened = { commands, keys };
    return {
      database,
      log: opened.commands,
      async close() {
        try {
          await database.close();
          syncTree(join(directory, 'database'));
          writeFileAtomic(join(directory, 'database-mark'), CLEAN);
        } finally {
          opened.commands.close();
          opened.keys.close();
          lock.release();
        }
      },
    };
  } catch (error) {
    commands?.close();
    keys?.close();
    lock.release();
    throw error;
  }
}

async function openOrRebuild(
  directory: string,
  keys: MemberKeys,
  log: Log,
  options: PgliteOptions,
): Promise<Database> {
  const path = join(directory, 'database');
  for (const name of readdirSync(directory)) {
    if (name.startsWith('database.making-')) rmSync(join(directory, name), { recursive: true });
  }
  const mark = join(directory, 'database-mark');
  const trusted = mayTrust(mark);
  writeFileAtomic(mark, bootId() ?? 'open');
  if (existsSync(path)) {
    try {
      if (!trusted) throw new Error('The machine went down while the database was open');
      return await openMigrated(path, keys, options);
    } catch (error) {
      if (error instanceof MigrationError) throw error;
      const aside = `${path}.set-aside-${randomUUID()}`;
      log.error('database set aside', { reason: errorText(error), as: aside });
      renameSync(path, aside);
    }
  }
  const making = join(directory, `database.making-${randomUUID()}`);
  const made = await openMigrated(making, keys, {});
  await made.close();
  renameSync(making, path);
  syncDirectory(directory);
  return openMigrated(path, keys, options);
}

async function openMigrated(
  path: string,
  keys: MemberKeys,
  options: PgliteOptions,
): Promise<Database> {
  const database = await openPglite(path, keys, options);
  try {
    await migrate(database);
    return database;
  } catch (error) {
    await database.close().catch(() => undefined);
    throw error;
  }
}

/** True where the database was closed in order, or its process died while the machine went on. */
function mayTrust(mark: string): boolean {
  try {
    const text = readFileSync(mark, 'utf8');
    return text === CLEAN || text === bootId();
  } catch {
    return false;
  }
}
