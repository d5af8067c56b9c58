import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RaceLost, type Database, type WritableDb } from '#server/database/database.ts';
import { inPipeline } from '#server/database/pipeline.ts';
import { openPglite } from '#server/database/pglite.ts';

const NO_SUCH_THREAD = new URL('no-such-file.ts', import.meta.url);

describe.each([
  ['in a thread', undefined],
  ['where no thread can be started', NO_SUCH_THREAD],
])('PGlite %s', (_name, thread) => {
  let database: Database;
  beforeAll(async () => {
    database = await openPglite(null, undefined, thread === undefined ? {} : { thread });
    await database.query(
      'create table fact (name text primary key, value bigint check (value > 0))',
    );
  });
  afterAll(() => database.close());

  test('reads what was written, types alike', async () => {
    const rows = await database.transaction(async (db) => {
      await db.execute('insert into fact select * from unnest($1::text[], $2::bigint[])', [
        ['a', 'quote " and \\ and ş'],
        [1, 2 ** 53 - 1],
      ]);
      return db.query('select name, value, $1::date as day from fact order by value', [
        '2026-11-22',
      ]);
    });
    expect(rows).toEqual([
      { name: 'a', value: 1, day: '2026-11-22' },
      { name: 'quote " and \\ and ş', value: 2 ** 53 - 1, day: '2026-11-22' },
    ]);
  });

  test('reads answers longer than any buffer of its, whole and in order', async () => {
    const rows = await database.query<{ n: number; text: string }>(
      `select n, repeat(chr(65 + n % 26), 1500000) as text from generate_series(1, 6) n`,
    );
    expect(rows.map(({ n, text }) => [n, text.length, text.at(0), text.at(-1)])).toEqual(
      Array.from({ length: 6 }, (_, index) => {
        const letter = String.fromCodePoint(66 + index);
        return [index + 1, 1_500_000, letter, letter];
      }),
    );
  });

  test('throws the first failure of what was sent together, and nothing of it stays', async () => {
    const failing = database.transaction((db) =>
      inPipeline(async (line) => {
        void line.send(db.execute('insert into fact values ($1, $2)', ['b', 1]));
        void line.send(db.execute('insert into fact values ($1, $2)', ['c', -1]));
        await line.send(db.query('select $1::text as after', ['it']));
      }),
    );
    await expect(failing).rejects.toMatchObject({ code: '23514' });
    expect(await database.query(`select 1 from fact where name in ('b', 'c')`)).toEqual([]);
  });

  test('throws what failed, where work begun earlier fails after it', async () => {
    const failing = database.transaction((db) =>
      inPipeline(async (line) => {
        const early = async (): Promise<void> => {
          await db.query('select $1::int as one', [1]);
          await db.query('select $1::int as two', [2]);
        };
        void line.send(early());
        await line.send(db.execute('insert into fact values ($1, $2)', ['c', -1]));
      }),
    );
    await expect(failing).rejects.toMatchObject({ code: '23514' });
  });

  test('takes no statement after the end of a transaction', async () => {
    let late: WritableDb | undefined;
    await database.transaction(async (db) => {
      late = db;
    });
    await expect(late?.execute('insert into fact values ($1, $2)', ['late', 1])).rejects.toThrow(
      'after the end of its transaction',
    );
    expect(await database.query(`select 1 from fact where name = 'late'`)).toEqual([]);
  });

  test('does not say that it kept what a failure nobody heard of undid', async () => {
    const unheard = database.transaction(async (db) => {
      await db.execute('insert into fact values ($1, $2)', ['unheard', 1]);
      await db.execute('insert into fact values ($1, $2)', ['c', -1]).catch(() => 0);
    });
    await expect(unheard).rejects.toThrow('ended with ROLLBACK');
    expect(await database.query(`select 1 from fact where name = 'unheard'`)).toEqual([]);
  });

  test('runs a transaction that lost a race again', async () => {
    let tries = 0;
    const value = await database.transaction(async (db) => {
      tries += 1;
      await db.execute('insert into fact values ($1, $2)', ['race', tries]);
      if (tries === 1) throw new RaceLost('test');
      return db.query('select value from fact where name = $1', ['race']);
    });
    expect(value).toEqual([{ value: 2 }]);
  });

  test('says that it was asked from inside its own transaction, and goes on', async () => {
    const inside = database.transaction(async () => database.query('select 1'));
    await expect(inside).rejects.toThrow('from inside a transaction');
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('lets whoever asks together wait for each other', async () => {
    const sums = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        database.transaction(async (db) => (await db.query('select $1::int as n', [index]))[0]),
      ),
    );
    expect(sums).toEqual(Array.from({ length: 20 }, (_, n) => ({ n })));
  });
});

describe('a database directory', () => {
  const directory = mkdtempSync(join(tmpdir(), 'regulars-pglite-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('keeps what was written when it is opened again', async () => {
    const path = join(directory, 'kept');
    const first = await openPglite(path);
    await first.query('create table kept (n int)');
    await first.query('insert into kept values (7)');
    await first.close();
    await first.close();
    const second = await openPglite(path);
    expect(await second.query('select n from kept')).toEqual([{ n: 7 }]);
    await second.close();
  });

  test('that is none does not open, and the reason is an error', async () => {
    const path = join(directory, 'a-file');
    writeFileSync(path, 'no directory');
    await expect(openPglite(path)).rejects.toThrow(/\w/u);
  });
});
