import { afterAll, describe, expect, test } from 'vitest';
import { expectedCashMinor, journalEntry, shiftFigures } from '#journal/entry.ts';
import { aConfig, aTill, removeFolders, type TestTill } from './support/a-till.ts';

afterAll(removeFolders);

async function sell(till: TestTill, amountMinor: number): Promise<void> {
  await till.call['basket.add-amount']({ amountMinor, quantityMilli: 1000 });
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender: 'cash' });
  await till.time.settle();
}
const texts = (till: TestTill): readonly string[] =>
  till.devices.printed.flatMap(({ document }) =>
    document.lines.flatMap((line) => (line.kind === 'text' ? [line.text] : [])),
  );

/** A report as it was journalled before floats were counted and tenders summed up. */
const anOldReport = {
  number: 1,
  sales: 2,
  salesWithMember: 1,
  totalMinor: 7500,
  returnsMinor: 500,
  cashMinor: 4500,
  countedMinor: 4400,
  drawerOpenings: 0,
  earned: 75,
  redeemed: 0,
  reversed: 0,
} as const;

describe('X and Z reports', () => {
  test('one from before floats were counted is read as it is: no float, no tenders, the same difference', async () => {
    const till = await aTill();
    await sell(till, 5000);
    const entry = till.entries()[0];
    const written = { ...entry, body: { kind: 'shift-close', ...anOldReport } };
    expect(journalEntry.parse(written)).toEqual(written);
    expect(expectedCashMinor(shiftFigures.parse(anOldReport))).toBe(4500);
    await till.close();
  });

  test('a till that sold nothing has none', async () => {
    const till = await aTill();
    expect(await till.call['shift.reports'](null)).toEqual([]);
    expect(await till.call['shift.print-x'](null)).toMatchObject({
      refusal: { code: 'no-open-shift' },
    });
    await till.close();
  });

  test('X stands first, each Z as it was journalled, under numbers that follow each other', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [] }) });
    await sell(till, 5000);
    await till.call['shift.close']({ countedMinor: 4900 });
    await sell(till, 700);
    await till.call['shift.close']({ countedMinor: 700 });
    await sell(till, 300);
    const reports = await till.call['shift.reports'](null);
    expect(
      reports.map(({ figures, closedAtMs }) => [
        figures.number,
        figures.totalMinor,
        figures.countedMinor,
        closedAtMs === null,
      ]),
    ).toEqual([
      [3, 300, null, true],
      [2, 700, 700, false],
      [1, 5000, 4900, false],
    ]);
    expect(reports[0]?.tx).toBeNull();
    await till.close();
  });

  test('X on paper says that it is none, opens no drawer, and changes no stored byte', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [] }) });
    await sell(till, 5000);
    const before = { entries: till.bodies().length, slips: till.devices.printed.length };
    expect(await till.call['shift.print-x'](null)).toEqual({ outcome: 'done' });
    expect(till.bodies()).toHaveLength(before.entries);
    expect(till.devices.printed).toHaveLength(before.slips + 1);
    expect(texts(till)).toContain('Shift so far (X), loyalty report – not fiscal');
    expect(till.devices.printed.at(-1)?.document.openDrawer).toBe(false);
    await till.time.settle();
    expect(till.devices.printed).toHaveLength(before.slips + 1);
    await till.close();
  });

  test('a Z is printed again as a copy with the same figures', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [] }) });
    await sell(till, 5000);
    await till.call['shift.close']({ countedMinor: 4900 });
    await till.time.settle();
    const [z] = await till.call['shift.reports'](null);
    expect(await till.call['receipt.reprint']({ saleId: z?.tx ?? '' })).toEqual({
      outcome: 'done',
    });
    await till.time.settle();
    expect(texts(till).some((text) => text.includes('COPY'))).toBe(true);
    const pairs = (index: number) =>
      till.devices.printed
        .at(index)
        ?.document.lines.filter(({ kind }) => kind === 'pair')
        .map((line) => JSON.stringify(line));
    expect(pairs(-1)).toEqual(pairs(-2));
    await till.close();
  });
});
