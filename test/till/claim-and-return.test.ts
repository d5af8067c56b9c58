import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExceptionView } from '#contract/manager.ts';
import { hashPin } from '#node/pin.ts';
import { aRealTill, type RealTill } from './support/a-real-till.ts';
import { aShop } from './support/a-shop.ts';
import { aConfig, aFolder, removeFolders, somebody } from './support/a-till.ts';
import { joining } from './support/joining.ts';

const DONE = { outcome: 'done' };
const PIN = '1470';
const folder = aFolder();
const manager = { ...somebody('max', 'manager', PIN), pin: await hashPin(PIN) };
const shop = aShop(folder, aConfig({ cashiers: [...aConfig().cashiers, manager] }));
const away = new Set<string>();
let one: RealTill;
let two: RealTill;

beforeAll(async () => {
  await shop.startWith('PAIRAAAA');
  const url = (name: string) => () => (away.has(name) ? null : shop.url());
  one = await aRealTill({ folder, name: 'one', code: 'PAIRAAAA', url: url('one') });
  await shop.startWith('PAIRBBBB');
  two = await aRealTill({ folder, name: 'two', code: 'PAIRBBBB', url: url('two') });
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

/** Four coffees, at till one, for nobody's points: 200 of them. */
async function soldToNobody(): Promise<string> {
  const { handlers } = one.till;
  await handlers['basket.add-product']({ sku: 'coffee', quantityMilli: 4000 });
  const { saleId } = one.state().basket;
  expect(await handlers['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
  await sent(one);
  return one.database.read.saleByTx(saleId)?.receipt ?? '';
}

/** Somebody joins, and is the one in front of the till. */
async function joined(till: RealTill, phone: string): Promise<string> {
  const { handlers } = till.till;
  expect(await handlers['enrol.commit'](joining({ phone, name: 'Anna A.' }))).toEqual(DONE);
  await sent(till);
  return till.state().member?.member ?? '';
}

async function claimed({ till: { handlers } }: RealTill, receipt: string): Promise<void> {
  expect(await handlers['claim.commit']({ receipt })).toEqual(DONE);
  await handlers['member.detach'](null);
}

async function coffeesBack(till: RealTill, receipt: string, coffees = 1): Promise<void> {
  const { handlers } = till.till;
  expect(await handlers['return.open']({ receipt })).toEqual(DONE);
  const { returnId = '', lines = [] } = till.state().returning ?? {};
  const quantityMilli = 1000 * coffees;
  await handlers['return.choose']({ line: lines[0]?.line ?? '', quantityMilli });
  expect(await handlers['return.commit']({ returnId })).toEqual(DONE);
}

async function goesAway(name: string, till: RealTill): Promise<void> {
  away.add(name);
  await till.till.handlers['basket.add-amount']({ amountMinor: 1, quantityMilli: 1000 });
  await till.till.handlers['basket.clear'](null);
  await till.until('offline', ({ link }) => link.state === 'offline');
}

async function comesBack(name: string, till: RealTill): Promise<void> {
  away.delete(name);
  await sent(till);
}

/** What waits for the manager about somebody, the latest first. */
async function waiting(member: string): Promise<readonly ExceptionView[]> {
  const told = await two.till.handlers['manager.exceptions']({ settled: false, cursor: null });
  if (told.outcome !== 'answered') throw new Error(told.refusal.code);
  return told.answer.items.filter((item) => item.member?.member === member);
}

/** The one thing that waits about somebody is settled by taking the points. */
async function takenByHand(member: string): Promise<void> {
  const [found] = await waiting(member);
  const settle = { exception: found?.id ?? '', way: 'take', pin: PIN, into: null } as const;
  expect(await two.till.handlers['manager.settle'](settle)).toMatchObject({ outcome: 'answered' });
}

async function balance(member: string): Promise<number | undefined> {
  const told = await two.till.handlers['manager.member']({ member });
  return told.outcome === 'answered' ? told.answer.balances[0]?.posted : undefined;
}

/** The manager takes the points of one coffee; the other three come back at both tills, down to nothing. */
async function takenOnce(receipt: string, member: string): Promise<void> {
  await takenByHand(member);
  expect(await balance(member)).toBe(150);
  await coffeesBack(two, receipt);
  await sent(two);
  expect(await balance(member)).toBe(100);
  await coffeesBack(one, receipt, 2);
  await sent(one);
  expect(await balance(member)).toBe(0);
  expect(await waiting(member)).toEqual([]);
}

/** Claimed at till two, and one coffee back at till one, which had not heard of it. */
async function returnedUnaware(phone: string): Promise<{ receipt: string; member: string }> {
  const receipt = await soldToNobody();
  await goesAway('one', one);
  const member = await joined(two, phone);
  await claimed(two, receipt);
  await sent(two);
  await coffeesBack(one, receipt);
  await comesBack('one', one);
  expect(await waiting(member)).toMatchObject([
    {
      code: 'return-of-claimed-sale',
      params: { member, programme: 'points', points: 50 },
      tillName: 'one',
      ways: [{ way: 'accept' }, { way: 'take', points: -50 }, { way: 'contact' }],
    },
  ]);
  expect(await balance(member)).toBe(200);
  return { receipt, member };
}

test('goods back at a till that had not heard of the claim: what the manager takes no later return takes again', async () => {
  const { receipt, member } = await returnedUnaware('01512 3456701');
  await takenOnce(receipt, member);
});

test('what a later return took with its own the manager takes no more', async () => {
  const { receipt, member } = await returnedUnaware('01512 3456702');
  await coffeesBack(two, receipt);
  await sent(two);
  expect(await balance(member)).toBe(100);
  expect((await waiting(member))[0]?.ways.map(({ way }) => way)).toEqual(['accept', 'contact']);
});

test('a claim at a till that had not heard of the return: what the manager takes no later return takes again', async () => {
  const receipt = await soldToNobody();
  const member = await joined(one, '01512 3456703');
  await goesAway('one', one);
  await coffeesBack(two, receipt);
  await sent(two);
  await claimed(one, receipt);
  await comesBack('one', one);
  expect(await waiting(member)).toMatchObject([
    { code: 'claim-of-returned-sale', params: { programme: 'points', points: 50 } },
  ]);
  await takenOnce(receipt, member);
});

test('a return that goes on without the server knows what the manager took', async () => {
  const { receipt, member } = await returnedUnaware('01512 3456704');
  await takenByHand(member);
  expect(await one.till.handlers['return.open']({ receipt })).toEqual(DONE);
  await goesAway('one', one);
  const { returnId = '', lines = [] } = one.state().returning ?? {};
  await one.till.handlers['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
  expect(await one.till.handlers['return.commit']({ returnId })).toEqual(DONE);
  await comesBack('one', one);
  expect(await balance(member)).toBe(100);
});

test('what a later return took for its own goods alone leaves the manager what an earlier one left', async () => {
  const receipt = await soldToNobody();
  const member = await joined(one, '01512 3456705');
  await goesAway('one', one);
  await coffeesBack(two, receipt, 2);
  await sent(two);
  await claimed(one, receipt);
  await coffeesBack(one, receipt, 2);
  await comesBack('one', one);
  expect(await balance(member)).toBe(100);
  expect(await waiting(member)).toMatchObject([
    {
      code: 'claim-of-returned-sale',
      params: { programme: 'points', points: 100 },
      ways: [{ way: 'accept' }, { way: 'take', points: -100 }, { way: 'contact' }],
    },
  ]);
  await takenByHand(member);
  expect(await balance(member)).toBe(0);
});
