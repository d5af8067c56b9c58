import { once } from 'node:events';
import { request } from 'node:http';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BODY_BYTES_MAX } from '#contract/sync.ts';
import { generateSigningKeys, readPrivateKey, signHeadHash } from '#node/ed25519.ts';
import { signRequest } from '#node/http-signature.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPglite } from '#server/database/pglite.ts';
import { createServerApp } from '#server/http/app.ts';
import { body, createTestTill, NOON_MS, TODAY, txOf } from '#test/journal/support/test-till.ts';
import { openShopServer, type ShopServer, type WireTill } from './support/shop-server.ts';

let server: ShopServer;
let till: WireTill;
beforeAll(async () => {
  const database = await openPglite(null);
  await migrate(database);
  server = await openShopServer(database);
  till = await server.join('Front');
});
afterAll(async () => {
  await server.app.close();
  await server.database.close();
});

const DAY = JSON.stringify({ day: TODAY });
const stranger = readPrivateKey(generateSigningKeys());

describe('a request', () => {
  test('without a signature is refused', async () => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/v1/day',
      headers: { 'content-type': 'application/json' },
      payload: DAY,
    });
    expect([response.statusCode, response.json()]).toEqual([401, { code: 'unsigned' }]);
  });

  test('signed by another key, for another body, or for a till nobody knows is refused', async () => {
    expect(await till.send('day', DAY, { privateKey: stranger })).toEqual({
      status: 401,
      body: { code: 'wrong-signature' },
    });
    expect(await till.send('day', DAY, { signedText: '{}' })).toEqual({
      status: 401,
      body: { code: 'wrong-digest' },
    });
    expect(await till.send('day', DAY, { keyId: 'till_404' })).toEqual({
      status: 401,
      body: { code: 'unknown-key' },
    });
  });

  test('sent twice is refused the second time', async () => {
    expect((await till.send('day', DAY, { nonce: 'only-once' })).status).toBe(200);
    expect(await till.send('day', DAY, { nonce: 'only-once' })).toEqual({
      status: 401,
      body: { code: 'replayed' },
    });
  });

  test('with a wrong clock is told the time, and a push is taken all the same', async () => {
    const createdS = NOON_MS / 1000 - 86_400;
    expect(await till.send('day', DAY, { createdS })).toEqual({
      status: 401,
      body: { code: 'resync-time', serverTimeMs: NOON_MS },
    });
    const late = await server.join('Late');
    late.journal.append(txOf(1), body.sale(1, null));
    const { texts, ...batch } = late.journal.batch();
    const text = JSON.stringify({
      ...batch,
      entries: texts,
      headSignature: signHeadHash(batch.headHash, late.privateKey),
    });
    expect(await late.send('push', text, { createdS })).toMatchObject({
      status: 200,
      body: { outcome: 'acknowledged', ackSeq: 1 },
    });
  });

  test('of garbage is refused by what it is, and nothing of it comes back', async () => {
    expect(await till.send('day', '{"day":')).toEqual({ status: 400, body: { code: 'bad-json' } });
    expect(await till.send('day', '{"day":"<script>"}')).toEqual({
      status: 400,
      body: { code: 'bad-input' },
    });
    expect(await till.send('day', '[]')).toEqual({ status: 400, body: { code: 'bad-input' } });
    expect(await till.send('day', DAY, { headers: { 'content-type': 'text/html' } })).toMatchObject(
      { status: 415 },
    );
    expect(await till.send('drop', DAY)).toEqual({ status: 404, body: { code: 'not-found' } });
  });

  test('packed is read when it is signed as packed; a bomb, a torn one and another packing are refused', async () => {
    const send = (bytes: Buffer, encoding = 'zstd') =>
      till.send('pull', bytes, { headers: { 'content-encoding': encoding } });
    const pull = JSON.stringify({ cursor: null, limit: 10 });
    const packed = zstdCompressSync(pull);
    expect(await send(packed)).toMatchObject({ status: 200 });
    expect(await send(zstdCompressSync(Buffer.alloc(64 * 1024 * 1024)))).toEqual({
      status: 413,
      body: { code: 'too-large' },
    });
    expect(await send(packed.subarray(0, packed.length - 4))).toEqual({
      status: 400,
      body: { code: 'bad-encoding' },
    });
    expect(await send(packed, 'br')).toEqual({
      status: 415,
      body: { code: 'unknown-encoding' },
    });
  });

  test('longer than the limit is refused before it is read', async () => {
    expect(await till.send('day', ' '.repeat(BODY_BYTES_MAX + 1))).toEqual({
      status: 413,
      body: { code: 'too-large' },
    });
  });

  test('too many at once are told to wait, and another till is not', async () => {
    const app = createServerApp({
      ...server,
      log: { info() {}, warn() {}, error() {} },
      nowMs: () => NOON_MS,
      newRef: (kind) => `${kind}_limited`,
      tillLimit: { burst: 2, perSecond: 1 },
    });
    const send = async (who: WireTill, nonce: string) => {
      const headers = signRequest(
        { method: 'POST', authority: 'localhost', target: '/v1/day', body: Buffer.from(DAY) },
        { keyId: who.till, createdS: NOON_MS / 1000, nonce },
        who.privateKey,
      );
      const response = await app.inject({
        method: 'POST',
        url: '/v1/day',
        headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
        payload: DAY,
      });
      return response.statusCode;
    };
    const other = await server.join('Other');
    const statuses = [
      await send(till, 'burst-01'),
      await send(till, 'burst-02'),
      await send(till, 'burst-03'),
    ];
    expect(statuses).toEqual([200, 200, 429]);
    expect(await send(other, 'burst-04')).toBe(200);
    await app.close();
  });

  test('leaves no number, name or text of its own in the log', async () => {
    await till.send('day', '{"card":"4111111111111111"}');
    expect(server.lines.join('')).not.toContain('4111111111111111');
    expect(server.lines.join('')).not.toContain('script');
  });
});

describe('a push', () => {
  test('whose head somebody else signed is malformed', async () => {
    const own = await server.join('Signed');
    own.journal.append(txOf(1), body.sale(1, null));
    const { texts, ...batch } = own.journal.batch();
    const answer = await own.call('push', {
      ...batch,
      entries: [...texts],
      headSignature: signHeadHash(batch.headHash, stranger),
    });
    expect(answer).toEqual({ outcome: 'malformed', seq: 1, detail: 'headSignature' });
  });

  test('of another incarnation is fenced', async () => {
    expect(
      await till.pushBatch({
        ...createTestTill({ till: till.till, inc: 2 }).batch(),
        texts: ['x'],
        inc: 2,
      }),
    ).toEqual({ outcome: 'fenced' });
  });

  test('of another till cannot be brought by this one', async () => {
    const victim = await server.join('Victim');
    victim.journal.append(txOf(1), body.sale(1, null));
    const thief = await server.join('Thief');
    expect(await thief.pushBatch(victim.journal.batch())).toMatchObject({
      outcome: 'malformed',
      detail: 'of another till',
    });
  });

  test('from a cloned till quarantines it, keeps what was there, and tells the manager once', async () => {
    const own = await server.join('Cloned');
    own.journal.append(txOf(50), body.sale(50, null));
    own.journal.append(txOf(51), body.sale(51, null));
    await own.push();
    const clone = createTestTill({ till: own.till });
    clone.append(txOf(50), body.sale(50, null));
    clone.append(txOf(52), body.sale(52, null));
    expect(await own.pushBatch(clone.batch())).toEqual({ outcome: 'fork', at: 2 });
    expect(await own.push()).toEqual({ outcome: 'fork', at: 2 });
    const exceptions = (await till.call('day', { day: TODAY })).exceptions.filter(
      (row) => row.till === own.till,
    );
    expect(exceptions).toMatchObject([{ code: 'fork', params: { seq: 2 } }]);
    expect(
      await till.call('hello', { ...hello, headSeq: 0, headHash: '0'.repeat(64) }),
    ).toMatchObject({
      outcome: 'acknowledged',
    });
  });

  test('from a till that was rolled back is seen at its HELLO', async () => {
    const own = await server.join('Rolled back');
    own.journal.append(txOf(60), body.sale(60, null), body.sale(61, null));
    await own.push();
    const first = own.journal.entries[0]?.hash ?? '';
    expect(await own.call('hello', { ...hello, headSeq: 1, headHash: first })).toEqual({
      outcome: 'rolled-back',
      ackSeq: 2,
    });
    expect(await own.call('hello', { ...hello, headSeq: 1, headHash: 'ab'.repeat(32) })).toEqual({
      outcome: 'fork',
      at: 1,
    });
    expect(await own.push()).toMatchObject({ outcome: 'fork' });
  });

  test('comes back to its own till verbatim, and to no other', async () => {
    const own = await server.join('Repaired');
    own.journal.append(txOf(65), body.sale(65, null), body.sale(66, null), body.sale(67, null));
    await own.push();
    const back = await own.call('own-entries', { inc: 1, after: 1, limit: 200 });
    expect(back).toEqual({
      inc: 1,
      state: 'active',
      epoch: 1,
      ackSeq: 3,
      ackHash: own.journal.head.hash,
      entries: own.journal.entries.slice(1).map(({ text }) => text),
    });
    const other = await server.join('Other');
    expect((await other.call('own-entries', { inc: 1, after: 0, limit: 200 })).entries).toEqual([]);
  });

  test('a grant of another till cannot be spent, and the points are missed by nobody but the spender', async () => {
    const owner = await server.join('Owner');
    owner.journal.append(txOf(70), body.enrol('zoe'), body.earn('zoe', txOf(70), 50));
    await owner.push();
    const answer = await owner.grant('zoe', 50, crypto.randomUUID());
    const grant = answer.outcome === 'granted' ? answer.grant.grant : '';
    const thief = await server.join('Grant thief');
    thief.journal.append(
      txOf(71),
      body.accept(grant, 'zoe', 50),
      body.redeem('zoe', txOf(71), 50, grant),
    );
    await thief.push();
    const codes = (await till.call('day', { day: TODAY })).exceptions
      .filter((row) => row.till === thief.till)
      .map(({ code }) => code);
    expect(codes).toContain('grant-of-another-till');
    const held = await owner.call('hello', {
      ...hello,
      headSeq: owner.journal.head.seq,
      headHash: owner.journal.head.hash,
    });
    expect(
      held.outcome === 'acknowledged' && held.openGrants.list?.map((row) => row.grant),
    ).toEqual([grant]);
  });
});

const hello = {
  inc: 1,
  headSeq: 0,
  headHash: '0'.repeat(64),
  epochSeen: 1,
  settled: true,
  app: 'test',
  wallMs: 0,
};

describe('joining', () => {
  const keys = generateSigningKeys();
  const join = async (code: string, publicKey = keys.publicKey) => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/v1/enrol',
      payload: { code, publicKey, name: 'New' },
    });
    return response.json<{ outcome: string; code?: string; till?: string }>();
  };

  test('works once per code, in any writing of it, and again for a till whose answer was lost', async () => {
    await server.pair('ABCD0123');
    const first = await join('abcd-o123');
    expect(first).toMatchObject({ outcome: 'enrolled', identifierKey: '5a'.repeat(32), inc: 1 });
    // Tills check PINs themselves, from salted hashes; no PIN is there to be sent.
    expect(JSON.stringify(first)).not.toMatch(/2580|1470/);
    expect(await join('ABCD0123')).toMatchObject({ outcome: 'enrolled', till: first.till });
    expect(await join('ABCD0123', generateSigningKeys().publicKey)).toEqual({
      outcome: 'refused',
      code: 'code-used',
    });
  });

  test('is refused after ten minutes, and with what is no key', async () => {
    await server.pair('EXPYRED1');
    server.nowMs += 600_000;
    expect(await join('EXPYRED1')).toEqual({ outcome: 'refused', code: 'code-expired' });
    server.nowMs = NOON_MS;
    expect(await join('EXPYRED1', 'garbage')).toEqual({ outcome: 'refused', code: 'wrong-code' });
  });

  test('is closed after five wrong codes', async () => {
    await server.pair('R1GHT000');
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await join(`WRONG00${tries}`)).toEqual({ outcome: 'refused', code: 'wrong-code' });
    }
    expect(await join('R1GHT000')).toEqual({ outcome: 'refused', code: 'too-many-tries' });
  });

  test('too often from one address is told to wait', async () => {
    const app = createServerApp({
      ...server,
      log: { info() {}, warn() {}, error() {} },
      nowMs: () => NOON_MS,
      newRef: (kind) => `${kind}_limited`,
      enrolLimit: { burst: 1, perSecond: 0 },
    });
    const payload = { code: 'NOPE0000', publicKey: keys.publicKey, name: 'x' };
    const statuses = [];
    for (let tries = 0; tries < 2; tries += 1) {
      statuses.push((await app.inject({ method: 'POST', url: '/v1/enrol', payload })).statusCode);
    }
    expect(statuses).toEqual([200, 429]);
    await app.close();
  });

  test('tells every till of the new one by a new configuration', async () => {
    const before = (await till.call('pull', { cursor: null, limit: 500 })).changes;
    const joined = await server.join('Newest');
    const after = (await till.call('pull', { cursor: null, limit: 500 })).changes;
    const config = (changes: typeof before) =>
      changes.find((change) => change.kind === 'config')?.config;
    expect(config(after)?.tills).toContainEqual({ till: joined.till, name: 'Newest' });
    expect(config(after)?.version).toBeGreaterThan(config(before)?.version ?? 0);
  });
});

describe('the poke stream', () => {
  test('says that something changed, never what, to a signed till only', async () => {
    const url = new URL(await server.app.listen({ host: '127.0.0.1', port: 0 }));
    const headers = signRequest(
      { method: 'GET', authority: url.host, target: '/v1/poke', body: new Uint8Array() },
      { keyId: till.till, createdS: NOON_MS / 1000, nonce: 'poke-stream-1' },
      till.privateKey,
    );
    const unsigned = request(new URL('/v1/poke', url)).end();
    const [refused] = (await once(unsigned, 'response')) as [
      { statusCode: number; resume(): void },
    ];
    expect(refused.statusCode).toBe(401);
    refused.resume();

    const stream = request(new URL('/v1/poke', url), { headers: { ...headers } }).end();
    const [response] = (await once(stream, 'response')) as [NodeJS.ReadableStream];
    const next = async (): Promise<string> =>
      String(((await once(response, 'data')) as [Buffer])[0]);
    expect(await next()).toBe('event: poke\ndata: {}\n\n');
    const poked = next();
    till.journal.append(txOf(90), body.sale(90, null));
    await till.push();
    expect(await poked).toBe('event: poke\ndata: {}\n\n');
    stream.destroy();
  });

  test('health is told without a signature', async () => {
    expect((await server.app.inject('/healthz')).json()).toEqual({ ok: true });
  });
});
