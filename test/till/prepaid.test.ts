import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TillState } from '#contract/till-state.ts';
import { cashbackPreset, walletPreset } from '#loyalty/presets/generic.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { err, ok } from '#loyalty/result.ts';
import { aRealTill, type RealTill } from './support/a-real-till.ts';
import { aShop } from './support/a-shop.ts';
import { aConfig, aFolder, aRecord, aTill, removeFolders } from './support/a-till.ts';
import { giftCards, here } from './support/gift-card.ts';
import { joining } from './support/joining.ts';

const prepaid = (kind: 'gift-card' | 'top-up') => ({
  sku: kind,
  name: { en: kind },
  gtins: [],
  unitPriceMinor: 5000,
  categories: [],
  kind,
});

const config = aConfig({
  programmes: [here(pointsPreset), giftCards, here(walletPreset)],
  products: [...aConfig().products, prepaid('gift-card'), prepaid('top-up')],
});

const folder = aFolder();
const shop = aShop(folder, config);
let till: RealTill;
let isAway = false;
const isSent = ({ link }: TillState): boolean => link.state === 'online' && link.waiting === 0;
const done = { outcome: 'done' };

beforeAll(async () => {
  await shop.startWith('PAIRAAAA');
  const url = () => (isAway ? null : shop.url());
  till = await aRealTill({ folder, name: 'one', code: 'PAIRAAAA', url });
  await till.until('online', isSent);
});

afterAll(async () => {
  await till.stop();
  await shop.stop();
  removeFolders();
});

/** Sells a gift card; gives the receipt and what stands on the card. */
async function sellCard(): Promise<{ receipt: string; code: string }> {
  const { handlers } = till.till;
  expect(await handlers['basket.add-product']({ sku: 'gift-card', quantityMilli: 1000 })).toEqual(
    done,
  );
  const { saleId } = till.state().basket;
  expect(await handlers['sale.settle']({ saleId, tender: 'cash' })).toEqual(done);
  await till.until('sent', isSent);
  const code = /"voucher":"([^"]+)"/.exec(JSON.stringify(till.state().lastSale))?.[1] ?? '';
  return { receipt: till.database.read.saleByTx(saleId)?.receipt ?? '', code };
}

async function giveBack(receipt: string): Promise<unknown> {
  const { handlers } = till.till;
  expect(await handlers['return.open']({ receipt })).toEqual(done);
  const { returnId = '', lines = [] } = till.state().returning ?? {};
  await handlers['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
  return handlers['return.commit']({ returnId });
}

const inDrawer = async (): Promise<number | undefined> =>
  (await till.till.handlers['shift.figures'](null))?.figures.cashMinor;

describe('money paid in ahead', () => {
  test('on a gift card nobody used comes back', async () => {
    const { receipt, code } = await sellCard();
    expect(await giveBack(receipt)).toEqual(done);
    expect(await inDrawer()).toBe(0);
    await till.until('sent', isSent);
    await till.till.handlers['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    expect(await till.till.handlers['code.enter']({ text: code })).toMatchObject({
      refusal: { code: 'code-used' },
    });
    await till.till.handlers['basket.clear'](null);
  });

  test('on a gift card that was spent is not paid out a second time', async () => {
    const { receipt, code } = await sellCard();
    const { handlers } = till.till;
    await handlers['basket.add-amount']({ amountMinor: 4000, quantityMilli: 1000 });
    expect(await handlers['code.enter']({ text: code })).toEqual(done);
    const { dueMinor, saleId } = till.state().basket;
    expect(dueMinor).toBe(0);
    expect(await handlers['sale.settle']({ saleId, tender: 'cash' })).toEqual(done);
    await till.until('sent', isSent);
    expect(await giveBack(receipt)).toMatchObject({
      refusal: { code: 'return-prepaid-used', params: { leftMinor: 1000 } },
    });
    expect(await inDrawer()).toBe(5000);
    await handlers['return.cancel'](null);
  });

  test('is on hold while the card lies on a sale', async () => {
    const { receipt, code } = await sellCard();
    const { handlers } = till.till;
    await handlers['basket.add-amount']({ amountMinor: 4000, quantityMilli: 1000 });
    expect(await handlers['code.enter']({ text: code })).toEqual(done);
    expect(await giveBack(receipt)).toMatchObject({ refusal: { code: 'return-prepaid-used' } });
    await handlers['return.cancel'](null);
    await handlers['basket.clear'](null);
    await till.until('sent', isSent);
  });

  test('is not paid out while nobody can say what is left of it', async () => {
    const { receipt } = await sellCard();
    const before = await inDrawer();
    isAway = true;
    expect(await giveBack(receipt)).toMatchObject({
      refusal: { code: 'return-prepaid-offline' },
    });
    expect(await inDrawer()).toBe(before);
    isAway = false;
    await till.until('online', isSent);
    const { returnId = '' } = till.state().returning ?? {};
    expect(await till.till.handlers['return.commit']({ returnId })).toEqual(done);
  });

  test('into a wallet is on hold while an open sale is paid with it', async () => {
    const { handlers } = till.till;
    expect(await handlers['enrol.commit'](joining({ phone: null }))).toEqual(done);
    await handlers['basket.add-product']({ sku: 'top-up', quantityMilli: 1000 });
    const loaded = till.state().basket.saleId;
    expect(await handlers['sale.settle']({ saleId: loaded, tender: 'cash' })).toEqual(done);
    await till.until('sent', isSent);
    const receipt = till.database.read.saleByTx(loaded)?.receipt ?? '';
    const lines = () => till.devices.printed.flatMap(({ document }) => document.lines);
    const cards = () => lines().flatMap((line) => (line.kind === 'barcode' ? [line.content] : []));
    await expect.poll(() => cards().length).toBe(1);
    const card = { kind: 'card', number: cards()[0] ?? '', symbology: 'ean' } as const;
    await handlers.scan({ code: card, source: 'serial' });
    await till.until('loaded', ({ member }) =>
      (member?.balances ?? []).some(
        ({ programme, posted }) => programme === 'wallet' && posted > 0,
      ),
    );
    await handlers['basket.add-amount']({ amountMinor: 5000, quantityMilli: 1000 });
    expect(await handlers['reward.toggle']({ reward: 'wallet', programme: 'wallet' })).toEqual(
      done,
    );
    const { saleId, dueMinor } = till.state().basket;
    expect(dueMinor).toBe(0);
    const before = await inDrawer();
    expect(await giveBack(receipt)).toMatchObject({ refusal: { code: 'return-prepaid-used' } });
    await handlers['return.cancel'](null);
    expect(await handlers['sale.settle']({ saleId, tender: 'cash' })).toEqual(done);
    expect(await inDrawer()).toBe(before);
    await till.until('sent', isSent);
  });

  test('is not paid out by the word of a server that waits for its tills', async () => {
    const atTill = await aTill({ config });
    await atTill.call['basket.add-product']({ sku: 'gift-card', quantityMilli: 1000 });
    const { saleId } = atTill.state().basket;
    expect(await atTill.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(done);
    await atTill.time.advance(2000);
    atTill.server.intercept = (name) =>
      name === 'grant' ? ok({ outcome: 'refused', code: 'recovering', available: 5000 }) : null;
    const receipt = atTill.database.read.saleByTx(saleId)?.receipt ?? '';
    expect(await atTill.call['return.open']({ receipt })).toEqual(done);
    const { returnId = '', lines = [] } = atTill.state().returning ?? {};
    await atTill.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    expect(await atTill.call['return.commit']({ returnId })).toMatchObject({
      refusal: { code: 'return-prepaid-offline' },
    });
    atTill.server.intercept = () => null;
    atTill.server.available = 5000;
    const [one, two] = await Promise.all([
      atTill.call['return.commit']({ returnId }),
      atTill.call['return.commit']({ returnId }),
    ]);
    expect([one, two]).toEqual([done, done]);
    expect(atTill.bodies().filter(({ kind }) => kind === 'return')).toHaveLength(1);
    await atTill.time.advance(2000);
    expect(atTill.server.open.size).toBe(0);
    await atTill.close();
  });

  test.each([
    ['before the server’s answer came', 'asked'],
    ['between the answer and the return', 'accepted'],
  ] as const)('is held by nobody after a till was killed %s', async (_when, at) => {
    const { promise: never } = Promise.withResolvers<never>();
    const full = err({ code: 'disk-full', detail: 'SQLITE_FULL' } as const);
    let returnsAreFull = false;
    const atTill = await aTill({
      config,
      wrap: (database) => ({
        ...database,
        write: (work) =>
          returnsAreFull && database.read.openGrants().some(({ state }) => state === 'accepted')
            ? full
            : database.write(work),
      }),
    });
    await atTill.call['basket.add-product']({ sku: 'gift-card', quantityMilli: 1000 });
    const { saleId } = atTill.state().basket;
    expect(await atTill.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(done);
    await atTill.time.advance(2000);
    atTill.server.available = 5000;
    const receipt = atTill.database.read.saleByTx(saleId)?.receipt ?? '';
    expect(await atTill.call['return.open']({ receipt })).toEqual(done);
    const { returnId = '', lines = [] } = atTill.state().returning ?? {};
    await atTill.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    if (at === 'asked') {
      atTill.server.intercept = (name, input) => {
        if (name !== 'grant') return null;
        // The server gives; its answer is lost with the till.
        atTill.server.intercept = () => null;
        void atTill.server.call('grant', input as never, 1000);
        return never;
      };
      void atTill.call['return.commit']({ returnId });
      await atTill.time.settle();
    } else {
      returnsAreFull = true;
      expect(await atTill.call['return.commit']({ returnId })).toMatchObject({
        refusal: { code: 'not-saved-disk-full' },
      });
    }
    expect(atTill.server.open.size).toBe(1);
    // The disk as it is now, and nothing the process still knew.
    const directory = join(aFolder(), 'till');
    cpSync(atTill.directory, directory, { recursive: true });
    atTill.database.close();
    const again = await aTill({ config, directory, server: atTill.server });
    await again.time.advance(5000);
    expect(again.server.open.size).toBe(0);
    expect(again.bodies().some(({ kind }) => kind === 'return')).toBe(false);
    expect(await again.call['return.commit']({ returnId })).toEqual(done);
    await again.time.advance(5000);
    expect(again.server.open.size).toBe(0);
    expect(again.bodies().filter(({ kind }) => kind === 'return')).toHaveLength(1);
    await again.close();
  });

  test('into a wallet comes back as far as it is still there', async () => {
    const atTill = await aTill({ config });
    const rich = aRecord({
      balances: [
        { programme: 'wallet', posted: 20_000, pending: 0, available: 20_000, version: 3 },
      ],
    });
    atTill.member(rich);
    await atTill.scanCard();
    await atTill.call['basket.add-product']({ sku: 'top-up', quantityMilli: 1000 });
    const { saleId } = atTill.state().basket;
    expect(await atTill.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(done);
    const receipt = atTill.database.read.saleByTx(saleId)?.receipt ?? '';
    await atTill.time.advance(2000);
    // Since then most of it was spent somewhere.
    atTill.server.available = 1200;
    atTill.member({
      ...rich,
      version: 2,
      balances: [{ programme: 'wallet', posted: 1200, pending: 0, available: 1200, version: 9 }],
    });
    expect(await atTill.call['return.open']({ receipt })).toEqual(done);
    const { returnId = '', lines = [] } = atTill.state().returning ?? {};
    await atTill.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    expect(await atTill.call['return.commit']({ returnId })).toMatchObject({
      refusal: { code: 'return-prepaid-used', params: { leftMinor: 1200 } },
    });
    atTill.server.available = 5000;
    atTill.member({
      ...rich,
      version: 3,
      balances: [{ programme: 'wallet', posted: 5000, pending: 0, available: 5000, version: 10 }],
    });
    expect(await atTill.call['return.commit']({ returnId })).toEqual(done);
    await atTill.close();
  });

  test('keeps nobody from bringing goods back whose cashback is spent', async () => {
    const cashback = here({ ...cashbackPreset, refund: { alreadySpent: 'clamp' } });
    const atTill = await aTill({
      config: { ...config, programmes: [here(walletPreset), cashback] },
    });
    const rich = aRecord({
      balances: [{ programme: 'wallet', posted: 9000, pending: 0, available: 9000, version: 3 }],
    });
    atTill.member(rich);
    await atTill.scanCard();
    await atTill.call['basket.add-product']({ sku: 'top-up', quantityMilli: 1000 });
    await atTill.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    const { saleId } = atTill.state().basket;
    expect(await atTill.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(done);
    expect(
      atTill.bodies().some((body) => body.kind === 'earn' && body.programme === 'cashback'),
    ).toBe(true);
    const receipt = atTill.database.read.saleByTx(saleId)?.receipt ?? '';
    await atTill.time.advance(2000);
    atTill.server.available = 14_000;
    const there = { programme: 'wallet', posted: 14_000, pending: 0, available: 14_000 };
    const none = { programme: 'cashback', posted: 0, pending: 0, available: 0 };
    const balances = [
      { ...there, version: 9 },
      { ...none, version: 9 },
    ];
    atTill.member({ ...rich, version: 2, balances });
    expect(await atTill.call['return.open']({ receipt })).toEqual(done);
    const { returnId = '', lines = [] } = atTill.state().returning ?? {};
    for (const { line } of lines) {
      await atTill.call['return.choose']({ line, quantityMilli: 1000 });
    }
    expect(await atTill.call['return.commit']({ returnId })).toEqual(done);
    await atTill.close();
  });
});
