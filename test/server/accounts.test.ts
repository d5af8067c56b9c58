import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '#server/database/database.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPostgres } from '#server/database/postgres.ts';
import { addToAccounts, lockAccounts, readNamedAccounts } from '#server/posting/accounts.ts';
import { createPostgresDatabase, needsPostgres, startPostgres } from './support/databases.ts';

const postgres = await startPostgres();
const nothing = { posted: 0, pending: 0, held: 0, granted: 0 };

describe('accounts, by the members that entries name', needsPostgres(postgres), () => {
  let db: Database;

  beforeAll(async () => {
    db = openPostgres(await createPostgresDatabase(postgres?.url ?? ''), () => undefined);
    await migrate(db);
    await db.query(
      `insert into member (tenant, member, owner, status, provisional, enrolled, enrolled_till,
         enrolled_day, enrolled_at_ms)
       select 'demo', u.*, false, true, 'till_1', '2026-11-21', 1
       from unnest($1::text[], $2::text[], $3::text[]) as u`,
      [
        ['anna', 'annas-card', 'berk', 'cem'],
        ['anna', 'anna', 'berk', 'cem'],
        ['active', 'merged', 'active', 'active'],
      ],
    );
    await db.query(
      `insert into account (tenant, owner, programme)
       select 'demo', o, p from unnest($1::text[]) as o, unnest($2::text[]) as p`,
      [
        ['anna', 'berk', 'cem'],
        ['points', 'stamps'],
      ],
    );
    await db.query(
      `insert into point_grant (tenant, grant_ref, request_id, member, programme, till, inc, amount, spent,
         state, purpose, lease_ms, created_at_ms)
       values ('demo', 'grant-1', gen_random_uuid(), 'cem', 'stamps', 'till_1', 1, 5, 0, 'accepted', 'sale', 1, 1)`,
    );
    // As many as make the database look each one up by its key.
    await db.query(
      `insert into account (tenant, owner, programme)
       select 'demo', 'other-' || n, 'points' from generate_series(1, 20000) as n`,
    );
    await db.query('analyze');
  });
  afterAll(async () => {
    await db.close();
    await postgres?.stop();
  });

  const named = [
    { member: 'annas-card', programme: 'points' },
    { member: 'berk', programme: 'points' },
    { member: 'nobody-yet', programme: 'points' },
  ];
  const balances = (accounts: Awaited<ReturnType<typeof readNamedAccounts>>) =>
    [...accounts.values()].map(({ owner, programme, posted }) => `${owner} ${programme} ${posted}`);

  test('are those of whoever the members belong to, and of the grants that are named', async () => {
    const known = await db.transaction(async (tx) =>
      readNamedAccounts(tx, 'demo', named, ['grant-1']),
    );
    expect(balances(known)).toEqual(
      expect.arrayContaining(['anna points 0', 'berk points 0', 'cem stamps 0']),
    );
  });

  test.each([
    [[], []],
    [['grant-1'], ['cem stamps 14']],
  ])(
    'those that somebody else was just changing are as they are then, none is missing, with grants %j',
    async (grants, more) => {
      const deltas = ['anna', 'berk', 'cem'].map((owner) => ({
        ...{ owner, programme: owner === 'cem' ? 'stamps' : 'points' },
        ...{ ...nothing, posted: 7 },
      }));
      const posted = grants.length === 0 ? 7 : 14;
      const begun = Promise.withResolvers<null>();
      const mayEnd = Promise.withResolvers<null>();
      const change = db.transaction(async (tx) => {
        await lockAccounts(tx, 'demo', new Map(deltas.map((one) => [one.owner, one])));
        await addToAccounts(tx, 'demo', deltas);
        begun.resolve(null);
        await mayEnd.promise;
      });
      await begun.promise;
      const read = db.transaction(async (tx) => readNamedAccounts(tx, 'demo', named, grants));
      await expect
        .poll(async () =>
          db.query(
            `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
          ),
        )
        .toHaveLength(1);
      mayEnd.resolve(null);
      await change;
      expect(balances(await read)).toEqual(
        expect.arrayContaining([`anna points ${posted}`, `berk points ${posted}`, ...more]),
      );
    },
  );
});
