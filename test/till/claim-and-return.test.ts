import { afterAll, beforeAll, expect, test } from 'vitest';
import { aRealTill, type RealTill } from './support/a-real-till.ts';
import { aShop } from './support/a-shop.ts';
import { aFolder, removeFolders } from './support/a-till.ts';
import { joining } from './support/joining.ts';

const DONE = { outcome: 'done' };
const folder = aFolder();
const shop = aShop(folder);
let isOneAway = false;
let one: RealTill;
let two: RealTill;

beforeAll(async () => {
  await shop.startWith('PAIRAAAA');
  const urlOfOne = (): URL | null => (isOneAway ? null : shop.url());
  one = await aRealTill({ folder, name: 'one', code: 'PAIRAAAA', url: urlOfOne });
  await shop.startWith('PAIRBBBB');
  two = await aRealTill({ folder, name: 'two', code: 'PAIRBBBB', url: shop.url });
  for (const till of [one, two]) await sent(till);
});
afterAll(async () => {
  await one.stop();
  await two.stop();
  await shop.stop();
  removeFolders();
});

/** Until the server has everything: what waits, as the screen counts it, is sales and returns alone. */
const sent = (till: RealTill) =>
  till.until('sent', ({ link }) => {
    const { read } = till.database;
    return link.state === 'online' && read.syncState().ackSeq === read.head().seq;
  });

/** Two coffees, at till one, for nobody's points. */
async function soldToNobody(): Promise<string> {
  const { handlers } = one.till;
  await handlers['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  const { saleId } = one.state().basket;
  expect(await handlers['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
  await sent(one);
  return one.database.read.saleByTx(saleId)?.receipt ?? '';
}

async function claimedAtTwo(receipt: string, phone: string): Promise<string> {
  const { handlers } = two.till;
  expect(await handlers['enrol.commit'](joining({ phone, name: 'Anna A.' }))).toEqual(DONE);
  const member = two.state().member?.member ?? '';
  expect(await handlers['claim.commit']({ receipt })).toEqual(DONE);
  await sent(two);
  await handlers['member.detach'](null);
  return member;
}

async function oneCoffeeBackAtOne(receipt: string): Promise<void> {
  const { handlers } = one.till;
  expect(await handlers['return.open']({ receipt })).toEqual(DONE);
  const { returnId = '', lines = [] } = one.state().returning ?? {};
  await handlers['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
  expect(await handlers['return.commit']({ returnId })).toEqual(DONE);
}

async function away(): Promise<void> {
  isOneAway = true;
  await one.till.handlers['basket.add-amount']({ amountMinor: 1, quantityMilli: 1000 });
  await one.till.handlers['basket.clear'](null);
  await one.until('offline', ({ link }) => link.state === 'offline');
}

test('a sale claimed at one till and returned at another that is away is told to the manager', async () => {
  const receipt = await soldToNobody();
  await away();
  const member = await claimedAtTwo(receipt, '01512 3456701');
  await oneCoffeeBackAtOne(receipt);
  isOneAway = false;
  await sent(one);
  const told = await two.till.handlers['manager.exceptions']({ settled: false, cursor: null });
  expect(told).toMatchObject({
    outcome: 'answered',
    answer: {
      items: [
        {
          code: 'return-of-claimed-sale',
          params: { member, programme: 'points', points: 50 },
          tillName: 'one',
          ways: [{ way: 'accept' }, { way: 'take', points: -50 }, { way: 'contact' }],
        },
      ],
    },
  });
});
