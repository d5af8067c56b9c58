import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { virtualHandChange } from '#contract/device.ts';
import { layHand } from './hand.ts';
import { PAPER_PAGE, PAPER_PAGE_CSS, PAPER_PAGE_SCRIPT } from './paper-page.ts';
import type { VirtualPrinter } from './virtual-printer.ts';

/** A page that shows a virtual printer's paper as it comes, and lets a hand touch the machine. */
export interface PaperPage {
  readonly url: string;
  /** A strip as drawn. */
  show(svg: string): void;
  /** The machine changed by itself: its drawer opened, its roll ran out. */
  tell(): void;
  close(): Promise<void>;
}

/** Papers a page that is opened late still gets. */
const PAPERS_MAX = 20;
const VIEWERS_MAX = 16;
const BODY_BYTES_MAX = 1_000;
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;
const FILES: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/': ['text/html; charset=utf-8', PAPER_PAGE],
  '/page.css': ['text/css; charset=utf-8', PAPER_PAGE_CSS],
  '/page.js': ['text/javascript; charset=utf-8', PAPER_PAGE_SCRIPT],
};

/** Serves the page on loopback. Rejects with the system's error when the port is taken. */
export async function servePaperPage(options: {
  readonly printer: VirtualPrinter;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where the printer listens, for the eye. */
  readonly address: string;
}): Promise<PaperPage> {
  const { printer } = options;
  const viewers = new Set<ServerResponse>();
  const papers: { readonly number: number; readonly svg: string }[] = [];
  let number = 0;
  const send = (viewer: ServerResponse, event: string, data: unknown): void =>
    void viewer.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  const tell = (): void => {
    for (const viewer of viewers) send(viewer, 'hand', layHand(printer, {}));
  };

  const watch = (response: ServerResponse): void => {
    if (viewers.size >= VIEWERS_MAX) {
      response.writeHead(503, HEADERS).end();
      return;
    }
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    viewers.add(response);
    response.on('close', () => viewers.delete(response));
    send(response, 'address', options.address);
    send(response, 'hand', layHand(printer, {}));
    for (const paper of papers) send(response, 'paper', paper);
  };
  const lay = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const change = virtualHandChange.safeParse(await bodyOf(request));
    if (!change.success) {
      response.writeHead(400, HEADERS).end();
      return;
    }
    layHand(printer, change.data);
    tell();
    response.writeHead(204, HEADERS).end();
  };

  const server = createServer((request, response) => {
    const file = FILES[request.url ?? ''];
    // Exact Host and, where something changes, Origin: another site in the browser is not this page.
    if (request.headers.host !== authority) response.writeHead(421, HEADERS).end();
    else if (request.method === 'GET' && file !== undefined)
      response.writeHead(200, { ...HEADERS, 'content-type': file[0] }).end(file[1]);
    else if (request.method === 'GET' && request.url === '/events') watch(response);
    else if (request.method !== 'POST' || request.url !== '/hand')
      response.writeHead(404, HEADERS).end();
    else if (request.headers.origin !== `http://${authority}`)
      response.writeHead(403, HEADERS).end();
    else lay(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const authority = `127.0.0.1:${port}`;

  return {
    url: `http://${authority}/`,
    show(svg) {
      number += 1;
      papers.push({ number, svg });
      if (papers.length > PAPERS_MAX) papers.shift();
      for (const viewer of viewers) send(viewer, 'paper', { number, svg });
      // The roll is shorter now.
      tell();
    },
    tell,
    close() {
      for (const viewer of viewers) viewer.end();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let body = '';
  for await (const piece of request) {
    body += String(piece);
    if (body.length > BODY_BYTES_MAX) throw new Error('more than a hand can do');
  }
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
