import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bulkInsert, insertRows } from '#server/database/insert.ts';
import { describeOnBoth } from './support/databases.ts';

interface Row {
  readonly id: string;
  readonly word: string | null;
  readonly count: number | null;
  readonly yes: boolean;
  readonly hash: string;
}

const scratch = bulkInsert<Row>('scratch', [
  { name: 'id', type: 'text', value: (row) => row.id },
  { name: 'word', type: 'text', value: (row) => row.word },
  { name: 'count', type: 'bigint', value: (row) => row.count },
  { name: 'yes', type: 'boolean', value: (row) => row.yes },
  { name: 'hash', type: 'hex', value: (row) => row.hash },
]);

const word = fc.oneof(
  fc.constantFrom(null, '', 'null', 'NULL', '{}', 'a,b', '"', '\\', ' ', "'", 'ş', '\n'),
  fc.string({ maxLength: 6 }).filter((text) => !text.includes('\u0000')),
);
const values = fc.record({
  word,
  count: fc.option(fc.integer()),
  yes: fc.boolean(),
  hash: fc.constantFrom('', '00', 'abcd'),
});
/** Columns that all rows share, and how many rows. */
const alike = fc.record({
  word: fc.boolean(),
  count: fc.boolean(),
  yes: fc.boolean(),
  hash: fc.boolean(),
});

await describeOnBoth('rows written together', (open) => {
  test('are what was given, whatever columns they share', async () => {
    const database = await open();
    await database.query(
      `create table scratch (tenant text not null, id text not null, word text, count bigint,
         yes boolean not null, hash bytea not null)`,
    );
    let tries = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(values, { minLength: 1, maxLength: 80 }),
        fc.constantFrom(1, 2, 63, 64, 80),
        alike,
        async (given, count, same) => {
          const tenant = `t${(tries += 1)}`;
          const rows = Array.from({ length: count }, (_, index): Row => {
            const own = given[index % given.length];
            const [first] = given;
            if (own === undefined || first === undefined) throw new Error('No values');
            return {
              id: String(index).padStart(3, '0'),
              word: (same.word ? first : own).word,
              count: (same.count ? first : own).count,
              yes: (same.yes ? first : own).yes,
              hash: (same.hash ? first : own).hash,
            };
          });
          const written = await database.transaction((db) => insertRows(db, scratch, tenant, rows));
          expect(written).toBe(count);
          const stored = await database.query<Row>(
            `select id, word, count, yes, encode(hash, 'hex') as hash from scratch
             where tenant = $1 order by id`,
            [tenant],
          );
          expect(stored).toEqual(rows);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('that are the same in every column are each there', async () => {
    const database = await open();
    await database.query('create table plain (tenant text, word text)');
    const plain = bulkInsert<string>('plain', [
      { name: 'word', type: 'text', value: (row) => row },
    ]);
    const rows = Array.from({ length: 100 }, () => 'same');
    await database.transaction((db) => insertRows(db, plain, 't', rows));
    expect(await database.query('select count(*)::integer as n from plain')).toEqual([{ n: 100 }]);
  });
});
