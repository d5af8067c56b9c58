import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PouchDB from 'pouchdb';
import { PUSH_ENTRIES_MAX } from '#contract/sync.ts';
import { assert, ok } from '#loyalty/result.ts';
import { pushAhead } from '#till/push-ahead.ts';
import { body, createTestTill, txOf, type TestTill } from '#test/journal/support/test-till.ts';
import { createPostgresDatabase, startPostgres } from '#test/server/support/databases.ts';
import {
  endProcess,
  joinOverHttp,
  startProcess,
  type HttpTill,
} from '#test/server/support/server-process.ts';
import type { Bench, Figure } from './figures.ts';
import { countingProxy } from './peers/counting-proxy.ts';

const TRANSACTIONS = 10_000;
const MEMBERS = 200;
/** One request per sale is measured on fewer: it would take minutes to show the same figure. */
const OUTBOX_SALES = 1_000;
const BYTES_TRANSACTIONS = 1_000;
/** Eight hours of a busy till. */
const CATCH_UP_TRANSACTIONS = 2_000;

/** Bringing a day's sales to the server, beside the peers that bring documents or single sales. */
export const push: Bench = {
  name: 'push',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-push-'));
    const postgres = await startPostgres();
    try {
      const embedded = await pushOurs(join(folder, 'ours'), null, TRANSACTIONS);
      const catchUp = await pushOurs(join(folder, 'ours-later'), null, CATCH_UP_TRANSACTIONS);
      const pouch = await pushPouch(join(folder, 'pouch'), TRANSACTIONS);
      const figures = [
        rate('push to PGlite with its command log', embedded.perSecond),
        rate('push to express-pouchdb from PouchDB 9', pouch.perSecond),
        atLeast('PGlite, ratio to PouchDB', embedded.perSecond / pouch.perSecond, 2),
        atMost('bytes on the wire, ratio to PouchDB', embedded.bytes / pouch.bytes, 1 / 3, '×'),
        atMost('2,000 transactions after eight hours offline', catchUp.tookMs / 1000, 1, 's'),
      ];
      if (postgres === null) return figures;
      const url = async (): Promise<string> => createPostgresDatabase(postgres.url);
      const real = await pushOurs(join(folder, 'ours-postgres'), await url(), TRANSACTIONS);
      const outbox = await pushOutbox(await url(), OUTBOX_SALES);
      return [
        ...figures,
        rate('push to PostgreSQL', real.perSecond),
        rate('one request per sale to PostgreSQL', outbox),
        atLeast('PostgreSQL, ratio to PouchDB', real.perSecond / pouch.perSecond, 3),
        atLeast('PostgreSQL, ratio to one request per sale', real.perSecond / outbox, 10),
      ];
    } finally {
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Pushed {
  readonly tookMs: number;
  readonly perSecond: number;
  /** Per transaction. */
  readonly bytes: number;
}

/** The product's server in its own process, its link, its signatures, its chain. */
async function pushOurs(
  directory: string,
  databaseUrl: string | null,
  transactions: number,
): Promise<Pushed> {
  const server = await startProcess(directory, databaseUrl);
  const port = Number(new URL(server.message.url).port);
  const proxy = await countingProxy(port);
  try {
    const till = await joinOverHttp(server);
    const { journal } = till;
    const members = Array.from({ length: MEMBERS }, (_, index) => body.enrol(memberOf(index)));
    journal.append(txOf(0xffff_0000), ...members);
    writeSales(journal, transactions);
    const startMs = performance.now();
    await pushAll(till, server.message.url);
    const tookMs = performance.now() - startMs;
    const from = journal.entries.length + 1;
    writeSales(journal, BYTES_TRANSACTIONS, transactions);
    await pushAll(till, `http://127.0.0.1:${proxy.port}`, from);
    return {
      tookMs,
      perSecond: (transactions * 1000) / tookMs,
      bytes: proxy.bytes() / BYTES_TRANSACTIONS,
    };
  } finally {
    await proxy.close();
    await endProcess(server, 'SIGTERM');
  }
}

/** Sends everything from an entry on as the product's loop does. */
async function pushAll(till: HttpTill, url: string, first = 1): Promise<void> {
  const last = till.journal.entries.length;
  const sent = await pushAhead<never>(
    {
      next(after) {
        const from = after === null ? first : after.seq + 1;
        if (from > last) return null;
        return till.journal.batch(from, Math.min(last, from + PUSH_ENTRIES_MAX - 1));
      },
      send: async (batch) => ok(await till.pushBatch(url, batch)),
      take(answer) {
        assert(answer.outcome === 'acknowledged', `a batch is taken: ${answer.outcome}`);
        return ok(null);
      },
      cancelled: () => false,
    },
    last,
  );
  assert(sent.ok, 'everything is sent');
}

function memberOf(index: number): string {
  return `member-${index % MEMBERS}`;
}

function writeSales(journal: TestTill, count: number, first = 0): void {
  for (let index = first; index < first + count; index += 1) {
    const tx = txOf(index + 1);
    const member = memberOf(index);
    journal.append(tx, body.sale(index + 1, member), body.earn(member, tx, 100));
  }
}

/** The same facts, one document per transaction. */
async function pushPouch(directory: string, transactions: number): Promise<Pushed> {
  const server = await startPeer('pouchdb-child.ts', directory);
  const proxy = await countingProxy(server.port);
  try {
    const [timed, counted] = [new PouchDB(`${directory}-a`), new PouchDB(`${directory}-b`)];
    await timed.bulkDocs(documents(transactions));
    await counted.bulkDocs(documents(BYTES_TRANSACTIONS));
    const startMs = performance.now();
    const sent = await timed.replicate.to(new PouchDB(`http://127.0.0.1:${server.port}/timed`), {
      batch_size: PUSH_ENTRIES_MAX,
    });
    const tookMs = performance.now() - startMs;
    assert(sent.docs_written === transactions, 'every document arrived');
    await counted.replicate.to(new PouchDB(`http://127.0.0.1:${proxy.port}/counted`), {
      batch_size: PUSH_ENTRIES_MAX,
    });
    await timed.close();
    await counted.close();
    return {
      tookMs,
      perSecond: (transactions * 1000) / tookMs,
      bytes: proxy.bytes() / BYTES_TRANSACTIONS,
    };
  } finally {
    await proxy.close();
    server.child.kill('SIGKILL');
  }
}

function documents(count: number): readonly object[] {
  const journal = createTestTill({ till: 'till_1' });
  writeSales(journal, count);
  return Array.from({ length: count }, (_, index) => ({
    _id: txOf(index + 1),
    entries: journal.entries
      .slice(index * 2, index * 2 + 2)
      .map(({ text }) => JSON.parse(text) as object),
  }));
}

/** Sales per second, one request each, each waiting for its answer as an outbox does. */
async function pushOutbox(databaseUrl: string, sales: number): Promise<number> {
  const server = await startPeer('outbox-child.ts', databaseUrl);
  try {
    const journal = createTestTill({ till: 'till_1' });
    writeSales(journal, sales);
    const startMs = performance.now();
    for (let index = 0; index < sales; index += 1) {
      const answer = await fetch(`http://127.0.0.1:${server.port}/sales`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          id: txOf(index + 1),
          member: memberOf(index),
          points: 100,
          entries: journal.entries.slice(index * 2, index * 2 + 2).map(({ text }) => text),
        }),
      });
      assert(answer.ok, 'the sale is taken');
      await answer.arrayBuffer();
    }
    return (sales * 1000) / (performance.now() - startMs);
  } finally {
    server.child.kill('SIGKILL');
  }
}

async function startPeer(
  file: string,
  argument: string,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = fork(join(import.meta.dirname, 'peers', file), [argument], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [said] = (await once(child, 'message')) as [{ readonly port: number }];
  return { child, port: said.port };
}

function rate(name: string, value: number): Figure {
  return { name, value, unit: 'tx/s', limit: null };
}

function atLeast(name: string, value: number, least: number): Figure {
  return { name, value, unit: '×', limit: { kind: 'at-least', value: least } };
}

function atMost(name: string, value: number, most: number, unit: string): Figure {
  const limit = { kind: 'at-most' as const, value: Math.round(most * 1000) / 1000 };
  return { name, value, unit, limit };
}
