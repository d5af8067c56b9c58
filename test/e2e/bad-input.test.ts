import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FRAME_LENGTH_MAX } from '#contract/rpc.ts';
import type { TillState } from '#contract/till-state.ts';
import { textOf, type PaperStrip } from '#hardware/virtual/paper.ts';
import { serveVirtualPrinter, type VirtualPrinterServer } from '#hardware/virtual/tcp-server.ts';
import { EPSON_LIKE_80 } from '#hardware/virtual/virtual-printer.ts';
import { sampleCards } from '#server/demo/demo.ts';
import { openPty, ptyMissing, type Pty } from '#test/hardware/support/pty.ts';
import { needs } from '#test/support/needs.ts';
import { openCounter, openCounterAt, type CounterSocket } from './support/counter-socket.ts';
import { launchServer, type LaunchedServer } from './support/launch-server.ts';
import { launchTill, runTillToEnd, type LaunchedTill } from './support/launch-till.ts';
import { closeCodeOf, throwFrames } from './support/raw-socket.ts';
import { serveProxy, type ServerProxy, type Weather } from './support/server-proxy.ts';
import { launchOnSmallDisk, noSmallDisk } from './support/small-disk.ts';

const WAIT = { timeout: 30_000, interval: 50 };
const [ayse = '', , elif = ''] = sampleCards.map(({ number }) => number);
const COFFEE = '8690000000012';

interface Stage {
  readonly folder: string;
  readonly server: LaunchedServer;
  readonly proxy: ServerProxy;
  readonly scanners: readonly [Pty, Pty];
  readonly printerPort: number;
  readonly strips: PaperStrip[];
  till: LaunchedTill;
  counter: CounterSocket;
}

describe('bad input at the real program', needs(ptyMissing), () => {
  let stage: Stage;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'regulars-bad-'));
    const server = await launchServer({ dataFolder: join(folder, 'server') });
    const proxy = await serveProxy(server.url);
    const scanners = [openPty(), openPty()] as const;
    const printerPort = await freePort();
    const given = { folder, server, proxy, scanners, printerPort, strips: [] };
    const till = await launchTill(launchOf(given, server.pairingCode));
    const counter = await openCounter(till);
    stage = { ...given, till, counter };
    await counter.synced();
    await counter.becomes({ scanners: [{ state: 'ready' }, { state: 'ready' }] });
  });

  afterAll(async () => {
    stage.counter.end();
    await stage.till.stop();
    await stage.proxy.close();
    await stage.server.stop();
    for (const scanner of stage.scanners) scanner.close();
    rmSync(stage.folder, { recursive: true, force: true });
  });

  /** A sale with a member and a coffee on the counter. */
  const sale = async (): Promise<TillState> => {
    const { counter } = stage;
    await counter.call['basket.clear'](null);
    if ((await counter.state()).member?.displayName !== 'Ayşe K.') await counter.card('Ayşe');
    const added = { sku: 'moda-01', quantityMilli: 1000 };
    await counter.call['basket.add-product'](added);
    return counter.state();
  };
  /** The basket and the member are what they were. */
  const survives = async ({ basket, member }: TillState): Promise<void> => {
    const now = await stage.counter.state();
    expect(now.basket).toEqual(basket);
    expect(now.member?.member).toBe(member?.member);
  };
  const noticeIs = (code: string): Promise<void> =>
    stage.counter.becomes({ notice: { message: { code } } });

  it.each<[string, string | Buffer, string, string, number]>([
    ['garbled', `${ayse.slice(0, 6)}#${ayse.slice(7)}\r`, 'scan-unknown', '8690000000012', 9500],
    ['truncated', `${ayse.slice(0, 9)}\r`, 'scan-unknown', '8690000000029', 8500],
    ['enormous', `${'A1'.repeat(50_000)}\r`, 'scan-unreadable', '8690000000036', 8000],
    [
      'binary',
      Buffer.from([0, 1, 2, 0xff, 0xfe, 0x80, 0x90, 0x07, 13]),
      'scan-unreadable',
      '8690000000043',
      11500,
    ],
  ])(
    'a %s scan leaves the sale, and the next scan is read',
    async (_, bytes, notice, product, priceMinor) => {
      const before = await sale();
      const [scanner] = stage.scanners;
      scanner.write(bytes);
      await noticeIs(notice);
      await survives(before);
      scanner.write(`${product}\r`);
      await stage.counter.becomes({
        basket: { totalMinor: before.basket.totalMinor + priceMinor },
      });
    },
  );

  it('two scanners at once are both read, whole', async () => {
    const before = await sale();
    const [left, right] = stage.scanners;
    left.write(COFFEE.slice(0, 7));
    right.write(elif.slice(0, 5));
    left.write(`${COFFEE.slice(7)}\r`);
    right.write(`${elif.slice(5)}\r`);
    await stage.counter.becomes({
      basket: { totalMinor: before.basket.totalMinor + 9500 },
      member: { displayName: 'Elif Ş.' },
    });
  });

  it('the same card twice within 1.5 s, at two scanners, is one card', async () => {
    const before = await sale();
    const [left, right] = stage.scanners;
    left.write(`${elif}\r`);
    await stage.counter.becomes({ member: { displayName: 'Elif Ş.' }, undo: {} });
    right.write(`${elif}\r`);
    await noticeIs('scanned-twice');
    await stage.counter.becomes({ undo: { displayName: 'Ayşe K.' }, basket: { lines: [{}] } });
    expect((await stage.counter.state()).basket.totalMinor).toBe(before.basket.totalMinor);
  });

  it.each([-100, 0, 0.5, 100_000_001, 1e300, null, '100'])(
    'an amount of %j is refused at the socket, and the sale stays',
    async (amountMinor) => {
      const before = await sale();
      const { call } = stage.counter;
      const given = amountMinor as number;
      await expect(
        call['basket.add-amount']({ amountMinor: given, quantityMilli: 1000 }),
      ).rejects.toMatchObject({ code: 'bad-input' });
      await expect(
        call['basket.add-amount']({ amountMinor: 100, quantityMilli: given }),
      ).rejects.toMatchObject({ code: 'bad-input' });
      await survives(before);
    },
  );

  it('frames that are huge or no frames end one page at most, and the sale stays', async () => {
    const before = await sale();
    const { till, counter } = stage;
    const replies = await throwFrames(till.nextLink(), [
      'not json',
      '[]',
      '{"id":-1,"method":"state","input":null}',
      '{"id":1,"method":"__proto__","input":null}',
      '{"id":2,"method":"constructor","input":null}',
      `{"id":3,"method":"state","input":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      '{"id":4,"method":"state","input":null,"more":1}',
    ]);
    expect(replies.map(({ error }) => error?.code)).toEqual([
      'bad-frame',
      'bad-frame',
      'bad-frame',
      'unknown-method',
      'unknown-method',
      'bad-input',
      'bad-frame',
    ]);
    expect(await closeCodeOf(till.nextLink(), 'x'.repeat(FRAME_LENGTH_MAX + 1))).toBe(1009);
    expect(await closeCodeOf(till.nextLink(), Buffer.from([1, 2, 3]))).toBe(1003);
    await survives(before);
    expect(await counter.call['basket.remove-line']({ line: 'l1' })).toMatchObject({});
  });

  it('a printer that is off holds the receipt and not the counter, and prints when it is on', async () => {
    const { counter, strips } = stage;
    await sale();
    await counter.settle();
    await counter.becomes({ lastSale: { print: { state: 'queued', problem: 'unreachable' } } });
    const before = await sale();
    const printer = await printerOn(stage);
    await vi.waitFor(() => expect(strips.length).toBeGreaterThan(0), WAIT);
    expect(strips.map(textOf).at(-1)).toContain('95,00');
    await survives(before);
    await printer.close();
  });

  it('a printer out of paper is said at once, the next sale goes on, and a new roll prints both', async () => {
    const { counter, strips } = stage;
    const printer = await printerOn(stage);
    printer.printer.setMechanism({ paper: 'out' });
    const printedBefore = strips.length;
    await sale();
    await counter.settle();
    await counter.becomes({ lastSale: { print: { problem: 'paper-out' } } });
    await sale();
    await counter.settle();
    const before = await sale();
    printer.printer.setMechanism({ paper: 'ok' });
    await vi.waitFor(() => expect(strips.length).toBe(printedBefore + 2), WAIT);
    await survives(before);
    await printer.close();
  });

  it('a printer that never reads stops no sale, and nothing is called printed', async () => {
    const { counter } = stage;
    const deaf = createServer();
    const lines = new Set<Socket>();
    deaf.on('connection', (line) => lines.add(line.pause().on('error', () => line.destroy())));
    await listenOn(deaf, stage.printerPort);
    await sale();
    await counter.settle();
    await vi.waitFor(() => expect(lines.size).toBeGreaterThan(0), WAIT);
    const before = await sale();
    await counter.settle();
    const { lastSale } = await counter.state();
    expect(lastSale?.totalMinor).toBe(before.basket.totalMinor);
    expect(['queued', 'sending']).toContain(lastSale?.print?.state);
    await survives(await sale());
    for (const line of lines) line.destroy();
    await new Promise<void>((resolve) => void deaf.close(() => resolve()));
  });

  it.each<[string, Weather]>([
    ['is down', 'down'],
    ['is silent', 'silent'],
    ['answers rubbish', 'rubbish'],
    ['answers by halves', 'half'],
  ])(
    'a server that %s: the sale is settled, and is at the server once when it is well',
    async (_, weather) => {
      const { counter, proxy } = stage;
      await counter.synced();
      const { sales } = (await counter.call.day({ day: null })).totals;
      const before = await sale();
      proxy.weather = weather;
      // An unknown card is asked for, at most 0.8 s; the sale does not wait for it.
      await counter.call['member.find']({ text: '+90 532 000 00 01' });
      await survives(before);
      await counter.settle();
      if (weather !== 'silent') await counter.becomes({ link: { state: 'offline', waiting: 1 } });
      const next = await sale();
      proxy.clearUp();
      await counter.synced();
      await survives(next);
      expect((await counter.call.day({ day: null })).totals.sales).toBe(sales + 1);
    },
  );

  it('a second instance is refused, and the first one keeps its sale', async () => {
    const before = await sale();
    const second = await runTillToEnd(launchOf(stage, null));
    expect(second).toMatchObject({
      code: 1,
      output: expect.stringContaining('A till is already running'),
    });
    await survives(before);
  });

  it('a database that another program holds: the sale is refused in words, then settled once', async () => {
    const { counter, proxy, folder } = stage;
    const before = await sale();
    await counter.synced();
    // So that nothing but the sale wants to write meanwhile.
    proxy.weather = 'silent';
    const other = new Database(join(folder, 'till', 'till', 'till.db'));
    other.exec('BEGIN IMMEDIATE');
    const { saleId } = before.basket;
    const settle = { saleId, tender: 'cash' } as const;
    expect(await counter.call['sale.settle'](settle)).toEqual({
      outcome: 'refused',
      refusal: { code: 'not-saved-busy', params: {} },
    });
    await survives(before);
    other.exec('ROLLBACK');
    other.close();
    expect(await counter.call['sale.settle'](settle)).toEqual({ outcome: 'done' });
    proxy.clearUp();
    await counter.synced();
  });

  it.each<[string, (path: string) => () => void, string]>([
    [
      'damaged',
      (path) => {
        writeFileSync(path, Buffer.alloc(40_960, 0x58));
        return () => {};
      },
      'the server did not answer.',
    ],
    [
      'locked by another program',
      (path) => {
        const other = new Database(path);
        other.exec('BEGIN IMMEDIATE');
        return () => other.close();
      },
      'Another program uses the database.',
    ],
  ])(
    'a database that is %s: the start says so, and the sale is there when it is well',
    async (_, spoil, words) => {
      const before = await sale();
      stage.counter.end();
      await stage.till.stop();
      const path = join(stage.folder, 'till', 'till');
      const kept = join(stage.folder, 'kept');
      cpSync(path, kept, { recursive: true });
      const release = spoil(join(path, 'till.db'));
      // With its server it would be built again: test/faults has that.
      stage.proxy.weather = 'down';
      const problem = await launchTill(launchOf(stage, null));
      expect(problem.state).toBe('problem');
      expect(problem.output()).toContain(words);
      await problem.stop();
      stage.proxy.clearUp();
      release();
      rmSync(path, { recursive: true });
      cpSync(kept, path, { recursive: true });
      rmSync(kept, { recursive: true });
      stage.till = await launchTill(launchOf(stage, null));
      stage.counter = await openCounter(stage.till);
      await survives(before);
      await noticeIs('sale-still-here');
      await stage.counter.synced();
    },
  );

  it('a full disk refuses the sale in words and keeps it, and with room it is settled', async (context) => {
    if (noSmallDisk !== null) process.stdout.write(`skipped: a full disk: ${noSmallDisk}\n`);
    context.skip(noSmallDisk !== null, noSmallDisk ?? '');
    const server = await launchServer({ dataFolder: join(stage.folder, 'disk-server') });
    const till = await launchOnSmallDisk(join(stage.folder, 'disk'), 16, [
      ...['--server', server.url, '--pairing-code', server.pairingCode, '--printer', 'none'],
    ]);
    const counter = await openCounterAt(till.link);
    await counter.synced();
    await counter.card('Elif');
    till.fill();
    // What the log has room for still goes in; the first that does not is refused.
    let refused: unknown = null;
    for (let count = 0; count < 500 && refused === null; count += 1) {
      await counter.amount(1000);
      const { saleId } = (await counter.state()).basket;
      const outcome = await counter.call['sale.settle']({ saleId, tender: 'cash' });
      if (outcome.outcome === 'refused') refused = outcome.refusal.code;
    }
    expect(refused).toBe('not-saved-disk-full');
    const { basket } = await counter.state();
    expect(basket).toMatchObject({ totalMinor: 1000, lines: [{}] });
    till.empty();
    await counter.settle();
    await counter.becomes({ lastSale: { saleId: basket.saleId, totalMinor: 1000 } });
    await counter.synced();
    counter.end();
    await till.stop();
    await server.stop();
  });
});

function launchOf(
  { folder, proxy, scanners, printerPort }: Omit<Stage, 'till' | 'counter'>,
  pairingCode: string | null,
): Parameters<typeof launchTill>[0] {
  return {
    dataFolder: join(folder, 'till'),
    flags: [
      ...['--server', proxy.url],
      ...(pairingCode === null ? [] : ['--pairing-code', pairingCode]),
      ...['--printer', `tcp://127.0.0.1:${printerPort}`],
      ...scanners.flatMap(({ path }) => ['--scanner', `serial:${path}`]),
    ],
  };
}

/** Switches the network printer on. */
function printerOn({ printerPort, strips }: Stage): Promise<VirtualPrinterServer> {
  return serveVirtualPrinter({
    ...EPSON_LIKE_80,
    host: '127.0.0.1',
    port: printerPort,
    onStrip: (strip) => void strips.push(strip),
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await listenOn(server, 0);
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}

function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
