import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { assert } from '#loyalty/result.ts';

/** As many members as a till is meant for. */
export const MANY_MEMBERS = 1_000_000;

/** Hash of the card of the member at `index`. */
export function cardHash(index: number): string {
  return createHash('sha256').update(`card:${index}`).digest('hex');
}

/**
 * Gives a closed till's database a million members more, each like one that is there, with a card and
 * balances of their own. The program wrote that one; copies of its rows are what it would have written.
 */
export function fillMembers(file: string): void {
  const db = new Database(file);
  db.pragma('synchronous = OFF');
  const template = db
    .prepare('SELECT member FROM member JOIN identifier USING (member) JOIN balance USING (member)')
    .pluck()
    .get();
  db.function('card_hash', (index) => cardHash(Number(index)));
  db.exec(`CREATE TEMP TABLE copy AS
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${MANY_MEMBERS})
    SELECT i, printf('m%032x', i) AS ref FROM n`);
  const copy = (table: string, changed: Readonly<Record<string, string>>, each: string): void => {
    const columns = (db.pragma(`table_info(${table})`) as { name: string }[]).map(
      ({ name }) => name,
    );
    const values = columns.map((name) => changed[name] ?? `t.${name}`);
    const made = db
      .prepare(
        `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')}
         FROM copy CROSS JOIN (SELECT * FROM ${table} WHERE member = ? ${each}) t ORDER BY 1`,
      )
      .run(template);
    assert(made.changes >= MANY_MEMBERS, `the template has rows in ${table}`);
  };
  copy('member', { member: 'copy.ref' }, '');
  copy('identifier', { hash: 'card_hash(copy.i)', member: 'copy.ref' }, 'LIMIT 1');
  copy('balance', { member: 'copy.ref', posted: 'copy.i % 5000', available: 'copy.i % 5000' }, '');
  db.close();
}
