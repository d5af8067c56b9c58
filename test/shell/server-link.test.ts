import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { generateSigningKeys, readPrivateKey, readPublicKey } from '#node/ed25519.ts';
import { readSignature, verifyRequest } from '#node/http-signature.ts';
import { createServerLink } from '#shell/server-link.ts';

const keys = generateSigningKeys();
const publicKey = readPublicKey(keys.publicKey);
const identity = { keyId: 'till-1', privateKey: readPrivateKey(keys) };
const input = { cursor: null, limit: 10 };

type Handler = (request: IncomingMessage, body: Buffer, response: ServerResponse) => void;
let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serverThat(handler: Handler): Promise<URL> {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => handler(request, Buffer.concat(chunks), response));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const linkTo = (baseUrl: URL | null, wallMs = (): number => 1_700_000_000_000) =>
  createServerLink({ baseUrl: () => baseUrl, identity, wallMs, answerBytesMax: 1000 });

const reply = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
};

describe('the link to the server', () => {
  it('signs what it sends, and returns the answer', async () => {
    let verified: unknown = 'not asked';
    const url = await serverThat((request, body, response) => {
      const read = readSignature(request.headers);
      if (typeof read === 'string') throw new Error(read);
      if (publicKey === null) throw new Error('the key was just made');
      const signable = {
        method: request.method ?? '',
        authority: request.headers.host ?? '',
        target: request.url ?? '',
        body,
      };
      verified = verifyRequest(signable, read, publicKey);
      reply(response, 200, {
        target: request.url,
        keyId: read.keyId,
        body: JSON.parse(body.toString()),
      });
    });
    expect(await linkTo(url).call('pull', input, 30_000)).toEqual({
      ok: true,
      value: { target: '/v1/pull', keyId: 'till-1', body: input },
    });
    expect(verified).toBeNull();
    const below = linkTo(new URL(`${url.href}loyalty/`));
    expect(await below.call('pull', input, 30_000)).toMatchObject({
      ok: true,
      value: { target: '/loyalty/v1/pull' },
    });
  });

  it('takes the server’s time when its own is off, and signs once more', async () => {
    const created: number[] = [];
    const url = await serverThat((request, _body, response) => {
      const read = readSignature(request.headers);
      if (typeof read === 'string') throw new Error(read);
      created.push(read.createdS);
      if (read.createdS === 1_800_000_000) reply(response, 200, { fine: true });
      else reply(response, 401, { code: 'resync-time', serverTimeMs: 1_800_000_000_000 });
    });
    const link = linkTo(url);
    expect(await link.call('pull', input, 30_000)).toMatchObject({ ok: true });
    expect(await link.call('pull', input, 30_000)).toMatchObject({ ok: true });
    expect(created).toEqual([1_700_000_000, 1_800_000_000, 1_800_000_000]);
  });

  it.each([-86_400_000, 8.64e15])('hears the time at the instant %d, too', async (wallMs) => {
    const nowMs = 1_800_000_000_000;
    const url = await serverThat((request, _body, response) => {
      const read = readSignature(request.headers);
      const code = typeof read === 'string' ? read : 'resync-time';
      if (typeof read !== 'string' && read.createdS === nowMs / 1000) reply(response, 200, {});
      else
        reply(response, 401, { code, ...(code === 'resync-time' ? { serverTimeMs: nowMs } : {}) });
    });
    expect(await linkTo(url, () => wallMs).call('pull', input, 30_000)).toMatchObject({ ok: true });
  });

  it('signs twice at most, however often the server asks for it', async () => {
    let asked = 0;
    const url = await serverThat((_request, _body, response) => {
      asked += 1;
      reply(response, 401, { code: 'replayed' });
    });
    expect(await linkTo(url).call('pull', input, 30_000)).toEqual({
      ok: false,
      error: { code: 'refused', detail: 'status 401 replayed' },
    });
    expect(asked).toBe(2);
  });

  it('has a problem for each way a server can fail, and never rejects', async () => {
    const cases: [string, Handler, object, timeoutMs?: number][] = [
      ['rubbish', (_q, _b, response) => reply(response, 200, '<html>'), { code: 'bad-answer' }],
      [
        'half an answer',
        (_q, _b, response) => {
          response.writeHead(200, { 'content-length': '100' });
          response.write('{"chan');
          setTimeout(() => response.destroy(), 10);
        },
        { code: 'unreachable' },
      ],
      [
        'an endless answer',
        (_q, _b, response) => reply(response, 200, 'x'.repeat(2000)),
        { code: 'bad-answer', detail: 'the answer is too long' },
      ],
      ['silence', () => undefined, { code: 'timeout' }, 300],
      [
        'a slow drip',
        (_q, _b, response) => {
          response.writeHead(200);
          const drip = setInterval(() => response.write(' '), 20);
          response.on('close', () => clearInterval(drip));
        },
        { code: 'timeout' },
        300,
      ],
      [
        'trouble of its own',
        (_q, _b, response) => reply(response, 503, { code: 'try-again' }),
        { code: 'unreachable', detail: 'status 503 try-again' },
      ],
      [
        'a refusal',
        (_q, _b, response) => reply(response, 400, { code: 'bad-input' }),
        { code: 'refused', detail: 'status 400 bad-input' },
      ],
      [
        'a refusal without words',
        (_q, _b, response) => reply(response, 403, 'null'),
        { code: 'refused' },
      ],
      [
        'a redirect',
        (_q, _b, response) => {
          response.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' });
          response.end();
        },
        { code: 'unreachable' },
      ],
      ['a hang-up', (_q, _b, response) => void response.destroy(), { code: 'unreachable' }],
    ];
    for (const [name, handler, problem, timeoutMs = 30_000] of cases) {
      const url = await serverThat(handler);
      const outcome = await linkTo(url).call('pull', input, timeoutMs);
      expect([name, outcome]).toEqual([
        name,
        { ok: false, error: expect.objectContaining(problem) },
      ]);
      server?.closeAllConnections();
      server?.close();
    }
  });

  it('says that nobody is there: no address yet, or a closed port', async () => {
    expect(await linkTo(null).call('pull', input, 30_000)).toMatchObject({
      error: { code: 'unreachable' },
    });
    const url = await serverThat(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    expect(await linkTo(url).call('pull', input, 30_000)).toEqual({
      ok: false,
      error: { code: 'unreachable', detail: 'ECONNREFUSED' },
    });
  });

  it('hangs up when nobody waits any more, and stays silent afterwards', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    let requests = 0;
    const link = linkTo(
      await serverThat(() => {
        requests += 1;
        resolve();
      }),
    );
    const waiting = link.call('pull', input, 60_000);
    await asked;
    link.hangUp();
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'timeout' } });
    expect(await link.call('pull', input, 60_000)).toMatchObject({
      ok: false,
      error: { code: 'unreachable' },
    });
    expect(requests).toBe(1);
  });
});
