import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { assert } from '#loyalty/result.ts';
import { connect } from '#sqlite/connection.ts';
import { databaseFiles } from '#sqlite/open.ts';
import { openDatabase } from '#test/till/support/a-till.ts';
import { median, percentile, type Bench } from './figures.ts';
import { timedTill } from './sales.ts';

const SALES = 2_000;
const WARM_UP = 300;
const RATIO_MIN = 0.7;

/** The settling transaction against bare better-sqlite3 writing the same rows with FULL, in turns. */
export const settle: Bench = {
  name: 'settle',
  async run() {
    const directory = mkdtempSync(join(tmpdir(), 'regulars-bench-settle-'));
    try {
      const ourDirectory = join(directory, 'till');
      const bareDirectory = join(directory, 'bare');
      const timed = await timedTill(ourDirectory);
      const bare = bareWriter(bareDirectory);
      const reader = new Database(join(ourDirectory, databaseFiles.database), { readonly: true });
      const ours: number[] = [];
      const theirs: number[] = [];
      const whole: number[] = [];
      let rows: SaleRows | null = null;
      for (let count = 0; count < WARM_UP + SALES; count += 1) {
        const sold = await timed.sell();
        // In turns, each after the till's other work for one sale, so that both meet the same caches.
        const bareMs: number | null = rows === null ? null : bare.write(rows);
        rows = rowsOf(reader, sold.saleId);
        if (count < WARM_UP || bareMs === null) continue;
        ours.push(sold.transactionMs);
        whole.push(sold.wholeMs);
        theirs.push(bareMs);
      }
      reader.close();
      bare.close();
      await timed.till.close();
      return [
        {
          name: 'settle, commits/s against bare better-sqlite3 with FULL',
          value: median(theirs) / median(ours),
          unit: '×',
          limit: { kind: 'at-least', value: RATIO_MIN },
        },
        { name: 'settle, transaction alone', value: 1000 / median(ours), unit: '/s', limit: null },
        { name: 'bare, same rows', value: 1000 / median(theirs), unit: '/s', limit: null },
        {
          name: 'whole sale in the core (scan, 2 lines, settle), p95',
          value: percentile(whole, 0.95),
          unit: 'ms',
          limit: null,
        },
      ];
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

type Row = Readonly<Record<string, string | number | null>>;

/** Everything one settled sale left in the till's tables. */
interface SaleRows {
  readonly journal: readonly Row[];
  readonly sale: Row;
  readonly job: Row;
  readonly movements: readonly Row[];
  readonly shift: Row;
  readonly draft: Row;
}

function rowsOf(reader: Database.Database, tx: string): SaleRows {
  const one = (sql: string, ...params: (string | number)[]): Row => {
    const row = reader.prepare<(string | number)[], Row>(sql).get(...params);
    assert(row !== undefined, `a settled sale has left a row: ${sql}`);
    return row;
  };
  const journal = reader
    .prepare<[string], Row>(
      'SELECT seq, tx, kind, day, text, hash FROM journal WHERE tx = ? ORDER BY seq',
    )
    .all(tx);
  const movements = journal
    .filter(({ kind }) => kind === 'earn')
    .map(({ seq }) => ({ seq: seq ?? 0, member: 'm-ayse', programme: 'points', points: 112 }));
  return {
    journal,
    movements,
    sale: one('SELECT * FROM sale WHERE tx = ?', tx),
    job: one('SELECT * FROM print_job WHERE sale = ?', tx),
    shift: one('SELECT * FROM shift ORDER BY number DESC LIMIT 1'),
    draft: one('SELECT json FROM draft'),
  };
}

interface BareWriter {
  /** Writes the rows in one transaction; returns how long it took, in milliseconds. */
  write(rows: SaleRows): number;
  close(): void;
}

/** The same tables, prepared statements, nothing else. */
function bareWriter(directory: string): BareWriter {
  openDatabase(directory).close();
  const path = join(directory, databaseFiles.database);
  connect(path).close();
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  assert(db.pragma('synchronous', { simple: true }) === 2, 'the peer is as durable as we are');
  const insert = (table: string, columns: number): Database.Statement =>
    db.prepare(
      `INSERT INTO ${table} VALUES (${Array.from({ length: columns }, () => '?').join(', ')})`,
    );
  const statements = {
    journal: insert('journal', 6),
    sale: insert('sale', 9),
    job: insert('print_job', 10),
    movement: insert('movement', 4),
    shift: db.prepare(
      'INSERT INTO shift VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET sales = excluded.sales',
    ),
    draft: db.prepare(
      'INSERT INTO draft VALUES (1, ?) ON CONFLICT DO UPDATE SET json = excluded.json',
    ),
  };
  let lastSeq = 0;
  const run = db.transaction((rows: SaleRows) => {
    for (const row of rows.journal)
      statements.journal.run(...Object.values({ ...row, seq: ++lastSeq }));
    statements.sale.run(...Object.values(rows.sale));
    statements.job.run(...Object.values(rows.job));
    for (const row of rows.movements) statements.movement.run(...Object.values(row));
    statements.shift.run(...Object.values(rows.shift));
    statements.draft.run(...Object.values(rows.draft));
  });
  return {
    write(rows) {
      const startMs = performance.now();
      run.immediate(rows);
      return performance.now() - startMs;
    },
    close: () => void db.close(),
  };
}
