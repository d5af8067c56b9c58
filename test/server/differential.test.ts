import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '#server/database/database.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPglite } from '#server/database/pglite.ts';
import { openPostgres } from '#server/database/postgres.ts';
import { DEMO_TENANT } from '#server/demo/demo.ts';
import { displayNames } from '#server/members/sealed-profiles.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import { createPostgresDatabase, needsPostgres, startPostgres } from './support/databases.ts';
import { dumpTables } from './support/dump-tables.ts';
import { hashOf, openShopServer, type ShopServer, type WireTill } from './support/shop-server.ts';

const postgres = await startPostgres();

/** One thing that is asked of a server. */
const operation = fc.oneof(
  fc.record({
    kind: fc.constant('sale' as const),
    till: fc.nat(1),
    member: fc.nat(4),
    points: fc.integer({ min: 1, max: 60 }),
  }),
  fc.record({
    kind: fc.constant('reverse' as const),
    till: fc.nat(1),
    member: fc.nat(4),
    of: fc.nat(20),
    points: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({
    kind: fc.constant('redeem' as const),
    till: fc.nat(1),
    member: fc.nat(4),
    points: fc.integer({ min: 1, max: 60 }),
    over: fc.nat(9),
  }),
  fc.record({
    kind: fc.constant('claim' as const),
    till: fc.nat(1),
    member: fc.nat(4),
    of: fc.nat(20),
  }),
  fc.record({
    kind: fc.constant('return' as const),
    till: fc.nat(1),
    of: fc.nat(20),
    refundMinor: fc.constantFrom(2500, 10_000),
  }),
  fc.record({
    kind: fc.constant('profile' as const),
    till: fc.nat(1),
    member: fc.nat(4),
    card: fc.nat(3),
    version: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant('again' as const), till: fc.nat(1), back: fc.nat(12) }),
);
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

const TABLES = {
  account: 'owner, programme, posted, pending, held, granted, version',
  ledger: 'member, programme, type, source, points, counted, till, seq, day',
  member: 'member, owner, status, provisional, enrolled, changes',
  identifier: 'hash, member',
  point_grant: 'member, till, amount, spent, state',
  sale: 'tx, member, till, total_minor',
  sale_return: 'tx, of_tx, refund_minor',
  claim: 'of_tx, member',
  held_reversal: 'member, of_source, of_type, source, points',
  posting_exception: 'id, code, params',
  terminal: 'till, ack_seq, ack_hash, state',
  tier_measure: 'owner, programme, since, earned, qualifying, spend_minor, units, visits',
  member_fact: 'owner, visits, last_sale_at_ms, version',
  use_count: 'owner, programme, id, last_day, last_at_ms, day_times, week_times, life_points',
  held_tier: 'owner, programme, tier, since, through',
  tier_move: 'owner, programme, source, from_tier, to_tier, till, told',
  profile: 'member, version, sealed_for, has_birthday',
} as const;

async function dump(database: Database): Promise<Record<string, unknown>> {
  const state = await dumpTables(database, TABLES);
  const members = await database.query<{ member: string }>('select member from member');
  const names = await displayNames(
    database,
    DEMO_TENANT,
    members.map(({ member }) => member),
  );
  return { ...state, names: [...names].toSorted() };
}

describe('PGlite and PostgreSQL', needsPostgres(postgres), () => {
  const servers: ShopServer[] = [];
  const tills: WireTill[][] = [];
  let run = 0;

  beforeAll(async () => {
    const url = await createPostgresDatabase(postgres?.url ?? '');
    for (const database of [await openPglite(null), openPostgres(url, () => undefined)]) {
      await migrate(database);
      const server = await openShopServer(database);
      servers.push(server);
      tills.push([await server.join('Front'), await server.join('Back')]);
    }
  });
  afterAll(async () => {
    for (const server of servers) {
      await server.app.close();
      await server.database.close();
    }
    await postgres?.stop();
  });

  /** Asks one server for everything, and returns what it answered. */
  const perform = async (
    [front, back]: readonly WireTill[],
    operations: readonly Operation[],
    of: number,
  ) => {
    const answers: unknown[] = [];
    const tx = (number: number): string => txOf(of * 1000 + number);
    for (const [index, operation] of operations.entries()) {
      const till = operation.till === 0 ? front : back;
      if (till === undefined) throw new Error('no till');
      const from = till.journal.head.seq + 1;
      const name = 'member' in operation ? `m${of}-${operation.member}` : '';
      if (operation.kind === 'sale') {
        const member = operation.member === 0 ? null : name;
        till.journal.append(tx(index), body.sale(of * 1000 + index, member));
        if (member !== null)
          till.journal.append(tx(index), body.earn(member, tx(index), operation.points));
      } else if (operation.kind === 'reverse') {
        const original = { source: tx(operation.of), type: 'earn' as const };
        till.journal.append(tx(index), body.reverse(name, tx(index), original, -operation.points));
      } else if (operation.kind === 'claim') {
        till.journal.append(
          tx(index),
          body.enrol(name),
          body.claim(1, tx(operation.of), name),
          body.earn(name, tx(operation.of), 10),
        );
      } else if (operation.kind === 'return') {
        const { of: sale, refundMinor } = operation;
        till.journal.append(tx(index), body.return(of * 1000 + index, tx(sale), null, refundMinor));
      } else if (operation.kind === 'redeem') {
        const requestId = `0190a1b2-0000-4000-8000-${String(of * 1000 + index).padStart(12, '0')}`;
        const answer = await till.grant(name, operation.points, requestId);
        answers.push(answer.outcome === 'granted' ? 'granted' : answer);
        const grant = answer.outcome === 'granted' ? answer.grant.grant : 'none';
        till.journal.append(
          tx(index),
          body.accept(grant, name, operation.points),
          body.redeem(name, tx(index), operation.points + (operation.over === 0 ? 5 : 0), grant),
          body.close(grant),
        );
      } else if (operation.kind === 'profile') {
        const { member, card, version } = operation;
        till.journal.append(tx(index), body.enrol(name, member % 2 === 1));
        await till.push(from);
        const hash = hashOf('card', `${of}-${card}`);
        answers.push(
          await till.call('profile', {
            profiles: [
              {
                member: name,
                version,
                market: 'TR',
                name: `N${version} Ş${member}`,
                phone: null,
                phoneTakesSms: false,
                language: 'tr',
                identifiers: [{ kind: 'card', hash, masked: '··' }],
                consents: [],
              },
            ],
          }),
        );
        continue;
      } else {
        answers.push(
          await till.push(Math.max(1, till.journal.head.seq - operation.back)).catch(() => 'empty'),
        );
        continue;
      }
      answers.push(await till.push(from));
    }
    return answers;
  };

  test('come to the same state and the same answers by the same operations', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 20, maxLength: 50 }),
        async (operations) => {
          run += 1;
          const answers = [];
          for (const pair of tills) answers.push(await perform(pair, operations, run));
          expect(answers[0]).toEqual(answers[1]);
          const [lite, real] = servers;
          if (lite === undefined || real === undefined) throw new Error('no servers');
          expect(await dump(lite.database)).toEqual(await dump(real.database));
        },
      ),
      { numRuns: 8, endOnFailure: true },
    );
  });

  test('keep every balance equal to the sum of its ledger rows', async () => {
    for (const { database } of servers) {
      const wrong = await database.query(
        `select a.owner, a.posted, s.posted as summed from account a
         left join (select m.owner, l.programme, sum(l.points) filter (where l.counted)::bigint as posted
                    from ledger l join member m using (tenant, member) group by 1, 2) s using (owner, programme)
         where a.posted <> coalesce(s.posted, 0)`,
      );
      expect(wrong).toEqual([]);
      const held = await database.query(
        `select a.owner, a.granted from account a
         left join (select m.owner, g.programme, sum(g.amount - g.spent) as granted
                    from point_grant g join member m using (tenant, member)
                    where g.state <> 'closed' group by 1, 2) s using (owner, programme)
         where a.granted <> coalesce(s.granted, 0)`,
      );
      expect(held).toEqual([]);
    }
  });
});
