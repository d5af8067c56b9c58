import { afterAll, beforeAll, expect, test } from 'vitest';
import { programme, type ProgrammeDocument } from '#loyalty/programme.ts';
import { DEMO_STORE, DEMO_TENANT, demoShop } from '#server/demo/demo.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPglite } from '#server/database/pglite.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import {
  IDENTIFIER_KEY,
  openShopServer,
  type ShopServer,
  type WireTill,
} from './support/shop-server.ts';

let server: ShopServer;
let till: WireTill;
let next = 1;
beforeAll(async () => {
  const database = await openPglite(null);
  await migrate(database);
  server = await openShopServer(database);
  till = await server.join();
});
afterAll(async () => {
  await server.app.close();
  await server.database.close();
});

/** Gives the shop's programme other tiers. */
async function setTiers(changes: Partial<ProgrammeDocument>): Promise<void> {
  const config = demoShop();
  const [first] = config.programmes;
  await server.executor.execute<'shop'>({
    kind: 'shop',
    nowMs: 0,
    tenant: DEMO_TENANT,
    store: DEMO_STORE,
    identifierKey: IDENTIFIER_KEY,
    config: { ...config, programmes: [programme.parse({ ...first, ...changes })] },
  });
}

async function earn(member: string, day: string, points: number): Promise<void> {
  const tx = txOf((next += 1));
  const from = till.journal.head.seq + 1;
  const at = { tx, day, atMs: Date.parse(`${day}T12:00:00Z`) };
  server.nowMs = Math.max(server.nowMs, at.atMs);
  till.journal.append(
    at,
    body.enrol(member),
    body.sale(next, member, points * 100),
    body.earn(member, tx, points, at.atMs),
  );
  expect((await till.push(from)).outcome).toBe('acknowledged');
}

async function standing(member: string): Promise<{ tier: string | null; progress: number }> {
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof pullPage>> = await pullPage(cursor);
    for (const change of page.changes) {
      if (change.kind === 'member' && change.record.member === member) {
        return { tier: change.record.tier, progress: change.record.tierProgress };
      }
    }
    if (!page.more) throw new Error('not in the feed');
    ({ cursor } = page);
  }
}
const pullPage = (cursor: string | null) => till.call('pull', { cursor, limit: 500 });

test('a calendar year begins anew, and what was reached stays until its review', async () => {
  await earn('year', '2026-12-30', 600);
  expect(await standing('year')).toEqual({ tier: 'silver', progress: 600 });
  await earn('year', '2027-01-02', 10);
  expect(await standing('year')).toEqual({ tier: 'silver', progress: 10 });
  await earn('year', '2026-12-31', 5);
  expect(await standing('year')).toEqual({ tier: 'silver', progress: 10 });
});

test('a rolling window counts the days before each day', async () => {
  server.nowMs = Date.parse('2026-11-01T00:00:00Z');
  await setTiers({
    tierSettings: { window: { kind: 'rolling', span: { count: 10, unit: 'day' } } },
  });
  await earn('rolling', '2026-11-01', 300);
  await earn('rolling', '2026-11-08', 150);
  expect(await standing('rolling')).toEqual({ tier: 'basic', progress: 450 });
  await earn('rolling', '2026-11-12', 100);
  expect(await standing('rolling')).toEqual({ tier: 'basic', progress: 250 });
  await earn('rolling', '2026-11-13', 300);
  expect(await standing('rolling')).toEqual({ tier: 'silver', progress: 550 });
});

test('tiers may look at money and visits, all or any of them', async () => {
  await setTiers({
    tierSettings: { window: { kind: 'life' } },
    tiers: [
      { id: 'one', name: { en: 'One' }, criteria: { metric: 'visits', atLeast: 2 } },
      {
        id: 'two',
        name: { en: 'Two' },
        criteria: {
          allOf: [
            { metric: 'visits', atLeast: 2 },
            { metric: 'spend-minor', atLeast: 25_000 },
          ],
        },
      },
    ],
  });
  await earn('metric', '2026-11-01', 100);
  expect(await standing('metric')).toEqual({ tier: null, progress: 1 });
  await earn('metric', '2026-11-02', 100);
  expect(await standing('metric')).toEqual({ tier: 'one', progress: 2 });
  await earn('metric', '2026-11-03', 100);
  expect(await standing('metric')).toEqual({ tier: 'two', progress: 3 });
});
