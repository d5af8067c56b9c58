import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { TillState } from '#contract/till-state.ts';
import { walletPreset } from '#loyalty/presets/generic.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme } from '#loyalty/programme.ts';
import type { TillDatabase } from '#till/database.ts';
import { aRealTill } from './support/a-real-till.ts';
import { takeBack } from './support/a-sale.ts';
import { aShop } from './support/a-shop.ts';
import {
  aConfig,
  aFolder,
  aRecord,
  aTill,
  removeFolders,
  type TestTill,
} from './support/a-till.ts';
import { giftCards, here } from './support/gift-card.ts';
import { joining } from './support/joining.ts';

afterAll(removeFolders);

const done = { outcome: 'done' };
const prepaid = (kind: 'gift-card' | 'top-up') => ({
  sku: kind,
  name: { en: kind },
  gtins: [],
  unitPriceMinor: 100_000,
  categories: [],
  kind,
});
/** Silver from 500.00 of goods: ten times the points. */
const levels = programme.parse({
  ...pointsPreset,
  currencies: ['TRY'],
  tiers: [
    { id: 'basic', name: { en: 'Basic' } },
    {
      id: 'silver',
      name: { en: 'Silver' },
      criteria: { metric: 'spend-minor', atLeast: 50_000 },
      multiplier: '10',
    },
  ],
});
const config = aConfig({
  programmes: [levels, giftCards, here(walletPreset)],
  products: [...aConfig().products, prepaid('gift-card'), prepaid('top-up')],
});

/** What this till's own sales and returns count for a member. */
function counted(database: TillDatabase, member: string) {
  const facts = database.read.localFacts(member);
  const sum = (of: 'spendMinor' | 'units' | 'visits'): number =>
    facts.reduce((total, fact) => total + fact[of], 0);
  return { spendMinor: sum('spendMinor'), units: sum('units'), visits: sum('visits') };
}

async function sell(till: TestTill, sku: string, quantityMilli = 1000): Promise<string> {
  await till.time.advance(2000);
  await till.scanCard();
  expect(await till.call['basket.add-product']({ sku, quantityMilli })).toEqual(done);
  const { saleId } = till.state().basket;
  expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(done);
  return till.database.read.saleByTx(saleId)?.receipt ?? '';
}

describe('a level by spending, while the server is away', () => {
  test.each(['gift-card', 'top-up'])('is not reached by a %s', async (sku) => {
    const till = await aTill({ config });
    till.member(aRecord({ tier: 'basic', tierProgress: 0 }));
    till.server.up = false;
    await till.time.advance(30_000);
    await sell(till, sku);
    await sell(till, 'coffee');
    await sell(till, 'coffee');
    const earned = till
      .bodies()
      .flatMap((body) => (body.kind === 'earn' && body.programme === 'points' ? body.points : []));
    expect(earned).toEqual([50, 50]);
    expect(counted(till.database, 'm-ayse')).toEqual({ spendMinor: 10_000, units: 2, visits: 3 });
    await till.close();
  });

  test('counts goods that a wallet paid, and takes them back with their return', async () => {
    const till = await aTill({ config });
    till.server.available = 1_000_000;
    const there = { posted: 60_000, pending: 0, available: 60_000, version: 3 };
    till.member(aRecord({ balances: [{ programme: 'wallet', ...there }] }));
    await till.time.advance(2000);
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 3000 });
    expect(await till.call['reward.toggle']({ reward: 'wallet', programme: 'wallet' })).toEqual(
      done,
    );
    const { saleId, dueMinor } = till.state().basket;
    expect(dueMinor).toBe(0);
    expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(done);
    const receipt = till.database.read.saleByTx(saleId)?.receipt ?? '';
    expect(counted(till.database, 'm-ayse')).toEqual({ spendMinor: 15_000, units: 3, visits: 1 });
    await takeBack(till, receipt, 1000);
    expect(counted(till.database, 'm-ayse')).toEqual({ spendMinor: 10_000, units: 2, visits: 1 });
    await takeBack(till, receipt, 2000);
    expect(counted(till.database, 'm-ayse')).toEqual({ spendMinor: 0, units: 0, visits: 0 });
    await till.close();
  });
});

test('till and server count a sale, a claim and their returns alike', async () => {
  const folder = aFolder();
  const shop = aShop(folder, config);
  await shop.startWith('PAIRAAAA');
  let isAway = false;
  const url = () => (isAway ? null : shop.url());
  const till = await aRealTill({ folder, name: 'one', code: 'PAIRAAAA', url });
  onTestFinished(async () => {
    await till.stop();
    await shop.stop();
  });
  const { handlers } = till.till;
  const isSent = ({ link }: TillState): boolean => link.state === 'online' && link.waiting === 0;
  await till.until('online', isSent);
  const put = (sku: string, quantityMilli: number): unknown =>
    handlers['basket.add-product']({ sku, quantityMilli });
  const settle = async (): Promise<string> => {
    const { saleId } = till.state().basket;
    expect(await handlers['sale.settle']({ saleId, tender: 'cash' })).toEqual(done);
    return till.database.read.saleByTx(saleId)?.receipt ?? '';
  };
  const takeOneBack = async (receipt: string): Promise<void> => {
    expect(await handlers['return.open']({ receipt })).toEqual(done);
    const { returnId = '', lines = [] } = till.state().returning ?? {};
    await handlers['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    expect(await handlers['return.commit']({ returnId })).toEqual(done);
  };

  await put('coffee', 2000);
  await put('top-up', 1000);
  const joined = joining({ phone: '01512 3456704', name: 'Dora D.' });
  expect(await handlers['enrol.commit'](joined)).toEqual(done);
  const member = till.state().member?.member ?? '';
  await till.until('joined', isSent);
  isAway = true;
  const own = await settle();
  await put('coffee', 3000);
  const nobodys = await settle();
  await takeOneBack(own);
  await takeOneBack(nobodys);
  await till.until('printed', () => till.devices.printed.length > 0);
  const bars = till.devices.printed[0]?.document.lines.find(({ kind }) => kind === 'barcode');
  const number = bars?.kind === 'barcode' ? bars.content : '';
  await handlers.scan({ code: { kind: 'card', number, symbology: 'ean' }, source: 'serial' });
  expect(await handlers['claim.commit']({ receipt: nobodys })).toEqual(done);
  expect(counted(till.database, member)).toEqual({ spendMinor: 15_000, units: 3, visits: 2 });

  isAway = false;
  await till.until('sent', isSent);
  await till.until('counted', () => till.database.read.localFacts(member).length === 0);
  expect(till.database.read.member(member)?.standings[0]?.measures).toMatchObject({
    'spend-minor': 15_000,
    units: 3,
    visits: 2,
  });
});
