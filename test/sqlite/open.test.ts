import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { readAnchor } from '#sqlite/anchor.ts';
import { openTillDatabase } from '#sqlite/open.ts';
import {
  aFolder,
  IDENTITY,
  MIGRATIONS,
  openDatabase,
  removeFolders,
} from '#test/till/support/a-till.ts';
import { needs } from '#test/support/needs.ts';
import { appendTestEntries } from './support/entries.ts';

afterAll(removeFolders);

const open = (
  directory: string,
  more: Partial<Parameters<typeof openTillDatabase>[0]> = {},
): ReturnType<typeof openTillDatabase> =>
  openTillDatabase({
    directory,
    migrationsDirectory: MIGRATIONS,
    identity: IDENTITY,
    ballastBytes: 0,
    ...more,
  });

/** What lies in a folder: each file's name and digest. */
function contents(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory)
      .filter((name) => name !== 'backups')
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(directory, name)))
          .digest('hex'),
      ]),
  );
}

/** A closed database with some entries. */
function aDatabase(entries = 20): string {
  const directory = join(aFolder(), 'till');
  const database = openDatabase(directory);
  appendTestEntries(database, entries);
  database.close();
  return directory;
}

function refusedAndUntouched(directory: string, more: Parameters<typeof open>[1] = {}): unknown {
  const before = contents(directory);
  const opened = open(directory, more);
  const after = contents(directory);
  expect(after['till.db']).toBe(before['till.db']);
  expect(after['head-anchor.txt']).toBe(before['head-anchor.txt']);
  if (opened.ok) opened.value.close();
  return opened.ok ? 'opened' : opened.error;
}

describe('opening the till’s database', () => {
  test('every open is WAL with a full sync, however often', () => {
    const directory = join(aFolder(), 'till');
    for (let count = 0; count < 3; count += 1) {
      const database = openDatabase(directory);
      appendTestEntries(database, 1);
      expect(database.read.head().seq).toBe(count + 1);
      database.close();
    }
  });

  test('what was committed is there again', () => {
    const directory = aDatabase(7);
    const again = openDatabase(directory);
    expect(again.read.head().seq).toBe(7);
    expect(again.read.entriesAfter(0, 100)).toHaveLength(7);
    again.close();
  });

  test('a file that is no database is refused and left alone', () => {
    const directory = join(aFolder(), 'till');
    mkdirSync(directory);
    writeFileSync(
      join(directory, 'till.db'),
      'this is a shopping list, not a database, and a long one at that',
    );
    expect(refusedAndUntouched(directory)).toMatchObject({ code: 'corrupted' });
  });

  test('a damaged database is refused and left alone', () => {
    const directory = aDatabase(400);
    const path = join(directory, 'till.db');
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096 * 3, 4096 * 20);
    writeFileSync(path, bytes);
    expect(refusedAndUntouched(directory)).toMatchObject({
      code: expect.stringMatching(/corrupted|chain-broken/),
    });
  });

  test('a truncated database is refused and left alone', () => {
    const directory = aDatabase(400);
    truncateSync(join(directory, 'till.db'), 4096 * 9 + 100);
    expect(refusedAndUntouched(directory)).toMatchObject({ code: 'corrupted' });
  });

  test('one flipped letter in a column’s name is refused, too', () => {
    const directory = aDatabase();
    const path = join(directory, 'till.db');
    const db = new Database(path);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const bytes = readFileSync(path);
    const at = bytes.indexOf('balance_after');
    expect(at).toBeGreaterThan(0);
    bytes.write('balance_aftes', at);
    writeFileSync(path, bytes);
    expect(refusedAndUntouched(directory)).toEqual({ code: 'corrupted', detail: 'schema' });
  });

  test('one flipped letter in what an entry is found by is refused, too', () => {
    const directory = aDatabase();
    const path = join(directory, 'till.db');
    const bytes = readFileSync(path);
    const at = bytes.lastIndexOf(
      'shift-open',
      bytes.lastIndexOf('{"v":1', bytes.indexOf('"seq":12,')),
    );
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(refusedAndUntouched(directory)).toEqual({ code: 'chain-broken', seq: 12 });
  });

  test('one flipped letter in an entry breaks the chain and is refused', () => {
    const directory = aDatabase();
    const path = join(directory, 'till.db');
    const bytes = readFileSync(path);
    const at = bytes.indexOf('"shift-open"', bytes.indexOf('"seq":12,'));
    bytes[at - 40] = (bytes[at - 40] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(refusedAndUntouched(directory)).toMatchObject({ code: 'chain-broken' });
  });

  test('a journal that lost its end is refused, though it looks whole', () => {
    const directory = aDatabase(20);
    const longer = openDatabase(directory);
    const copy = join(aFolder(), 'till');
    longer.close();
    cpSync(directory, copy, { recursive: true });
    const more = openDatabase(directory);
    appendTestEntries(more, 5);
    more.close();
    cpSync(join(directory, 'head-anchor.txt'), join(copy, 'head-anchor.txt'));
    expect(refusedAndUntouched(copy)).toEqual({ code: 'rolled-back', anchorSeq: 25, headSeq: 20 });
  });

  test('a database that is gone is refused while the anchor knows of entries', () => {
    const directory = aDatabase(20);
    rmSync(join(directory, 'till.db'));
    expect(open(directory)).toEqual({
      ok: false,
      error: { code: 'rolled-back', anchorSeq: 20, headSeq: 0 },
    });
    writeFileSync(join(directory, 'till.db'), '');
    expect(open(directory)).toMatchObject({ ok: false, error: { code: 'rolled-back' } });
  });

  test('a database that is gone with its whole folder is not begun anew', () => {
    const directory = aDatabase(20);
    for (const empty of [false, true]) {
      rmSync(directory, { recursive: true });
      if (empty) mkdirSync(directory);
      expect(open(directory)).toEqual({ ok: false, error: { code: 'database-gone' } });
      expect(existsSync(join(directory, 'till.db'))).toBe(false);
      mkdirSync(directory, { recursive: true });
    }
  });

  test('a first start that found no room begins when there is some', () => {
    const directory = join(aFolder(), 'till');
    // In the place of a full disk: SQLite cannot make its file here.
    mkdirSync(join(directory, 'till.db-wal'), { recursive: true });
    expect(open(directory).ok).toBe(false);
    rmSync(directory, { recursive: true });
    openDatabase(directory).close();
  });

  test('the anchor knows every entry of a process that was killed, and half of it is enough', () => {
    const directory = join(aFolder(), 'till');
    const database = openDatabase(directory);
    appendTestEntries(database, 7);
    const path = join(directory, 'head-anchor.txt');
    expect(readAnchor(path).anchor?.seq).toBe(7);
    const bytes = readFileSync(path);
    const last = bytes.indexOf('"seq":7');
    bytes[last + 6] = (bytes[last + 6] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(readAnchor(path)).toMatchObject({ anchor: { seq: 6 }, damaged: false });
    database.close();
  });

  test('an anchor that cannot be read is kept aside, and the whole database opens', () => {
    const directory = aDatabase(20);
    writeFileSync(join(directory, 'head-anchor.txt'), 'entry 20, I think');
    const again = openDatabase(directory);
    expect(again.read.head().seq).toBe(20);
    again.close();
    expect(readdirSync(directory).some((name) => name.includes('.damaged-'))).toBe(true);
    expect(readAnchor(join(directory, 'head-anchor.txt')).anchor?.seq).toBe(20);
  });

  test('a database of a newer version is refused and left alone', () => {
    const directory = aDatabase();
    const db = new Database(join(directory, 'till.db'));
    db.exec("INSERT INTO migration VALUES (99, '0099_future.sql', 'x')");
    db.close();
    expect(refusedAndUntouched(directory)).toMatchObject({ code: 'newer-version' });
  });

  test('a migration that was edited after it ran is refused', () => {
    const directory = aDatabase();
    const edited = join(aFolder(), 'migrations');
    cpSync(MIGRATIONS, edited, { recursive: true });
    writeFileSync(
      join(edited, '0002_members.sql'),
      `${readFileSync(join(edited, '0002_members.sql'), 'utf8')}\n-- later thought\n`,
    );
    expect(refusedAndUntouched(directory, { migrationsDirectory: edited })).toEqual({
      code: 'edited-migration',
      number: 2,
    });
  });

  test.each([
    [
      'a digit of a checksum',
      "UPDATE migration SET checksum = 'z' || substr(checksum, 2) WHERE number = 2",
    ],
    [
      'the number of the last one',
      'UPDATE migration SET number = number + 4 WHERE number = (SELECT max(number) FROM migration)',
    ],
    ['a name', "UPDATE migration SET name = 'x' || substr(name, 2) WHERE number = 2"],
  ])('a damaged record of migrations is damage, not another version: %s', (_what, sql) => {
    const directory = aDatabase();
    const db = new Database(join(directory, 'till.db'));
    db.exec(sql);
    db.close();
    expect(refusedAndUntouched(directory)).toMatchObject({ code: 'corrupted' });
  });

  test('another till’s database is refused', () => {
    const directory = aDatabase();
    expect(refusedAndUntouched(directory, { identity: { ...IDENTITY, till: 'till2' } })).toEqual({
      code: 'other-till',
      till: 'till1',
      inc: 1,
    });
    expect(refusedAndUntouched(directory, { identity: { ...IDENTITY, inc: 2 } })).toMatchObject({
      code: 'other-till',
    });
  });

  test('a second till on the same folder is refused while the first one runs', () => {
    const directory = join(aFolder(), 'till');
    const first = openDatabase(directory);
    expect(open(directory)).toMatchObject({ ok: false, error: { code: 'locked' } });
    first.close();
    openDatabase(directory).close();
  });

  test('a database that another program is writing to is refused as locked', () => {
    const directory = aDatabase();
    const other = new Database(join(directory, 'till.db'));
    other.exec('BEGIN IMMEDIATE');
    expect(open(directory)).toMatchObject({ ok: false, error: { code: 'locked' } });
    other.exec('ROLLBACK');
    other.close();
    openDatabase(directory).close();
  });

  test('an existing database is copied before it is migrated', () => {
    const directory = join(aFolder(), 'till');
    const few = join(aFolder(), 'migrations');
    cpSync(MIGRATIONS, few, { recursive: true });
    execFileSync('rm', [join(few, '0003_counter.sql')]);
    const first = open(directory, { migrationsDirectory: few });
    if (!first.ok) throw new Error(JSON.stringify(first.error));
    appendTestEntries(first.value, 3);
    first.value.close();
    expect(existsSync(join(directory, 'backups'))).toBe(false);
    const second = openDatabase(directory);
    expect(second.read.head().seq).toBe(3);
    second.close();
    const backup = new Database(join(directory, 'backups', 'before-0003.db'), { readonly: true });
    expect(backup.prepare('SELECT count(*) AS n FROM journal').get()).toEqual({ n: 3 });
    expect(
      backup.prepare("SELECT name FROM sqlite_schema WHERE name = 'draft'").get(),
    ).toBeUndefined();
    backup.close();
  });
});

const tmpfs = ((): string | null => {
  if (process.getuid?.() !== 0) return 'needs root for a small tmpfs';
  const probe = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs -o size=1m none /mnt'], {
    stdio: 'ignore',
  });
  return probe.status === 0 ? null : 'unshare -m with a tmpfs mount is not possible here';
})();

describe('a full disk', needs(tmpfs), () => {
  test('every acknowledged write is there, the refusal is clear, and the ballast buys more', () => {
    const script = new URL('./support/fill-disk.ts', import.meta.url).pathname;
    const mount = aFolder();
    const run = spawnSync(
      'unshare',
      [
        '-m',
        'sh',
        '-c',
        `mount -t tmpfs -o size=6m none ${mount} && exec "$0" "$1" "$2"`,
        process.execPath,
        script,
        join(mount, 'till'),
      ],
      { encoding: 'utf8', timeout: 110_000 },
    );
    expect(run.stderr).toBe('');
    const result = JSON.parse(run.stdout) as Record<string, unknown>;
    expect(result).toEqual({
      acknowledged: result['stored'],
      stored: result['stored'],
      problem: 'disk-full',
      ballastUsed: true,
      whileFull: expect.stringMatching(/^(opened|disk-full)$/),
      reopened: result['stored'],
      more: true,
    });
    expect(result['stored']).toBeGreaterThan(100);
  });
});
