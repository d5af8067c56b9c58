import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { SyncOutput } from '#contract/sync.ts';
import { generateSigningKeys, readPrivateKey, signHeadHash } from '#node/ed25519.ts';
import { signRequest } from '#node/http-signature.ts';
import { body, createTestTill, sha256Chain, TODAY, txOf } from '#test/journal/support/test-till.ts';
import type { WireTill } from '#test/server/support/shop-server.ts';
import { postHead, sendRaw } from './raw-http.ts';
import { VICTIM, type HostileStage } from './stage.ts';

/** Something hostile, and the name under which it must be refused or quarantined. */
export interface Attack {
  readonly name: string;
  /** What came of it, in one word or a few. */
  readonly answer: string;
  run(stage: HostileStage): Promise<string>;
}

const DAY = JSON.stringify({ day: TODAY });
const GENESIS = '0'.repeat(64);
const stranger = readPrivateKey(generateSigningKeys());
const MEBIBYTE = 1_048_576;
const BOMB_BYTES = 64 * MEBIBYTE;
const TEN_GIGABYTES = 10 * 1024 * MEBIBYTE;

/** What refuses a signed request before anything in it is read. */
export const requestAttacks: readonly Attack[] = [
  {
    name: 'a signature by another key',
    answer: '401 wrong-signature',
    run: ({ hostile }) => sent(hostile, 'day', DAY, { privateKey: stranger }),
  },
  {
    name: 'another till’s name over one’s own signature',
    answer: '401 wrong-signature',
    run: ({ hostile, honest }) => sent(hostile, 'day', DAY, { keyId: honest.till }),
  },
  {
    name: 'a signature for another body',
    answer: '401 wrong-digest',
    run: ({ hostile }) => sent(hostile, 'day', DAY, { signedText: '{}' }),
  },
  {
    name: 'a till nobody knows',
    answer: '401 unknown-key',
    run: ({ hostile }) => sent(hostile, 'day', DAY, { keyId: 'till_404' }),
  },
  {
    name: 'a request that is sent again',
    answer: '401 replayed',
    async run({ hostile, next }) {
      const nonce = `replayed-${next()}`;
      await hostile.send('day', DAY, { nonce });
      return sent(hostile, 'day', DAY, { nonce });
    },
  },
  {
    name: 'a request kept for an hour',
    answer: '401 resync-time',
    run: ({ hostile, server }) =>
      sent(hostile, 'day', DAY, { createdS: Math.floor(server.nowMs / 1000) - 3600 }),
  },
  {
    name: 'a body that is said to have ten gigabytes',
    answer: '413',
    run: ({ port }) => raw(port, { 'content-length': String(TEN_GIGABYTES) }, [Buffer.from('{')]),
  },
  {
    name: 'a body without an end',
    answer: '413 or hung up',
    async run({ port }) {
      const status = await sendRaw(port, head({ 'transfer-encoding': 'chunked' }), endless());
      return status === 413 || status === null ? '413 or hung up' : String(status);
    },
  },
  {
    name: 'a decompression bomb, signed by a till',
    answer: '413',
    run: (stage) => bomb(stage, zstdCompressSync(Buffer.alloc(BOMB_BYTES, ' ')), 'zstd', true),
  },
  {
    name: 'a decompression bomb from anybody',
    answer: '401',
    run: (stage) => bomb(stage, zstdCompressSync(Buffer.alloc(BOMB_BYTES, ' ')), 'zstd', false),
  },
  {
    name: 'a decompression bomb of another make',
    answer: '415',
    run: (stage) => bomb(stage, gzipSync(Buffer.alloc(BOMB_BYTES, ' ')), 'gzip', true),
  },
  {
    name: 'bytes that only say that they are compressed',
    answer: '400',
    run: (stage) => bomb(stage, Buffer.from(DAY), 'zstd', true),
  },
  {
    name: 'brackets in brackets without an end',
    answer: '400 bad-json',
    run: ({ hostile }) => sent(hostile, 'day', '['.repeat(2 * MEBIBYTE)),
  },
  {
    name: 'a prototype in the body',
    answer: '400 bad-input',
    run: ({ hostile }) =>
      sent(hostile, 'day', `{"__proto__":{"day":"${TODAY}"},"constructor":{"prototype":{}}}`),
  },
  {
    name: 'a call that is a path',
    answer: '404 not-found',
    run: ({ hostile }) => sent(hostile, '../../etc/passwd', DAY),
  },
];

/** What refuses or quarantines a journal. */
export const journalAttacks: readonly Attack[] = [
  {
    name: 'a wrong incarnation',
    answer: 'fenced',
    run: ({ hostile }) => {
      const other = createTestTill({ till: hostile.till, inc: 2 });
      other.append(txOf(1), body.sale(1, null));
      return pushed(hostile.pushBatch(other.batch()));
    },
  },
  {
    name: 'a batch whose head somebody else signed',
    answer: 'malformed headSignature',
    async run(stage) {
      const till = await stage.join();
      const number = stage.next();
      till.journal.append(txOf(number), body.sale(number, null));
      const { texts, ...batch } = till.journal.batch();
      const headSignature = signHeadHash(batch.headHash, stranger);
      return pushed(till.call('push', { ...batch, entries: [...texts], headSignature }));
    },
  },
  {
    name: 'a batch of another till',
    answer: 'malformed of another till',
    async run(stage) {
      const thief = await stage.join();
      return pushed(thief.pushBatch(stage.honest.journal.batch()));
    },
  },
  {
    name: 'amounts whose sums are no numbers',
    answer: 'malformed malformed body.totalMinor',
    async run(stage) {
      const till = await stage.join();
      const number = stage.next();
      till.journal.append(txOf(number), body.sale(number, null, 10_000));
      const [entry] = till.journal.entries;
      const text = (entry?.text ?? '').replace('"totalMinor":10000', `"totalMinor":${MANY}`);
      const headHash = sha256Chain(GENESIS, text);
      const batch = { ...till.journal.batch(), texts: [text], headHash };
      return pushed(till.pushBatch(batch));
    },
  },
  {
    name: 'a journal with a hole',
    answer: 'gap',
    async run(stage) {
      const till = await stage.join();
      sell(stage, till, 3);
      return pushed(till.push(3));
    },
  },
  {
    name: 'a till that was rolled back',
    answer: 'rolled-back',
    async run(stage) {
      const till = await stage.join();
      sell(stage, till, 3);
      await till.push();
      return pushed(hello(till, 1, till.journal.entries[0]?.hash ?? ''));
    },
  },
  {
    name: 'a cloned till',
    answer: 'fork, told once',
    async run(stage) {
      const till = await stage.join();
      sell(stage, till, 2);
      const clone = createTestTill({ till: till.till });
      clone.append(txOf(stage.next()), body.sale(stage.next(), null));
      await till.push();
      await till.pushBatch(clone.batch());
      const again = await pushed(till.push());
      return `${again}, ${await toldOnce(stage, till)}`;
    },
  },
  {
    name: 'a forked journal at HELLO',
    answer: 'fork, told once',
    async run(stage) {
      const till = await stage.join();
      sell(stage, till, 2);
      await till.push();
      await hello(till, 2, 'ab'.repeat(32));
      const again = await pushed(till.push());
      return `${again}, ${await toldOnce(stage, till)}`;
    },
  },
  {
    name: 'a history written anew',
    answer: 'fork, told once',
    async run(stage) {
      const till = await stage.join();
      sell(stage, till, 2);
      await till.push();
      const other = createTestTill({ till: till.till });
      const number = stage.next();
      for (let count = 0; count < 4; count += 1)
        other.append(txOf(number), body.sale(number, null));
      const forged = await pushed(till.pushBatch(other.batch(3)));
      return `${forged}, ${await toldOnce(stage, till)}`;
    },
  },
];

/** A number that is one, and whose sums are not. */
const MANY = Number.MAX_SAFE_INTEGER;

/** What is posted with an exception, and moves no point it may not move. */
export const pointAttacks: readonly Attack[] = [
  {
    name: 'a grant for another till',
    answer: 'grant-of-another-till',
    run: (stage) =>
      spend(stage, (till, tx) => {
        till.journal.append(
          tx,
          body.accept(stage.heldGrant, VICTIM, 50),
          body.redeem(VICTIM, tx, 50, stage.heldGrant),
        );
      }),
  },
  {
    name: 'another till’s grant closed',
    answer: 'grant-of-another-till',
    run: (stage) =>
      spend(stage, (till, tx) => till.journal.append(tx, body.close(stage.heldGrant))),
  },
  {
    name: 'a grant that was never given',
    answer: 'unknown-grant',
    run: (stage) =>
      spend(stage, (till, tx) => till.journal.append(tx, body.accept('grant_404', VICTIM, 900))),
  },
];

function sell(stage: HostileStage, till: WireTill, sales: number): void {
  for (let count = 0; count < sales; count += 1) {
    const number = stage.next();
    till.journal.append(txOf(number), body.sale(number, null));
  }
}

/** Lets a till journal something and says what the manager is told of it. */
async function spend(
  stage: HostileStage,
  write: (till: WireTill, tx: string) => void,
): Promise<string> {
  const till = await stage.join();
  write(till, txOf(stage.next()));
  const answer = await till.push();
  if (answer.outcome !== 'acknowledged') return answer.outcome;
  return [...new Set(await stage.exceptions(till.till))].join(', ');
}

async function toldOnce(stage: HostileStage, till: WireTill): Promise<string> {
  const codes = await stage.exceptions(till.till);
  return codes.length === 1 && codes[0] === 'fork' ? 'told once' : `told ${codes.join(', ')}`;
}

async function sent(
  till: WireTill,
  call: string,
  text: string,
  change: Parameters<WireTill['send']>[2] = {},
): Promise<string> {
  const { status, body: answer } = await till.send(call, text, change);
  const code = typeof answer === 'object' && answer !== null && 'code' in answer ? answer.code : '';
  return `${status} ${String(code)}`.trim();
}

async function pushed(answer: Promise<SyncOutput<'push'>>): Promise<string> {
  const { outcome, ...rest } = await answer;
  return 'detail' in rest ? `${outcome} ${rest.detail}` : outcome;
}

function hello(till: WireTill, headSeq: number, headHash: string): Promise<SyncOutput<'hello'>> {
  const inc = 1;
  const head = { headSeq, headHash: headSeq === 0 ? GENESIS : headHash };
  return till.call('hello', { inc, ...head, epochSeen: 1, settled: true, app: 'test', wallMs: 0 });
}

const head = (headers: Record<string, string>): string => postHead('/v1/push', headers);

/** Sends bytes that say how they are compressed; the answer's status. */
async function bomb(
  { hostile, port, server, next }: HostileStage,
  bytes: Buffer,
  encoding: string,
  isSigned: boolean,
): Promise<string> {
  const parameters = {
    keyId: hostile.till,
    createdS: Math.floor(server.nowMs / 1000),
    nonce: `bomb-${next()}-${encoding}`,
  };
  const request = { method: 'POST', authority: 'localhost', target: '/v1/day', body: bytes };
  const signature = isSigned ? signRequest(request, parameters, hostile.privateKey) : {};
  const headers = { 'content-encoding': encoding, 'content-length': String(bytes.length) };
  const status = await sendRaw(port, postHead('/v1/day', { ...headers, ...signature }), [bytes]);
  return String(status);
}

async function raw(
  port: number,
  headers: Record<string, string>,
  more: Iterable<Uint8Array>,
): Promise<string> {
  return String(await sendRaw(port, head(headers), more));
}

function* endless(): Generator<Uint8Array> {
  const piece = Buffer.alloc(65_536, ' ');
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), piece, Buffer.from('\r\n')]);
  for (let sentBytes = 0; sentBytes < TEN_GIGABYTES; sentBytes += piece.length) yield chunk;
}
