import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextEvent } from 'node:timers/promises';
import { PUSH_ENTRIES_MAX } from '#contract/sync.ts';
import { assert } from '#loyalty/result.ts';
import { encodePacked } from '#node/packed-texts.ts';
import { openCommandLog } from '#server/commands/command-log.ts';
import { createExecutor, type Executor } from '#server/commands/executor.ts';
import type { PushInput } from '#server/commands/receive-push.ts';
import type { Database } from '#server/database/database.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPglite } from '#server/database/pglite.ts';
import { openPostgres } from '#server/database/postgres.ts';
import { DEMO_STORE, DEMO_TENANT, seedDemo } from '#server/demo/demo.ts';
import { readPush } from '#server/http/read-body.ts';
import {
  body,
  createTestTill,
  NOON_MS,
  txOf,
  type TestTill,
} from '#test/journal/support/test-till.ts';

/** Transactions of one push: a sale and its earning each. */
export const PUSH_TRANSACTIONS = PUSH_ENTRIES_MAX / 2;

/** Pushes under way at a time, as a till that catches up has them. */
const UNDER_WAY = 20;

/** The server without its HTTP: a database with the demo shop, and what posts into it. */
export interface PostingShop {
  readonly database: Database;
  readonly executor: Executor;
  close(): Promise<void>;
}

/** Opens one on PostgreSQL by its URL, or on PGlite with a command log where that is null. */
export async function openPostingShop(databaseUrl: string | null): Promise<PostingShop> {
  const directory = mkdtempSync(join(tmpdir(), 'regulars-bench-posting-'));
  const log = databaseUrl === null ? openCommandLog(join(directory, 'commands.db')) : null;
  const database =
    databaseUrl === null
      ? await openPglite(join(directory, 'database'))
      : openPostgres(databaseUrl, () => undefined);
  await migrate(database);
  const executor = createExecutor({
    database,
    log,
    onBroken: (error) => {
      throw error;
    },
  });
  await seedDemo({ database, executor, nowMs: NOON_MS, identifierKey: '5a'.repeat(32) });
  return {
    database,
    executor,
    async close() {
      await database.close();
      log?.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Tills of one store at most; many tills are many stores. */
const STORE_TILLS = 100;

/** A till, and the store it stands in. */
export interface PlacedTill {
  readonly till: string;
  readonly store: string;
}

/** Lets so many tills in, all at once: a thousand pairings show nothing about posting. */
export async function addTills(shop: PostingShop, count: number): Promise<readonly PlacedTill[]> {
  const tills = Array.from({ length: count }, (_, index) => ({
    till: `till_${index + 1}`,
    store: index < STORE_TILLS ? DEMO_STORE : `store_${Math.floor(index / STORE_TILLS)}`,
  }));
  await shop.database.query(
    `insert into store (tenant, store, version, config)
     select tenant, u, version, config from store, unnest($2::text[]) as u
     where tenant = $1 and store = $3 and u <> $3`,
    [DEMO_TENANT, [...new Set(tills.map(({ store }) => store))], DEMO_STORE],
  );
  await shop.database.query(
    `insert into terminal (tenant, till, store, name, public_key, ack_hash, epoch, enrolled_at_ms)
     select $1, u.till, u.store, u.till, 'none', repeat('0', 64), 1, 0
     from unnest($2::text[], $3::text[]) as u(till, store)`,
    [DEMO_TENANT, tills.map(({ till }) => till), tills.map(({ store }) => store)],
  );
  return tills;
}

/** Numbers that no sale of this process had. */
let sold = 0;

/** Journals a sale and its earning for each member, as often as it takes to have so many of them. */
export function writeSales(journal: TestTill, members: readonly string[], count: number): void {
  for (let index = 0; index < count; index += 1) {
    sold += 1;
    const tx = txOf(sold);
    const member = members[index % members.length] ?? '';
    journal.append(tx, body.sale(sold, member), body.earn(member, tx, 100));
  }
}

/** A till's journal, in which these members were enrolled. */
export function openJournal(place: PlacedTill, members: readonly string[]): TestTill {
  const journal = createTestTill({ till: place.till, store: place.store });
  sold += 1;
  if (members.length > 0)
    journal.append(txOf(sold), ...members.map((member) => body.enrol(member)));
  return journal;
}

/** Pushes as a till sends them: bytes of the wire, made before anything is timed. */
export interface SentPushes {
  readonly tenant: string;
  readonly store: string;
  readonly till: string;
  readonly bodies: readonly Uint8Array[];
}

/** The same journal without what was sent of it: a server keeps no till's entries in its memory. */
export function forgetSent({ till, head, entries }: TestTill): TestTill {
  return createTestTill({ till, store: entries[0]?.entry.store ?? DEMO_STORE, after: head });
}

/** What a till sends of its journal, from an entry on. */
export function pushesFrom(
  journal: TestTill,
  first = journal.entries[0]?.entry.seq ?? 1,
): SentPushes {
  const last = journal.head.seq;
  const store = journal.entries[0]?.entry.store ?? DEMO_STORE;
  const bodies: Uint8Array[] = [];
  for (let from = first; from <= last; from += PUSH_ENTRIES_MAX) {
    const { texts, ...head } = journal.batch(from, Math.min(last, from + PUSH_ENTRIES_MAX - 1));
    bodies.push(encodePacked({ ...head, headSignature: '' }, texts));
  }
  return { tenant: DEMO_TENANT, store, till: journal.till, bodies };
}

/** Posts what was sent: unpacked, chain and shape checked, several pushes under way. */
export async function post(
  shop: PostingShop,
  { bodies, ...till }: SentPushes,
  underWay = UNDER_WAY,
): Promise<void> {
  const going: Promise<void>[] = [];
  for (const bytes of bodies) {
    // Each comes as an event of its own, as from a socket: the database's answers get their turn.
    await nextEvent();
    const body = readPush(bytes);
    assert('value' in body, 'a body is read');
    const posted = shop.executor.push(till, body.value as PushInput, NOON_MS);
    going.push(
      posted.then(({ outcome }) =>
        assert(outcome === 'acknowledged', `a batch is taken: ${outcome}`),
      ),
    );
    if (going.length >= underWay) await going.shift();
  }
  await Promise.all(going);
}
