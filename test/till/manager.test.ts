import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EntriesFilter } from '#contract/manager.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme } from '#loyalty/programme.ts';
import { startServer, type RunningServer } from '#server/start.ts';
import { soldTo } from './support/a-sale.ts';
import { aRealTill, quiet, type RealTill } from './support/a-real-till.ts';
import { aConfig, aFolder, aTill, removeFolders, type TestTill } from './support/a-till.ts';

/** Can's, the demo shop's manager. */
const PIN = '1470';

const figure = (
  name: Extract<EntriesFilter, { kind: 'figure' }>['figure'],
  day: string,
): EntriesFilter => ({
  kind: 'figure',
  figure: name,
  from: day,
  through: day,
  store: null,
  till: null,
  cashier: null,
  programme: null,
  hour: null,
});

afterAll(removeFolders);

describe('the manager’s questions at a till without its server', () => {
  const sell = async (till: TestTill, amountMinor: number): Promise<void> => {
    await till.call['basket.add-amount']({ amountMinor, quantityMilli: 1000 });
    const { saleId } = till.state().basket;
    await till.call['sale.settle']({ saleId, tender: 'cash' });
  };

  test('a till alone adds up its main programme, and lists the others behind it', async () => {
    const cash = programme.parse({ ...pointsPreset, id: 'cash', unit: { kind: 'stamps' } });
    const till = await aTill({
      config: aConfig({ programmes: [cash, programme.parse(pointsPreset)] }),
    });
    const { saleId } = await soldTo(till);
    till.server.up = false;
    const earned = till
      .entries()
      .flatMap(({ tx, body }) => (tx === saleId && body.kind === 'earn' ? [body] : []));
    expect(earned.map((body) => body.programme)).toEqual(['cash', 'points']);
    const report = await till.call.day({ day: null });
    expect(report.totals.earned).toBe(earned[0]?.points);
    expect(report.points.map((row) => [row.programme, row.earned])).toEqual(
      earned.map((body) => [body.programme, body.points]),
    );
    expect(await till.call['day.programmes'](null)).toMatchObject([
      { programme: 'cash', unit: { kind: 'stamps' } },
      { programme: 'points', unit: { kind: 'points', scale: 0 } },
    ]);
    await till.close();
  });

  test('this till’s own entries stand behind this till’s own figures, and it says whose they are', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [] }) });
    for (let sales = 0; sales < 60; sales += 1) await sell(till, 1000 + sales);
    till.server.up = false;
    const report = await till.call.day({ day: null });
    const first = await till.call['manager.entries']({
      filter: figure('sales', report.day),
      cursor: null,
    });
    if (first.outcome !== 'answered') throw new Error(first.refusal.code);
    expect(first.answer).toMatchObject({ source: 'till' });
    expect(first.answer.rows).toHaveLength(50);
    expect(first.answer.rows[0]).toMatchObject({ what: 'sale', moneyMinor: 1059 });
    const second = await till.call['manager.entries']({
      filter: figure('sales', report.day),
      cursor: first.answer.next,
    });
    if (second.outcome !== 'answered') throw new Error(second.refusal.code);
    expect(second.answer.next).toBeNull();
    const rows = [...first.answer.rows, ...second.answer.rows];
    expect(rows).toHaveLength(report.totals.sales);
    expect(rows.reduce((sum, row) => sum + (row.moneyMinor ?? 0), 0)).toBe(
      report.totals.salesTotalMinor,
    );
    await till.close();
  });

  test('a list goes on where it began: this till’s by this till, the server’s by nobody else', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [] }) });
    for (let sales = 0; sales < 60; sales += 1) await sell(till, 1000 + sales);
    till.server.up = false;
    const filter = figure('sales', (await till.call.day({ day: null })).day);
    const first = await till.call['manager.entries']({ filter, cursor: null });
    const next = first.outcome === 'answered' ? first.answer.next : null;
    till.server.up = true;
    await till.time.advance(60_000);
    expect(till.state().link.state).toBe('online');
    expect(await till.call['manager.entries']({ filter, cursor: next })).toMatchObject({
      answer: { source: 'till', next: null },
    });
    till.server.up = false;
    const cursor = '1795251600000\nsale:0190a1b2-0000-7000-8000-000000000001';
    expect(await till.call['manager.entries']({ filter, cursor })).toMatchObject({
      refusal: { code: 'offline-manager' },
    });
    await till.close();
  });

  test('what a till alone cannot know is refused with what to do', async () => {
    const till = await aTill();
    till.server.up = false;
    const offline = { outcome: 'refused', refusal: { code: 'offline-manager' } };
    expect(await till.call['manager.exceptions']({ settled: false, cursor: null })).toMatchObject(
      offline,
    );
    expect(await till.call['manager.members']({ text: '', cursor: null })).toMatchObject(offline);
    const filter = { kind: 'member', member: 'anna' } as const;
    expect(await till.call['manager.entries']({ filter, cursor: null })).toMatchObject(offline);
    await till.close();
  });
});

describe('a manager at a till with the real server', () => {
  const folder = aFolder();
  const directory = join(folder, 'server');
  let server: RunningServer | null = null;
  let till: RealTill;
  const start = async (): Promise<void> => {
    server = await startServer({
      directory,
      databaseUrl: null,
      host: '127.0.0.1',
      port: 0,
      demo: true,
      shopFile: null,
      pairingCode: 'PAIRAAAA',
      log: quiet,
      onBroken: () => {},
    });
  };
  beforeAll(async () => {
    await start();
    till = await aRealTill({
      folder,
      name: 'one',
      code: 'PAIRAAAA',
      url: () => (server === null ? null : new URL(server.url)),
    });
    await till.until('online', ({ link }) => link.state === 'online');
  });
  afterAll(async () => {
    await till.stop();
    await server?.stop();
  });

  const balance = async (member: string): Promise<number> => {
    const told = await till.till.handlers['manager.member']({ member });
    if (told.outcome !== 'answered') throw new Error(told.refusal.code);
    return told.answer.balances[0]?.posted ?? 0;
  };

  test('finds a member, gives points in the cashier’s name, and reads them in the day', async () => {
    const { handlers } = till.till;
    const page = await handlers['manager.members']({ text: 'elif sahin', cursor: null });
    if (page.outcome !== 'answered') throw new Error(page.refusal.code);
    const member = page.answer.rows[0]?.member ?? '';
    const before = await balance(member);
    const ask = { member, programme: 'points', points: 40, reason: 'goodwill' } as const;
    expect(
      await handlers['manager.adjust']({ ...ask, pin: PIN, id: crypto.randomUUID() }),
    ).toMatchObject({ outcome: 'answered' });
    expect(await balance(member)).toBe(before + 40);
    const report = await handlers.day({ day: null });
    expect(report.points[0]?.other).toBe(40);
    const entries = await handlers['manager.entries']({
      filter: figure('other', report.day),
      cursor: null,
    });
    expect(entries).toMatchObject({
      answer: { source: 'server', rows: [{ what: 'adjust', till: '0', points: 40 }] },
    });
  });

  test('loses no decision when the database is gone: it is rebuilt from the command log', async () => {
    const { handlers } = till.till;
    const note = { id: crypto.randomUUID(), member: 'sample-1', words: 'Yarın ara' };
    expect(await handlers['manager.note'](note)).toMatchObject({ outcome: 'answered' });
    const points = await balance('sample-3');
    await server?.stop();
    server = null;
    rmSync(join(directory, 'database'), { recursive: true });
    await start();
    // Asked at once: a manager's question does not wait for the till to notice.
    expect(await balance('sample-3')).toBe(points);
    const told = await handlers['manager.member']({ member: 'sample-1' });
    expect(told).toMatchObject({ answer: { followUps: [{ id: note.id, words: note.words }] } });
  });
});
