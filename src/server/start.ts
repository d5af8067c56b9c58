import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { errorText, type Log } from '#node/log.ts';
import { shopConfig } from '#contract/shop.ts';
import { createExecutor, type Executor } from './commands/executor.ts';
import { openArchiveMonths } from './database/archive-months.ts';
import type { Database } from './database/database.ts';
import { openEmbedded } from './database/embedded.ts';
import { migrate, renumberFeed } from './database/migrate.ts';
import { openPostgres } from './database/postgres.ts';
import {
  DEMO_STORE,
  DEMO_TENANT,
  sampleCards,
  sampleStaff,
  seedDemo,
  type SampleCard,
  type SampleStaff,
} from './demo/demo.ts';
import { createNights } from './night/nights.ts';
import { settleErasures } from './members/erase.ts';
import { createServerApp } from './http/app.ts';
import { carryOut, NO_ORDERS, type Orders } from './orders.ts';
import {
  awaitLan,
  lanIdentity,
  type AwaitedDoor,
  type LanAddress,
  type LanDoor,
} from './http/lan.ts';
import { PAIRING_CODE_MS, pairingCodeHash } from './pairing-code.ts';
import { SHOP_STORE, SHOP_TENANT } from './setup/set-up.ts';

/** How a server is started. */
export interface ServerOptions {
  /** Where the embedded database lives; unused with `databaseUrl`. */
  readonly directory: string;
  /** PostgreSQL instead of the embedded database. */
  readonly databaseUrl: string | null;
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Where other tills of the shop reach it, encrypted; left out: nowhere. */
  readonly lan?: LanAddress;
  readonly demo: boolean;
  /** A shop configuration to take in, as JSON. */
  readonly shopFile: string | null;
  /** A code with which one till may join in the next ten minutes. */
  readonly pairingCode: string | null;
  /** What an operator orders at the start; left out: nothing. */
  readonly orders?: Orders;
  readonly log: Log;
  /** The process must end and start again: its log is ahead of its database, or that ended by itself. */
  onBroken(): void;
}

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** Its door on the shop's network; null without one, and while it cannot be opened. */
  lan(): Pick<LanDoor, 'port' | 'key'> | null;
  readonly pairingCode: string | null;
  /** True while there is no shop: the code sets one up before it lets a till in. */
  readonly needsSetUp: boolean;
  readonly sampleCards: readonly SampleCard[];
  readonly sampleStaff: readonly SampleStaff[];
  /** Finishes open requests, then lets go of everything. */
  stop(): Promise<void>;
}

/** How long a closing server goes on answering what was asked before. */
const LAST_ANSWERS_MS = 2000;
/** How often the archive is given the months to come. */
const ARCHIVE_MS = 86_400_000;
/** How often points that were waiting for their day are looked at. */
const MATURE_MS = 60_000;
/** How often it is looked whether a store's business day has ended. */
const NIGHT_MS = 60_000;
/** PGlite has no autovacuum: how often old row versions are cleared and the planner told of sizes. */
const VACUUM_MS = 900_000;

/** Opens the database, brings it up to date, and listens. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { log } = options;
  const opened = await openDatabase(options);
  const executor = createExecutor({
    database: opened.database,
    log: opened.log,
    onBroken(error) {
      log.error('log ahead of database', { reason: errorText(error) });
      options.onBroken();
    },
  });
  try {
    const { database } = opened;
    await settleErasures({ database, executor, nowMs: () => Date.now() }, log);
    await carryOut(options.orders ?? NO_ORDERS, opened.database, executor, Date.now());
    const { pairingCode, needsSetUp } = await prepare(options, opened.database, executor);
    let lan: AwaitedDoor | null = null;
    const app = createServerApp({
      database: opened.database,
      executor,
      log,
      nowMs: () => Date.now(),
      lan: () => lan?.door() ?? null,
      newRef: (kind) => `${kind}_${randomBytes(12).toString('hex')}`,
      setUpDoor: {
        codeHash: needsSetUp && pairingCode !== null ? pairingCodeHash(pairingCode) : null,
        pairingMs: PAIRING_CODE_MS,
      },
    });
    const nights = createNights({
      database: opened.database,
      executor,
      log,
      nowMs: () => Date.now(),
    });
    const url = await app.listen({ host: options.host, port: options.port });
    if (options.lan !== undefined) {
      lan = await openLan(app, options.directory, options.lan, log);
    }
    void nights.run();
    const timers = [
      setInterval(() => void mature(executor, log), MATURE_MS),
      setInterval(() => void nights.run(), NIGHT_MS),
      setInterval(() => void openMonths(opened.database, log), ARCHIVE_MS),
    ];
    if (opened.database.kind === 'pglite') {
      timers.push(setInterval(() => void vacuum(opened.database, log), VACUUM_MS));
    }
    log.info('listening', { url, database: opened.database.kind });
    return {
      url,
      lan: () => lan?.door() ?? null,
      pairingCode,
      needsSetUp,
      sampleCards: options.demo ? sampleCards : [],
      sampleStaff: options.demo ? sampleStaff : [],
      async stop() {
        for (const timer of timers) clearInterval(timer);
        await nights.stop();
        const lanClosed = lan?.close(LAST_ANSWERS_MS);
        // What is asked is answered; whoever asks for ever is cut.
        const cut = setTimeout(() => app.server.closeAllConnections(), LAST_ANSWERS_MS);
        await app.close();
        clearTimeout(cut);
        await lanClosed;
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Opens the door; where it never can be opened, the whole server is closed again. */
async function openLan(
  app: ReturnType<typeof createServerApp>,
  directory: string,
  address: LanAddress,
  log: Log,
): Promise<AwaitedDoor> {
  try {
    return await awaitLan(app, lanIdentity(directory), address, log);
  } catch (error) {
    await app.close();
    throw error;
  }
}

type Opened = Pick<Awaited<ReturnType<typeof openEmbedded>>, 'database' | 'close'> & {
  readonly log: Awaited<ReturnType<typeof openEmbedded>>['log'] | null;
};

async function openDatabase(options: ServerOptions): Promise<Opened> {
  if (options.databaseUrl === null) {
    return openEmbedded(options.directory, options.log, {
      onLost(error) {
        options.log.error('embedded database ended', { reason: errorText(error) });
        options.onBroken();
      },
    });
  }
  const database = openPostgres(options.databaseUrl, (error) =>
    options.log.warn('idle connection lost', { reason: errorText(error) }),
  );
  try {
    await expectDurable(database);
    await migrate(database);
    await renumberFeed(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return { database, log: null, close: () => database.close() };
}

/** An acknowledgement promises that the entries survive a power cut; such a server could not keep it. */
async function expectDurable(database: Database): Promise<void> {
  const settings = await database.query<{ fsync: string; commit: string }>(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`,
  );
  if (settings[0]?.fsync === 'on' && settings[0].commit !== 'off') return;
  throw new Error('PostgreSQL runs without fsync or synchronous_commit; turn both on');
}

/** Takes the shop in and opens it for one till; where there is none, the code is for setting it up. */
async function prepare(
  options: ServerOptions,
  database: Database,
  executor: Executor,
): Promise<Pick<RunningServer, 'pairingCode' | 'needsSetUp'>> {
  const nowMs = Date.now();
  const identifierKey = randomBytes(32).toString('hex');
  if (options.demo && !(await hasOwnShop(database)))
    await seedDemo({ database, executor, nowMs, identifierKey });
  if (options.shopFile !== null) {
    const config = shopConfig.parse(JSON.parse(readFileSync(options.shopFile, 'utf8')));
    const shop = { tenant: SHOP_TENANT, store: SHOP_STORE, identifierKey, config };
    await executor.execute<'shop'>({ kind: 'shop', nowMs, ...shop });
  }
  await openMonths(database, options.log);
  await mature(executor, options.log);
  const stores = await database.query<{ tenant: string; store: string }>(
    'select tenant, store from store order by (tenant, store) = ($1, $2) desc, tenant, store limit 1',
    options.demo ? [DEMO_TENANT, DEMO_STORE] : [SHOP_TENANT, SHOP_STORE],
  );
  const store = stores[0];
  const { pairingCode } = options;
  if (pairingCode === null || store === undefined) {
    return { pairingCode, needsSetUp: store === undefined };
  }
  const codeHash = pairingCodeHash(pairingCode);
  await executor.execute<'pairing'>({
    kind: 'pairing',
    ...store,
    codeHash,
    expiresAtMs: nowMs + PAIRING_CODE_MS,
  });
  return { pairingCode, needsSetUp: false };
}

/** A real shop never gets the demo's members, whatever the command line says. */
async function hasOwnShop(database: Database): Promise<boolean> {
  const own = await database.query('select 1 from store where tenant <> $1 limit 1', [DEMO_TENANT]);
  return own.length > 0;
}

async function mature(executor: Executor, log: Log): Promise<void> {
  try {
    await executor.execute<'mature'>({ kind: 'mature', nowMs: Date.now() });
  } catch (error) {
    log.error('points not brought to date', { reason: errorText(error) });
  }
}

async function vacuum(database: Database, log: Log): Promise<void> {
  try {
    await database.query('vacuum (analyze)');
  } catch (error) {
    log.error('database not vacuumed', { reason: errorText(error) });
  }
}

async function openMonths(database: Database, log: Log): Promise<void> {
  try {
    await openArchiveMonths(database, new Date().toISOString().slice(0, 10));
  } catch (error) {
    // Entries then lie in the rest table; nothing depends on the months but moving them away.
    log.error('archive months not opened', { reason: errorText(error) });
  }
}
