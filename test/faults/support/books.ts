import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createLog } from '#node/log.ts';
import type { Database as ServerDatabase } from '#server/database/database.ts';
import { openEmbedded } from '#server/database/embedded.ts';
import { databaseFiles } from '#sqlite/open.ts';
import type { Verdict } from '#test/faults/fault.ts';

/** What a till's own file says after it was closed. */
export interface TillBooks {
  readonly till: string;
  readonly headSeq: number;
  readonly headHash: string;
  /** Transaction and total of each sale entry, in the journal's order. */
  readonly sales: readonly { readonly tx: string; readonly totalMinor: number }[];
  readonly earned: readonly { readonly source: string; readonly points: number }[];
  readonly balances: readonly {
    readonly member: string;
    readonly programme: string;
    readonly posted: number;
  }[];
  /** Print jobs by state. */
  readonly jobs: Readonly<Record<string, number>>;
}

/** Reads a till's file; `directory` is the database's own folder. */
export function readTillBooks(directory: string): TillBooks {
  const db = new Database(join(directory, databaseFiles.database), { readonly: true });
  try {
    const all = <Row>(sql: string): Row[] => db.prepare<[], Row>(sql).all();
    const head = all<{ seq: number; hash: string }>(
      'SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1',
    )[0];
    const jobs = all<{ state: string; jobs: number }>(
      'SELECT state, count(*) AS jobs FROM print_job GROUP BY state',
    );
    return {
      till: all<{ till: string }>('SELECT till FROM identity')[0]?.till ?? '',
      headSeq: head?.seq ?? 0,
      headHash: head?.hash ?? '0'.repeat(64),
      sales: all(
        "SELECT tx, json_extract(text, '$.body.totalMinor') AS totalMinor FROM journal WHERE kind = 'sale' ORDER BY seq",
      ),
      earned: all(
        "SELECT json_extract(text, '$.body.source') AS source, json_extract(text, '$.body.points') AS points FROM journal WHERE kind = 'earn' ORDER BY 1",
      ),
      // A member that was merged is a signpost: nobody is shown its balance any more.
      balances: all(
        `SELECT member, programme, posted FROM balance
         WHERE member NOT IN (SELECT member FROM member WHERE status = 'merged') ORDER BY 1, 2`,
      ),
      jobs: Object.fromEntries(jobs.map((row) => [row.state, row.jobs])),
    };
  } finally {
    db.close();
  }
}

/** Checks that what was acknowledged is in the till's journal, each once. */
export function expectKept(
  verdict: Verdict,
  acknowledged: readonly string[],
  { sales }: TillBooks,
): void {
  const times = new Map<string, number>();
  for (const { tx } of sales) times.set(tx, (times.get(tx) ?? 0) + 1);
  for (const tx of acknowledged) {
    verdict.expect(
      times.get(tx) === 1,
      `sale ${tx} was acknowledged and is in the journal ${times.get(tx) ?? 0} times`,
    );
  }
}

/** Checks that the server has this till's journal, each fact once, and that its balances are its ledger. */
export async function expectPosted(
  verdict: Verdict,
  books: TillBooks,
  database: ServerDatabase,
): Promise<void> {
  const { till } = books;
  const [head] = await database.query<{ seq: number; hash: string }>(
    'select ack_seq as seq, ack_hash as hash from terminal where till = $1',
    [till],
  );
  verdict.expect(
    head?.seq === books.headSeq && head.hash === books.headHash,
    `the server ends at entry ${head?.seq}, the till at ${books.headSeq}`,
  );
  const sales = await database.query<{ tx: string; totalMinor: number }>(
    'select tx::text as tx, total_minor as "totalMinor" from sale where till = $1 order by seq',
    [till],
  );
  verdict.expect(
    JSON.stringify(sales) === JSON.stringify(books.sales),
    `the server has ${sales.length} sales, the till ${books.sales.length}, or they differ`,
  );
  const earned = await database.query<{ source: string; points: number }>(
    `select source, points from ledger where till = $1 and type = 'earn' order by source`,
    [till],
  );
  verdict.expect(
    JSON.stringify(earned) === JSON.stringify(books.earned),
    `the server has ${earned.length} earnings, the till ${books.earned.length}, or they differ`,
  );
  await expectFolded(verdict, database);
  const accounts = await database.query<{ owner: string; programme: string; posted: number }>(
    'select owner, programme, posted from account',
  );
  for (const { member, programme, posted } of books.balances) {
    const account = accounts.find((row) => row.owner === member && row.programme === programme);
    verdict.expect(
      account?.posted === posted,
      `${member} has ${posted} points at the till and ${account?.posted} at the server`,
    );
  }
}

/** Checks that every balance is the sum of its ledger, and that none is below zero. */
export async function expectFolded(verdict: Verdict, database: ServerDatabase): Promise<void> {
  const rows = await database.query<{ owner: string; cached: number; folded: number }>(
    `select a.owner, a.posted as cached, coalesce(sum(l.points), 0)::bigint as folded
     from account a
     left join member m on m.tenant = a.tenant and m.owner = a.owner
     left join ledger l on l.tenant = m.tenant and l.member = m.member
       and l.programme = a.programme and l.counted
     group by a.tenant, a.owner, a.programme, a.posted`,
  );
  for (const { owner, cached, folded } of rows) {
    verdict.expect(cached === folded, `${owner}: balance ${cached}, ledger ${folded}`);
    verdict.expect(cached >= 0, `${owner} has a balance below zero: ${cached}`);
  }
}

/** Opens a stopped server's own data for looking. */
export async function withServerBooks<Value>(
  directory: string,
  work: (database: ServerDatabase) => Promise<Value>,
): Promise<Value> {
  const opened = await openEmbedded(
    directory,
    createLog({ write: () => undefined, nowMs: () => Date.now() }),
  );
  try {
    return await work(opened.database);
  } finally {
    await opened.close();
  }
}
