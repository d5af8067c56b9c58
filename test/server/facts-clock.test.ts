import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastUsesOf, usesOn } from '#contract/facts.ts';
import { DEMO_TENANT } from '#server/demo/demo.ts';
import { memberRecords, type RecordView } from '#server/members/records.ts';
import { body, TODAY, txOf } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import { FACTS_TODAY_MS, factsShop } from './support/facts-shop.ts';
import { openShopServer, type ShopServer, type WireTill } from './support/shop-server.ts';

const YEAR_MS = 365 * 86_400_000;

await describeOnBoth('what is counted of a member', (open) => {
  let server: ShopServer;
  let view: RecordView;
  let till: WireTill;

  beforeEach(async () => {
    server = await openShopServer(await open());
    server.nowMs = FACTS_TODAY_MS;
    view = await factsShop(server);
    till = await server.join();
    till.journal.append(txOf(99), body.enrol('anna'));
  });
  afterEach(() => server.app.close());

  /** A sale of Anna's by the till's clock, with points under a rule, after which she is asked. */
  const sell = async (number: number, day: string, atMs: number): Promise<void> => {
    const tx = txOf(number);
    till.journal.append({ tx, day, atMs }, body.sale(number, 'anna'));
    till.journal.append({ tx, day, atMs }, body.earn('anna', tx, 10, atMs));
    till.journal.append({ tx, day, atMs }, { kind: 'survey-asked', member: 'anna', of: tx });
    expect(await till.push()).toMatchObject({ outcome: 'acknowledged' });
  };

  const today = async () => {
    const [record] = await memberRecords(server.database, DEMO_TENANT, ['anna'], view);
    const uses = usesOn(record?.uses ?? [], 'member', TODAY);
    const times = (per: string): number | undefined => uses[`points/base/member/${per}`]?.times;
    return {
      ...{ day: times('day'), week: times('week'), year: times('year'), life: times('life') },
      lastUsedAtMs: lastUsesOf(record?.uses ?? [])['points/base'],
      lastSaleAtMs: record?.lastSaleAtMs,
      surveyedAtMs: record?.surveyedAtMs,
    };
  };

  test.each([
    ['a till’s clock', 0],
    ['the server’s clock, and a till’s by it,', YEAR_MS],
  ])('keeps limits and waits after %s stood a year ahead', async (_whose, aheadMs) => {
    server.nowMs = FACTS_TODAY_MS + aheadMs;
    await sell(1, '2027-11-21', FACTS_TODAY_MS + YEAR_MS);
    const atMs = FACTS_TODAY_MS + 60_000;
    server.nowMs = atMs;
    await sell(2, TODAY, atMs);
    const last = { lastUsedAtMs: atMs, lastSaleAtMs: atMs, surveyedAtMs: atMs };
    expect(await today()).toEqual({ day: 2, week: 2, year: 2, life: 2, ...last });
    // What was asked of the day that has not come is asked of it once it has.
    server.nowMs = atMs + 86_400_000;
    await sell(3, '2026-11-22', server.nowMs);
    expect(await today()).toMatchObject({ year: 3, life: 3, lastUsedAtMs: server.nowMs });
  });

  test('takes a till at its word that is a few hours ahead', async () => {
    await sell(1, '2026-11-22', FACTS_TODAY_MS + 8 * 3_600_000);
    expect(await today()).toMatchObject({ lastSaleAtMs: FACTS_TODAY_MS + 8 * 3_600_000 });
    await sell(2, TODAY, FACTS_TODAY_MS);
    expect(await today()).toMatchObject({ week: 2, lastSaleAtMs: FACTS_TODAY_MS + 8 * 3_600_000 });
  });
});
