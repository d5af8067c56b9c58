import { afterAll, expect, test } from 'vitest';
import { carryOut, readOrders } from '#server/orders.ts';
import { DEMO_STORE, DEMO_TENANT } from '#server/demo/demo.ts';
import { readShop } from '#server/shop.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import {
  granted,
  IDENTIFIER_KEY,
  openShopServer,
  type ShopServer,
  type WireTill,
} from './support/shop-server.ts';

const CAPS = {
  programme: 'points',
  perRedemption: 100,
  perMember: 100,
  perTillDay: 100,
  budget: 150,
};
const DAY_MS = 86_400_000;

await describeOnBoth('what a shop is ready to lose offline', (open) => {
  const servers: ShopServer[] = [];
  afterAll(async () => {
    for (const { app } of servers) await app.close();
  });
  let requests = 0;

  const serve = async (risk: boolean): Promise<ShopServer> => {
    const server = await openShopServer(await open());
    servers.push(server);
    const config = await readShop(server.database, DEMO_TENANT, DEMO_STORE);
    if (config === null) throw new Error('no shop');
    await server.executor.execute<'shop'>({
      kind: 'shop',
      nowMs: server.nowMs,
      tenant: DEMO_TENANT,
      store: DEMO_STORE,
      identifierKey: IDENTIFIER_KEY,
      config: risk ? { ...config, offlineRisk: [CAPS] } : config,
    });
    return server;
  };
  const ask = (till: WireTill, want = 100) =>
    till.call('grant', {
      requestId: `0190a1b2-0000-4000-8000-${String((requests += 1)).padStart(12, '0')}`,
      member: 'risk',
      programme: 'points',
      want,
      purpose: 'risk',
    });
  /** A member with nothing, who spends from a grant while the server is away. */
  const spend = async (till: WireTill, member: string, points: number, grant: string) => {
    const from = till.journal.head.seq + 1;
    const tx = txOf(from * 10 + Number(till.till.replaceAll(/\D/g, '')));
    till.journal.append(
      tx,
      { ...body.accept(grant, 'risk', 100), purpose: 'risk' },
      body.enrol(member),
      body.sale(from, member),
      body.redeem(member, tx, points, grant),
    );
    return till.push(from);
  };
  const exceptions = async ({ database }: ShopServer) =>
    (
      await database.query<{ code: string }>('select code from posting_exception order by code')
    ).map(({ code }) => code);

  test('is nothing where it says nothing', async () => {
    const server = await serve(false);
    const till = await server.join();
    expect(await ask(till)).toMatchObject({ outcome: 'refused', code: 'not-enough' });
  });

  test('is shared out to its tills, and no account pays for it beforehand', async () => {
    const server = await serve(true);
    const [one, two, three] = [await server.join(), await server.join(), await server.join()];
    expect(granted(await ask(one))).toMatchObject({ member: 'risk', amount: 100, purpose: 'risk' });
    expect(granted(await ask(two))).toMatchObject({ amount: 50 });
    expect(await ask(three)).toMatchObject({ code: 'not-enough', available: 0 });
    expect(await ask(one)).toMatchObject({ code: 'not-enough' });
    expect(
      await server.database.query(`select 1 from account where owner = 'risk' or granted > 0`),
    ).toEqual([]);
  });

  test('is what all overdrafts stay within; what a member earns since gives it back', async () => {
    const server = await serve(true);
    const [one, two] = [await server.join(), await server.join()];
    const first = granted(await ask(one)).grant;
    expect(await spend(one, 'zoe', 100, first)).toMatchObject({ outcome: 'acknowledged' });
    expect(
      await server.database.query(`select posted, granted from account where owner = 'zoe'`),
    ).toEqual([{ posted: -100, granted: 0 }]);
    // The sale stands; a manager sees what was overdrawn, and nothing else is wrong with it.
    expect(await exceptions(server)).toEqual(['negative-balance']);
    expect(granted(await ask(two))).toMatchObject({ amount: 50 });
    expect(await ask(one)).toMatchObject({ code: 'not-enough' });

    const from = one.journal.head.seq + 1;
    one.journal.append(
      txOf(900),
      body.close(first),
      body.sale(900, 'zoe'),
      body.earn('zoe', txOf(900), 100),
    );
    await one.push(from);
    // The budget is there again, and this till has had its part of the day.
    expect(await ask(one)).toMatchObject({ code: 'not-enough' });
    server.nowMs += DAY_MS;
    expect(granted(await ask(one))).toMatchObject({ amount: 100 });
  });

  test('is no other till’s to spend, nor more than was given', async () => {
    const server = await serve(true);
    const [one, two] = [await server.join(), await server.join()];
    const grant = granted(await ask(one)).grant;
    await spend(two, 'ada', 20, grant);
    expect(await exceptions(server)).toEqual([
      'grant-of-another-till',
      'grant-of-another-till',
      'negative-balance',
    ]);
    await spend(one, 'eve', 130, grant);
    expect(await exceptions(server)).toContain('grant-overspent');
    expect(
      await server.database.query('select spent from point_grant where grant_ref = $1', [grant]),
    ).toEqual([{ spent: 100 }]);
  });

  test('goes with a till that is given up, and touches nobody’s points', async () => {
    const server = await serve(true);
    const lost = await server.join();
    const grant = granted(await ask(lost, 80)).grant;
    const orders = readOrders({ restored: false, fence: lost.till, by: ['mia', 'noah'] });
    await carryOut(orders, server.database, server.executor, server.nowMs);
    expect(
      await server.database.query('select state from point_grant where grant_ref = $1', [grant]),
    ).toEqual([{ state: 'closed' }]);
    expect(await server.database.query(`select 1 from account where owner = 'risk'`)).toEqual([]);
    expect(await exceptions(server)).toEqual(['grant-written-off', 'till-fenced']);
  });
});
