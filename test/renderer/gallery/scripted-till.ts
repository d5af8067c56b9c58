import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Page } from 'playwright-core';
import { type WebSocket, WebSocketServer } from 'ws';
import type { DayReport } from '#contract/day.ts';
import { type Channel, type HandlersOf, serve, type Served } from '#contract/rpc.ts';
import { type PageContract, pageContract } from '#contract/page.ts';
import type { Done } from '#contract/till.ts';
import type { TillState } from '#contract/till-state.ts';
import { CONTENT_SECURITY_POLICY } from '#shell/content-security.ts';
import { quiet } from '#test/renderer/support/quiet.ts';
import { aDay, someProgrammes } from './day-fixture.ts';
import { someDevices } from './devices-fixture.ts';
import { aStaff, beans, flatWhite, galleryNowMs, simit } from './fixtures.ts';
import { managerAnswers } from './manager-fixture.ts';
import { paperSvg, receiptOf } from './receipt-fixture.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** One call as it arrived. */
export interface ReceivedCall {
  readonly method: keyof PageContract['calls'];
  readonly input: unknown;
}

/** What a test may replace: the answer of a call, or the state that follows from it. */
export type Scripts = Partial<HandlersOf<PageContract>>;

/** A till whose answers are written down beforehand, speaking the real contract's frames. */
export interface ScriptedTill {
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
  state(): TillState;
  /** Shows another state, as the core does after each change, and like it with a revision of its own. */
  show(state: TillState, day?: DayReport): void;
  /** Waits until the page has drawn the state shown last. */
  shown(page: Page): Promise<void>;
  script(scripts: Scripts): void;
  /** Drops every socket and refuses new ones until `rise`. */
  fall(): void;
  rise(): void;
  close(): Promise<void>;
}

const done: Done = { outcome: 'done' };
const aShift = {
  number: 12,
  sales: 41,
  salesWithMember: 28,
  totalMinor: 1_576_000,
  tenders: { cashMinor: 616_000, cardMinor: 930_000, otherMinor: 0, valueMinor: 30_000 },
  returnsMinor: 4_000,
  floatMinor: 50_000,
  cashMinor: 612_000,
  countedMinor: null,
  drawerOpenings: 1,
  voids: { lines: 2, amountMinor: 8400 },
  earned: 7_113,
  redeemed: 1_966,
  reversed: -12,
};

/** Serves a built renderer from `directory` on a free loopback port, with the strict policy. */
export async function startScriptedTill(
  directory: string,
  first: TillState,
): Promise<ScriptedTill> {
  let state = first;
  let day = aDay();
  let scripts: Scripts = {};
  let up = true;
  let revision = first.revision;
  const calls: ReceivedCall[] = [];
  const served = new Map<WebSocket, Served<PageContract>>();

  const server = createServer((request, response) => serveFile(directory, request, response));
  const sockets = new WebSocketServer({
    server,
    path: '/channel',
    verifyClient: () => up,
    maxPayload: 262_144,
  });
  sockets.on('connection', (socket) => {
    const handlers = recorded(
      usual(
        () => state,
        () => day,
      ),
      () => scripts,
      calls,
    );
    served.set(
      socket,
      serve(pageContract, channelOf(socket), handlers, (error) =>
        process.emitWarning(String(error)),
      ),
    );
    socket.on('close', () => {
      served.get(socket)?.close();
      served.delete(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/`,
    calls,
    state: () => state,
    show(next, nextDay) {
      revision += 1;
      state = { ...next, revision };
      if (nextDay !== undefined) day = nextDay;
      for (const one of served.values()) one.emit('state', state);
    },
    async shown(page) {
      await page.locator(`html[data-revision="${state.revision}"]`).waitFor();
      await quiet(page);
    },
    script(next) {
      scripts = { ...scripts, ...next };
    },
    fall() {
      up = false;
      for (const socket of sockets.clients) socket.terminate();
    },
    rise() {
      up = true;
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function usual(state: () => TillState, day: () => DayReport): HandlersOf<PageContract> {
  const named = { 'flat-white': flatWhite, simit, beans };
  const simple = Object.fromEntries(
    Object.keys(pageContract.calls).map((method) => [method, () => done]),
  ) as unknown as HandlersOf<PageContract>;
  return {
    ...simple,
    ...someDevices(),
    'join.invite': () => ({
      outcome: 'invited',
      servers: ['https://192.168.1.20:7443'],
      code: 'ABCD2345-Q7K2-MM9X-04TZ-8WPF-R',
      goodForMinutes: 10,
    }),
    state,
    products: () =>
      Object.entries(named).flatMap(([sku, name], index) =>
        [0, 1, 2].map((variant) => ({
          sku: `${sku}-${variant}`,
          name,
          gtins: [],
          unitPriceMinor: 4500 * (index + 1 + variant),
          categories: [],
        })),
      ),
    scan: () => null,
    day,
    'day.programmes': () => [...someProgrammes],
    ...managerAnswers(),
    'notice.dismiss': () => null,
    'sign-in.active': () => null,
    'staff.list': () => [
      ...aStaff.people.map(({ cashier, name, role, hasPin }) => ({
        ...{ cashier, name, role, hasPin },
        isActive: true,
        badge: 'S:ABCDEFGHIJKL',
      })),
      {
        cashier: 'staff-6',
        name: 'Bora',
        role: 'cashier',
        isActive: false,
        hasPin: true,
        badge: 'S:BBCDEFGHIJKL',
      },
    ],
    'shop.rules': () => ({
      survey: { everyDays: 90 },
      currency: 'TRY',
      programmes: [
        {
          programme: 'points',
          name: { en: 'Points', tr: 'Puan', de: 'Punkte', ar: 'نقاط' },
          unit: { kind: 'points', scale: 0 },
          worth: { numerator: 10, denominator: 1 },
          usual: 500,
          caps: null,
        },
      ],
    }),
    'enrol.check': () => ({
      outcome: 'free',
      e164: '+905324187667',
      takesSms: true,
      unusual: false,
    }),
    'receipt.view': () => ({
      document: receiptOf(),
      job: null,
      paper: { jobId: 'job-1', svg: paperSvg, widthDots: 384, heightDots: 560 },
    }),
    'shift.figures': () => null,
    'shift.reports': () => [
      { tx: null, openedAtMs: galleryNowMs - 7_200_000, closedAtMs: null, figures: aShift },
      {
        tx: '0190a1b2-0000-7000-8000-000000000009',
        openedAtMs: galleryNowMs - 90_000_000,
        closedAtMs: galleryNowMs - 60_000_000,
        figures: { ...aShift, number: 11, countedMinor: 661_500 },
      },
    ],
    'shift.close': ({ countedMinor }) => ({
      outcome: 'closed',
      figures: { ...aShift, countedMinor },
    }),
  };
}

function recorded(
  handlers: HandlersOf<PageContract>,
  scripts: () => Scripts,
  calls: ReceivedCall[],
): HandlersOf<PageContract> {
  const methods = Object.keys(pageContract.calls) as (keyof PageContract['calls'])[];
  return Object.fromEntries(
    methods.map((method) => [
      method,
      (input: unknown) => {
        if (method !== 'state' && !asked.has(method)) calls.push({ method, input });
        const handler = (scripts()[method] ?? handlers[method]) as (value: unknown) => unknown;
        return handler(input);
      },
    ]),
  ) as unknown as HandlersOf<PageContract>;
}

/** What an open screen asks again and again says nothing about what was done. */
const asked: ReadonlySet<string> = new Set([
  'devices.view',
  'devices.drawer',
  'devices.hand',
  'devices.paper',
]);

/** A socket as the contract's frames see it. */
export function channelOf(socket: WebSocket): Channel {
  return {
    send: (frame) => {
      if (socket.readyState === socket.OPEN) socket.send(frame);
    },
    onFrame(listener) {
      const onMessage = (data: unknown): void => listener(String(data));
      socket.on('message', onMessage);
      return () => socket.off('message', onMessage);
    },
  };
}

/** Answers with a file of a built renderer, under the strict policy. */
export function serveFile(
  directory: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = new URL(request.url ?? '/', 'http://till').pathname;
  const file = normalize(join(directory, path === '/' ? 'index.html' : path));
  if (!file.startsWith(directory) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
  });
  createReadStream(file).pipe(response);
}
