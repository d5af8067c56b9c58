import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import PouchDB from 'pouchdb';
import { assert } from '#loyalty/result.ts';
import { body, TODAY, txOf } from '#test/journal/support/test-till.ts';
import { createPostgresDatabase, startPostgres } from '#test/server/support/databases.ts';
import { endProcess, joinOverHttp, startProcess } from '#test/server/support/server-process.ts';
import type { Bench, Figure } from './figures.ts';
import { faultProxy, type FaultProxy } from './peers/fault-proxy.ts';
import { endPeer, startPeer } from './peers/start-peer.ts';

const FAULTS = 100;
/** Of ten faults: servers killed with SIGKILL; the others are answers that are lost on the way back. */
const KILLS_IN_TEN = 3;
const SALES_PER_FAULT = 5;
const POINTS = 100;
/** Longest moment from the beginning of the sending to the kill, in milliseconds. */
const KILL_AFTER_MAX_MS = 25;
const TRIES_MAX = 200;
const RETRY_MS = 20;

/**
 * Sales that are lost or counted twice when servers are killed and answers are lost: ours, and peers'
 * as they come. Each client tries again until its server has said yes, as its makers mean it to.
 */
export const faults: Bench = {
  name: 'faults',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-faults-'));
    const postgres = await startPostgres();
    try {
      const figures = [
        ...(await suffer('PGlite with its command log', 0, (way) =>
          ours(join(folder, 'a'), null, way),
        )),
        ...(await suffer('PouchDB 9 to express-pouchdb', null, (way) =>
          pouch(join(folder, 'b'), way),
        )),
      ];
      if (postgres === null) return figures;
      const url = async (): Promise<string> => createPostgresDatabase(postgres.url);
      const [central, single] = [await url(), await url()];
      return [
        ...figures,
        ...(await suffer('PostgreSQL', 0, (way) => ours(join(folder, 'c'), central, way))),
        ...(await suffer('one request per sale', null, (way) => outbox(single, way))),
      ];
    } finally {
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** A client with its server, under faults. */
interface Sufferer {
  /** How many answers a lost one may be preceded by in one sending. */
  readonly answers: number;
  /** Rings sales up and tries to bring them, once; throws where that failed. */
  sell(count: number): void | Promise<void>;
  send(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Sales and points the server has at the end. */
  counted(): Promise<{ readonly sales: number; readonly points: number }>;
  close(): Promise<void>;
}

async function suffer(
  name: string,
  most: number | null,
  open: (way: FaultProxy) => Promise<Sufferer>,
): Promise<Figure[]> {
  const way = await faultProxy();
  const sufferer = await open(way);
  try {
    let kills = 0;
    for (let fault = 0; fault < FAULTS; fault += 1) {
      await sufferer.sell(SALES_PER_FAULT);
      if (fault % 10 < KILLS_IN_TEN) {
        kills += 1;
        const sending = sufferer.send().catch(() => undefined);
        await sleep(Math.random() * KILL_AFTER_MAX_MS);
        await sufferer.kill();
        await sending;
        await sufferer.start();
      } else {
        way.loseAnswer(Math.floor(Math.random() * sufferer.answers));
      }
      await untilTaken(sufferer);
    }
    const sold = FAULTS * SALES_PER_FAULT;
    const { sales, points } = await sufferer.counted();
    const off = (found: number, expected: number): [number, number] => [
      Math.max(0, expected - found),
      Math.max(0, found - expected),
    ];
    const [lostSales, moreSales] = off(sales, sold);
    const [lostPoints, morePoints] = off(points / POINTS, sold);
    return [
      { name: `${name}: kills and lost answers`, value: kills + way.lost(), unit: '', limit: null },
      count(`${name}: sales lost`, Math.max(lostSales, lostPoints), most),
      count(`${name}: sales counted twice`, Math.max(moreSales, morePoints), most),
    ];
  } finally {
    await sufferer.close();
    await way.close();
  }
}

async function untilTaken(sufferer: Sufferer): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    try {
      return await sufferer.send();
    } catch {
      await sleep(RETRY_MS);
    }
  }
  throw new Error('The server does not take what it is sent');
}

function count(name: string, value: number, most: number | null): Figure {
  const limit = most === null ? null : { kind: 'at-most' as const, value: most };
  return { name, value, unit: '', limit };
}

async function ours(
  directory: string,
  databaseUrl: string | null,
  way: FaultProxy,
): Promise<Sufferer> {
  let server = await startProcess(directory, databaseUrl);
  const pass = (): void => way.passTo(Number(new URL(server.message.url).port));
  pass();
  const till = await joinOverHttp({ message: { ...server.message, url: way.url } });
  const { journal } = till;
  let acknowledged = 0;
  let sold = 0;
  return {
    answers: 1,
    sell(more) {
      for (let index = 0; index < more; index += 1) {
        const tx = txOf((sold += 1));
        if (sold === 1) journal.append(tx, body.enrol('anna'));
        journal.append(tx, body.sale(sold, 'anna'), body.earn('anna', tx, POINTS));
      }
    },
    async send() {
      if (acknowledged === journal.head.seq) return;
      const answer = await till.push(way.url, acknowledged + 1);
      if (answer.outcome !== 'acknowledged') throw new Error(answer.outcome);
      acknowledged = answer.ackSeq;
    },
    kill: async () => void (await endProcess(server, 'SIGKILL')),
    async start() {
      server = await startProcess(directory, databaseUrl);
      pass();
    },
    async counted() {
      const { totals, points } = await till.call(way.url, 'day', { day: TODAY });
      const earned = points.reduce((sum, { earned: own }) => sum + own, 0);
      return { sales: totals.sales, points: earned };
    },
    close: async () => void (await endProcess(server, 'SIGTERM')),
  };
}

async function pouch(directory: string, way: FaultProxy): Promise<Sufferer> {
  let server = await startPeer('pouchdb-child.ts', directory);
  way.passTo(server.port);
  const local = new PouchDB(`${directory}-till`);
  let sold = 0;
  return {
    // Greeting, checkpoints, differences, documents: a replication has so many answers.
    answers: 6,
    async sell(more) {
      const first = sold + 1;
      sold += more;
      await local.bulkDocs(
        Array.from({ length: more }, (_, index) => ({ _id: txOf(first + index), points: POINTS })),
      );
    },
    async send() {
      await local.replicate.to(new PouchDB(`${way.url}/sales`), { batch_size: 100 });
    },
    kill: () => endPeer(server),
    async start() {
      server = await startPeer('pouchdb-child.ts', directory);
      way.passTo(server.port);
    },
    async counted() {
      const answer = await fetch(`${way.url}/sales/_all_docs?include_docs=true`);
      const { rows } = (await answer.json()) as { rows: readonly { doc: { points?: number } }[] };
      const points = rows.map(({ doc }) => doc.points ?? 0);
      return {
        sales: points.filter((own) => own > 0).length,
        points: points.reduce((sum, own) => sum + own, 0),
      };
    },
    async close() {
      await local.close();
      await endPeer(server);
    },
  };
}

async function outbox(databaseUrl: string, way: FaultProxy): Promise<Sufferer> {
  let server = await startPeer('outbox-child.ts', databaseUrl);
  way.passTo(server.port);
  let sold = 0;
  const waiting: string[] = [];
  return {
    answers: SALES_PER_FAULT,
    sell(more) {
      for (let index = 0; index < more; index += 1) waiting.push(txOf((sold += 1)));
    },
    async send() {
      for (let id = waiting[0]; id !== undefined; id = waiting[0]) {
        const answer = await fetch(`${way.url}/sales`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ id, member: 'anna', points: POINTS }),
        });
        await answer.arrayBuffer();
        if (!answer.ok) throw new Error(String(answer.status));
        waiting.shift();
      }
    },
    kill: () => endPeer(server),
    async start() {
      server = await startPeer('outbox-child.ts', databaseUrl);
      way.passTo(server.port);
    },
    async counted() {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      const { rows } = await client.query<{ sales: string; points: string }>(
        'select (select count(*) from sale) as sales, (select sum(points) from balance) as points',
      );
      await client.end();
      const [found] = rows;
      assert(found !== undefined, 'a count has a row');
      return { sales: Number(found.sales), points: Number(found.points) };
    },
    close: () => endPeer(server),
  };
}
