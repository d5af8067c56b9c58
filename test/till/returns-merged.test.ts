import { afterAll, describe, expect, test } from 'vitest';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { soldTo, takeBack } from './support/a-sale.ts';
import { aConfig, aTill, bora, removeFolders, type TestTill } from './support/a-till.ts';
import { here } from './support/gift-card.ts';

afterAll(removeFolders);

const boraWithPoints = {
  ...bora,
  balances: [{ programme: 'points', posted: 1100, pending: 0, available: 1100, version: 9 }],
};

const reverses = (till: TestTill) => till.bodies().filter(({ kind }) => kind === 'reverse');
const merge = async (till: TestTill): Promise<void> => {
  till.server.changes.push(
    { kind: 'member', record: boraWithPoints },
    { kind: 'merge', from: 'm-ayse', into: 'm-bora' },
  );
  await till.time.advance(10_000);
};

describe('a return of a sale whose member was joined with another', () => {
  test('a programme that takes no more than is there takes it from who the member is now', async () => {
    const config = aConfig({
      programmes: [here({ ...pointsPreset, refund: { alreadySpent: 'clamp' } })],
    });
    const till = await aTill({ config });
    const { receipt } = await soldTo(till);
    await till.time.advance(2000);
    await merge(till);
    await takeBack(till, receipt, 3000);
    expect(reverses(till)).toMatchObject([{ points: -150 }]);
    await till.close();
  });

  test('the receipt of a return prints the balance of who the member is now', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till);
    await till.time.advance(2000);
    await merge(till);
    await takeBack(till, receipt, 3000);
    const tx = till.database.read.lastSale()?.tx ?? '';
    expect(till.database.read.saleByTx(tx)).toMatchObject({ kind: 'return', balanceAfter: 950 });
    await till.close();
  });

  test('the balance on the screen knows of that return at once', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till);
    await till.time.advance(2000);
    await merge(till);
    till.server.up = false;
    await till.time.advance(4000);
    await takeBack(till, receipt, 3000);
    await till.scanCard();
    expect(till.state().member?.balances[0]).toMatchObject({ posted: 950 });
    await till.close();
  });
});
