import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openTillDatabase, type OpenOptions } from '#sqlite/open.ts';
import type { TillDatabase } from '#till/database.ts';
import { appendTestEntry } from './entries.ts';

/** Fills a small disk with entries until the till refuses, and reports what is there. */

const BALLAST_BYTES = 256 * 1024;
const directory = process.argv[2] ?? '';
const options: OpenOptions = {
  directory,
  migrationsDirectory: new URL('../../../migrations/till/', import.meta.url).pathname,
  identity: { tenant: 'tenant1', store: 'store1', till: 'till1', inc: 1 },
  ballastBytes: BALLAST_BYTES,
};

function opened(): TillDatabase {
  const outcome = openTillDatabase(options);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

const photos = join(dirname(directory), 'photos');
writeFileSync(photos, Buffer.alloc(1024 * 1024, 1));
const database = opened();
const laid = existsSync(join(directory, 'ballast.bin'));
let acknowledged = 0;
let problem: string | null = null;
while (problem === null && acknowledged < 100_000) {
  const written = database.write((writes) => {
    appendTestEntry(writes);
    // A draft makes each sale weigh what one weighs.
    writes.saveDraft(JSON.stringify({ filler: 'x'.repeat(500), count: acknowledged }));
  });
  if (written.ok) acknowledged += 1;
  else problem = written.error.code;
}
const stored = database.read.head().seq;
const ballastUsed = laid && database.diskNearlyFull();
database.close();
// Still full, a new process says so instead of breaking something; with room it goes on.
const stillFull = openTillDatabase({ ...options, ballastBytes: 0 });
if (stillFull.ok) stillFull.value.close();
rmSync(photos);
const again = opened();
const reopened = again.read.head().seq;
const more = again.write((writes) => appendTestEntry(writes)).ok;
again.close();
process.stdout.write(
  JSON.stringify({
    acknowledged,
    stored,
    problem,
    ballastUsed,
    whileFull: stillFull.ok ? 'opened' : stillFull.error.code,
    reopened,
    more,
  }),
);
