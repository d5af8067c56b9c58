import { openSync, writeSync } from 'node:fs';
import { aTill } from '#test/till/support/a-till.ts';

/**
 * A till that sells: `selling-child.ts DIRECTORY ACKNOWLEDGEMENTS SALES`.
 *
 * Writes the id of each sale that was answered with "done" to the second file, a line each. Three
 * sessions with a shift each, so that opening, closing and the log's checkpoint happen too.
 */
const SESSIONS = 3;
const [directory = '', acknowledgements = '', sales = '0'] = process.argv.slice(2);
const told = openSync(acknowledgements, 'w');
let till = await aTill({ directory });
till.member();
for (let session = 0; session < SESSIONS; session += 1) {
  if (session > 0) {
    await till.close();
    till = await till.restart();
  }
  for (let count = 0; count < Number(sales) / SESSIONS; count += 1) {
    if (count % 3 === 0) await till.scanCard();
    await till.call['basket.add-amount']({ amountMinor: 1000 + count, quantityMilli: 1000 });
    const { saleId } = till.state().basket;
    const settled = await till.call['sale.settle']({ saleId, tender: 'cash' });
    if (settled.outcome !== 'done') throw new Error(JSON.stringify(settled));
    writeSync(told, `${saleId}\n`);
    if (count % 10 === 9) till.database.checkpoint();
    await till.time.advance(2000);
  }
  await till.call['shift.close']({ countedMinor: null });
}
await till.close();
