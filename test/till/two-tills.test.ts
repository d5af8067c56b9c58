import { afterAll, expect, test } from 'vitest';
import type { TillState } from '#contract/till-state.ts';
import { aRealTill, type RealTill } from './support/a-real-till.ts';
import { aShop } from './support/a-shop.ts';
import { aFolder, removeFolders } from './support/a-till.ts';
import { joining } from './support/joining.ts';

const folder = aFolder();
const shop = aShop(folder);
const ends: (() => Promise<void>)[] = [];

async function joinTill(name: string, code: string, isAway = () => false): Promise<RealTill> {
  const till = await aRealTill({ folder, name, code, url: () => (isAway() ? null : shop.url()) });
  ends.push(() => till.stop());
  return till;
}

afterAll(async () => {
  for (const end of ends) await end();
  await shop.stop();
  removeFolders();
});

test('what one till holds for later is spent whole at another, as soon as it is wanted there', async () => {
  await shop.startWith('PAIRAAAA');
  const one = await joinTill('one', 'PAIRAAAA');
  await shop.startWith('PAIRBBBB');
  const two = await joinTill('two', 'PAIRBBBB');
  for (const till of [one, two]) {
    await till.until('online', () => till.state().link.state === 'online');
  }

  await one.till.handlers['basket.add-product']({ sku: 'coffee', quantityMilli: 4000 });
  await one.till.handlers['enrol.commit'](joining());
  await one.till.handlers['sale.settle']({
    saleId: one.state().basket.saleId,
    tender: 'cash',
  });
  await one.until('acknowledged', () => one.state().link.waiting === 0);
  await one.until('card printed', () => one.devices.printed.length > 0);
  const bars = one.devices.printed[0]?.document.lines.find(({ kind }) => kind === 'barcode');
  const number = bars?.kind === 'barcode' ? bars.content : '';
  const scan = async (till: RealTill): Promise<void> => {
    await till.till.handlers.scan({
      code: { kind: 'card', number, symbology: 'ean' },
      source: 'serial',
    });
    await till.until('posted', () => till.state().member?.balances[0]?.posted === 200);
  };
  const held = (): number =>
    one.database.read
      .openGrants()
      .reduce((sum, grant) => (grant.purpose === 'held' ? sum + grant.amount : sum), 0);

  await scan(one);
  const holder = one.state().member?.member ?? '';
  await one.until('held', () => held() === 100);
  // It holds what it was given, and does not ask for half of the rest for ever.
  const { seq } = one.database.read.head();
  for (let look = 0; look < 20; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(held()).toBe(100);
  }
  expect(one.database.read.head().seq).toBe(seq);
  await one.till.handlers['member.detach'](null);

  await scan(two);
  await two.till.handlers['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  expect(await two.till.handlers['reward.toggle']({ reward: 'pay-with-points' })).toEqual({
    outcome: 'done',
  });
  expect(two.state().basket.rewards).toMatchObject([{ points: 200 }]);
  expect(held()).toBe(0);

  await two.till.handlers['sale.settle']({
    saleId: two.state().basket.saleId,
    tender: 'cash',
  });
  await two.until('acknowledged', () => two.state().link.waiting === 0);
  const posted = (till: RealTill): number | undefined =>
    till.database.read.member(holder)?.balances[0]?.posted;
  await one.until('heard of it', () => posted(one) === posted(two) && (posted(one) ?? 200) < 200);
}, 120_000);

test('a sale claimed at two tills: its return takes from who really got the points', async () => {
  const isSent = ({ link }: TillState): boolean => link.state === 'online' && link.waiting === 0;
  const done = { outcome: 'done' };
  let isAway = false;
  await shop.startWith('PAIRCCCC');
  const one = await joinTill('away', 'PAIRCCCC', () => isAway);
  await shop.startWith('PAIRDDDD');
  const two = await joinTill('there', 'PAIRDDDD');
  for (const till of [one, two]) await till.until('online', isSent);
  const enrol = async (till: RealTill, phone: string): Promise<string> => {
    const joined = joining({ phone, name: 'Carl C.' });
    expect(await till.till.handlers['enrol.commit'](joined)).toEqual(done);
    return till.state().member?.member ?? '';
  };
  const posted = ({ database }: RealTill, member: string): number =>
    database.read.member(member)?.balances[0]?.posted ?? 0;

  const { handlers } = one.till;
  await handlers['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  const { saleId } = one.state().basket;
  expect(await handlers['sale.settle']({ saleId, tender: 'cash' })).toEqual(done);
  const receipt = one.database.read.saleByTx(saleId)?.receipt ?? '';
  const bert = await enrol(one, '01512 3456702');
  await one.until('sent', isSent);
  isAway = true;
  await handlers['basket.add-amount']({ amountMinor: 1, quantityMilli: 1000 });
  await handlers['basket.clear'](null);
  await one.until('offline', ({ link }) => link.state === 'offline');
  const carl = await enrol(two, '01512 3456703');
  expect(await two.till.handlers['claim.commit']({ receipt })).toEqual(done);
  await two.until('posted', () => posted(two, carl) === 100);
  expect(await handlers['claim.commit']({ receipt })).toEqual(done);
  isAway = false;
  await one.until('sent', isSent);

  expect(await handlers['return.open']({ receipt })).toEqual(done);
  const { returnId = '', lines = [] } = one.state().returning ?? {};
  await handlers['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 2000 });
  expect(await handlers['return.commit']({ returnId })).toEqual(done);
  await two.until('taken back', () => posted(two, carl) === 0);
  await one.until('sent', isSent);
  expect(posted(one, bert)).toBe(0);
  const { openExceptions } = await two.till.handlers.day({ day: null });
  expect(openExceptions).toBeGreaterThan(0);
});
