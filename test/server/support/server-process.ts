import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { KeyObject } from 'node:crypto';
import type { SyncCall, SyncInput, SyncOutput } from '#contract/sync.ts';
import type { PushBatch } from '#journal/posting-batch.ts';
import { generateSigningKeys, readPrivateKey, signHeadHash } from '#node/ed25519.ts';
import { createServerLink } from '#shell/server-link.ts';
import type { ServerLink } from '#till/ports.ts';
import { createTestTill, type TestTill } from '#test/journal/support/test-till.ts';

const MAIN = fileURLToPath(new URL('../../../src/server/main.ts', import.meta.url));

/** What the server said to its parent first. */
export interface Started {
  readonly child: ChildProcess;
  readonly message: {
    readonly kind: string;
    readonly url: string;
    readonly pairingCode: string | null;
    readonly sampleCards: readonly { number: string; name: string }[];
    readonly code?: string;
    readonly detail?: string;
  };
}

/** Starts the server as the shell does, with an IPC channel; on PGlite without a `databaseUrl`. */
export async function startProcess(
  directory: string,
  databaseUrl: string | null = null,
): Promise<Started> {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, [MAIN, '--data', directory, '--demo'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: databaseUrl === null ? env : { ...env, DATABASE_URL: databaseUrl },
  });
  const [message] = (await once(child, 'message')) as [Started['message']];
  return { child, message };
}

/** Ends a server and waits for its end. */
export async function endProcess(
  { child }: Started,
  signal: 'SIGKILL' | 'SIGTERM',
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  return (await ended)[0];
}

/** A till that talks to a server process over HTTP. */
export interface HttpTill {
  readonly journal: TestTill;
  call<Call extends SyncCall>(
    url: string,
    call: Call,
    input: SyncInput<Call>,
  ): Promise<SyncOutput<Call>>;
  push(url: string, from: number, to?: number): Promise<SyncOutput<'push'>>;
  pushBatch(url: string, batch: PushBatch): Promise<SyncOutput<'push'>>;
}

const CALL_TIMEOUT_MS = 60_000;

/** Lets a till in over the product's own link, with the pairing code its server said. */
export async function joinOverHttp(started: {
  readonly message: Pick<Started['message'], 'url' | 'pairingCode'>;
}): Promise<HttpTill> {
  const keys = generateSigningKeys();
  const privateKey: KeyObject = readPrivateKey(keys);
  const linkTo = (url: string, keyId: string | null): ServerLink =>
    createServerLink({
      baseUrl: () => new URL(url),
      identity: keyId === null ? null : { keyId, privateKey },
      wallMs: Date.now,
    });
  const answered = await linkTo(started.message.url, null).call(
    'enrol',
    { code: started.message.pairingCode ?? '', publicKey: keys.publicKey, name: 'Front' },
    CALL_TIMEOUT_MS,
  );
  const enrolled = answered.ok ? (answered.value as SyncOutput<'enrol'>) : null;
  if (enrolled?.outcome !== 'enrolled') throw new Error(`Not let in: ${JSON.stringify(answered)}`);
  const { till } = enrolled;
  const journal = createTestTill({ till });
  const call: HttpTill['call'] = async (url, name, input) => {
    const answer = await linkTo(url, till).call(name, input, CALL_TIMEOUT_MS);
    if (!answer.ok) throw new Error(`${name} answered ${JSON.stringify(answer.error)}`);
    return answer.value as SyncOutput<typeof name>;
  };
  const pushBatch: HttpTill['pushBatch'] = (url, { texts, ...batch }) => {
    const headSignature = signHeadHash(batch.headHash, privateKey);
    return call(url, 'push', { ...batch, entries: [...texts], headSignature });
  };
  return {
    journal,
    call,
    push: (url, from, to) => pushBatch(url, journal.batch(from, to)),
    pushBatch,
  };
}
