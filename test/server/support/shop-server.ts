import { createHmac, type KeyObject } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Grant, SyncCall, SyncInput, SyncOutput } from '#contract/sync.ts';
import type { PushBatch } from '#journal/posting-batch.ts';
import { generateSigningKeys, readPrivateKey, signHeadHash } from '#node/ed25519.ts';
import { signRequest } from '#node/http-signature.ts';
import { createLog } from '#node/log.ts';
import type { CommandLog } from '#server/commands/command-log.ts';
import { createExecutor, type Executor } from '#server/commands/executor.ts';
import type { Database } from '#server/database/database.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPostgres } from '#server/database/postgres.ts';
import { DEMO_STORE, DEMO_TENANT, seedDemo } from '#server/demo/demo.ts';
import { createServerApp, type ServerDeps } from '#server/http/app.ts';
import { newPairingCode, pairingCodeHash } from '#server/pairing-code.ts';
import { createTestTill, NOON_MS, type TestTill } from '#test/journal/support/test-till.ts';

export const IDENTIFIER_KEY = '5a'.repeat(32);

/** A till's side of the wire, signed as the product signs. */
export interface WireTill {
  readonly till: string;
  readonly journal: TestTill;
  readonly privateKey: KeyObject;
  call<Call extends SyncCall>(call: Call, input: SyncInput<Call>): Promise<SyncOutput<Call>>;
  /** Sends whatever is asked and returns what came back, whatever it is. */
  send(
    call: string,
    text: string | Buffer,
    change?: Partial<Signing>,
  ): Promise<{ status: number; body: unknown }>;
  push(from?: number, to?: number): Promise<SyncOutput<'push'>>;
  pushBatch(batch: PushBatch): Promise<SyncOutput<'push'>>;
  grant(member: string, want: number, requestId: string): Promise<SyncOutput<'grant'>>;
}

export interface Signing {
  readonly keyId: string;
  readonly createdS: number;
  readonly nonce: string;
  readonly privateKey: KeyObject;
  /** What is signed, where it is not what is sent. */
  readonly signedText: string;
  readonly headers: Record<string, string>;
}

/** A server over a database, with the demo shop, and tills that join it. */
export interface ShopServer {
  readonly app: FastifyInstance;
  readonly executor: Executor;
  readonly database: Database;
  readonly lines: string[];
  nowMs: number;
  pair(code?: string): Promise<string>;
  join(name?: string): Promise<WireTill>;
}

export function hashOf(kind: 'card' | 'phone', value: string): string {
  return createHmac('sha256', Buffer.from(IDENTIFIER_KEY, 'hex'))
    .update(`${kind}:${value}`)
    .digest('hex');
}

/** Several servers on one PostgreSQL, each with references of its own. */
export async function openShopServers(
  url: string,
  count: number,
): Promise<{ readonly servers: readonly ShopServer[]; close(): Promise<void> }> {
  const servers: ShopServer[] = [];
  const databases: Database[] = [];
  for (let index = 0; index < count; index += 1) {
    const database = openPostgres(url, () => undefined);
    await migrate(database);
    databases.push(database);
    let refs = 0;
    const newRef = (kind: string): string => `${kind}_${index}_${(refs += 1)}`;
    servers.push(await openShopServer(database, { deps: { newRef } }));
  }
  return {
    servers,
    async close() {
      for (const server of servers) await server.app.close();
      for (const database of databases) await database.close();
    },
  };
}

export async function openShopServer(
  database: Database,
  options: { readonly log?: CommandLog | null; readonly deps?: Partial<ServerDeps> } = {},
): Promise<ShopServer> {
  const lines: string[] = [];
  let refs = 0;
  let nonces = 0;
  const executor = createExecutor({
    database,
    log: options.log ?? null,
    onBroken: (error) => {
      throw error;
    },
  });
  const server: { nowMs: number } = { nowMs: NOON_MS };
  await seedDemo({ database, executor, nowMs: server.nowMs, identifierKey: IDENTIFIER_KEY });
  const app = createServerApp({
    database,
    executor,
    log: createLog({ write: (line) => lines.push(line), nowMs: () => server.nowMs }),
    nowMs: () => server.nowMs,
    newRef: (kind) => `${kind}_${(refs += 1)}`,
    tillLimit: { burst: 10_000, perSecond: 10_000 },
    enrolLimit: { burst: 10_000, perSecond: 10_000 },
    ...options.deps,
  });
  const pair = async (code = newPairingCode()): Promise<string> => {
    await executor.execute<'pairing'>({
      kind: 'pairing',
      tenant: DEMO_TENANT,
      store: DEMO_STORE,
      codeHash: pairingCodeHash(code),
      expiresAtMs: server.nowMs + 600_000,
    });
    return code;
  };

  const join = async (name = 'Till'): Promise<WireTill> => {
    const keys = generateSigningKeys();
    const privateKey = readPrivateKey(keys);
    const enrolled = await app.inject({
      method: 'POST',
      url: '/v1/enrol',
      payload: { code: await pair(), publicKey: keys.publicKey, name },
    });
    const answer = enrolled.json<SyncOutput<'enrol'>>();
    if (answer.outcome !== 'enrolled') throw new Error(`Not enrolled: ${enrolled.body}`);
    const { till } = answer;
    const journal = createTestTill({ till });

    const send: WireTill['send'] = async (call, text, change = {}) => {
      const target = `/v1/${call}`;
      const headers = signRequest(
        {
          method: 'POST',
          authority: 'localhost:80',
          target,
          body: Buffer.from(change.signedText ?? text),
        },
        {
          keyId: change.keyId ?? till,
          createdS: change.createdS ?? Math.floor(server.nowMs / 1000),
          nonce: change.nonce ?? `nonce-${(nonces += 1)}-${process.pid}`,
        },
        change.privateKey ?? privateKey,
      );
      const response = await app.inject({
        method: 'POST',
        url: target,
        headers: {
          host: 'localhost:80',
          'content-type': 'application/json',
          ...headers,
          ...change.headers,
        },
        payload: text,
      });
      return { status: response.statusCode, body: response.json<unknown>() };
    };
    const call = async <Call extends SyncCall>(
      name: Call,
      input: SyncInput<Call>,
    ): Promise<SyncOutput<Call>> => {
      const { status, body } = await send(name, JSON.stringify(input));
      if (status !== 200)
        throw new Error(`${name} answered ${status} ${JSON.stringify(body)} ${lines.at(-1) ?? ''}`);
      return body as SyncOutput<Call>;
    };
    const pushBatch = (batch: PushBatch): Promise<SyncOutput<'push'>> => {
      const { texts, ...rest } = batch;
      return call('push', {
        ...rest,
        entries: [...texts],
        headSignature: signHeadHash(batch.headHash, privateKey),
      });
    };
    return {
      till,
      journal,
      privateKey,
      send,
      call,
      pushBatch,
      push: (from, to) => pushBatch(journal.batch(from, to)),
      grant: (member, want, requestId) =>
        call('grant', { requestId, member, programme: 'points', want }),
    };
  };

  return Object.assign(server, { app, executor, database, lines, pair, join });
}

/** The grant of an answer that granted. */
export function granted(answer: SyncOutput<'grant'>): Grant {
  if (answer.outcome !== 'granted') throw new Error(`Not granted: ${JSON.stringify(answer)}`);
  return answer.grant;
}
