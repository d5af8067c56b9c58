import Database from 'better-sqlite3';

/** Keys by their owner, in a small file of their own that forgets for good. */
export interface KeyFile {
  /** The owner's key; null where it was destroyed, undefined where there never was one. */
  read(owner: string): Uint8Array | null | undefined;
  /** Keeps new keys, on the disk when it returns. Owners that are there stay as they are. */
  add(keys: ReadonlyMap<string, Uint8Array>): void;
  /** Overwrites keys; their owners never get one again. */
  destroy(owners: readonly string[]): void;
  /** Owners whose key was destroyed, in order. */
  destroyed(): readonly string[];
  close(): void;
}

/** `synchronous` as SQLite reports EXTRA. */
const EXTRA = 3;

/**
 * Opens a key file, or makes one; null keeps the keys in memory.
 *
 * No write-ahead log and `secure_delete`: what was destroyed is in no page and no log of this file.
 * It stands apart from what the keys seal, so that a backup of the one does not carry the other.
 * Throws what SQLite throws.
 */
export function openKeyFile(path: string | null): KeyFile {
  const database = new Database(path ?? ':memory:', { timeout: 500 });
  try {
    database.pragma('secure_delete = ON');
    database.pragma('synchronous = EXTRA');
    database.pragma('fullfsync = ON');
    if (path !== null) database.pragma('journal_mode = DELETE');
    if (database.pragma('synchronous', { simple: true }) !== EXTRA) {
      throw new Error('SQLite does not write keys through to the disk');
    }
    database.exec(
      'create table if not exists key (owner text primary key, key blob check (length(key) = 32)) strict, without rowid',
    );
  } catch (error) {
    database.close();
    throw error;
  }
  const read = database.prepare<[string], { key: Buffer | null }>(
    'select key from key where owner = ?',
  );
  const add = database.prepare<[string, Uint8Array]>(
    'insert into key values (?, ?) on conflict do nothing',
  );
  const destroy = database.prepare<[string]>(
    'insert into key values (?, null) on conflict do update set key = null where key is not null',
  );
  const destroyed = database.prepare<[], { owner: string }>(
    'select owner from key where key is null order by owner',
  );
  return {
    read: (owner) => read.get(owner)?.key,
    add: database.transaction((keys: ReadonlyMap<string, Uint8Array>) => {
      for (const [owner, key] of keys) add.run(owner, key);
    }),
    destroy: database.transaction((owners: readonly string[]) => {
      for (const owner of owners) destroy.run(owner);
    }),
    destroyed: () => destroyed.all().map(({ owner }) => owner),
    close: () => void database.close(),
  };
}
