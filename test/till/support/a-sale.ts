import { expect } from 'vitest';
import { aTill, type TestTill } from './a-till.ts';
import { fakeServer, type FakeServer } from './fake-server.ts';

/** A sale as a test needs it later: by its transaction and by its receipt. */
export interface MadeSale {
  readonly saleId: string;
  readonly receipt: string;
}

/** Sells coffee to the member with the card. */
export async function soldTo(
  till: TestTill,
  quantityMilli = 3000,
  reward?: string,
): Promise<MadeSale> {
  till.member();
  await till.time.advance(2000);
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli });
  if (reward !== undefined) await till.call['reward.toggle']({ reward });
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender: 'cash' });
  return { saleId, receipt: till.database.read.saleByTx(saleId)?.receipt ?? '' };
}

/** Sells two coffees to nobody: their points wait for whoever shows the receipt. */
export async function soldToNobody(till: TestTill): Promise<MadeSale> {
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender: 'cash' });
  return { saleId, receipt: till.database.read.saleByTx(saleId)?.receipt ?? '' };
}

/** A sale of a till that is gone, with what its server has of it. */
export async function soldElsewhere(): Promise<
  MadeSale & { readonly entries: FakeServer['entries'] }
> {
  const server = fakeServer();
  const till = await aTill({ server });
  const sale = await soldTo(till);
  await till.time.advance(2000);
  await till.close();
  return { ...sale, entries: server.entries };
}

/** Opens the return of a sale and chooses so many of its first goods; gives the return's id. */
export async function chooseBack(
  till: TestTill,
  receipt: string,
  quantityMilli: number,
): Promise<string> {
  expect(await till.call['return.open']({ receipt })).toEqual({ outcome: 'done' });
  const { returnId = '', lines = [] } = till.state().returning ?? {};
  await till.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli });
  return returnId;
}

/** Takes so many of a sale's first goods back. */
export async function takeBack(
  till: TestTill,
  receipt: string,
  quantityMilli: number,
): Promise<void> {
  const returnId = await chooseBack(till, receipt, quantityMilli);
  expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
}
