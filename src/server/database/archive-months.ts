import { addMonths, type LocalDate } from '#loyalty/calendar.ts';
import type { Database } from './database.ts';

/** Any number that nothing else in the database locks. */
const ARCHIVE_LOCK = 7_031_965;

/** How many months ahead have a place of their own before their first entry comes. */
const MONTHS_AHEAD = 2;

/**
 * Gives this month's journal entries and the next months' a table each.
 *
 * An old month is then detached to cold storage as a whole. Entries of any other month, from a till
 * whose clock is wrong or that was offline for long, lie in `archive_rest` and are found all the same.
 */
export async function openArchiveMonths(database: Database, today: LocalDate): Promise<void> {
  const first = `${today.slice(0, 7)}-01`;
  for (let ahead = 0; ahead < MONTHS_AHEAD; ahead += 1) {
    const from = addMonths(first, ahead);
    const to = addMonths(first, ahead + 1);
    const name = `archive_${from.slice(0, 7).replace('-', '_')}`;
    await database.transaction(async (db) => {
      await db.query('select pg_advisory_xact_lock($1)', [ARCHIVE_LOCK]);
      const taken = await db.query<{ found: boolean }>(
        `select to_regclass($1) is not null
           or exists (select from archive_rest where day >= $2::date and day < $3::date) as found`,
        [name, from, to],
      );
      if (taken[0]?.found === true) return;
      await db.execute(
        `create table ${name} partition of archive for values from ('${from}') to ('${to}')`,
      );
    });
  }
}
