import { openTillDatabase } from '#sqlite/open.ts';
import { appendTestEntries } from '#test/sqlite/support/entries.ts';

/**
 * Opens a till's database and says what came of it: `opening-till-child.ts DIRECTORY`.
 *
 * Says `opened` or the refusal's code. One that opened writes an entry and keeps the directory until
 * it is killed, or its parent is gone.
 */
const opened = openTillDatabase({
  directory: process.argv[2] ?? '',
  migrationsDirectory: new URL('../../../migrations/till/', import.meta.url).pathname,
  identity: { tenant: 'tenant1', store: 'store1', till: 'till1', inc: 1 },
  ballastBytes: 0,
});
process.on('disconnect', () => {
  if (opened.ok) opened.value.close();
  process.exit(0);
});
if (opened.ok) appendTestEntries(opened.value, 1);
process.send?.(opened.ok ? 'opened' : opened.error.code);
if (!opened.ok) process.disconnect();
