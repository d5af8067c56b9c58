import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { assert } from '#loyalty/result.ts';
import { chainHash } from '#sqlite/chain-hash.ts';
import { databaseFiles } from '#sqlite/open.ts';
import { uuid7 } from '#test/till/support/a-till.ts';
import { median, type Bench } from './figures.ts';
import { timedTill } from './sales.ts';

const SIZES = [1_000, 100_000, 1_000_000];
const SALES = 300;
/** Sales that warm caches and compiler before the first sample. */
const WARM_UP = 300;
const GROWTH_MAX = 1.3;

/** What one sale costs the till as its database grows: medians, largest against smallest. */
export const growth: Bench = {
  name: 'growth',
  async run() {
    const directory = mkdtempSync(join(tmpdir(), 'regulars-bench-growth-'));
    try {
      const tillDirectory = join(directory, 'till');
      const path = join(tillDirectory, databaseFiles.database);
      const costs: { entries: number; wholeMs: number }[] = [];
      await measure(tillDirectory);
      for (const entries of SIZES) {
        fill(path, join(tillDirectory, databaseFiles.anchor), entries);
        costs.push({ entries, wholeMs: await measure(tillDirectory) });
      }
      const values = costs.map(({ wholeMs }) => wholeMs);
      return [
        ...costs.map(({ entries, wholeMs }) => ({
          name: `whole sale at ${entries.toLocaleString('en')} entries, median`,
          value: wholeMs,
          unit: 'ms',
          limit: null,
        })),
        {
          name: 'cost per sale, largest over smallest',
          value: Math.max(...values) / Math.min(...values),
          unit: '×',
          limit: { kind: 'at-most' as const, value: GROWTH_MAX },
        },
      ];
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

async function measure(directory: string): Promise<number> {
  const timed = await timedTill(directory);
  const samples: number[] = [];
  for (let count = 0; count < WARM_UP + SALES; count += 1) {
    const { wholeMs } = await timed.sell();
    if (count >= WARM_UP) samples.push(wholeMs);
  }
  await timed.till.close();
  return median(samples);
}

interface JournalCells {
  readonly tx: string;
  readonly kind: string;
  readonly day: string;
  readonly text: string;
}

/** Repeats the journal's real sales, chained, with their rows, until there are `entries` of them. */
function fill(path: string, anchorPath: string, entries: number): void {
  const db = new Database(path);
  db.pragma('synchronous = OFF');
  const template = saleTemplate(db);
  const statements = {
    journal: db.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)'),
    sale: db.prepare(`INSERT INTO sale VALUES (?, ?, ?, ?, 'sale', ?, ?, NULL, ?)`),
    job: db.prepare(
      `INSERT INTO print_job VALUES (?, ?, 0, 'sale', ?, 'confirmed', NULL, '', 1, 1)`,
    ),
  };
  const head = db
    .prepare<[], { seq: number; hash: string }>(
      'SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1',
    )
    .get();
  const last = db.prepare<[], { number: number }>('SELECT max(number) AS number FROM sale').get();
  assert(head !== undefined && last !== undefined, 'the journal has begun');
  let { seq, hash } = head;
  let { number } = last;
  const addSales = db.transaction((limit: number) => {
    while (seq < limit) {
      const tx = uuid7(1_700_000_000_000 + number);
      const first = seq + 1;
      for (const cells of template.entries) {
        seq += 1;
        const text = cells.text.replace(/"seq":\d+/, `"seq":${seq}`).replaceAll(cells.tx, tx);
        hash = chainHash(hash, text);
        statements.journal.run(seq, tx, cells.kind, cells.day, text, hash);
      }
      number += 1;
      statements.sale.run(first, seq, number, tx, randomBytes(8).toString('hex'), hash, 10);
      statements.job.run(`job-${number}`, tx, template.document);
    }
  });
  while (seq < entries) addSales(Math.min(entries, seq + 50_000));
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  rmSync(anchorPath, { force: true });
}

function saleTemplate(db: Database.Database): {
  entries: readonly JournalCells[];
  document: string;
} {
  const sale = db
    .prepare<[], { tx: string }>('SELECT tx FROM sale ORDER BY seq DESC LIMIT 1')
    .get();
  assert(sale !== undefined, 'a sale was settled before');
  const entries = db
    .prepare<[string], JournalCells>(
      'SELECT tx, kind, day, text FROM journal WHERE tx = ? ORDER BY seq',
    )
    .all(sale.tx)
    .filter(({ kind }) => kind === 'sale' || kind === 'earn');
  const job = db
    .prepare<[string], { document: string }>('SELECT document FROM print_job WHERE sale = ?')
    .get(sale.tx);
  assert(job !== undefined, 'a sale has a print job');
  return { entries, document: job.document };
}
