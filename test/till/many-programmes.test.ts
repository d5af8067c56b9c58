import { afterAll, describe, expect, test } from 'vitest';
import { shopConfig } from '#contract/shop.ts';
import { tillState } from '#contract/till-state.ts';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import { programme, programmesMax, type Programme } from '#loyalty/programme.ts';
import { earningsMax, promotionsMax, vouchersMax } from '#loyalty/quote-types.ts';
import { aConfig, aRecord, aTill, removeFolders, type TestTill } from './support/a-till.ts';

afterAll(removeFolders);

/** A campaign that gives a point for each unit of these goods. */
function campaign(index: number, category: string): Programme {
  const en = `Campaign ${index}`;
  const read = parseProgramme({
    id: `campaign-${index}`,
    version: 1,
    name: { en },
    currencies: ['TRY'],
    rules: [
      {
        id: 'goods',
        name: { en },
        lines: { categories: [category] },
        effect: { kind: 'per-unit', points: '1' },
      },
    ],
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.programme;
}

/** Something off every sale. */
function promotion(index: number): Programme {
  const en = `Promotion ${index}`;
  return programme.parse({
    id: `promotion-${index}`,
    version: 1,
    name: { en },
    holder: 'sale',
    currencies: ['TRY'],
    rules: [{ id: 'any', name: { en }, effect: { kind: 'per-sale', points: '1' } }],
    rewards: [
      {
        id: 'off',
        name: { en },
        costPoints: 1,
        value: { kind: 'fixed', amountMinor: 10 },
        applies: 'automatic',
      },
    ],
  });
}

/** A coupon for the next sale with every sale. */
function vouchersOf(index: number): Programme {
  const { rules, ...rest } = promotion(index);
  return programme.parse({
    ...rest,
    holder: 'bearer',
    rules: rules.map((rule) => ({ ...rule, effect: { kind: 'voucher', template: { points: 1 } } })),
  });
}

async function tillWith(category: string): Promise<TestTill> {
  const { programmes } = aConfig();
  const campaigns = Array.from({ length: programmesMax - programmes.length }, (_, index) =>
    campaign(index, category),
  );
  const config = shopConfig.parse(aConfig({ programmes: [...programmes, ...campaigns] }));
  const till = await aTill({ config });
  till.member();
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
  return till;
}

async function sell(till: TestTill): Promise<void> {
  const { saleId } = till.state().basket;
  expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({ outcome: 'done' });
}

describe('a shop with as many programmes as there may be', () => {
  test('says and writes down nothing of campaigns for other goods', async () => {
    const till = await tillWith('garden');
    const state = tillState.parse(till.state());
    expect(state.basket.earns.map(({ programme }) => programme)).toEqual(['points']);
    expect(JSON.stringify(state.basket.trace)).not.toContain('Campaign');
    await sell(till);
    const [sale] = till.bodies().filter(({ kind }) => kind === 'sale');
    expect(JSON.stringify(sale)).not.toContain('campaign');
    await till.close();
  });

  test('earns in so many of them as one sale can be written down with', async () => {
    const till = await tillWith('drinks');
    expect(tillState.parse(till.state()).basket.earns).toHaveLength(earningsMax);
    await sell(till);
    expect(till.bodies().filter(({ kind }) => kind === 'earn')).toHaveLength(earningsMax);
    expect(tillState.parse(till.state()).lastSale?.earned).toBe(50);
    await till.close();
  });

  test('shows a member the first programme, and then those with anything in them', async () => {
    const till = await tillWith('garden');
    const record = aRecord();
    const told = { posted: 12, pending: 0, available: 12, version: 1 };
    const balances = [...record.balances, { programme: 'campaign-400', ...told }];
    till.member({ ...record, version: record.version + 1, balances });
    await till.scanCard();
    const shown = tillState.parse(till.state()).member?.balances ?? [];
    expect(shown.slice(0, 3).map(({ programme }) => programme)).toEqual([
      'points',
      'campaign-400',
      'campaign-0',
    ]);
    await till.close();
  });

  test('takes so many promotions off as one sale can be written down with, and the reward asked for', async () => {
    const { programmes } = aConfig();
    const promotions = Array.from({ length: 70 }, (_, index) => promotion(index));
    const config = shopConfig.parse(aConfig({ programmes: [...programmes, ...promotions] }));
    const till = await aTill({ config });
    till.server.available = 1000;
    till.member();
    await till.time.advance(2000);
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 5000 });
    expect(await till.call['reward.toggle']({ reward: 'fifty-off' })).toEqual({ outcome: 'done' });
    const { rewards, trace } = tillState.parse(till.state()).basket;
    expect(rewards).toHaveLength(promotionsMax + 1);
    expect(rewards.at(-1)).toMatchObject({ reward: 'fifty-off', removable: true });
    expect(trace.filter(({ code }) => code === 'earn-capped')).toMatchObject([
      { params: { programme: '{"en":"Promotion 32"}', points: 0, cap: 'sale' } },
    ]);
    await sell(till);
    await till.close();
  });

  test('hands out so many vouchers as one sale can be written down with', async () => {
    const vouchers = Array.from({ length: vouchersMax + 3 }, (_, index) => vouchersOf(index));
    const config = shopConfig.parse(aConfig({ programmes: vouchers }));
    const till = await aTill({ config });
    await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 1000 });
    await sell(till);
    expect(till.bodies().filter(({ kind }) => kind === 'issue')).toHaveLength(vouchersMax);
    await till.close();
  });

  test('settles where thousands of rules could have held', async () => {
    const { programmes } = aConfig();
    const campaigns = Array.from({ length: 5 }, (_, index) => {
      const made = campaign(index, 'drinks');
      const rules = Array.from({ length: 450 }, (_rule, at) =>
        made.rules.map((rule) => ({ ...rule, id: `goods-${at}` })),
      );
      return programme.parse({ ...made, rules: rules.flat() });
    });
    const till = await aTill({ config: aConfig({ programmes: [...programmes, ...campaigns] }) });
    till.member();
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    await sell(till);
    await till.close();
  });

  test('says once that nothing was earned, where nothing was', async () => {
    const till = await tillWith('garden');
    await till.call['basket.clear'](null);
    const { earns, trace } = till.state().basket;
    expect(earns).toEqual([]);
    expect(trace.filter(({ code }) => code.includes('earn-total'))).toHaveLength(1);
    await till.close();
  });
});
