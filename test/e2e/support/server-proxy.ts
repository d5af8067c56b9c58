import {
  createServer,
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the way to the server behaves. `half` = the head and half of the body, then the line is cut. */
export type Weather = 'fair' | 'down' | 'silent' | 'rubbish' | 'half';

/** One request as it came by, to be sent again. */
export interface Captured {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A stand-in on the line between a till and the real server. */
export interface ServerProxy {
  readonly url: string;
  readonly captured: readonly Captured[];
  weather: Weather;
  /** Fair weather again; what got no answer is hung up on. */
  clearUp(): void;
  /** Requests whose path ends so are held until `release`; null = none. */
  hold: string | null;
  /**
   * Whether a till may have points set aside for later. Where not it is told that there are none, and
   * each tap on a reward asks; else one that saw the member a moment ago pays without asking.
   */
  givesAhead: boolean;
  /**
   * How many questions for points are held. A till asks for some to hold for later (`held`), too,
   * whenever it has a moment; a tap asks for `sale`.
   */
  heldFor(purpose: 'sale' | 'held'): number;
  release(): void;
  /** Sends a captured request again, byte for byte. */
  replay(captured: Captured): Promise<{ readonly status: number; readonly text: string }>;
  close(): Promise<void>;
}

/** Puts itself before the server at `target`; the till signs for the proxy's address, and it is kept. */
export async function serveProxy(target: string): Promise<ServerProxy> {
  const captured: Captured[] = [];
  let waiting: { readonly asked: Captured; readonly goOn: () => void }[] = [];
  const open = new Set<ServerResponse>();
  const unanswered = new Set<ServerResponse>();

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bytesOf(incoming);
    const asked: Captured = { path: incoming.url ?? '/', headers: incoming.headers, body };
    if (!proxy.givesAhead && asked.path.endsWith('/grant') && purposeOf(asked) === 'held') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ outcome: 'refused', code: 'not-enough', available: 0 }));
      return;
    }
    captured.push(asked);
    if (proxy.hold !== null && asked.path.endsWith(proxy.hold)) {
      await new Promise<void>((goOn) => waiting.push({ asked, goOn }));
    }
    switch (proxy.weather) {
      case 'down':
        response.destroy();
        return;
      case 'silent':
        unanswered.add(response);
        return;
      case 'rubbish':
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html>Please sign in to use this network</html>');
        return;
      case 'half':
      case 'fair': {
        const real = await send(target, asked);
        const text = Buffer.from(real.text);
        response.writeHead(real.status, {
          'content-type': 'application/json',
          'content-length': text.length,
        });
        if (proxy.weather === 'fair') response.end(text);
        else response.write(text.subarray(0, text.length / 2), () => response.destroy());
      }
    }
  };

  const server = createServer((incoming, response) => {
    open.add(response);
    response.on('close', () => open.delete(response));
    answer(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: ServerProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    captured,
    weather: 'fair',
    hold: null,
    givesAhead: true,
    clearUp() {
      proxy.weather = 'fair';
      for (const response of unanswered) response.destroy();
      unanswered.clear();
    },
    heldFor: (purpose) => waiting.filter(({ asked }) => purposeOf(asked) === purpose).length,
    release() {
      proxy.hold = null;
      for (const { goOn } of waiting) goOn();
      waiting = [];
    },
    replay: (again) => send(target, again),
    async close() {
      proxy.release();
      for (const response of open) response.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
  return proxy;
}

function send(
  target: string,
  { path, headers, body }: Captured,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = forward(new URL(path, target), { method: 'POST', headers }, (response) => {
      bytesOf(response).then(
        (bytes) => resolve({ status: response.statusCode ?? 0, text: bytes.toString('utf8') }),
        reject,
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function purposeOf({ body }: Captured): string {
  const { purpose = 'sale' } = JSON.parse(body.toString()) as { readonly purpose?: string };
  return purpose;
}
