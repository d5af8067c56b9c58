import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { FRAME_LENGTH_MAX, type Channel } from '#contract/rpc.ts';
import { plain, type AssetHandler } from '#shell/assets.ts';
import { problemPage } from '#shell/problem-page.ts';
import { createSession, type Session } from './session.ts';
import { socketChannel } from './socket-channel.ts';

/** Browsers open up to six connections each; a till has a screen, a shopper display, a manager. */
const CONNECTIONS_MAX = 64;
const CHANNELS_MAX = 8;
const HEADER_BYTES_MAX = 16_384;
const REQUEST_TIMEOUT_MS = 10_000;
const CLOSE_GRACE_MS = 1000;

export interface WebHostOptions {
  readonly assets: AssetHandler;
  /** Null = a free port chosen by the system. */
  readonly port: number | null;
  /** A page connected; the returned function is called when it is gone. */
  readonly onChannel: ((channel: Channel, page: Page) => () => void) | null;
  /** Told the link that opens a page, first the first and again each time one was used. */
  readonly onLink: (link: string, page: Page) => void;
  /** Told what was refused, for the log; holds no address and no token. */
  readonly onRefusal: (reason: Refusal) => void;
}

/** The cashier's page, or the one that faces the shopper and may do next to nothing. */
export type Page = 'till' | 'display';

export type Refusal =
  | 'wrong-host'
  | 'wrong-origin'
  | 'no-cookie'
  | 'wrong-token'
  | 'wrong-path'
  | 'too-many-channels'
  | 'socket-error';

export interface WebHost {
  readonly port: number;
  /** Link that opens a page once. */
  link(page?: Page): string;
  close(): Promise<void>;
}

/**
 * Serves the till's page to this machine only.
 *
 * Rejects with the system's error when the port is taken.
 */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const server = createServer({
    maxHeaderSize: HEADER_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.headersTimeout = REQUEST_TIMEOUT_MS;
  const port = await listen(server, options.port);
  const authority = `127.0.0.1:${port}`;
  const linkOf = (page: Page, token: string): string =>
    `http://${authority}${openPaths[page]}?token=${token}`;
  // Cookies do not tell ports apart: two tills on one machine need two names.
  const session = (page: Page): Session =>
    createSession(`regulars-${page}-${port}`, (token) => options.onLink(linkOf(page, token), page));
  const sessions = { till: session('till'), display: session('display') };
  const guard: Guard = { authority, sessions, options };

  server.on('request', (request, response) => {
    answer(guard, request).then(
      (answered) => sendResponse(response, answered),
      () => response.destroy(),
    );
  });
  const sockets = acceptSockets(server, guard);

  return {
    port,
    link: (page = 'till') => linkOf(page, sessions[page].token()),
    async close() {
      const gone = [...sockets.clients].map((socket) => closeSocket(socket));
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
      }, CLOSE_GRACE_MS);
      await Promise.all([closed, ...gone]);
      clearTimeout(cut);
    },
  };
}

interface Guard {
  readonly authority: string;
  readonly sessions: Readonly<Record<Page, Session>>;
  readonly options: WebHostOptions;
}

const pages: readonly Page[] = ['till', 'display'];
const openPaths: Readonly<Record<Page, string>> = { till: '/open', display: '/open-display' };
const pagePaths: Readonly<Record<Page, string>> = { till: '/', display: '/display.html' };
const channelPaths: Readonly<Record<Page, string>> = {
  till: '/channel',
  display: '/display-channel',
};

/** Whether a cookie may have a page: the cashier's has both, the display's never the till. */
function admits({ sessions }: Guard, page: Page, cookie: string | undefined): boolean {
  return sessions.till.admits(cookie) || (page === 'display' && sessions.display.admits(cookie));
}

async function answer(guard: Guard, request: IncomingMessage): Promise<Response> {
  const { authority, sessions, options } = guard;
  // Exact Host: a foreign name that was made to resolve to 127.0.0.1 (DNS rebinding) is not us.
  if (request.headers.host !== authority) {
    options.onRefusal('wrong-host');
    return plain(421, 'This is not the till you asked for.');
  }
  const url = new URL(request.url ?? '/', `http://${authority}`);
  const opened = pages.find((page) => openPaths[page] === url.pathname);
  if (request.method === 'GET' && opened !== undefined) {
    const cookie = sessions[opened].redeem(url.searchParams.get('token'));
    const location = pagePaths[opened];
    if (cookie !== null) {
      return plain(303, 'Opening the till.', { location, 'set-cookie': cookie });
    }
    if (!admits(guard, opened, request.headers.cookie)) {
      options.onRefusal('wrong-token');
      return problemPage(USED_LINK, 401);
    }
    return plain(303, 'Opening the till.', { location });
  }
  // No cookie, no till: any program on this machine can reach this port.
  const page = url.pathname === pagePaths.till ? 'till' : 'display';
  if (!admits(guard, page, request.headers.cookie)) {
    options.onRefusal('no-cookie');
    return problemPage(USED_LINK, 401);
  }
  return options.assets(new Request(url, { method: request.method ?? 'GET' }));
}

const USED_LINK = {
  title: 'This till needs its link',
  what: 'The page opens with the link the till printed when it started. Each link works once.',
  next: [
    'In the window where the till was started, copy the newest link.',
    'Or start the till again: it says where it is open and prints a fresh link.',
  ],
  detail: '',
};

/** Upgrades to a WebSocket what has the right path, Host, Origin and cookie, and nothing else. */
function acceptSockets(server: Server, guard: Guard): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    // A frame longer than the contract's longest is cut off before it fills the memory.
    maxPayload: FRAME_LENGTH_MAX,
    // Compression costs time on loopback and buys nothing.
    perMessageDeflate: false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = upgradeRefusal(guard, request, sockets.clients.size);
    if (refusal !== null) {
      guard.options.onRefusal(refusal.reason);
      refuse(socket, refusal.status);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => guard.options.onRefusal('socket-error'));
      const page = pageOfChannel(request.url) ?? 'display';
      const disconnect = guard.options.onChannel?.(socketChannel(webSocket), page);
      webSocket.on('close', () => disconnect?.());
    });
  });
  return sockets;
}

function pageOfChannel(path: string | undefined): Page | undefined {
  return pages.find((page) => channelPaths[page] === path);
}

function upgradeRefusal(
  guard: Guard,
  request: IncomingMessage,
  open: number,
): { readonly reason: Refusal; readonly status: string } | null {
  const { authority, options } = guard;
  const { host, origin, cookie } = request.headers;
  const page = pageOfChannel(request.url);
  if (host !== authority) return { reason: 'wrong-host', status: '421 Misdirected Request' };
  // WebSockets ignore the same-origin policy; the browser says who asks, and only our page may.
  if (origin !== `http://${authority}`) return { reason: 'wrong-origin', status: '403 Forbidden' };
  if (!admits(guard, page ?? 'display', cookie)) {
    return { reason: 'no-cookie', status: '401 Unauthorized' };
  }
  if (page === undefined) return { reason: 'wrong-path', status: '404 Not Found' };
  if (options.onChannel === null || open >= CHANNELS_MAX) {
    return { reason: 'too-many-channels', status: '503 Service Unavailable' };
  }
  return null;
}

function closeSocket(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.close(1001, 'the till stops');
  });
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  // A client that keeps its half open would keep the host from ever closing.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function sendResponse(response: ServerResponse, answered: Response): Promise<void> {
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  response.end(Buffer.from(await answered.arrayBuffer()));
}

function listen(server: Server, port: number | null): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.on('clientError', (_error, socket) => (socket as Socket).destroy());
    // 127.0.0.1 and not every address: the page is for this machine.
    server.listen({ host: '127.0.0.1', port: port ?? 0, exclusive: true }, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port was given'));
      else resolve(address.port);
    });
  });
}
