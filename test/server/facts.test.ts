import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lastUsesOf, usesOn } from '#contract/facts.ts';
import type { Database } from '#server/database/database.ts';
import { askedOfMembers, askedOfProgrammes, budgeted } from '#server/facts/asked.ts';
import { sharedFacts } from '#server/facts/shared.ts';
import { DEMO_STORE, DEMO_TENANT, demoShop } from '#server/demo/demo.ts';
import { readUses } from '#server/facts/uses.ts';
import { memberRecords, type RecordView } from '#server/members/records.ts';
import { tieredOf } from '#server/members/tier-rules.ts';
import { managerProof } from '#server/setup/manager-pin.ts';
import { factsFor, measuresFor } from '#loyalty/ledger-facts.ts';
import { useKey } from '#loyalty/facts.ts';
import { describeOnBoth } from './support/databases.ts';
import { FACTS_TODAY_MS, factsShop } from './support/facts-shop.ts';
import { Story, type Deed } from './support/facts-story.ts';
import { openShopServer, type ShopServer } from './support/shop-server.ts';

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('sale' as const),
      till: fc.nat(1),
      member: fc.option(fc.nat(3), { freq: 4 }),
      day: fc.nat(5),
      points: fc.integer({ min: 1, max: 40 }),
      stars: fc.nat(3),
      qualifying: fc.nat(4),
      rules: fc.subarray(['base', 'extra-a', 'extra-b'] as const, { minLength: 1 }),
      rewards: fc.subarray(['promo-reward', 'ten-off'] as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('return' as const),
      till: fc.nat(1),
      of: fc.nat(30),
      whole: fc.boolean(),
      day: fc.nat(5),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      till: fc.nat(1),
      of: fc.nat(30),
      member: fc.nat(3),
      points: fc.integer({ min: 1, max: 20 }),
      day: fc.nat(5),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      from: fc.nat(3),
      into: fc.nat(3),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('push' as const),
      till: fc.nat(1),
      most: fc.integer({ min: 1, max: 9 }),
      again: fc.nat(3),
    }),
  },
);

async function serverFacts(database: Database, owner: string, view: RecordView) {
  const [record] = await memberRecords(database, DEMO_TENANT, [owner], view);
  const shared = await sharedFacts(database, DEMO_TENANT, view.programmes);
  const today = '2026-11-21';
  if (record === undefined) throw new Error(`${owner} is not known`);
  return {
    visits: record.visits,
    lastSaleAtMs: record.lastSaleAtMs,
    uses: {
      ...usesOn(record.uses, 'member', today),
      ...usesOn(
        shared.flatMap(({ uses }) => uses),
        'programme',
        today,
      ),
    },
    lastUsedAtMs: lastUsesOf(record.uses),
    givenPoints: Object.fromEntries(
      shared
        .filter(({ programme }) => budgeted(view.programmes).includes(programme))
        .map(({ programme, givenPoints }) => [programme, givenPoints]),
    ),
    measures: Object.fromEntries(
      record.standings.map(({ programme, measures }) => [programme, measures]),
    ),
  };
}

/** The pure ledger's answer, as far as the shop asks. A count of nothing is no count. */
function pureFacts(story: Story, owner: string, view: RecordView) {
  const { programmes } = view;
  const ledger = story.ledger(owner);
  const facts = factsFor(ledger, owner, FACTS_TODAY_MS);
  const periods = ['day', 'week', 'month', 'year', 'life'];
  const keys = new Set([
    ...askedOfMembers(programmes).flatMap(({ programme, id }) =>
      periods.map((per) => useKey(programme, id, 'member', per)),
    ),
    ...askedOfProgrammes(programmes).flatMap(({ programme, id }) =>
      periods.map((per) => useKey(programme, id, 'programme', per)),
    ),
  ]);
  const last = new Set(askedOfMembers(programmes).map(({ programme, id }) => `${programme}/${id}`));
  return {
    visits: facts.visits,
    lastSaleAtMs: facts.lastSaleAtMs,
    uses: Object.fromEntries(Object.entries(facts.uses).filter(([key]) => keys.has(key))),
    lastUsedAtMs: Object.fromEntries(
      Object.entries(facts.lastUsedAtMs).filter(([key]) => last.has(key)),
    ),
    givenPoints: Object.fromEntries(
      budgeted(programmes).map((id) => [id, facts.givenPoints[id] ?? 0]),
    ),
    measures: Object.fromEntries(
      tieredOf(programmes).map((programme) => [
        programme.id,
        measuresFor(ledger, programme, owner, FACTS_TODAY_MS),
      ]),
    ),
  };
}

function withoutNothing<Value extends { uses: Record<string, { times: number; points: number }> }>(
  facts: Value,
): Value {
  const uses = Object.entries(facts.uses).filter(
    ([, { times, points }]) => times !== 0 || points !== 0,
  );
  return { ...facts, uses: Object.fromEntries(uses) };
}

await describeOnBoth('the server’s facts', (open, kind) => {
  let server: ShopServer;
  let view: RecordView;
  let story: Story;

  beforeAll(async () => {
    server = await openShopServer(await open());
    server.nowMs = FACTS_TODAY_MS;
    view = await factsShop(server);
    story = new Story(server, [await server.join('Front'), await server.join('Back')]);
  });
  afterAll(() => server.app.close());

  test('are what the pure ledger derives from the same events, whatever order they come in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 40 }), async (deeds) => {
        await story.play(deeds);
        for (const owner of story.owners()) {
          expect({
            owner,
            ...withoutNothing(await serverFacts(server.database, owner, view)),
          }).toEqual({
            owner,
            ...withoutNothing(pureFacts(story, owner, view)),
          });
        }
      }),
      { numRuns: kind === 'pglite' ? 40 : 12, endOnFailure: true },
    );
  }, 120_000);

  test('hold where a return that takes from two programmes comes in two pushes', async () => {
    const sale = { kind: 'sale', till: 1, stars: 3, rewards: [] } as const;
    const back = { kind: 'return', till: 1, of: 0 } as const;
    await story.play([
      { ...sale, member: 1, day: 3, points: 34, qualifying: 4, rules: ['extra-b'] },
      { ...back, whole: false, day: 4 },
      { ...back, whole: true, day: 5 },
      // The sale and its two earnings, the first return and what it takes in one programme.
      { kind: 'push', till: 1, most: 5, again: 0 },
    ]);
    for (const owner of story.owners()) {
      const { measures } = await serverFacts(server.database, owner, view);
      expect(measures).toEqual(pureFacts(story, owner, view).measures);
    }
  });

  test('hold where a part of a return comes before its sale', async () => {
    const sale = {
      kind: 'sale',
      till: 1,
      stars: 0,
      rewards: [],
      rules: ['extra-a', 'extra-b'],
    } as const;
    await story.play([
      { ...sale, member: 1, day: 3, points: 20, qualifying: 4 },
      { kind: 'return', till: 0, of: 0, whole: false, day: 4 },
      { kind: 'push', till: 0, most: 9, again: 0 },
    ]);
    for (const owner of story.owners()) {
      const { measures } = await serverFacts(server.database, owner, view);
      expect(measures).toEqual(pureFacts(story, owner, view).measures);
    }
  });

  test('are the same counted anew, where a limit was introduced later', async () => {
    const { database } = server;
    const counted = await useCounts(database, view);
    expect(Object.keys(counted).length).toBeGreaterThan(10);
    await factsShop(server, () => demoShop().programmes);
    expect(await useCounts(database, view)).toEqual({});
    await factsShop(server);
    expect(await useCounts(database, view)).toEqual(counted);
  });

  test('are the same counted anew, where the manager chose what asks for them', async () => {
    const { database } = server;
    const everything = async () => ({
      uses: await useCounts(database, view),
      measures: await database.query(
        `select owner, programme, since, earned, visits from tier_measure
         order by owner, programme, since`,
      ),
      given: await database.query('select programme, points from programme_given'),
    });
    const before = await everything();
    expect(before.given).toHaveLength(1);
    const choose = async (programmes: RecordView['programmes']) => {
      const where = { nowMs: FACTS_TODAY_MS, tenant: DEMO_TENANT, store: DEMO_STORE };
      const done = await server.executor.execute<'programmes'>({
        kind: 'programmes',
        ...where,
        pinProof: (await managerProof(database, DEMO_TENANT, DEMO_STORE, '1470')) ?? [],
        choice: { preset: 'stamps', knobs: {} },
        programmes: [...programmes],
        products: [],
        dropSkus: [],
      });
      expect(done.outcome).toBe('done');
    };
    await factsShop(server, () => demoShop().programmes);
    await choose(view.programmes);
    expect(await everything()).toEqual(before);
  });
});

/** Everything that anybody used, as it counts today. */
async function useCounts(
  database: Database,
  { programmes }: RecordView,
): Promise<Record<string, unknown>> {
  const owners = await database.query<{ owner: string }>(
    'select distinct owner from use_count order by owner',
  );
  const asked = [...askedOfMembers(programmes), ...askedOfProgrammes(programmes)];
  const names = owners.map(({ owner }) => owner);
  const counted = await readUses(database, DEMO_TENANT, names, asked);
  return Object.fromEntries(
    [...counted].flatMap(([owner, records]) => {
      const { uses } = withoutNothing({ uses: usesOn(records, 'member', '2026-11-21') });
      if (Object.keys(uses).length === 0) return [];
      return [[owner, { uses, last: owner === '*' ? null : lastUsesOf(records) }]];
    }),
  );
}

describe('a shop that asks for nothing', () => {
  test('is told nothing', () => {
    expect([...askedOfMembers([]), ...askedOfProgrammes([]), ...budgeted([])]).toEqual([]);
  });
});
