import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { FRAME_LENGTH_MAX, serve, type Contract } from '#contract/rpc.ts';
import { plain } from '#shell/assets.ts';
import { startWebHost, type Page, type Refusal, type WebHost } from '#shell/web/host.ts';

const contract = {
  calls: { double: { input: z.int(), output: z.int() } },
  events: {},
} as const satisfies Contract;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let host: WebHost;
let refusals: Refusal[];
let links: string[];
let displayLinks: string[];
let pages: Page[];
let connected: number;

beforeEach(async () => {
  refusals = [];
  links = [];
  displayLinks = [];
  pages = [];
  connected = 0;
  host = await startWebHost({
    assets: async (request) => plain(200, `asset ${new URL(request.url).pathname}`),
    port: null,
    onChannel(channel, page) {
      connected += 1;
      pages.push(page);
      const served = serve(contract, channel, { double: (value) => value * 2 }, () => undefined);
      return () => {
        connected -= 1;
        served.close();
      };
    },
    onLink: (link, page) => void (page === 'till' ? links : displayLinks).push(link),
    onRefusal: (reason) => void refusals.push(reason),
  });
});
afterEach(() => host.close());

/** A raw request: unlike fetch, it may say any Host. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: host.port, path, method, headers };
    const request = httpRequest(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

const authority = (): string => `127.0.0.1:${host.port}`;
const pathOf = (link: string): string => link.slice(`http://${authority()}`.length);

async function cookie(): Promise<string> {
  const opened = await get(pathOf(host.link()));
  return (opened.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}

/** Resolves with 'open', or with the HTTP status that refused the upgrade. */
function tryUpgrade(path: string, headers: Record<string, string>): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${authority()}${path}`, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', reject);
  });
}

async function openChannel(): Promise<WebSocket> {
  const headers = { origin: `http://${authority()}`, cookie: await cookie() };
  const socket = await tryUpgrade('/channel', headers);
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  return socket;
}

function nextMessage(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString('utf8'))));
  });
}

function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => void socket.once('close', (code) => resolve(code)));
}

describe('the web host', () => {
  it('opens the page once per link and keeps it open by a cookie that scripts cannot read', async () => {
    const first = host.link();
    const opened = await get(pathOf(first));
    expect(opened.status).toBe(303);
    expect(opened.headers.location).toBe('/');
    const header = opened.headers['set-cookie']?.[0] ?? '';
    expect(header).toMatch(/^regulars-till-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
    const page = await get('/', { cookie: header.split(';')[0] ?? '' });
    expect(page).toMatchObject({ status: 200, body: 'asset /\n' });

    const again = await get(pathOf(first));
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(links).toEqual([first, host.link()]);
    expect((await get(pathOf(host.link()))).status).toBe(303);
  });

  it('gives the display’s link the display and its channel, never the till', async () => {
    const opened = await get(pathOf(host.link('display')));
    expect(opened).toMatchObject({ status: 303, headers: { location: '/display.html' } });
    expect(displayLinks).toHaveLength(2);
    const own = { cookie: (opened.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '' };
    expect((await get('/display.html', own)).status).toBe(200);
    expect((await get('/assets/display.js', own)).status).toBe(200);
    expect((await get('/', own)).status).toBe(401);
    const origin = `http://${authority()}`;
    expect(await tryUpgrade('/channel', { origin, ...own })).toBe(401);
    const socket = await tryUpgrade('/display-channel', { origin, ...own });
    expect(socket).not.toBeTypeOf('number');
    expect(pages).toEqual(['display']);
    expect(await tryUpgrade('/display-channel', { origin })).toBe(401);
    // The cashier may open the display in a second window.
    expect((await get('/display.html', { cookie: await cookie() })).status).toBe(200);
  });

  it('refuses a page, a file and a socket without the cookie', async () => {
    expect((await get('/')).status).toBe(401);
    expect((await get('/assets/index.js')).status).toBe(401);
    expect((await get('/', { cookie: `regulars-till-${host.port}=guess` })).status).toBe(401);
    expect((await get('/open?token=guess')).status).toBe(401);
    expect((await get('/open')).status).toBe(401);
    expect(await tryUpgrade('/channel', { origin: `http://${authority()}` })).toBe(401);
    expect(refusals).toEqual([
      'no-cookie',
      'no-cookie',
      'no-cookie',
      'wrong-token',
      'wrong-token',
      'no-cookie',
    ]);
  });

  it('answers 421 to every Host but its own, also with the cookie', async () => {
    const held = await cookie();
    const names = [`localhost:${host.port}`, 'attacker.example', '127.0.0.1', `127.0.0.1:1`];
    for (const name of names) {
      expect((await get('/', { host: name, cookie: held })).status).toBe(421);
      const headers = { host: name, origin: `http://${authority()}`, cookie: held };
      expect(await tryUpgrade('/channel', headers)).toBe(421);
    }
  });

  it('refuses a socket that another page asks for', async () => {
    const held = await cookie();
    const origins = ['http://attacker.example', `http://localhost:${host.port}`, 'null'];
    for (const origin of origins) {
      expect(await tryUpgrade('/channel', { origin, cookie: held })).toBe(403);
    }
    expect(await tryUpgrade('/channel', { cookie: held })).toBe(403);
    expect(connected).toBe(0);
  });

  it('upgrades nothing but the channel, and only so many of them', async () => {
    const headers = { origin: `http://${authority()}`, cookie: await cookie() };
    expect(await tryUpgrade('/other', headers)).toBe(404);
    const opened = await Promise.all(
      Array.from({ length: 8 }, () => tryUpgrade('/channel', headers)),
    );
    expect(opened.filter((socket) => typeof socket === 'number')).toEqual([]);
    expect(await tryUpgrade('/channel', headers)).toBe(503);
  });

  it('carries calls, and answers an unknown method and a bad frame by code', async () => {
    const socket = await openChannel();
    socket.send(JSON.stringify({ id: 1, method: 'double', input: 21 }));
    expect(await nextMessage(socket)).toEqual({ id: 1, ok: true, value: 42 });
    socket.send(JSON.stringify({ id: 2, method: 'constructor', input: 1 }));
    expect(await nextMessage(socket)).toMatchObject({ id: 2, error: { code: 'unknown-method' } });
    socket.send('{"id":3');
    expect(await nextMessage(socket)).toMatchObject({ id: null, error: { code: 'bad-frame' } });
    socket.close();
  });

  it('cuts off an oversized frame and a binary one, and serves the next page', async () => {
    const large = await openChannel();
    const cut = closeCode(large);
    large.send('x'.repeat(FRAME_LENGTH_MAX + 1));
    expect(await cut).toBe(1009);

    const binary = await openChannel();
    const refused = closeCode(binary);
    binary.send(Buffer.from([1, 2, 3]));
    expect(await refused).toBe(1003);

    const socket = await openChannel();
    socket.send(JSON.stringify({ id: 1, method: 'double', input: 2 }));
    expect(await nextMessage(socket)).toEqual({ id: 1, ok: true, value: 4 });
  });

  it('listens on the loopback address only', async () => {
    const { networkInterfaces } = await import('node:os');
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal);
    if (outside === undefined) return;
    const tried = fetch(`http://${outside.address}:${host.port}/`);
    await expect(tried).rejects.toThrow('fetch failed');
  });

  it('closes beside a refused client that never hangs up, and one that never asks', async () => {
    const ends = [
      `GET /channel HTTP/1.1\r\nHost: ${authority()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      '',
    ].map((text) => {
      // Keeps its own half open, whatever the other side does.
      const socket = connect({ port: host.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => undefined).on('data', () => undefined);
      return new Promise((resolve) => {
        socket.on('connect', () => socket.write(text));
        if (text === '') socket.on('connect', resolve);
        else socket.on('end', resolve);
      });
    });
    await Promise.all(ends);
    await host.close();
  });

  it('closes with open sockets', async () => {
    const socket = await openChannel();
    const closed = closeCode(socket);
    await host.close();
    expect(await closed).toBe(1001);
    expect(connected).toBe(0);
  });
});
