import { createPostgresDatabase, startPostgres } from '#test/server/support/databases.ts';
import type { Database } from '#server/database/database.ts';
import type { TestTill } from '#test/journal/support/test-till.ts';
import { assert } from '#loyalty/result.ts';
import { median, type Bench, type Figure } from './figures.ts';
import {
  addTills,
  openJournal,
  openPostingShop,
  post,
  PUSH_TRANSACTIONS,
  pushesFrom,
  writeSales,
  type PostingShop,
} from './posting-shop.ts';

const MEMBERS = Array.from({ length: 200 }, (_, index) => `member-${index}`);
/** Transactions that are posted for real; the rest of a large ledger is these again, under other names. */
const REAL = 2_500;
const LEDGERS = { pglite: [10_000, 100_000], postgres: [10_000, 100_000, 1_000_000] } as const;
const TILLS = [1, 100, 10_000];
/** Tills that push in turn where there are so many. */
const TILLS_THAT_PUSH = 50;
const PUSHES = 18;
const WARM_UP = 6;
const GROWTH_MAX = 1.5;

type Kind = keyof typeof LEDGERS;

/**
 * What one transaction costs the server as its ledger grows, and as more tills are let in.
 *
 * The sizes stand beside each other and are pushed to in turn, so that a busy machine meets all of
 * them; medians, dearest against cheapest. The members who buy are as many at every size, spread over
 * all there are: what grows is what lies around them.
 */
export const postingGrowth: Bench = {
  name: 'posting-growth',
  async run() {
    const postgres = await startPostgres();
    try {
      const embedded = async (): Promise<PostingShop> => openPostingShop(null);
      const figures = [
        ...(await ledgers('pglite', embedded)),
        ...(await tills('pglite', embedded)),
      ];
      if (postgres === null) return figures;
      const central = async (): Promise<PostingShop> =>
        openPostingShop(await createPostgresDatabase(postgres.url));
      return [
        ...figures,
        ...(await ledgers('postgres', central)),
        ...(await tills('postgres', central)),
      ];
    } finally {
      await postgres?.stop();
    }
  },
};

async function ledgers(kind: Kind, open: () => Promise<PostingShop>): Promise<Figure[]> {
  const sizes = LEDGERS[kind];
  const grown: Grown[] = [];
  try {
    for (const entries of sizes) {
      const shop = await open();
      const [till] = await addTills(shop, 1);
      assert(till !== undefined, 'there is a till');
      const journal = openJournal(till, MEMBERS);
      writeSales(journal, MEMBERS, REAL);
      await post(shop, pushesFrom(journal));
      const copies = entries / REAL - 1;
      await repeat(shop.database, copies);
      const buyers = MEMBERS.map((member, index) => copyOf(member, index % (copies + 1)));
      grown.push({ shop, journals: [journal], buyers });
    }
    return figuresOf(kind, 'ledger entries', sizes, await costs(grown));
  } finally {
    for (const { shop } of grown) await shop.close();
  }
}

async function tills(kind: Kind, open: () => Promise<PostingShop>): Promise<Figure[]> {
  const grown: Grown[] = [];
  try {
    for (const count of TILLS) {
      const shop = await open();
      const all = await addTills(shop, count);
      await shop.database.query('vacuum (analyze)');
      const apart = Math.ceil(count / TILLS_THAT_PUSH);
      const journals = all
        .filter((_, index) => index % apart === 0)
        .map((till, index) => openJournal(till, index === 0 ? MEMBERS : []));
      const [first] = journals;
      if (first !== undefined) await post(shop, pushesFrom(first));
      grown.push({ shop, journals, buyers: MEMBERS });
    }
    return figuresOf(kind, 'enrolled tills', TILLS, await costs(grown));
  } finally {
    for (const { shop } of grown) await shop.close();
  }
}

/** A server of one size, who pushes to it, and who buys. */
interface Grown {
  readonly shop: PostingShop;
  readonly journals: readonly TestTill[];
  readonly buyers: readonly string[];
}

/**
 * Milliseconds per transaction of each, one push at a time, taking turns. Each round begins with the
 * next of them: a garbage collection that comes every so many pushes would else meet the same one.
 */
async function costs(all: readonly Grown[]): Promise<readonly number[]> {
  const samples = all.map((): number[] => []);
  for (let push = 0; push < WARM_UP + PUSHES; push += 1) {
    for (const turn of all.keys()) {
      const index = (push + turn) % all.length;
      const size = all[index];
      const journal = size?.journals[push % size.journals.length];
      if (size === undefined || journal === undefined) continue;
      const { shop, buyers } = size;
      const from = journal.head.seq + 1;
      writeSales(journal, buyers, PUSH_TRANSACTIONS);
      const pushes = pushesFrom(journal, from);
      const startMs = performance.now();
      await post(shop, pushes, 1);
      if (push >= WARM_UP) samples[index]?.push(performance.now() - startMs);
    }
  }
  return samples.map((own) => median(own) / PUSH_TRANSACTIONS);
}

function figuresOf(
  kind: Kind,
  what: string,
  sizes: readonly number[],
  cost: readonly number[],
): Figure[] {
  const name = kind === 'pglite' ? 'PGlite' : 'PostgreSQL';
  return [
    ...sizes.map((size, index) => ({
      name: `${name}, a transaction at ${size.toLocaleString('en')} ${what}`,
      value: (cost[index] ?? Number.NaN) * 1000,
      unit: 'µs',
      limit: null,
    })),
    {
      name: `${name}, dearest to cheapest by ${what}`,
      value: Math.max(...cost) / Math.min(...cost),
      unit: '×',
      limit: { kind: 'at-most', value: GROWTH_MAX },
    },
  ];
}

function copyOf(member: string, copy: number): string {
  return copy === 0 ? member : `${member}-${copy}`;
}

/** A transaction's number moved on by so many copies: still a UUID, still in the order of time. */
const TX = (column: string): string =>
  `(left(${column}::text, 24) || lpad(to_hex(('x' || right(${column}::text, 12))::bit(48)::bigint
     + k::bigint * 16777216), 12, '0'))`;
const NAMED = (column: string): string => `${column} || '-' || k`;

/** What is another in each copy of a row. */
const COPIED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  member: { member: NAMED('member'), owner: NAMED('owner') },
  account: { owner: NAMED('owner') },
  member_fact: { owner: NAMED('owner') },
  tier_measure: { owner: NAMED('owner') },
  held_tier: { owner: NAMED('owner') },
  feed: { subject: NAMED('subject') },
  sale: {
    tx: `${TX('tx')}::uuid`,
    member: NAMED('member'),
    receipt: `lpad(upper(to_hex(k::bigint * 1048576 + seq)), 9, '0')`,
  },
  ledger: { source: TX('source'), member: NAMED('member') },
  archive: { till: NAMED('till') },
};

/** The rows that are repeated, where not all are: those of members and of tills' sales. */
const REPEATED: Readonly<Record<string, string>> = {
  feed: `where kind = 'member'`,
  ledger: `where till <> '0'`,
};

/** Repeats everything that was posted so many times over. */
async function repeat(database: Database, copies: number): Promise<void> {
  for (const [table, changed] of Object.entries(COPIED)) {
    const columns = await database.query<{ name: string }>(
      `select attname as name from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
      [table],
    );
    const names = columns.map(({ name }) => name);
    const values = names.map((name) => changed[name] ?? name).join(', ');
    await database.query(
      `insert into ${table} (${names.join(', ')})
       select ${values} from (select * from ${table} ${REPEATED[table] ?? ''}) t, generate_series(1, ${copies}) k`,
    );
  }
  await database.query('vacuum (analyze)');
}
