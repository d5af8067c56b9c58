import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#server/database/database.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPostgres } from '#server/database/postgres.ts';
import {
  openShopServer,
  type ShopServer,
  type WireTill,
} from '#test/server/support/shop-server.ts';
import { oneOf, openVerdict, randomBelow, type Fault } from './fault.ts';
import { expectFolded } from './support/books.ts';
import { withFolder } from './support/folder.ts';
import { startLoad } from './support/load.ts';
import { createCluster, noPostgres, type PostgresCluster } from './support/postgres-cluster.ts';
import { until } from './support/selling.ts';

const TILLS = 3;
const SPREAD_MS = 150;
/** Transactions of one round do not meet those of the next. */
const NUMBERS_PER_ROUND = 1_000_000;

/** PostgreSQL falls over and is started again, while tills push. */
export const postgresRestart: Fault = {
  name: 'postgres-restart',
  promise: 'PostgreSQL killed and started again under load: no acknowledged entry is lost',
  full: 200,
  short: 25,
  missing: noPostgres,
  run: (rounds) =>
    withFolder(async (folder) => {
      const verdict = openVerdict();
      const cluster = await createCluster(folder);
      const serving = await serve(cluster);
      try {
        const load = startLoad(await joined(serving.server), NUMBERS_PER_ROUND);
        for (let round = 0; round < rounds; round += 1) {
          const before = load.acknowledged();
          await until(() => load.acknowledged() > before, 'an entry is acknowledged');
          await sleep(randomBelow(SPREAD_MS));
          await cluster.crash(oneOf(['SIGKILL', 'SIGQUIT'] as const));
          await cluster.start();
          verdict.count('restarts');
        }
        await load.stop();
        verdict.count('acknowledged pushes', load.acknowledged());
        await load.expectKept(verdict, serving.database);
        await expectFolded(verdict, serving.database);
      } finally {
        await serving.close();
        await cluster.stop();
      }
      return verdict.outcome();
    }),
};

/** The primary is killed for good and its synchronous standby takes over. */
export const postgresFailover: Fault = {
  name: 'postgres-failover',
  promise:
    'the primary killed and a synchronous standby promoted under load: no acknowledged entry is lost',
  full: 20,
  short: 5,
  missing: noPostgres,
  run: (rounds) =>
    withFolder(async (folder) => {
      const verdict = openVerdict();
      let primary = await createCluster(folder);
      try {
        for (let round = 1; round <= rounds; round += 1) {
          const standby = await primary.addStandby();
          const lost = primary;
          primary = standby;
          await failOver(verdict, lost, standby, round * NUMBERS_PER_ROUND);
          await lost.stop();
          verdict.count('promotions');
        }
      } finally {
        await primary.stop();
      }
      return verdict.outcome();
    }),
};

async function failOver(
  verdict: ReturnType<typeof openVerdict>,
  primary: PostgresCluster,
  standby: PostgresCluster,
  number: number,
): Promise<void> {
  const before = await serve(primary);
  const load = startLoad(await joined(before.server), number);
  try {
    await until(() => load.acknowledged() > TILLS * 2, 'entries are acknowledged');
    await sleep(randomBelow(SPREAD_MS));
    await primary.crash('SIGKILL');
    const known = load.acknowledged();
    verdict.count('acknowledged pushes before the end', known);
  } finally {
    load.abandon();
    await before.close();
  }
  await standby.promote();
  const after = await serve(standby);
  try {
    await load.expectKept(verdict, after.database);
    await expectFolded(verdict, after.database);
  } finally {
    await after.close();
  }
}

interface Serving {
  readonly server: ShopServer;
  readonly database: Database;
  close(): Promise<void>;
}

async function serve(cluster: PostgresCluster): Promise<Serving> {
  const database = openPostgres(cluster.url, () => undefined);
  await migrate(database);
  // Several servers, one after the other, give out references over one database.
  const newRef = (kind: string): string => `${kind}_${randomUUID()}`;
  const server = await openShopServer(database, { deps: { newRef } });
  return {
    server,
    database,
    async close() {
      await server.app.close();
      await database.close();
    },
  };
}

async function joined(server: ShopServer): Promise<readonly WireTill[]> {
  const tills: WireTill[] = [];
  for (let count = 0; count < TILLS; count += 1) tills.push(await server.join());
  return tills;
}
