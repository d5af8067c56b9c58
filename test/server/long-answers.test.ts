import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENTRY_LENGTH_MAX } from '#journal/chain.ts';
import { DEMO_TENANT } from '#server/demo/demo.ts';
import { findSale } from '#server/reports/find-sale.ts';
import { anySnapshot, body, receiptOf, txOf } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import { openShopServer, type ShopServer } from './support/shop-server.ts';

/** A sale whose entry is nearly as long as one may be. */
function longSale(number: number) {
  const params = Object.fromEntries(
    Array.from({ length: 45 }, (_, at) => [`param-${at}`, 'x'.repeat(200)]),
  );
  const trace = Array.from({ length: 200 }, () => ({ code: 'basket' as const, params }));
  return { ...body.sale(number, null), snapshot: { ...anySnapshot(), trace } };
}

await describeOnBoth('a long answer', (open) => {
  let server: ShopServer;

  beforeAll(async () => {
    server = await openShopServer(await open());
  });
  afterAll(() => server.app.close());

  test('brings of a till’s own journal as much as it reads at once, and goes on from there', async () => {
    const till = await server.join();
    for (let at = 1; at <= 6; at += 1) {
      till.journal.append(txOf(at), longSale(at));
      expect(await till.push(at)).toMatchObject({ outcome: 'acknowledged', ackSeq: at });
    }
    const texts = till.journal.entries.map(({ text }) => text);
    expect(texts[0]?.length).toBeGreaterThan(0.9 * ENTRY_LENGTH_MAX);
    const answer = await till.call('own-entries', { inc: 1, after: 0, limit: 200 });
    expect(answer.entries.length).toBeLessThan(6);
    const rest = await till.call('own-entries', {
      inc: 1,
      after: answer.entries.length,
      limit: 200,
    });
    expect([...answer.entries, ...rest.entries]).toEqual(texts);
  });

  test('tells of a sale whatever came back of it, piece by piece, or nothing at all', async () => {
    const till = await server.join();
    const sale = txOf(100);
    till.journal.append(
      sale,
      body.enrol('many'),
      body.sale(100, 'many'),
      body.earn('many', sale, 100),
    );
    for (let at = 1; at <= 120; at += 1) {
      const back = txOf(100 + at);
      till.journal.append(
        back,
        body.return(100 + at, sale, 'many', 10),
        body.reverse('many', back, { source: sale, type: 'earn' }, -1),
      );
    }
    await till.push();
    const texts = till.journal.entries.map(({ text }) => text);
    const { entries } = await till.call('find-sale', { receipt: receiptOf(100) });
    expect(entries).toEqual(texts.slice(1));
    const cut = findSale(server.database, DEMO_TENANT, receiptOf(100), 200);
    await expect(cut).rejects.toThrow('more than 200 entries');
  });
});
