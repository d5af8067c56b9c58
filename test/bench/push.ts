import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
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
import { median, type Bench, type Figure } from './figures.ts';
import { collectGarbage } from './garbage.ts';
import { countingProxy } from './peers/counting-proxy.ts';
import { endPeer, startPeer } from './peers/start-peer.ts';

const TRANSACTIONS = 10_000;
const MEMBERS = 200;
/** One request per sale is measured on fewer: it would take minutes to show the same figure. */
const OUTBOX_SALES = 1_000;
const BYTES_TRANSACTIONS = 1_000;
/** Eight hours of a busy till. */
const CATCH_UP_TRANSACTIONS = 2_000;
/**
 * How often each is measured; the medians are compared. They take turns, so that whatever else the
 * machine does meets all of them. Before it each server is sent as much, unmeasured: servers run for
 * days, and the first seconds of a process are spent on compiling it.
 */
const ROUNDS = 7;
const WARM_ROUNDS = 3;
/** Between two rounds: what one leaves behind, such as a database that tidies up, is not the next one's cost. */
const SETTLE_MS = 500;

/** Bringing a day's sales to the server, beside the peers that bring documents or single sales. */
export const push: Bench = {
  name: 'push',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-push-'));
    const postgres = await startPostgres();
    const contestants: Contestant[] = [];
    const enter = async (opening: Promise<Contestant>): Promise<Contestant> => {
      const contestant = await opening;
      contestants.push(contestant);
      return contestant;
    };
    try {
      const url = async (): Promise<string> => createPostgresDatabase(postgres?.url ?? '');
      const embedded = await enter(openOurs(join(folder, 'ours'), null));
      const pouch = await enter(openPouch(join(folder, 'pouch')));
      if (postgres === null) {
        const [ours = 0, theirs = 0] = await takeTurns([embedded, pouch]);
        return embeddedFigures(ours, theirs, await embedded.more(), await pouch.more());
      }
      const real = await enter(openOurs(join(folder, 'ours-postgres'), await url()));
      const outbox = await enter(openOutbox(await url()));
      const [ours = 0, theirs = 0, central = 0, single = 0] = await takeTurns([
        embedded,
        pouch,
        real,
        outbox,
      ]);
      return [
        ...embeddedFigures(ours, theirs, await embedded.more(), await pouch.more()),
        rate('push to PostgreSQL', central),
        rate('one request per sale to PostgreSQL', single),
        atLeast('PostgreSQL, ratio to PouchDB', central / theirs, 3),
        atLeast('PostgreSQL, ratio to one request per sale', central / single, 10),
      ];
    } finally {
      for (const { close } of contestants) await close();
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function embeddedFigures(ours: number, pouch: number, more: More, pouchMore: More): Figure[] {
  return [
    rate('push to PGlite with its command log', ours),
    rate('push to express-pouchdb from PouchDB 9', pouch),
    atLeast('PGlite, ratio to PouchDB', ours / pouch, 2),
    atMost('bytes on the wire, ratio to PouchDB', more.bytes / pouchMore.bytes, 1 / 3, '×'),
    atMost('2,000 transactions after eight hours offline', more.catchUpMs / 1000, 1, 's'),
  ];
}

/** One way of bringing sales to a server, which runs until it is closed. */
interface Contestant {
  /** Brings new transactions; returns how long that took, in milliseconds per transaction. */
  round(): Promise<number>;
  more(): Promise<More>;
  close(): Promise<void>;
}

/** What is measured once. */
interface More {
  /** On the wire per transaction. */
  readonly bytes: number;
  readonly catchUpMs: number;
}

/** Transactions per second of each, medians. */
async function takeTurns(contestants: readonly Contestant[]): Promise<readonly number[]> {
  const tookMs = contestants.map((): number[] => []);
  for (let turn = 0; turn < WARM_ROUNDS + ROUNDS; turn += 1) {
    for (const [index, contestant] of contestants.entries()) {
      await wait(SETTLE_MS);
      const each = await contestant.round();
      if (turn >= WARM_ROUNDS) tookMs[index]?.push(each);
    }
  }
  return tookMs.map((samples) => 1000 / median(samples));
}

/** The product's server in its own process, its link, its signatures, its chain. */
async function openOurs(directory: string, databaseUrl: string | null): Promise<Contestant> {
  const server = await startProcess(directory, databaseUrl);
  const port = Number(new URL(server.message.url).port);
  const till = await joinOverHttp(server);
  const { journal } = till;
  const members = Array.from({ length: MEMBERS }, (_, index) => body.enrol(memberOf(index)));
  journal.append(txOf(0xffff_0000), ...members);
  await pushAll(till, server.message.url);
  let sold = 0;
  const send = async (count: number, url = server.message.url): Promise<number> => {
    const from = journal.entries.length + 1;
    writeSales(journal, count, sold);
    sold += count;
    collectGarbage();
    const startMs = performance.now();
    await pushAll(till, url, from);
    return performance.now() - startMs;
  };
  return {
    round: async () => (await send(TRANSACTIONS)) / TRANSACTIONS,
    async more() {
      const proxy = await countingProxy(port);
      try {
        await send(BYTES_TRANSACTIONS, `http://127.0.0.1:${proxy.port}`);
        const samples: number[] = [];
        for (let turn = 0; turn < ROUNDS; turn += 1) {
          samples.push(await send(CATCH_UP_TRANSACTIONS));
        }
        return { bytes: proxy.bytes() / BYTES_TRANSACTIONS, catchUpMs: median(samples) };
      } finally {
        await proxy.close();
      }
    },
    close: async () => void (await endProcess(server, 'SIGTERM')),
  };
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
async function openPouch(directory: string): Promise<Contestant> {
  const server = await startPeer('pouchdb-child.ts', directory);
  let databases = 0;
  const send = async (count: number, port: number): Promise<number> => {
    const name = `sales-${(databases += 1)}`;
    const local = new PouchDB(`${directory}-${name}`);
    await local.bulkDocs(documents(count));
    collectGarbage();
    const startMs = performance.now();
    const sent = await local.replicate.to(new PouchDB(`http://127.0.0.1:${port}/${name}`), {
      batch_size: PUSH_ENTRIES_MAX,
    });
    const tookMs = performance.now() - startMs;
    assert(sent.docs_written === count, 'every document arrived');
    await local.close();
    return tookMs;
  };
  return {
    round: async () => (await send(TRANSACTIONS, server.port)) / TRANSACTIONS,
    async more() {
      const proxy = await countingProxy(server.port);
      try {
        await send(BYTES_TRANSACTIONS, proxy.port);
        return { bytes: proxy.bytes() / BYTES_TRANSACTIONS, catchUpMs: Number.NaN };
      } finally {
        await proxy.close();
      }
    },
    close: () => endPeer(server),
  };
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

/** One request per sale, each waiting for its answer as an outbox does. */
async function openOutbox(databaseUrl: string): Promise<Contestant> {
  const server = await startPeer('outbox-child.ts', databaseUrl);
  let sold = 0;
  return {
    async round() {
      const journal = createTestTill({ till: 'till_1' });
      writeSales(journal, OUTBOX_SALES, sold);
      collectGarbage();
      const startMs = performance.now();
      for (let index = 0; index < OUTBOX_SALES; index += 1) {
        const answer = await fetch(`http://127.0.0.1:${server.port}/sales`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            id: txOf(sold + index + 1),
            member: memberOf(index),
            points: 100,
            entries: journal.entries.slice(index * 2, index * 2 + 2).map(({ text }) => text),
          }),
        });
        assert(answer.ok, 'the sale is taken');
        await answer.arrayBuffer();
      }
      sold += OUTBOX_SALES;
      return (performance.now() - startMs) / OUTBOX_SALES;
    },
    more: async () => ({ bytes: Number.NaN, catchUpMs: Number.NaN }),
    close: () => endPeer(server),
  };
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
