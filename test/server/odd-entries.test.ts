import { expect, test } from 'vitest';
import { DAY_POSTED_MAX, DAY_POSTED_MIN } from '#journal/posted-day.ts';
import { runDueNights } from '#server/night/nights.ts';
import { body, sha256Chain, TODAY, txOf } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import { openShopServer, type ShopServer, type WireTill } from './support/shop-server.ts';

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

/** Somebody joins and buys something, on a day of the till's own. */
function sellOn(till: WireTill, day: string, number: number): void {
  const [tx, member] = [txOf(number), `m-${till.till}`];
  const at = { tx, day };
  till.journal.append(at, body.enrol(member), body.sale(number, member));
  till.journal.append(at, body.earn(member, tx, 100), {
    kind: 'survey-asked',
    ...{ member, of: tx },
  });
}

const exceptionsOf = ({ database }: ShopServer, { till }: WireTill) =>
  database.query(
    'select code, day, seq from posting_exception where till = $1 order by seq, code',
    [till],
  );

await describeOnBoth('an entry', (open) => {
  test.each([
    ['0000-01-05', DAY_POSTED_MIN],
    ['0000-12-31', DAY_POSTED_MIN],
    ['0001-01-01', DAY_POSTED_MIN],
    ['9000-12-31', null],
    ['9999-12-31', DAY_POSTED_MAX],
  ])('of the day %s is posted, and kept as it came', async (day, noted) => {
    const server = await openShopServer(await open());
    const till = await server.join();
    sellOn(till, day, 1);
    sellOn(till, day, 11);
    expect(await till.push()).toMatchObject({ outcome: 'acknowledged', ackSeq: 8 });
    till.journal.append(txOf(2), body.sale(2, null));
    expect(await till.push(9)).toMatchObject({ outcome: 'acknowledged', ackSeq: 9 });
    const back = await till.call('own-entries', { inc: 1, after: 0, limit: 200 });
    expect(back.entries).toEqual(till.journal.entries.map(({ text }) => text));
    const posted = noted ?? day;
    expect(await till.call('day', { day: posted })).toMatchObject({ totals: { sales: 2 } });
    expect(await exceptionsOf(server, till)).toEqual(
      noted === null ? [] : [{ code: 'clock-jump', day: noted, seq: 1 }],
    );
    const { database, executor, nowMs } = server;
    const nextDay = (): number => nowMs + 86_400_000;
    await runDueNights({ database, executor, log: quiet, nowMs: nextDay });
    await server.app.close();
  });

  test.each([9e15, -9e15, Date.UTC(10_000, 0)])(
    'of the instant %d is in the manager’s day, and on the pages behind it',
    async (atMs) => {
      const server = await openShopServer(await open());
      const till = await server.join();
      const member = `m-${till.till}`;
      const earn = { ...body.earn(member, txOf(1), 100), effectiveAtMs: atMs, expiresAtMs: atMs };
      till.journal.append({ tx: txOf(1), atMs }, body.enrol(member), body.sale(1, member), earn);
      expect(await till.push()).toMatchObject({ outcome: 'acknowledged' });
      expect(await till.call('day', { day: TODAY })).toMatchObject({ totals: { sales: 1 } });
      const figure = { kind: 'figure', figure: 'sales', store: null, till: null, cashier: null };
      const sales = { ...figure, programme: null, from: TODAY, through: TODAY, hour: null };
      const asks: readonly (readonly [string, object])[] = [
        ['manager.entries', { filter: sales, cursor: null }],
        ['manager.entries', { filter: { kind: 'member', member }, cursor: null }],
        ['manager.member', { member }],
        ['manager.members', { text: '', cursor: null }],
        ['manager.loyalty', { from: TODAY, through: TODAY }],
        ['manager.staff', { from: TODAY, through: TODAY }],
      ];
      for (const [call, ask] of asks) {
        const answer = await till.send(call, JSON.stringify({ by: 'c-deniz', ask }));
        expect({ call, answer }).toMatchObject({
          answer: { status: 200, body: { outcome: 'answered' } },
        });
      }
      expect(await till.call('member-data', { member })).toMatchObject({ outcome: 'found' });
      await server.app.close();
    },
  );

  test('of a version no programme can have is none, and the till is told which', async () => {
    const server = await openShopServer(await open());
    const till = await server.join();
    sellOn(till, TODAY, 1);
    const batch = till.journal.batch();
    const texts = batch.texts.map((text, index) =>
      index === 2 ? text.replace('"version":1,', `"version":${2 ** 31},`) : text,
    );
    const headHash = texts.reduce(sha256Chain, batch.previousHash);
    expect(await till.pushBatch({ ...batch, texts, headHash })).toMatchObject({
      outcome: 'malformed',
      seq: 3,
    });
    expect(await till.push()).toMatchObject({ outcome: 'acknowledged', ackSeq: 4 });
    await server.app.close();
  });
});
