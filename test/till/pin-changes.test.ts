import { afterAll, describe, expect, test } from 'vitest';
import type { ShopConfig } from '#contract/shop.ts';
import { aConfig, aTill, removeFolders } from './support/a-till.ts';
import { ada, max, refused, signIn } from './support/staff.ts';

afterAll(removeFolders);

describe('a PIN that changes while somebody works here', () => {
  const withList = async (cashiers: ShopConfig['cashiers'], then: ShopConfig['cashiers']) => {
    const till = await aTill({ config: aConfig({ cashiers }) });
    return {
      till,
      async listChanges(): Promise<void> {
        const config = aConfig({ version: 2, cashiers: then });
        till.server.changes.push({ kind: 'config', config });
        await till.time.advance(5000);
      },
    };
  };

  test('a tap does not become a manager by the PIN that the manager has from now on', async () => {
    const untilNow = { ...max, pin: null };
    const { till, listChanges } = await withList([ada, untilNow], [ada, max]);
    expect(await till.call['sign-in']({ cashier: 'max', pin: '' })).toEqual({ outcome: 'done' });
    expect(till.state().staff.signedIn).toMatchObject({ cashier: 'max', role: 'cashier' });
    await listChanges();
    expect(till.state().staff.signedIn).toBeNull();
    expect(await till.call['drawer.open'](null)).toEqual(refused('locked'));
    await till.close();
  });

  test('whoever came in by a PIN that was replaced is out, and the basket stays', async () => {
    const pin = { salt: 'b'.repeat(32), hash: 'c'.repeat(64) };
    const { till, listChanges } = await withList([ada, max], [{ ...ada, pin }, max]);
    await signIn(till, 'ada', '2718');
    await till.call['basket.add-amount']({ amountMinor: 100, quantityMilli: 1000 });
    await listChanges();
    expect(till.state()).toMatchObject({ staff: { signedIn: null }, basket: { totalMinor: 100 } });
    await till.close();
  });

  test('a list with the same PINs keeps everybody where they are', async () => {
    const { till, listChanges } = await withList([ada, max], [{ ...ada, name: 'Ada L.' }, max]);
    await signIn(till, 'ada', '2718');
    await listChanges();
    expect(till.state()).toMatchObject({
      cashierName: 'Ada L.',
      staff: { signedIn: { cashier: 'ada' } },
    });
    await till.close();
  });
});
