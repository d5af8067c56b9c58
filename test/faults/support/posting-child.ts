import { openSync, writeSync } from 'node:fs';
import { createLog } from '#node/log.ts';
import { openEmbedded } from '#server/database/embedded.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import { openShopServer } from '#test/server/support/shop-server.ts';

/**
 * A server with its embedded database that takes a till's entries:
 * `posting-child.ts DIRECTORY ACKNOWLEDGEMENTS BATCHES`.
 *
 * Writes each acknowledged `durableSeq`, and the hash there, to the second file, a line each.
 */
const [directory = '', acknowledgements = '', batches = '0'] = process.argv.slice(2);
const told = openSync(acknowledgements, 'w');
const log = createLog({ write: () => undefined, nowMs: () => Date.now() });
const opened = await openEmbedded(directory, log);
const server = await openShopServer(opened.database, { log: opened.log });
const till = await server.join('Front');
till.journal.append(txOf(1), body.enrol('anna'));
for (let count = 2; count <= Number(batches) + 1; count += 1) {
  const from = till.journal.entries.length + (count === 2 ? 0 : 1);
  till.journal.append(txOf(count), body.sale(count, 'anna'), body.earn('anna', txOf(count), count));
  const answer = await till.push(from);
  if (answer.outcome !== 'acknowledged') throw new Error(JSON.stringify(answer));
  writeSync(told, `${till.till} ${answer.durableSeq} ${answer.ackHash}\n`);
}
await server.app.close();
await opened.close();
