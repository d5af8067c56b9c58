import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { launchTill, runTillToEnd, type LaunchedTill } from '#test/e2e/support/launch-till.ts';
import { enrollingServer } from './support/enrolling-server.ts';
import { alive, childrenOf } from './support/processes.ts';

// Whole programs start here, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

let dataFolder: string;
let server: { readonly url: string; close(): void };
let till: LaunchedTill | null;

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'regulars-shell-'));
  server = await enrollingServer();
  till = null;
});
afterEach(async () => {
  await till?.stop();
  server.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

const enrolFlags = (): string[] => ['--server', server.url, '--pairing-code', 'ABCD2345'];
const launch = async (flags: readonly string[] = enrolFlags()): Promise<LaunchedTill> => {
  till = await launchTill({ dataFolder, flags });
  return till;
};

async function cookieOf(link: string): Promise<string> {
  const opened = await fetch(link, { redirect: 'manual' });
  return (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

/** One call over the till's real socket. */
async function call(running: LaunchedTill, method: string, input: unknown): Promise<unknown> {
  const cookie = await cookieOf(running.nextLink());
  const { host, origin } = new URL(running.link);
  const socket = new WebSocket(`ws://${host}/channel`, { headers: { cookie, origin } });
  try {
    return await new Promise((resolve, reject) => {
      socket.on('open', () => socket.send(JSON.stringify({ id: 1, method, input })));
      socket.on('error', reject);
      socket.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString('utf8')) as {
          id?: number;
          value?: unknown;
          error?: unknown;
        };
        if (frame.id === 1) resolve(frame.value ?? frame.error);
      });
    });
  } finally {
    socket.terminate();
  }
}

/**
 * Digest of every file that the till must not touch when it refuses. SQLite's shared memory is no
 * data, and an empty log beside a database says nothing.
 */
function snapshot(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('-shm'))
      .map((entry) => ({
        name: entry.name,
        bytes: readFileSync(join(entry.parentPath, entry.name)),
      }))
      .filter(({ bytes }) => bytes.length > 0)
      .map(({ name, bytes }) => [name, createHash('sha256').update(bytes).digest('hex')]),
  );
}

describe('the web shell', () => {
  it('enrols once, then starts alone with the server away, and keeps its secrets to itself', async () => {
    const first = await launch();
    expect(first.state).toBe('ready');
    expect(first.link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\?token=[\w-]{43}$/);
    expect(await call(first, 'state', null)).toMatchObject({ shop: { storeName: 'Corner shop' } });
    expect(await first.stop()).toBe(0);

    server.close();
    const again = await launch(['--server', server.url]);
    expect(await call(again, 'state', null)).toMatchObject({ shop: { storeName: 'Corner shop' } });
    expect(
      await call(again, 'basket.add-amount', { amountMinor: 1250, quantityMilli: 1000 }),
    ).toEqual({
      outcome: 'done',
    });
    for (const name of ['secrets.json', 'enrolment.json', 'link.txt']) {
      expect([name, statSync(join(dataFolder, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it('stops its processes in order at Ctrl+C, and leaves none behind when it is killed', async (context) => {
    context.skip(process.platform !== 'linux', 'children are counted in /proc, which is Linux’s');
    const first = await launch();
    await call(first, 'state', null);
    const children = childrenOf(first.pid);
    expect(children.length).toBeGreaterThan(0);
    expect(await first.stop()).toBe(0);
    expect(children.filter(alive)).toEqual([]);

    const second = await launch(['--server', server.url]);
    await call(second, 'state', null);
    const orphans = childrenOf(second.pid);
    await second.kill();
    while (orphans.some(alive)) await new Promise((resolve) => setTimeout(resolve, 20));
    // The dead one's locks died with it.
    expect((await launch(['--server', server.url])).state).toBe('ready');
  });

  it('ends when the process that started it is gone, however that went', async (context) => {
    context.skip(process.platform !== 'linux', 'children are counted in /proc, which is Linux’s');
    till = await launchTill({ dataFolder, flags: enrolFlags(), through: 'start' });
    const [core = 0] = childrenOf(till.pid);
    expect(alive(core)).toBe(true);
    await till.kill();
    while (alive(core)) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('refuses a second till on the same data and says where the first one is', async () => {
    const first = await launch();
    const second = await runTillToEnd({ dataFolder, flags: ['--server', server.url] });
    expect(second.code).toBe(1);
    expect(second.output).toContain(
      `A till is already running on ${dataFolder} (process ${first.pid}).`,
    );
    expect(second.output).toContain(`Open it at ${first.nextLink()}`);
    expect(await call(first, 'state', null)).toMatchObject({ shop: { storeName: 'Corner shop' } });
  });

  it('shows why it cannot start on a damaged database without its server, and touches nothing', async () => {
    await (await launch()).stop();
    const database = join(dataFolder, 'till', 'till.db');
    expect(existsSync(database)).toBe(true);
    writeFileSync(database, Buffer.alloc(statSync(database).size, 0x58));
    const before = snapshot(join(dataFolder, 'till'));
    const broken = await launch(['--server', server.url]);
    expect(broken.state).toBe('problem');
    expect(broken.output()).toContain('The till’s database is damaged.');
    const page = await fetch(`${new URL(broken.link).origin}/`, {
      headers: { cookie: await cookieOf(broken.link) },
    });
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('Connect this till to its central server and start again.');
    expect(await broken.stop()).toBe(1);
    expect(snapshot(join(dataFolder, 'till'))).toEqual(before);
  });

  it('shows that a database is of a newer version, and touches nothing', async () => {
    await (await launch()).stop();
    const { default: Database } = await import('better-sqlite3');
    const database = new Database(join(dataFolder, 'till', 'till.db'));
    database.exec("INSERT INTO migration VALUES (9999, '9999_future.sql', 'x')");
    database.close();
    const before = snapshot(join(dataFolder, 'till'));
    const newer = await launch(['--server', server.url]);
    expect(newer.output()).toContain('The database is newer than this program.');
    await newer.stop();
    expect(snapshot(join(dataFolder, 'till'))).toEqual(before);
  });

  it('says what is wrong with a start that cannot work', async () => {
    const end = async (...flags: string[]) => runTillToEnd({ dataFolder, flags });
    expect(await end('--pinter', 'virtual')).toMatchObject({
      code: 2,
      output: expect.stringContaining('Did you mean --printer?'),
    });
    const { port } = new URL(server.url);
    expect(await end(...enrolFlags(), '--port', port)).toMatchObject({
      code: 1,
      output: expect.stringContaining(`Port ${port} is in use by another program.`),
    });
  });

  it('says what a new till needs when it has no code or no server', async () => {
    const noCode = await launch(['--server', server.url]);
    expect(noCode.output()).toContain('start with --pairing-code CODE');
    await noCode.stop();
    server.close();
    const noServer = await launch(enrolFlags());
    expect(noServer.output()).toContain('The central server did not answer.');
    await noServer.stop();
  });

  it('does not guess with an enrolment that others can read or that is damaged', async () => {
    await (await launch()).stop();
    mkdirSync(join(dataFolder, 'copy'));
    writeFileSync(join(dataFolder, 'enrolment.json'), '{"tenant":');
    const damaged = await launch(['--server', server.url]);
    expect(damaged.state).toBe('problem');
    expect(damaged.output()).toContain('The till’s files cannot be read.');
  });
});
