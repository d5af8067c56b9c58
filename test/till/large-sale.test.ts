import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FRAME_LENGTH_MAX } from '#contract/rpc.ts';
import type { ShopConfig } from '#contract/shop.ts';
import { ENTRY_LENGTH_MAX } from '#journal/chain.ts';
import { programme, type Programme } from '#loyalty/programme.ts';
import { LINES_MAX } from '#till/session-shape.ts';
import { aRealTill, type RealTill } from './support/a-real-till.ts';
import { aShop } from './support/a-shop.ts';
import { aConfig, aFolder, aTill, removeFolders } from './support/a-till.ts';

afterAll(removeFolders);

const DONE = { outcome: 'done' };

/** As long as what names it may be. */
const long = (text: string, length: number): string => text.padEnd(length, 'x');
const skuAt = (at: number): string => long(`sku-${at}-`, 64);

/** Something off the whole sale, on every line of it, under the longest names. */
function promotion(at: number): Programme {
  return programme.parse({
    id: long(`promotion-${at}-`, 48),
    version: 1,
    name: { en: `Promotion ${at}` },
    holder: 'sale',
    currencies: ['TRY'],
    rules: [
      {
        id: 'any',
        name: { en: 'With every sale' },
        effect: { kind: 'per-sale', points: '1' },
      },
    ],
    rewards: [
      {
        id: long('off-', 48),
        name: { en: '30.00 off' },
        costPoints: 1,
        value: { kind: 'fixed', amountMinor: 3000 },
        applies: 'automatic',
      },
    ],
  });
}

/** As many goods as one sale holds lines, each with all the words it may have. */
function shop(promotions: number): ShopConfig {
  const names = Object.fromEntries(
    ['en', 'tr', 'de', 'ar'].map((language) => [language, long(`Thing in ${language} `, 120)]),
  );
  return aConfig({
    programmes: Array.from({ length: promotions }, (_, at) => promotion(at)),
    products: Array.from({ length: LINES_MAX }, (_, at) => ({
      sku: skuAt(at),
      name: names,
      gtins: [],
      unitPriceMinor: 100_000 + at,
      categories: Array.from({ length: 8 }, (_item, no) => long(`department-${no}-`, 64)),
    })),
  });
}

describe('at a real server', () => {
  const folder = aFolder();
  const server = aShop(folder, shop(24));
  let one: RealTill;

  beforeAll(async () => {
    await server.startWith('PAIRAAAA');
    one = await aRealTill({ folder, name: 'one', code: 'PAIRAAAA', url: server.url });
  });
  afterAll(async () => {
    await one.stop();
    await server.stop();
  });

  test('the longest sale is settled and printed, and the server takes it and the sale after it', async () => {
    const { handlers } = one.till;
    await one.until('online', ({ link }) => link.state === 'online');
    for (let at = 0; at < LINES_MAX; at += 1) {
      await handlers['basket.add-product']({ sku: skuAt(at), quantityMilli: 1000 });
    }
    const { saleId: first } = one.state().basket;
    expect(await handlers['sale.settle']({ saleId: first, tender: 'cash' })).toEqual(DONE);
    await handlers['basket.add-amount']({ amountMinor: 100, quantityMilli: 1000 });
    const { saleId } = one.state().basket;
    expect(await handlers['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
    const lengths = one.database.read.entriesAfter(0, 1000).map(({ text }) => text.length);
    expect(Math.max(...lengths)).toBeGreaterThan(1_500_000);
    await one.until('acknowledged', ({ link }) => link.waiting === 0);
    await one.until('printed', () => one.devices.printed.length === 2);
    // The device process takes its receipt in one frame.
    expect(JSON.stringify(one.devices.printed[0]).length).toBeLessThan(FRAME_LENGTH_MAX);
  });
});

test('a sale too long to be written down is refused in words, and settles once it is split', async () => {
  const till = await aTill({ config: shop(40) });
  for (let at = 0; at < LINES_MAX; at += 1) {
    await till.call['basket.add-product']({ sku: skuAt(at), quantityMilli: 1000 });
  }
  const { saleId, lines } = till.state().basket;
  const before = till.entries();
  expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({
    outcome: 'refused',
    refusal: { code: 'sale-too-long', params: {} },
  });
  expect(till.entries()).toEqual(before);
  expect(till.state().basket.saleId).toBe(saleId);
  for (const { id } of lines.slice(100)) await till.call['basket.remove-line']({ line: id });
  expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
  await till.time.advance(60_000);
  expect(till.state().link).toMatchObject({ state: 'online', waiting: 0 });
  expect(ENTRY_LENGTH_MAX).toBeGreaterThan(131_072);
  await till.close();
});
