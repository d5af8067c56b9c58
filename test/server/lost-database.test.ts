import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { signHeadHash } from '#node/ed25519.ts';
import { createLog } from '#node/log.ts';
import { DEMO_STORE, DEMO_TENANT } from '#server/demo/demo.ts';
import { DatabaseUnreachable, type Database } from '#server/database/database.ts';
import { LogUncertain } from '#server/commands/command-log.ts';
import { createExecutor } from '#server/commands/executor.ts';
import { openEmbedded, type EmbeddedDatabase } from '#server/database/embedded.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPostgres } from '#server/database/postgres.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import {
  createPostgresDatabase,
  describeOnBoth,
  needsPostgres,
  startPostgres,
} from './support/databases.ts';
import { END_AT_COMMIT, END_HERE } from './support/ending-pglite-thread.ts';
import { meddled, type MeddledDatabase } from './support/meddling.ts';
import { openShopServer, type WireTill } from './support/shop-server.ts';

/** A server on a database that can be meddled with, and a till that has sold once. */
async function openShop(on: Database, log: EmbeddedDatabase['log'] | null = null) {
  const database = meddled(on);
  const server = await openShopServer(database, { log });
  const till = await server.join();
  till.journal.append(txOf(1), body.enrol('anna'));
  await till.push();
  sell(till, 2);
  await till.push();
  return { database, server, till };
}

function sell({ journal }: WireTill, number: number): void {
  journal.append(txOf(number), body.sale(number, 'anna'), body.earn('anna', txOf(number), 1));
}

async function postedTo(database: Database): Promise<number | undefined> {
  const accounts = await database.query<{ posted: number }>(
    `select posted from account where owner = 'anna'`,
  );
  return accounts[0]?.posted;
}

async function statusOf({ journal, privateKey, send }: WireTill, from: number): Promise<number> {
  const { texts, ...head } = journal.batch(from, journal.head.seq);
  const headSignature = signHeadHash(head.headHash, privateKey);
  const text = JSON.stringify({ ...head, entries: texts, headSignature });
  return (await send('push', text)).status;
}

/** Meddles with a push before each of its statements: it fails, and the same push again is posted. */
async function meddleEverywhere(
  { database, till }: { readonly database: MeddledDatabase; readonly till: WireTill },
  text: string,
): Promise<void> {
  for (let before = 1; ; before += 1) {
    const from = till.journal.head.seq + 1;
    sell(till, 2 + before);
    database.meddle(text, before);
    const first = await till.push(from).then(
      ({ outcome }) => outcome,
      () => 'failed',
    );
    const reached = before <= database.statements;
    expect(first, `before statement ${before}`).toBe(reached ? 'failed' : 'acknowledged');
    expect(await till.push(from)).toMatchObject({ outcome: 'acknowledged', ackSeq: from + 1 });
    expect(await postedTo(database)).toBe(1 + before);
    if (!reached) return expect(before).toBeGreaterThan(15);
  }
}

await describeOnBoth('a push one of whose statements fails', (open) => {
  test('fails whole, whichever it is, and is posted when it comes again', async () => {
    const shop = await openShop(await open());
    await meddleEverywhere(shop, 'select 1 / 0');
    await shop.server.app.close();
  });
});

const postgres = await startPostgres();

describe('a push whose connection is lost', needsPostgres(postgres), () => {
  const database = async (): Promise<Database> => {
    const url = await createPostgresDatabase(postgres?.url ?? '');
    const opened = openPostgres(url, () => undefined);
    await migrate(opened);
    return opened;
  };
  afterAll(() => postgres?.stop());

  test('fails, wherever it is lost, and is posted when it comes again', async () => {
    const shop = await openShop(await database());
    await meddleEverywhere(shop, 'select pg_terminate_backend(pg_backend_pid())');
    await shop.server.app.close();
    await shop.database.close();
  });
});

const leaving = await startPostgres();

describe('pushes while the database is gone', needsPostgres(leaving), () => {
  test('are all told to come again', async () => {
    const url = await createPostgresDatabase(leaving?.url ?? '');
    const database = openPostgres(url, () => undefined);
    await migrate(database);
    const { server, till } = await openShop(database);
    const others = [await server.join(), await server.join()];
    for (const other of others) {
      other.journal.append(txOf(50), body.enrol('anna'));
      await other.push();
      sell(other, 60 + others.indexOf(other));
    }
    sell(till, 70);
    await leaving?.stop();
    const statuses = await Promise.all(
      [till, ...others].map((one) => statusOf(one, one.journal.head.seq - 1)),
    );
    expect(statuses).toEqual([503, 503, 503]);
    await expect(database.query('select 1')).rejects.toBeInstanceOf(DatabaseUnreachable);
    await server.app.close();
    await database.close();
  });
});

const THREAD = new URL('./support/ending-pglite-thread.ts', import.meta.url);

describe('an embedded database that ends by itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-lost-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const log = createLog({ write: () => undefined, nowMs: () => 0 });

  /** A push during which the thread ends; then the same directory again. */
  async function endDuringPush(name: string, text: string) {
    const directory = join(folder, name);
    const lost: Error[] = [];
    const onLost = (error: Error): void => void lost.push(error);
    const opened = await openEmbedded(directory, log, { onLost, thread: THREAD });
    const { database, server, till } = await openShop(opened.database, opened.log);
    const from = till.journal.head.seq + 1;
    sell(till, 3);
    database.meddle(text, Math.floor(database.statements / 2));
    const status = await statusOf(till, from);
    await server.app.close();
    await expect(opened.close()).rejects.toThrow('ended');
    expect(lost).toHaveLength(1);
    const again = await openEmbedded(directory, log);
    const posted = await postedTo(again.database);
    await again.close();
    return { status, posted };
  }

  test('before the log has a push: the push has not happened, and its directory opens again', async () => {
    const text = `select '${END_HERE}'`;
    expect(await endDuringPush('before', text)).toEqual({ status: 500, posted: 1 });
  });

  test('when the log has a push already: its outcome is unknown, and the next start posts it', async () => {
    const text = `select '${END_AT_COMMIT}'`;
    expect(await endDuringPush('after', text)).toEqual({ status: 503, posted: 2 });
  });

  const PAIRINGS = `select 1 from pairing_code where code_hash in ('first', 'later')`;

  test('a log whose disk fails ends the server, and what is in it decides at the next start', async () => {
    const directory = join(folder, 'disk');
    const opened = await openEmbedded(directory, log);
    const { server } = await openShop(opened.database, opened.log);
    const broken: Error[] = [];
    const executor = createExecutor({
      database: opened.database,
      log: {
        ...opened.log,
        append() {
          throw new LogUncertain(new Error('disk I/O error'));
        },
      },
      onBroken: (error) => void broken.push(error),
    });
    const pairing = { tenant: DEMO_TENANT, store: DEMO_STORE, expiresAtMs: 1 };
    for (const codeHash of ['first', 'later']) {
      const command = executor.execute<'pairing'>({ kind: 'pairing', ...pairing, codeHash });
      await expect(command).rejects.toThrow('did not confirm');
    }
    expect(broken).toHaveLength(1);
    await server.app.close();
    await opened.close();
    const again = await openEmbedded(directory, log);
    expect(await again.database.query(PAIRINGS)).toEqual([]);
    await again.close();
  });
});
