import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { assert } from '#loyalty/result.ts';
import { databaseFiles, openTillDatabase, type OpenOptions } from '#sqlite/open.ts';
import { aRecord } from '#test/till/support/a-till.ts';
import { median, percentile, type Bench } from './figures.ts';
import { cardHash, fillMembers, MANY_MEMBERS } from './many-members.ts';

const LOOKUPS = 20_000;
const LIMIT_MS = 1;

/** A member found by card among a million: the till's own read against the bare prepared statement. */
export const lookup: Bench = {
  name: 'member lookup',
  run() {
    const directory = mkdtempSync(join(tmpdir(), 'regulars-bench-lookup-'));
    try {
      const options = optionsFor(join(directory, 'till'));
      makeWithOne(options);
      fillMembers(join(options.directory, databaseFiles.database));
      const ours = measureOurs(options);
      const bare = measureBare(join(options.directory, databaseFiles.database));
      return Promise.resolve([
        {
          name: `lookup by card among ${MANY_MEMBERS.toLocaleString('en')} members, p99`,
          value: percentile(ours, 0.99),
          unit: 'ms',
          limit: { kind: 'at-most', value: LIMIT_MS },
        },
        {
          name: 'lookup by card, median',
          value: median(ours) * 1000,
          unit: 'µs',
          limit: null,
        },
        {
          name: 'lookup by card, ratio of medians to the bare statement',
          value: median(ours) / median(bare),
          unit: '×',
          limit: null,
        },
      ]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

/** Options for a database of nobody's shop. */
export function optionsFor(directory: string): OpenOptions {
  return {
    directory,
    migrationsDirectory: join(import.meta.dirname, '..', '..', 'migrations', 'till'),
    identity: { tenant: 'bench', store: 'bench', till: 'bench', inc: 1 },
    ballastBytes: 0,
  };
}

/** A database with one member, written as the till writes it. */
function makeWithOne(options: OpenOptions): void {
  const opened = openTillDatabase(options);
  assert(opened.ok, 'a new database opens');
  const saved = opened.value.write((writes) => writes.saveMember(aRecord()));
  assert(saved.ok, 'the member is saved');
  opened.value.close();
}

/** Spread over the whole range without repeating; 7,919 is prime to the count. */
function wanted(): readonly string[] {
  return Array.from({ length: LOOKUPS }, (_, index) => cardHash((index * 7919) % MANY_MEMBERS));
}

function measureOurs(options: OpenOptions): readonly number[] {
  const opened = openTillDatabase(options);
  assert(opened.ok, 'the filled database opens');
  const database = opened.value;
  const samples = wanted().map((hash) => {
    const startMs = performance.now();
    const found = database.read.memberByIdentifier(hash);
    const tookMs = performance.now() - startMs;
    assert(found !== null, 'every card asked for is there');
    return tookMs;
  });
  database.close();
  return samples;
}

function measureBare(path: string): readonly number[] {
  const db = new Database(path, { readonly: true });
  const find = db.prepare(
    `SELECT * FROM identifier JOIN member USING (member) LEFT JOIN balance USING (member) WHERE hash = ?`,
  );
  const samples = wanted().map((hash) => {
    const startMs = performance.now();
    find.get(hash);
    return performance.now() - startMs;
  });
  db.close();
  return samples;
}
