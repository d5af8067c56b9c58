import { afterAll, expect, test } from 'vitest';
import { aRecord, aTill, removeFolders } from './support/a-till.ts';
import { joining } from './support/joining.ts';

afterAll(removeFolders);

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
  const bars = till.devices.printed.flatMap(({ document }) =>
    document.lines.flatMap((line) => (line.kind === 'barcode' ? [line.content] : [])),
  );
  expect(bars.filter((content) => content.startsWith('29'))).toHaveLength(1);
  await till.close();
});
