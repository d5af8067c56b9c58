import { createPostgresDatabase, startPostgres } from '#test/server/support/databases.ts';
import { assert } from '#loyalty/result.ts';
import { PUSH_ENTRIES_MAX } from '#contract/sync.ts';
import { GROUP_ENTRIES_MAX } from '#server/commands/push-queue.ts';
import type { Database, WritableDb } from '#server/database/database.ts';
import { median, type Bench, type Figure } from './figures.ts';
import {
  addTills,
  forgetSent,
  openJournal,
  openPostingShop,
  post,
  PUSH_TRANSACTIONS,
  pushesFrom,
  writeSales,
  type PostingShop,
} from './posting-shop.ts';

const MEMBERS = Array.from({ length: 200 }, (_, index) => `member-${index}`);
const TRANSACTIONS = 10_000;
const ROUNDS = 7;
/** Rounds that are not counted: compiling takes more than one. */
const WARM_ROUNDS = 3;

/**
 * What posting costs beside the rows it writes: the same rows into the same tables, bare.
 *
 * Bare means one `insert … select … from unnest` per table and group of pushes, as large as those that
 * are posted together, in one transaction each; it reads nothing and decides nothing. Posting is
 * everything behind the signature: the body as a till packed it, shape and chain of each entry, its
 * place in the journal, the plan, the rows and what they change.
 */
export const posting: Bench = {
  name: 'posting',
  async run() {
    const postgres = await startPostgres();
    const figures = await compare('PGlite', async () => openPostingShop(null));
    if (postgres === null) return figures;
    try {
      const open = async (): Promise<PostingShop> =>
        openPostingShop(await createPostgresDatabase(postgres.url));
      return [...figures, ...(await compare('PostgreSQL', open))];
    } finally {
      await postgres.stop();
    }
  },
};

async function compare(name: string, open: () => Promise<PostingShop>): Promise<Figure[]> {
  const [shop, bare] = [await open(), await open()];
  try {
    const [till] = await addTills(shop, 1);
    assert(till !== undefined, 'there is a till');
    let journal = openJournal(till, MEMBERS);
    await post(shop, pushesFrom(journal));
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < WARM_ROUNDS + ROUNDS; round += 1) {
      const before = await marks(shop.database);
      journal = forgetSent(journal);
      writeSales(journal, MEMBERS, TRANSACTIONS);
      const pushes = pushesFrom(journal);
      const startMs = performance.now();
      await post(shop, pushes);
      const tookMs = performance.now() - startMs;
      const bareMs = await writeBare(bare.database, await rowsAfter(shop.database, before));
      if (round < WARM_ROUNDS) continue;
      ours.push(tookMs);
      theirs.push(bareMs);
    }
    const perSecond = (samples: readonly number[]): number =>
      (TRANSACTIONS * 1000) / median(samples);
    return [
      { name: `posting on ${name}`, value: perSecond(ours), unit: 'tx/s', limit: null },
      { name: `the same rows bare, ${name}`, value: perSecond(theirs), unit: 'tx/s', limit: null },
      {
        name: `posting, ratio to bare inserts, ${name}`,
        value: median(ours.map((ms, index) => (theirs[index] ?? 0) / ms)),
        unit: '×',
        limit: { kind: 'at-least', value: 0.6 },
      },
    ];
  } finally {
    await shop.close();
    await bare.close();
  }
}

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** The columns of a table, with the types `unnest` needs. */
interface Table {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Row[];
  /** Key of a table whose rows posting changes; null where it only adds. */
  readonly key: string | null;
}

/** Tables that grow by a push, and how many rows they get. */
const ADDED = ['archive', 'sale', 'ledger'];
/** Tables whose rows of the members concerned it changes. */
const CHANGED: Readonly<Record<string, string>> = {
  account: 'tenant, owner, programme',
  member_fact: 'tenant, owner',
  tier_measure: 'tenant, owner, programme, since',
  feed: 'tenant, kind, subject',
};

async function marks(database: Database): Promise<number> {
  const rows = await database.query<{ seq: number }>(
    `select ack_seq as seq from terminal where till = 'till_1'`,
  );
  return rows[0]?.seq ?? 0;
}

/** What posting wrote since, as rows that can be written again. */
async function rowsAfter(database: Database, seq: number): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const name of [...ADDED, ...Object.keys(CHANGED)]) {
    const columns = await database.query<{ name: string; type: string }>(
      `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
      [name],
    );
    const place = name === 'archive' ? 'first_seq' : 'seq';
    const texts = columns.map((column) => `${column.name}::text as ${column.name}`).join(', ');
    const rows = ADDED.includes(name)
      ? await database.query<Row>(
          `select ${texts} from ${name} where till = 'till_1' and ${place} > $1 order by ${place}`,
          [seq],
        )
      : await database.query<Row>(`select ${texts} from ${name}`);
    tables.push({ name, columns, rows, key: CHANGED[name] ?? null });
  }
  return tables;
}

async function writeBare(database: Database, tables: readonly Table[]): Promise<number> {
  const groups = Math.ceil(
    TRANSACTIONS / PUSH_TRANSACTIONS / (GROUP_ENTRIES_MAX / PUSH_ENTRIES_MAX),
  );
  const startMs = performance.now();
  for (let group = 0; group < groups; group += 1) {
    await database.transaction(async (db) => {
      for (const table of tables) await writeTable(db, table, group, groups);
    });
  }
  return performance.now() - startMs;
}

/** One group's share of the rows; all of them where posting changes them with each group. */
async function writeTable(
  db: WritableDb,
  { name, columns, rows, key }: Table,
  group: number,
  groups: number,
): Promise<void> {
  const share = Math.ceil(rows.length / groups);
  const mine = key === null ? rows.slice(group * share, (group + 1) * share) : rows;
  const names = columns.map((column) => column.name).join(', ');
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
  const onConflict =
    key === null
      ? ''
      : `on conflict (${key}) do update set ${columns
          .map((column) => `${column.name} = excluded.${column.name}`)
          .join(', ')}`;
  await db.execute(
    `insert into ${name} (${names}) select * from unnest(${arrays}) ${onConflict}`,
    columns.map((column) => mine.map((row) => row[column.name] ?? null)),
  );
}
