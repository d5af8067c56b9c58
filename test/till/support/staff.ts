import { expect } from 'vitest';
import { aConfig, aTill, somebody, type TestTill } from './a-till.ts';

export const ada = somebody('ada', 'cashier', '2718');
export const ben = somebody('ben', 'cashier', '3141');
export const sue = somebody('sue', 'supervisor', '1618');
export const max = somebody('max', 'manager', '1414');
export const tap = somebody('tap', 'cashier', null);
/** A PIN that is nobody's. */
export const WRONG = '0000';

/** A shop whose people all have a PIN. */
export const shop = aConfig({ cashiers: [ada, ben, sue, max] });
/** Its till, locked. */
export const withPins = (): Promise<TestTill> => aTill({ config: shop });

export const signIn = (till: TestTill, cashier: string, pin: string) =>
  till.call['sign-in']({ cashier, pin });
/** An answer that refuses with a code. */
export const refused = (code: string, params: object = {}) => ({
  outcome: 'refused',
  refusal: { code, params },
});

/** Sells and settles for an amount; the receipt's token. */
export async function soldFor(till: TestTill, amountMinor: number): Promise<string> {
  await till.call['basket.add-amount']({ amountMinor, quantityMilli: 1000 });
  const { saleId } = till.state().basket;
  expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({ outcome: 'done' });
  return till.database.read.saleByTx(saleId)?.receipt ?? '';
}
