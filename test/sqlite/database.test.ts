import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { connect } from '#sqlite/connection.ts';
import { openKeyFile } from '#node/key-file.ts';
import { memberSeal } from '#sqlite/member-keys.ts';
import { createDatabase } from '#sqlite/database.ts';
import { readMigrations, applyMigrations } from '#sqlite/migrate.ts';
import { aFolder, MIGRATIONS, openDatabase, removeFolders } from '#test/till/support/a-till.ts';
import { appendTestEntries, appendTestEntry } from './support/entries.ts';

afterAll(removeFolders);

describe('the till’s storage', () => {
  test('the journal cannot be changed, shortened or given a gap, by anybody', () => {
    const directory = join(aFolder(), 'till');
    const database = openDatabase(directory);
    appendTestEntries(database, 3);
    database.close();
    const db = new Database(join(directory, 'till.db'));
    expect(() => db.exec("UPDATE journal SET text = '{}' WHERE seq = 2")).toThrow('append-only');
    expect(() => db.exec('DELETE FROM journal WHERE seq = 3')).toThrow('append-only');
    expect(() =>
      db.exec(
        `INSERT INTO journal VALUES (7, 't', 'sale', '2026-11-21', '{}', '${'0'.repeat(64)}')`,
      ),
    ).toThrow('contiguous');
    db.close();
  });

  test('what throws inside a transaction leaves nothing behind and is thrown on', () => {
    const database = openDatabase(join(aFolder(), 'till'));
    expect(() =>
      database.write((writes) => {
        appendTestEntry(writes);
        throw new Error('a bug');
      }),
    ).toThrow('a bug');
    expect(database.read.head().seq).toBe(0);
    appendTestEntries(database, 1);
    expect(database.read.head().seq).toBe(1);
    database.close();
  });

  test('nothing may wait inside a transaction', () => {
    const database = openDatabase(join(aFolder(), 'till'));
    expect(() => database.write(async () => {})).toThrow('nothing waits');
    database.close();
  });

  test('after the file is closed nothing is written any more', () => {
    const database = openDatabase(join(aFolder(), 'till'));
    database.close();
    expect(database.write((writes) => appendTestEntry(writes))).toMatchObject({
      ok: false,
      error: { code: 'broken' },
    });
  });

  test('a commit that fails on the machine is unknown: the file is opened again and says what is in it', () => {
    const path = join(aFolder(), 'till.db');
    const real = connect(path);
    applyMigrations(real, readMigrations(MIGRATIONS));
    const error = new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC');
    let fail: 'before' | 'after' | null = null;
    const failing = {
      ...real,
      commit() {
        if (fail === 'after') real.commit();
        if (fail !== null) throw error;
        real.commit();
      },
    };
    const database = createDatabase({
      connection: failing,
      connect: () => {
        const next = connect(path);
        return { ...next, commit: () => (fail === null ? next.commit() : failing.commit()) };
      },
      verify: () => null,
      persons: memberSeal(openKeyFile(null)),
      anchorPath: join(aFolder(), 'anchor.json'),
      ballastPath: join(aFolder(), 'ballast.bin'),
      inc: 1,
      monoMs: () => 0,
      onClose: () => {},
    });
    fail = 'after';
    expect(database.write((writes) => appendTestEntry(writes))).toMatchObject({
      ok: false,
      error: { code: 'outcome-unknown' },
    });
    expect(database.read.head().seq).toBe(1);
    fail = null;
    expect(database.write((writes) => appendTestEntry(writes)).ok).toBe(true);
    expect(database.read.head().seq).toBe(2);
    database.close();
  });

  test('a database that is not whole after an error is not used again', () => {
    const path = join(aFolder(), 'till.db');
    const real = connect(path);
    applyMigrations(real, readMigrations(MIGRATIONS));
    const database = createDatabase({
      connection: {
        ...real,
        commit() {
          throw new Database.SqliteError('malformed', 'SQLITE_CORRUPT');
        },
      },
      connect: () => connect(path),
      verify: () => 'chain-broken',
      persons: memberSeal(openKeyFile(null)),
      anchorPath: join(aFolder(), 'anchor.json'),
      ballastPath: join(aFolder(), 'ballast.bin'),
      inc: 1,
      monoMs: () => 0,
      onClose: () => {},
    });
    expect(database.write((writes) => appendTestEntry(writes))).toEqual({
      ok: false,
      error: { code: 'broken', detail: 'chain-broken' },
    });
    expect(database.write((writes) => appendTestEntry(writes))).toMatchObject({
      error: { code: 'broken' },
    });
  });

  test('receipt numbers tell how many sales wait, without counting', () => {
    const database = openDatabase(join(aFolder(), 'till'));
    const sale = {
      lastSeq: 0,
      kind: 'sale' as const,
      contentHash: 'x',
      of: null,
      balanceAfter: null,
    };
    database.write((writes) => {
      for (let number = 1; number <= 5; number += 1) {
        writes.saveSale({
          ...sale,
          seq: number * 10,
          number,
          tx: `t${number}`,
          receipt: `r${number}`,
        });
      }
    });
    expect([0, 10, 35, 50].map((seq) => database.read.waitingAfter(seq))).toEqual([5, 4, 2, 0]);
    database.close();
  });
});
