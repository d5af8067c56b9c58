import { randomUUID } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { openKeyFile, type KeyFile } from '#node/key-file.ts';
import { newKey, openSealed, seal } from '#node/seal.ts';
import { sqliteCode, type Connection } from './connection.ts';

/**
 * Seals what this till keeps of its members as persons, each under a key of their own.
 *
 * New keys are on the disk before the transaction that used them commits, destroyed ones after it:
 * a crash in between leaves a key that seals nothing, or one that the next start destroys.
 */
export interface MemberSeal {
  /** Null where the member's key was destroyed. */
  seal(what: SealedKind, member: string, text: string): string | null;
  /** Null where it cannot be read any more. */
  open(what: SealedKind, member: string, sealed: string): string | null;
  /** Destroys the member's key once the transaction has committed. */
  forget(member: string): void;
  /** Before a transaction commits. Throws what SQLite throws. */
  beforeCommit(): void;
  afterCommit(): void;
  afterRollback(): void;
}

/** What is sealed: a row of `member` or one of `profile`. */
export type SealedKind = 'member' | 'profile';

/** Makes the seal over a key file. */
export function memberSeal(file: KeyFile): MemberSeal {
  const fresh = new Map<string, Uint8Array>();
  const forgotten = new Set<string>();
  const keyOf = (member: string): Uint8Array | null | undefined =>
    fresh.get(member) ?? file.read(member);
  const context = (what: SealedKind, member: string): string => `${what}/${member}`;
  return {
    seal(what, member, text) {
      let key = keyOf(member);
      if (key === undefined) {
        key = newKey();
        fresh.set(member, key);
      }
      return key === null ? null : seal(key, context(what, member), text);
    },
    open(what, member, sealed) {
      const key = keyOf(member);
      return key === null || key === undefined
        ? null
        : openSealed(key, context(what, member), sealed);
    },
    forget: (member) => void forgotten.add(member),
    beforeCommit() {
      if (fresh.size > 0) file.add(fresh);
    },
    afterCommit() {
      fresh.clear();
      if (forgotten.size === 0) return;
      try {
        file.destroy([...forgotten]);
        forgotten.clear();
      } catch (error) {
        if (sqliteCode(error) === null) throw error; // no room: with the next commit, or the next start
      }
    },
    afterRollback() {
      fresh.clear();
      forgotten.clear();
    },
  };
}

/** The key file of a till's folder, and whether it had to be made. */
export interface OpenedKeys {
  readonly file: KeyFile;
  readonly isNew: boolean;
}

/** Whether a till has worked in this folder: its key file, made after its database, outlives the folder. */
export function hasKeysBeside(directory: string): boolean {
  return existsSync(keyPathOf(directory));
}

function keyPathOf(directory: string): string {
  return `${directory}.keys`;
}

/**
 * Opens the key file that lies beside a till's folder, so that neither a copy of the folder nor one put
 * into quarantine carries it. One that cannot be read is kept aside and a new one made: the keys seal
 * only what the server has, too.
 */
export function keyFileBeside(directory: string): OpenedKeys {
  const path = keyPathOf(directory);
  const isNew = !existsSync(path);
  try {
    return { file: openKeyFile(path), isNew };
  } catch (error) {
    const code = sqliteCode(error);
    if (code !== 'SQLITE_NOTADB' && code !== 'SQLITE_CORRUPT') throw error;
    renameSync(path, `${path}.damaged-${randomUUID()}`);
    return { file: openKeyFile(path), isNew: true };
  }
}

/**
 * Puts database and keys in step at a start.
 *
 * Without its keys nothing sealed can be read: it is dropped and the server's records are read from
 * the beginning. Keys of members who were erased go, wherever the last run ended.
 */
export function startKeys(connection: Connection, { file, isNew }: OpenedKeys): void {
  const db = connection.writable;
  connection.begin();
  if (isNew && db.run('UPDATE member SET sealed = NULL, version = -1') > 0) {
    db.run('DELETE FROM profile');
    db.run('UPDATE sync SET cursor = NULL');
  }
  const erased = db.all<{ member: string }>("SELECT member FROM member WHERE status = 'erased'");
  connection.commit();
  const alive = erased.map(({ member }) => member).filter((member) => file.read(member));
  if (alive.length > 0) file.destroy(alive);
}
