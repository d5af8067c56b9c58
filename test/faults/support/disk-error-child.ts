import { createHash } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LogUncertain, openCommandLog } from '#server/commands/command-log.ts';
import { aTill } from '#test/till/support/a-till.ts';

/**
 * A till that sells and a server's command log, on a disk that may fail: `disk-error-child.ts
 * DIRECTORY RECORD COUNT`.
 *
 * The record, which is written by calls that do not fail, has a line per sale that was answered with
 * "done", per command that was taken, and per refusal. Ends with 75 where only a new process goes on.
 */
const START_AGAIN = 75;
const [directory = '', record = '', count = '0'] = process.argv.slice(2);
const told = openSync(record, 'a');
const note = (line: string): void => void writeSync(told, `${line}\n`);

try {
  await sell();
  keepCommands();
} catch (error) {
  note(`ended ${error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error)}`);
  process.exit(START_AGAIN);
}

async function sell(): Promise<void> {
  const till = await aTill({ directory: join(directory, 'till'), start: false });
  for (let sale = 0; sale < Number(count); sale += 1) {
    await till.call['basket.add-amount']({ amountMinor: 1000 + sale, quantityMilli: 1000 });
    const { saleId } = till.state().basket;
    const settled = await till.call['sale.settle']({ saleId, tender: 'cash' });
    note(settled.outcome === 'done' ? `sale ${saleId}` : `refused ${JSON.stringify(settled)}`);
    if (sale % 10 === 9) till.database.checkpoint();
    await till.time.advance(2000);
  }
  await till.close();
}

function keepCommands(): void {
  const log = openCommandLog(join(directory, 'commands.db'));
  for (let command = 0; command < Number(count); command += 1) {
    const number = log.lastNumber + 1;
    const text = createHash('sha256').update(`${process.pid} ${number}`).digest('hex').repeat(50);
    try {
      log.append({ number, text });
      note(`command ${number} ${text.slice(0, 64)}`);
    } catch (error) {
      note(`refused ${String(error)}`);
      if (error instanceof LogUncertain) throw error;
    }
  }
  log.close();
}
