import { afterAll, expect, test } from 'vitest';
import { aRecord, aTill, removeFolders } from './support/a-till.ts';

afterAll(removeFolders);

test('a part of a claimed sale leaves what the rest earns with the tier of the claim', async () => {
  const till = await aTill();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender: 'cash' });
  const receipt = till.database.read.saleByTx(saleId)?.receipt ?? '';
  till.member(aRecord({ tier: 'gold' }));
  await till.scanCard();
  await till.call['claim.commit']({ receipt });
  expect(till.bodies().slice(-2)).toMatchObject([
    { kind: 'claim', counted: { tiers: { points: 'gold' }, used: {} } },
    { kind: 'earn', points: 125, qualifyingPoints: 100 },
  ]);
  till.member(aRecord({ tier: 'basic', version: 2 }));
  await till.call['return.open']({ receipt });
  const { returning } = till.state();
  await till.call['return.choose']({
    line: returning?.lines[0]?.line ?? '',
    quantityMilli: 1000,
  });
  expect(till.state().returning).toMatchObject({ pointsTakenBack: 63, pointsReturned: 0 });
  await till.call['return.commit']({ returnId: returning?.returnId ?? '' });
  expect(till.bodies().at(-1)).toMatchObject({
    kind: 'reverse',
    of: { source: saleId, type: 'earn' },
    points: -63,
    qualifyingPoints: -50,
  });
  await till.close();
});
