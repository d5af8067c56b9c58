import { afterAll, describe, expect, test } from 'vitest';
import { walletPreset } from '#loyalty/presets/generic.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme } from '#loyalty/programme.ts';
import { aConfig, aRecord, aTill, removeFolders, type TestTill } from './support/a-till.ts';
import { giftCards, here } from './support/gift-card.ts';

afterAll(removeFolders);

const DONE = { outcome: 'done' };
const REFUSED = { refusal: { code: 'reaches-nobody' } };

const sold = (sku: string, kind?: 'gift-card' | 'top-up') => ({
  sku,
  name: { en: sku },
  gtins: [],
  unitPriceMinor: 5000,
  categories: [],
  ...(kind === undefined ? {} : { kind }),
});
const club = programme.parse({
  ...here(pointsPreset),
  id: 'club',
  membership: { sku: 'club-fee', term: { count: 1, unit: 'year' } },
});
const config = aConfig({
  programmes: [here(pointsPreset), giftCards, here(walletPreset), club],
  products: [
    ...aConfig().products,
    sold('card', 'gift-card'),
    sold('load', 'top-up'),
    sold('club-fee'),
  ],
});

/** The same where nobody claims by receipt. */
const unclaimed = {
  ...config,
  programmes: config.programmes.map((each) => ({ ...each, receiptClaim: { days: 0 } })),
};

async function rungUp(till: TestTill, sku: string): Promise<() => Promise<unknown>> {
  await till.call['basket.add-product']({ sku, quantityMilli: 1000 });
  const { saleId } = till.state().basket;
  return async () => till.call['sale.settle']({ saleId, tender: 'cash' });
}

const isSold = (till: TestTill): boolean => till.bodies().some(({ kind }) => kind === 'sale');

describe('money is not taken for what nobody would get', () => {
  test.each(['load', 'club-fee'])('%s for nobody waits for a member’s card', async (sku) => {
    const till = await aTill({ config: unclaimed });
    till.member();
    const settle = await rungUp(till, sku);
    expect(await settle()).toMatchObject(REFUSED);
    expect(isSold(till)).toBe(false);
    await till.scanCard();
    expect(await settle()).toEqual(DONE);
    await till.close();
  });

  test('a top-up for nobody goes on the receipt where receipts can be claimed', async () => {
    const till = await aTill({ config });
    till.member();
    expect(await (await rungUp(till, 'load'))()).toEqual(DONE);
    const receipt = till.database.read.lastSale()?.receipt ?? '';
    await till.scanCard();
    expect(await till.call['claim.commit']({ receipt })).toEqual(DONE);
    expect(till.bodies()).toContainEqual(
      expect.objectContaining({ kind: 'earn', programme: 'wallet', points: 5000 }),
    );
    await till.close();
  });

  test('a top-up for somebody who is blocked, whose wallet takes nothing in', async () => {
    const till = await aTill({ config });
    till.member(aRecord({ status: 'blocked' }));
    await till.scanCard();
    const settle = await rungUp(till, 'load');
    expect(await settle()).toMatchObject(REFUSED);
    expect(isSold(till)).toBe(false);
    await till.close();
  });

  test('a gift card while its programme is switched off; otherwise it needs nobody', async () => {
    const off = { ...giftCards, version: 2, enabled: false };
    const till = await aTill({ config: { ...config, programmes: [here(pointsPreset), off] } });
    expect(await (await rungUp(till, 'card'))()).toMatchObject(REFUSED);
    expect(isSold(till)).toBe(false);
    await till.close();
    const another = await aTill({ config });
    expect(await (await rungUp(another, 'card'))()).toEqual(DONE);
    expect(another.bodies()).toContainEqual(
      expect.objectContaining({ kind: 'issue', points: 5000 }),
    );
    await another.close();
  });

  test('a gift card of another system, which no programme here knows, is goods like any other', async () => {
    const till = await aTill({ config: { ...config, programmes: [here(pointsPreset)] } });
    expect(await (await rungUp(till, 'card'))()).toEqual(DONE);
    await till.close();
  });

  test('nor is one that gives points to members, and none to who stays unknown', async () => {
    const points = here(pointsPreset);
    const rules = points.rules.map((rule) => ({
      ...rule,
      lines: { ...rule.lines, kinds: ['goods' as const, 'gift-card' as const] },
    }));
    const till = await aTill({ config: { ...config, programmes: [{ ...points, rules }] } });
    expect(await (await rungUp(till, 'card'))()).toEqual(DONE);
    await till.close();
  });

  test('a membership’s fee twice on one sale, which pays one term: two sales pay two', async () => {
    const till = await aTill({ config });
    till.member();
    const untilMs = (): number | undefined => till.state().member?.memberships[0]?.untilMs;
    await till.scanCard();
    const twice = await rungUp(till, 'club-fee');
    await till.call['basket.add-product']({ sku: 'club-fee', quantityMilli: 1000 });
    expect(await twice()).toMatchObject({ refusal: { code: 'membership-once' } });
    expect(isSold(till)).toBe(false);
    await till.call['basket.set-quantity']({
      line: till.state().basket.lines[0]?.id ?? '',
      quantityMilli: 1000,
    });
    expect(await twice()).toEqual(DONE);
    await till.time.advance(3000);
    await till.scanCard();
    const first = untilMs() ?? 0;
    expect(await (await rungUp(till, 'club-fee'))()).toEqual(DONE);
    await till.time.advance(3000);
    await till.scanCard();
    // The second year has a 29 February.
    expect((untilMs() ?? 0) - first).toBe(366 * 86_400_000);
    await till.close();
  });

  test.each(['card', 'load', 'club-fee'])('%s at a till that the server gave up', async (sku) => {
    const till = await aTill({ config });
    till.member();
    await till.scanCard();
    till.server.intercept = (name) =>
      name === 'pull' || name === 'push' || name === 'hello'
        ? { ok: true, value: { outcome: 'fenced' } }
        : null;
    await till.time.advance(20_000);
    expect(till.state().link.state).toBe('stopped');
    const settle = await rungUp(till, sku);
    expect(await settle()).toMatchObject(REFUSED);
    await till.call['basket.clear'](null);
    expect(await (await rungUp(till, 'coffee'))()).toEqual(DONE);
    await till.close();
  });
});
