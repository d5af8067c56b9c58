import { afterAll, describe, expect, test } from 'vitest';
import { aConfig, aTill, removeFolders, type TestTill } from './support/a-till.ts';
import { fakeTime, NOON_MS } from './support/fake-time.ts';

afterAll(removeFolders);

async function sell(
  till: TestTill,
  amountMinor: number,
  tender: 'cash' | 'card',
  card = false,
): Promise<string> {
  if (card) {
    await till.time.advance(2000);
    await till.scanCard();
  }
  await till.call['basket.add-amount']({ amountMinor, quantityMilli: 1000 });
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender });
  return saleId;
}

describe('shifts and the day', () => {
  test('the first sale opens the shift; X adds up the journal and changes nothing', async () => {
    const till = await aTill();
    till.member();
    expect(await till.call['shift.figures'](null)).toBeNull();
    await sell(till, 5000, 'cash', true);
    await sell(till, 2500, 'card');
    const before = till.bodies().length;
    expect(await till.call['shift.figures'](null)).toMatchObject({
      figures: {
        number: 1,
        sales: 2,
        salesWithMember: 1,
        totalMinor: 7500,
        returnsMinor: 0,
        cashMinor: 5000,
        countedMinor: null,
        drawerOpenings: 0,
        earned: 50,
        redeemed: 0,
        reversed: 0,
      },
    });
    expect(till.bodies()).toHaveLength(before);
    await till.close();
  });

  test('closing journals the figures under consecutive numbers and prints a slip that is not fiscal', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [] }) });
    await sell(till, 5000, 'cash');
    expect(await till.call['shift.close']({ countedMinor: 4900 })).toMatchObject({
      outcome: 'closed',
      figures: { number: 1, totalMinor: 5000, countedMinor: 4900 },
    });
    await till.time.settle();
    // Two jobs of the same millisecond print in either order.
    const slip = till.devices.printed.flatMap(({ document }) => document.lines);
    expect(slip).toContainEqual(expect.objectContaining({ start: 'Difference', end: '-1.00 TL' }));
    expect(slip).toContainEqual(
      expect.objectContaining({ text: 'End of shift, loyalty report – not fiscal' }),
    );
    expect(await till.call['shift.close']({ countedMinor: null })).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'no-open-shift' },
    });
    await sell(till, 100, 'cash');
    expect(await till.call['shift.close']({ countedMinor: null })).toMatchObject({
      figures: { number: 2, sales: 1 },
    });
    expect(till.bodies().filter(({ kind }) => kind === 'shift-close')).toHaveLength(2);
    await till.close();
  });

  test('each opening of the drawer without a sale is counted, in its own shift', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [] }) });
    await sell(till, 5000, 'cash');
    expect(await till.call['drawer.open'](null)).toEqual({ outcome: 'done' });
    expect(await till.call['drawer.open'](null)).toEqual({ outcome: 'done' });
    expect(await till.call['shift.close']({ countedMinor: 5000 })).toMatchObject({
      figures: { drawerOpenings: 2 },
    });
    await till.time.settle();
    const slip = till.devices.printed.flatMap(({ document }) => document.lines);
    expect(slip).toContainEqual(expect.objectContaining({ start: 'Drawer opened', end: '2' }));
    await sell(till, 100, 'cash');
    expect(await till.call['shift.figures'](null)).toMatchObject({
      figures: { drawerOpenings: 0 },
    });
    await till.close();
  });

  test('a shift is not closed over a sale on the counter', async () => {
    const till = await aTill();
    await sell(till, 100, 'cash');
    await till.call['basket.add-amount']({ amountMinor: 100, quantityMilli: 1000 });
    expect(await till.call['shift.close']({ countedMinor: null })).toMatchObject({
      refusal: { code: 'sale-open' },
    });
    await till.close();
  });

  test('offline the day is this till alone, says so, and ties to its entries', async () => {
    const till = await aTill();
    till.member();
    till.server.up = false;
    await till.time.advance(4000);
    await sell(till, 5000, 'cash', true);
    await till.time.advance(3_600_000);
    await sell(till, 2500, 'card');
    const day = await till.call.day({ day: null });
    expect(day).toMatchObject({
      day: '2026-11-21',
      source: 'till',
      totals: { sales: 2, salesWithMember: 1, salesTotalMinor: 7500, earned: 50, unprovenSales: 1 },
      byHour: [
        { hour: 14, sales: 1, salesTotalMinor: 5000, earned: 50 },
        { hour: 15, sales: 1, salesTotalMinor: 2500 },
      ],
      byTill: [{ till: 'till1', name: 'Till 1', sales: 2 }],
      points: [
        {
          programme: 'points',
          opening: 0,
          earned: 50,
          closing: 50,
          worth: { numerator: 10, denominator: 1 },
        },
      ],
      names: { points: { en: 'Points', ar: 'نقاط' } },
    });
    await till.close();
  });

  test('a sale after midnight belongs to the evening before, until the cut-over hour', async () => {
    const till = await aTill({ time: fakeTime(NOON_MS + 11 * 3_600_000) });
    await sell(till, 5000, 'cash');
    expect(till.entries().at(-1)?.day).toBe('2026-11-21');
    await till.time.advance(3 * 3_600_000);
    await sell(till, 5000, 'cash');
    expect(till.entries().at(-1)?.day).toBe('2026-11-22');
    await till.close();
  });

  test('a clock that somebody set is noted in the journal, once', async () => {
    const till = await aTill();
    till.time.setWall(till.time.clock.wallMs() - 7_200_000);
    await till.time.advance(120_000);
    expect(till.bodies()).toEqual([{ kind: 'clock-jump', deltaMs: -7_200_000 }]);
    await till.close();
  });
});
