import { openSync, writeSync } from 'node:fs';
import { openTillDatabase } from '#sqlite/open.ts';
import { appendTestEntries } from '#test/sqlite/support/entries.ts';
import { IDENTITY, MIGRATIONS } from '#test/till/support/a-till.ts';

/**
 * A till whose program is updated: `updating-child.ts DIRECTORY ACKNOWLEDGEMENTS MIGRATIONS ENTRIES`.
 *
 * Its database is made with those migrations, gets entries, and is opened by the program as it is now;
 * then a line is written to the second file.
 */
const [directory = '', acknowledgements = '', before = '', entries = '0'] = process.argv.slice(2);
for (const migrationsDirectory of [before, MIGRATIONS]) {
  const opened = openTillDatabase({
    directory,
    migrationsDirectory,
    identity: IDENTITY,
    ballastBytes: 0,
  });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  if (migrationsDirectory === before) appendTestEntries(opened.value, Number(entries));
  else writeSync(openSync(acknowledgements, 'w'), 'updated\n');
  opened.value.close();
}
