import { afterAll, describe, expect, test } from 'vitest';
import type { ReceiptDocument } from '#loyalty/receipt.ts';
import { err } from '#loyalty/result.ts';
import type { TillDatabase } from '#till/database.ts';
import { aConfig, aTill, removeFolders, type TestTill } from './support/a-till.ts';
import { fakeTime, NOON_MS } from './support/fake-time.ts';

afterAll(removeFolders);

async function sell(
  till: TestTill,
  amountMinor: number,
  tender: 'cash' | 'card' | 'other',
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

/** The last report that was printed. */
async function slipOf(till: TestTill): Promise<ReceiptDocument | undefined> {
  await till.time.settle();
  return till.devices.printed
    .map(({ document }) => document)
    .findLast(({ lines }) => JSON.stringify(lines).includes('loyalty report'));
}

function pairs(slip: ReceiptDocument | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (slip?.lines ?? []).flatMap((line) => (line.kind === 'pair' ? [[line.start, line.end]] : [])),
  );
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
        tenders: { cashMinor: 5000, cardMinor: 2500, otherMinor: 0, valueMinor: 0 },
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

  test('goods that were taken off a sale are in it, and those an undo brought back are not', async () => {
    const till = await aTill();
    const { call } = till;
    const voids = async () => (await call['shift.figures'](null))?.figures.voids;
    // Before anybody has sold, so before the shift: it is in there all the same.
    await call['basket.add-amount']({ amountMinor: 700, quantityMilli: 1000 });
    await call['basket.clear'](null);
    await sell(till, 5000, 'cash');
    expect(await voids()).toEqual({ lines: 1, amountMinor: 700 });
    await call['basket.add-product']({ sku: 'coffee', quantityMilli: 3000 });
    await call['basket.add-amount']({ amountMinor: 1250, quantityMilli: 1000 });
    const line = (at: number) => till.state().basket.lines[at]?.id ?? '';
    const each = till.state().basket.lines[0]?.unitPriceMinor ?? 0;
    await call['basket.set-quantity']({ line: line(0), quantityMilli: 4000 });
    await call['basket.set-quantity']({ line: line(0), quantityMilli: 1000 });
    expect(await voids()).toEqual({ lines: 1, amountMinor: 700 + 3 * each });
    await call['basket.undo'](null);
    expect(await voids()).toEqual({ lines: 1, amountMinor: 700 });
    await call['basket.remove-line']({ line: line(1) });
    expect(await voids()).toEqual({ lines: 2, amountMinor: 1950 });
    await call['basket.undo'](null);
    expect(await voids()).toEqual({ lines: 1, amountMinor: 700 });
    await call['sale.park'](null);
    expect(await voids()).toEqual({ lines: 1, amountMinor: 700 });
    await call['shift.close']({ countedMinor: 5000 });
    expect(till.bodies().at(-1)).toMatchObject({ voids: { lines: 1, amountMinor: 700 } });
    await till.close();
  });

  test('goods taken off in one shift are not brought back in the next', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [] }) });
    await sell(till, 5000, 'cash');
    await till.call['basket.add-amount']({ amountMinor: 700, quantityMilli: 1000 });
    await till.call['basket.clear'](null);
    expect(await till.call['shift.close']({ countedMinor: 5000 })).toMatchObject({
      figures: { voids: { lines: 1, amountMinor: 700 } },
    });
    expect(await till.call['basket.undo'](null)).toMatchObject({
      refusal: { code: 'nothing-to-undo' },
    });
    await till.close();
  });

  test('goods stay on the sale where it cannot be written that they were taken off', async () => {
    let isFull = false;
    const full = err({ code: 'disk-full', detail: 'SQLITE_FULL' } as const);
    const wrap = (database: TillDatabase): TillDatabase => ({
      ...database,
      write: (work) => (isFull ? full : database.write(work)),
    });
    const till = await aTill({ wrap });
    await sell(till, 5000, 'cash');
    await till.call['basket.add-amount']({ amountMinor: 700, quantityMilli: 1000 });
    const [line] = till.state().basket.lines;
    isFull = true;
    const refused = { refusal: { code: 'not-saved-disk-full' } };
    expect(await till.call['basket.remove-line']({ line: line?.id ?? '' })).toMatchObject(refused);
    expect(await till.call['basket.undo'](null)).toMatchObject(refused);
    expect(till.state().basket.lines).toHaveLength(1);
    isFull = false;
    await till.call['basket.remove-line']({ line: line?.id ?? '' });
    expect((await till.call['shift.figures'](null))?.figures.voids?.lines).toBe(1);
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

  test('a shift opens with a count, once; expected is the float and the cash, less what was paid back', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [] }) });
    expect(await till.call['shift.open']({ floatMinor: 20_000 })).toEqual({ outcome: 'done' });
    expect(till.bodies()).toEqual([{ kind: 'shift-open', floatMinor: 20_000, counted: true }]);
    expect(till.state().shift).toMatchObject({ sales: 0, isFloatCounted: true });
    expect(await till.call['shift.open']({ floatMinor: 1 })).toMatchObject({
      refusal: { code: 'shift-open-already' },
    });
    await sell(till, 5000, 'cash');
    await sell(till, 2500, 'card');
    await sell(till, 700, 'other');
    expect(till.bodies().filter(({ kind }) => kind === 'shift-open')).toHaveLength(1);
    expect(till.state().shift).toMatchObject({ sales: 3, isFloatCounted: true });
    const figures = {
      totalMinor: 8200,
      tenders: { cashMinor: 5000, cardMinor: 2500, otherMinor: 700, valueMinor: 0 },
      floatMinor: 20_000,
      cashMinor: 5000,
    };
    expect(await till.call['shift.figures'](null)).toMatchObject({ figures });
    // The count made at the opening stands, whatever is told at the close.
    const told = { countedMinor: 24_900, floatMinor: 1 };
    expect(await till.call['shift.close'](told)).toMatchObject({ figures });
    expect(till.bodies().at(-1)).toMatchObject({ kind: 'shift-close', ...figures });
    expect(pairs(await slipOf(till))).toMatchObject({
      Cash: '50.00 TL',
      Card: '25.00 TL',
      'Other payment': '7.00 TL',
      'Returns (cash)': '0.00 TL',
      'Opening float': '200.00 TL',
      'Cash expected': '250.00 TL',
      'Cash counted': '249.00 TL',
      Difference: '-1.00 TL',
    });
    expect(till.state().shift).toBeNull();
    await till.close();
  });

  test('a float of nothing is a count, too', async () => {
    const till = await aTill();
    await till.call['shift.open']({ floatMinor: 0 });
    expect(till.state().shift).toMatchObject({ isFloatCounted: true });
    expect(await till.call['shift.figures'](null)).toMatchObject({ figures: { floatMinor: 0 } });
    await till.close();
  });

  test('where nobody counted at the opening, the report says so, or what was told at the close', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [] }) });
    await sell(till, 5000, 'cash');
    expect(till.bodies()[0]).toEqual({ kind: 'shift-open', floatMinor: 0 });
    expect(till.state().shift).toMatchObject({ isFloatCounted: false });
    await till.call['shift.close']({ countedMinor: null });
    const uncounted = pairs(await slipOf(till));
    expect(uncounted).toMatchObject({
      'Opening float': 'not counted',
      'Cash expected': '50.00 TL',
      'Cash counted': 'not counted',
    });
    expect(Object.keys(uncounted)).not.toContain('Difference');
    expect(JSON.stringify(till.bodies().at(-1))).not.toContain('floatMinor');
    await sell(till, 5000, 'cash');
    await till.call['shift.close']({ countedMinor: 15_000, floatMinor: 10_000 });
    expect(till.bodies().at(-1)).toMatchObject({ floatMinor: 10_000, cashMinor: 5000 });
    expect(pairs(await slipOf(till))).toMatchObject({
      'Opening float': '100.00 TL',
      'Cash expected': '150.00 TL',
      Difference: '0.00 TL',
    });
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
