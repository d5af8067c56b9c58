import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { createLog } from '#node/log.ts';
import { MigrationError } from '#node/migrations.ts';
import { LogDamaged, openCommandLog } from '#server/commands/command-log.ts';
import { openEmbedded } from '#server/database/embedded.ts';
import { failureOf } from '#server/host-process.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import {
  endProcess,
  joinOverHttp,
  startProcess,
  type HttpTill,
  type Started,
} from './support/server-process.ts';
import { openShopServer, type ShopServer } from './support/shop-server.ts';

// Whole servers start here one after another, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 240_000 });

const parent = mkdtempSync(join(tmpdir(), 'regulars-server-'));
let running: Started | null = null;
const lines: string[] = [];
const log = createLog({ write: (line) => lines.push(line), nowMs: () => Date.now() });

afterAll(async () => {
  if (running !== null) await endProcess(running, 'SIGKILL');
  rmSync(parent, { recursive: true, force: true });
});

const start = async (): Promise<Started> => (running = await startProcess(join(parent, 'process')));

describe('the server process', () => {
  test('killed at any moment keeps everything it acknowledged, each once', async () => {
    let server = await start();
    const till: HttpTill = await joinOverHttp(server);
    till.journal.append(txOf(1), body.enrol('anna'));
    for (let number = 2; number <= 400; number += 1) {
      till.journal.append(
        txOf(number),
        body.sale(number, 'anna'),
        body.earn('anna', txOf(number), 1),
      );
    }
    const last = till.journal.head.seq;
    let acknowledged = 0;
    for (let round = 0; round < 3; round += 1) {
      const { url } = server.message;
      const killAfterMs = 20 + 37 * round;
      setTimeout(() => server.child.kill('SIGKILL'), killAfterMs);
      try {
        while (acknowledged < last - 20) {
          const answer = await till.push(
            url,
            acknowledged + 1,
            Math.min(last, acknowledged + 1 + round * 3),
          );
          if (answer.outcome === 'acknowledged') acknowledged = answer.durableSeq;
        }
      } catch {
        // The connection broke: what was on its way may or may not have been taken.
      }
      await endProcess(server, 'SIGKILL');
      server = await start();
      const hello = await till.call(server.message.url, 'hello', {
        inc: 1,
        headSeq: last,
        headHash: till.journal.head.hash,
        epochSeen: 1,
        settled: true,
        app: 'test',
        wallMs: 0,
      });
      if (hello.outcome !== 'acknowledged') throw new Error(hello.outcome);
      expect(hello.ackSeq).toBeGreaterThanOrEqual(acknowledged);
      expect(hello.ackHash).toBe(till.journal.entries[hello.ackSeq - 1]?.hash ?? '0'.repeat(64));
      acknowledged = hello.ackSeq;
    }
    while (acknowledged < last) {
      const answer = await till.push(
        server.message.url,
        acknowledged + 1,
        Math.min(last, acknowledged + 500),
      );
      if (answer.outcome !== 'acknowledged') throw new Error(answer.outcome);
      acknowledged = answer.ackSeq;
    }
    const day = await till.call(server.message.url, 'day', { day: '2026-11-21' });
    expect(day.totals).toMatchObject({ sales: 399, earned: 399, newMembers: 1 });
    expect(day.points[0]?.sumOfBalances).toBe(day.points[0]?.closing);
  });

  test('ends in order when it is told to', async () => {
    if (running === null) throw new Error('no server');
    expect(await endProcess(running, 'SIGTERM')).toBe(0);
  });

  test('tells its parent where it is, and refuses its directory to a second one', async () => {
    const first = await start();
    expect(first.message).toMatchObject({
      kind: 'ready',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[0-9]+$/),
      pairingCode: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/),
    });
    expect(first.message.sampleCards).toHaveLength(6);
    const second = await startProcess(join(parent, 'process'));
    expect(second.message).toMatchObject({ kind: 'failed', code: 'held' });
    expect(second.message.detail).toContain(String(first.child.pid));
    await endProcess(second, 'SIGKILL');
    expect((await fetch(`${first.message.url}/healthz`)).status).toBe(200);
  });

  test('ends by itself when its parent is gone', async () => {
    const child = running?.child;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child?.disconnect();
    expect(await ended).toBe(0);
  });

  test('says by a code why it cannot start', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const error = await new Promise((resolve) =>
      createServer().once('error', resolve).listen(port, '127.0.0.1'),
    );
    taken.close();
    expect(failureOf(error)).toMatchObject({ code: 'port-taken' });
    expect(failureOf(new LogDamaged('x'))).toMatchObject({ code: 'corrupt' });
    expect(failureOf(new MigrationError('newer-version', 'x'))).toMatchObject({
      code: 'newer-version',
    });
    expect(failureOf(new Error('x'))).toMatchObject({ code: 'other' });
  });
});

describe('the embedded database', () => {
  const directory = join(parent, 'embedded');
  const session = async (work: (server: ShopServer) => Promise<void>): Promise<void> => {
    const opened = await openEmbedded(directory, log);
    const server = await openShopServer(opened.database, { log: opened.log });
    await work(server);
    await server.app.close();
    await opened.close();
  };
  const state = async ({ database }: ShopServer): Promise<unknown> => [
    await database.query(
      'select owner, programme, posted, granted, version from account order by 1, 2',
    ),
    await database.query('select till, ack_seq, ack_hash from terminal order by 1'),
    await database.query('select member, source, points from ledger order by 1, 2'),
    await database.query('select member, version, sealed from profile order by 1'),
    await database.query('select grant_ref, amount, spent, state from point_grant order by 1'),
  ];
  /** Everything a shop does, once. */
  const trade = async (server: ShopServer): Promise<unknown> => {
    const till = await server.join('Front');
    till.journal.append(
      txOf(1),
      body.enrol('anna'),
      body.sale(1, 'anna'),
      body.earn('anna', txOf(1), 100),
    );
    await till.push();
    const answer = await till.grant('anna', 40, '0190a1b2-0000-4000-8000-000000000001');
    const grant = answer.outcome === 'granted' ? answer.grant.grant : '';
    till.journal.append(
      txOf(2),
      body.accept(grant, 'anna', 40),
      body.redeem('anna', txOf(2), 30, grant),
    );
    await till.push(4);
    return state(server);
  };

  let before: unknown;

  test('left half-made by an interrupted first start is made anew', async () => {
    const rubbish = join(directory, 'database.making-1234');
    mkdirSync(rubbish, { recursive: true });
    await session(async (server) => {
      before = await trade(server);
    });
    expect(existsSync(rubbish)).toBe(false);
  });

  test('that lost its last command gets it from the log, and nothing twice', async () => {
    // What a crash between the log and the commit leaves: the log one command ahead.
    const commands = openCommandLog(join(directory, 'commands.db'));
    const command = {
      kind: 'pairing',
      tenant: 'demo',
      store: 'moda',
      codeHash: 'ab'.repeat(32),
      expiresAtMs: 1,
    };
    commands.append({ number: commands.lastNumber + 1, text: JSON.stringify(command) });
    commands.close();
    await session(async (server) => {
      expect(await state(server)).toEqual(before);
      const codes = await server.database.query(
        'select store from pairing_code where code_hash = $1',
        [command.codeHash],
      );
      expect(codes).toEqual([{ store: 'moda' }]);
    });
    writeFileSync(join(directory, 'database-mark'), 'another boot of this machine');
  });

  test('whose machine went down while it was open is built again from the log', async () => {
    await session(async (server) => {
      expect(await state(server)).toEqual(before);
    });
    expect(lines.join('')).toContain('The machine went down while the database was open');
    truncateSync(join(directory, 'database', 'global', 'pg_control'), 100);
  });

  test('that cannot be opened is set aside and built again from the log', async () => {
    await session(async (server) => {
      expect(await state(server)).toEqual(before);
      await expect(
        server.database.transaction(() => server.database.query('select 1')),
      ).rejects.toThrow(/inside a transaction/);
    });
    const aside = readdirSync(directory).filter((name) => name.startsWith('database.set-aside-'));
    expect(aside).toHaveLength(2);
  });

  test('is not guessed at when the log is damaged: the reason is said', async () => {
    const damaged = new Database(join(directory, 'commands.db'));
    damaged.prepare("update command set text = replace(text, 'anna', 'bnna')").run();
    damaged.close();
    rmSync(join(directory, 'database'), { recursive: true });
    await expect(openEmbedded(directory, log)).rejects.toMatchObject({ name: 'LogDamaged' });
    writeFileSync(join(directory, 'commands.db'), 'no database at all, but long enough to look at');
    await expect(openEmbedded(directory, log)).rejects.toMatchObject({ name: 'LogDamaged' });
  });
});
