import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { KeyObject } from 'node:crypto';
import type { SyncCall, SyncInput, SyncOutput } from '#contract/sync.ts';
import { generateSigningKeys, readPrivateKey, signHeadHash } from '#node/ed25519.ts';
import { signRequest } from '#node/http-signature.ts';
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

/** Starts the server as the shell does, with an IPC channel. */
export async function startProcess(directory: string, ...more: string[]): Promise<Started> {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, [MAIN, '--data', directory, '--demo', ...more], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env,
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
}

export async function joinOverHttp(started: Started): Promise<HttpTill> {
  const keys = generateSigningKeys();
  const privateKey: KeyObject = readPrivateKey(keys);
  const response = await fetch(`${started.message.url}/v1/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      code: started.message.pairingCode,
      publicKey: keys.publicKey,
      name: 'Front',
    }),
  });
  const enrolled = (await response.json()) as SyncOutput<'enrol'>;
  if (enrolled.outcome !== 'enrolled') throw new Error(`Not enrolled: ${JSON.stringify(enrolled)}`);
  const { till } = enrolled;
  const journal = createTestTill({ till });
  const call: HttpTill['call'] = async (url, name, input) => {
    const text = JSON.stringify(input);
    const target = `/v1/${name}`;
    const headers = signRequest(
      { method: 'POST', authority: new URL(url).host, target, body: Buffer.from(text) },
      { keyId: till, createdS: Math.floor(Date.now() / 1000), nonce: crypto.randomUUID() },
      privateKey,
    );
    const answer = await fetch(`${url}${target}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    });
    if (answer.status !== 200)
      throw new Error(`${name} answered ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as SyncOutput<typeof name>;
  };
  return {
    journal,
    call,
    push(url, from, to) {
      const { texts, ...batch } = journal.batch(from, to);
      const headSignature = signHeadHash(batch.headHash, privateKey);
      return call(url, 'push', { ...batch, entries: [...texts], headSignature });
    },
  };
}
