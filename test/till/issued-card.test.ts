import { afterAll, expect, test } from 'vitest';
import { err } from '#loyalty/result.ts';
import { aRecord, aTill, removeFolders, type TestTill } from './support/a-till.ts';
import { joining } from './support/joining.ts';

afterAll(removeFolders);

const cards = (till: TestTill): readonly string[] =>
  till.devices.printed
    .flatMap(({ document }) => document.lines)
    .flatMap((line) =>
      line.kind === 'barcode' && line.content.startsWith('29') ? [line.content] : [],
    );

test.each([
  ['stays who they are', false],
  ['is joined with an older record first', true],
])('who joined on this sale and %s gets their card on paper', async (_what, isMerged) => {
  const till = await aTill();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  await till.call['enrol.commit'](joining());
  const joined = till.state().member?.member ?? '';
  if (isMerged) {
    // The number was somebody's at another till: the server makes the two records one.
    const older = aRecord({ member: 'm-older', identifiers: [] });
    till.server.know(older);
    till.server.changes.push(
      { kind: 'member', record: older },
      { kind: 'merge', from: joined, into: 'm-older' },
    );
  }
  await till.time.advance(10_000);
  expect(till.state().member?.member).toBe(isMerged ? 'm-older' : joined);
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender: 'cash' });
  await till.time.advance(10_000);
  expect(cards(till)).toHaveLength(1);
  await till.close();
});

test.each([
  ['is set aside', 'sale.park'],
  ['goes on without them', 'member.detach'],
] as const)(
  'a card whose sale %s while the disk is filling up gets onto paper',
  async (_what, leave) => {
    let room = Number.POSITIVE_INFINITY;
    const till = await aTill({
      wrap: (database) => ({
        ...database,
        write(work) {
          room -= 1;
          return room < 0
            ? err({ code: 'disk-full', detail: 'SQLITE_FULL' })
            : database.write(work);
        },
      }),
    });
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    await till.call['enrol.commit'](joining({ phone: null }));
    // Setting aside is one deed, and fits; what comes after it does not.
    room = leave === 'sale.park' ? 1 : 0;
    expect(await till.call[leave](null)).toEqual({ outcome: 'done' });
    room = Number.POSITIVE_INFINITY;
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    const { saleId } = till.state().basket;
    await till.call['sale.settle']({ saleId, tender: 'cash' });
    await till.time.advance(10_000);
    expect(cards(till)).toHaveLength(1);
    await till.close();
  },
);
