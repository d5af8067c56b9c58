import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ShopperContract, ShopperScene } from '#contract/shopper.ts';
import { serveVirtualPrinter, type VirtualPrinterServer } from '#hardware/virtual/tcp-server.ts';
import { EPSON_LIKE_80 } from '#hardware/virtual/virtual-printer.ts';
import { sampleStaff } from '#server/demo/demo.ts';
import { openCounter, type CounterSocket } from './support/counter-socket.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';
import { type CoreSocket, openDisplaySocket } from './support/till-socket.ts';

const POLL = { timeout: 30_000 };
const selinsPin = sampleStaff.find(({ name }) => name === 'Selin')?.pin ?? '';
const managersPin = sampleStaff.find(({ role }) => role === 'manager')?.pin ?? '';
const NOBODYS = '0197c0de-0000-7000-8000-000000000000';

/** Checks of counter.md §8 that need no glass: answers that come too late, paper, and the drawer. */
describe('the counter, late answers, paper and drawer', () => {
  let folder: string;
  let printer: VirtualPrinterServer;
  let till: LaunchedTill;
  let behind: CounterSocket;
  let display: CoreSocket<ShopperContract>;
  let kicks = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-late-'));
    printer = await serveVirtualPrinter({
      ...EPSON_LIKE_80,
      host: '127.0.0.1',
      port: 0,
      onStrip: () => {},
      onDrawer: () => {
        kicks += 1;
      },
    });
    const address = `tcp://127.0.0.1:${printer.port}`;
    till = await launchTill({ dataFolder: folder, flags: ['--printer', address] });
    behind = await openCounter(till);
    await behind.synced();
    display = await openDisplaySocket(till.displayLink());
    await behind.becomes({ display: { connected: true } });
  }, 120_000);
  afterAll(async () => {
    behind?.end();
    display?.end();
    await till?.stop();
    await printer?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await behind.call['member.detach'](null);
    await behind.call['basket.clear'](null);
    await behind.becomes({ basket: { lines: [] }, member: null });
  });

  const shows = async <Kind extends ShopperScene['kind']>(
    kind: Kind,
  ): Promise<Extract<ShopperScene, { kind: Kind }>> => {
    await expect.poll(async () => (await display.call.state(null)).scene.kind, POLL).toBe(kind);
    const { scene } = await display.call.state(null);
    if (scene.kind !== kind) throw new Error(`the display went on to ${scene.kind}`);
    return scene as Extract<ShopperScene, { kind: Kind }>;
  };
  const sold = async (): Promise<number | undefined> =>
    (await behind.call['shift.figures'](null))?.figures.sales;
  /** What is on the counter, without what only tells. */
  const counter = async (): Promise<unknown> => {
    const { basket, member, offers, returning } = await behind.state();
    return { basket, member, offers, returning };
  };

  it('check 14: an answer that names a sale which is over, or none there ever was, changes nothing', async () => {
    await behind.amount(4000);
    expect(await behind.call['enrol.ask']({ phone: null, useScannedCard: false })).toEqual({
      outcome: 'done',
    });
    const old = await shows('join');
    const settled = await behind.settle();
    await shows('thanks');
    await behind.card('James');
    await behind.amount(30_000);
    const { rewards } = await shows('basket');
    const [reward] = rewards;
    await behind.synced();
    const before = await counter();
    const salesBefore = await sold();
    expect(reward).toBeDefined();
    for (const saleId of [old.saleId, NOBODYS]) {
      const asked = { saleId, ask: old.ask };
      const phone = '5321234577';
      const taken = { saleId, reward: reward?.reward ?? '' };
      expect(await display.call['reward.toggle'](taken)).toEqual({ taken: false });
      expect(await display.call['join.phone']({ ...asked, phone })).toEqual({ outcome: 'late' });
      expect(await display.call['join.existing']({ ...asked, phone })).toEqual({ outcome: 'late' });
      expect(
        await display.call['join.answer']({
          ...asked,
          phone: null,
          name: null,
          language: 'tr',
          ofAge: true,
          noticeVersion: 'tr-1',
          consents: [],
        }),
      ).toEqual({ outcome: 'late' });
      await display.call['join.at']({ ...asked, step: 'number' });
      await display.call['join.decline'](asked);
      await display.call['joined.seen'](asked);
      expect(await display.call['survey.answer']({ saleId, question: 'nps', answer: 9 })).toEqual({
        taken: false,
      });
    }
    // Pay, too: the settled sale answers as it did and sells nothing more, a stranger is refused.
    const again = { saleId: settled, tender: 'cash' } as const;
    expect(await behind.call['sale.settle'](again)).toEqual({ outcome: 'done' });
    expect(await behind.call['sale.settle']({ saleId: NOBODYS, tender: 'cash' })).toMatchObject({
      outcome: 'refused',
    });
    expect(await counter()).toEqual(before);
    expect(await sold()).toBe(salesBefore);
  });

  it('check 23: the drawer opens for cash and to be counted, never for a card; an opening without a sale needs a word and stands on X and Z', async () => {
    const figures = async () => (await behind.call['shift.figures'](null))?.figures;
    const kicked = (count: number): Promise<void> => expect.poll(() => kicks, POLL).toBe(count);
    await expect
      .poll(async () => (await behind.state()).lastSale?.print?.state ?? null, POLL)
      .not.toBe('queued');
    const start = kicks;
    await behind.amount(1000);
    await behind.settle();
    await kicked(start + 1);
    await behind.amount(1000);
    const { saleId } = (await behind.state()).basket;
    await behind.call['sale.settle']({ saleId, tender: 'card' });
    const before = (await figures())?.drawerOpenings ?? 0;
    expect(await behind.call['drawer.open'](null)).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'approval-needed' },
    });
    expect((await figures())?.drawerOpenings).toBe(before);
    await behind.call.approve({ right: 'open-drawer', cashier: 'cashier-selin', pin: selinsPin });
    expect(await behind.call['drawer.open'](null)).toEqual({ outcome: 'done' });
    // One for cash, one by Selin's word; the card's receipt was printed between them.
    await kicked(start + 2);
    expect((await figures())?.drawerOpenings).toBe(before + 1);
    await behind.call.approve({
      right: 'close-uncounted',
      cashier: 'cashier-can',
      pin: managersPin,
    });
    expect(await behind.call['shift.close']({ countedMinor: null })).toMatchObject({
      outcome: 'closed',
      figures: { drawerOpenings: before + 1, countedMinor: null },
    });
    await kicked(start + 3);
    const [z] = await behind.call['shift.reports'](null);
    const slip = async () =>
      (await behind.call['receipt.view']({ saleId: z?.tx ?? '' }))?.document.lines ?? [];
    expect(await slip()).toContainEqual(
      expect.objectContaining({ start: 'Çekmece açılışı', end: String(before + 1) }),
    );
    // A copy of the slip opens nothing.
    await behind.call['receipt.reprint']({ saleId: z?.tx ?? '' });
    await expect.poll(async () => JSON.stringify(await slip()), POLL).toContain('KOPYA');
    await behind.amount(1000);
    await behind.settle();
    await kicked(start + 4);
    expect((await figures())?.drawerOpenings).toBe(0);
  });

  it('wrong PINs until the till makes them wait come to the manager: whose, when, at which till, and what may be done', async () => {
    const wrong = { cashier: 'cashier-selin', pin: '0001' };
    const exceptions = async (settled: boolean) => {
      const answer = await behind.call['manager.exceptions']({ settled, cursor: null });
      if (answer.outcome !== 'answered') throw new Error(JSON.stringify(answer));
      return answer.answer.items.filter(({ code }) => code === 'pin-guessing');
    };
    for (const left of [4, 3, 2, 1]) {
      expect(await behind.call['sign-in'](wrong)).toMatchObject({
        refusal: { code: 'pin-wrong', params: { left } },
      });
    }
    await behind.synced();
    // Four slips of the finger are nobody's business.
    expect(await exceptions(false)).toEqual([]);
    expect(await behind.call['sign-in'](wrong)).toMatchObject({ refusal: { code: 'pin-wait' } });
    await expect.poll(async () => (await exceptions(false)).length, POLL).toBe(1);
    const [found] = await exceptions(false);
    expect(found).toMatchObject({
      params: { person: 'cashier-selin', wrong: 5 },
      tillName: expect.stringMatching(/./),
      atMs: expect.any(Number),
      member: null,
      ways: [{ way: 'accept' }, { way: 'check-till' }],
    });
    const exception = found?.id ?? '';
    const behindIt = await behind.call['manager.entries']({
      filter: { kind: 'exception', exception },
      cursor: null,
    });
    expect(behindIt).toMatchObject({ answer: { rows: [{ what: 'pin-wrong' }] } });
    const settle = { exception, pin: null, into: null } as const;
    expect(await behind.call['manager.settle']({ ...settle, way: 'block' })).toMatchObject({
      outcome: 'refused',
    });
    expect(await behind.call['manager.settle']({ ...settle, way: 'check-till' })).toMatchObject({
      outcome: 'answered',
    });
    expect(await exceptions(false)).toEqual([]);
    expect(await exceptions(true)).toMatchObject([{ id: exception, settled: { points: 0 } }]);
    // A manager's PIN ends the wait; the cashier works on.
    await behind.call['sign-in']({ cashier: 'cashier-can', pin: managersPin });
    await behind.call['sign-in']({ cashier: 'cashier-deniz', pin: '' });
    await behind.becomes({ staff: { signedIn: { cashier: 'cashier-deniz' } } });
  });

  it('check 22: the receipt speaks of the programmes that this sale touched, and of no other', async () => {
    const pointsLines = async (saleId: string): Promise<readonly string[]> => {
      const viewed = await behind.call['receipt.view']({ saleId });
      return (viewed?.document.lines ?? []).flatMap((line) =>
        line.kind === 'pair' && /puan|damga/.test(line.end) ? [line.end] : [],
      );
    };
    await behind.card('Elif');
    await behind.amount(5000);
    const withPoints = await pointsLines(await behind.settle());
    expect(withPoints.length).toBeGreaterThan(1);
    expect(withPoints.join()).not.toContain('damga');
    await behind.synced();
    expect(
      await behind.call['programmes.change']({
        choice: { preset: 'stamps', knobs: { stamps: 5 } },
        managerPin: managersPin,
      }),
    ).toEqual({ outcome: 'done' });
    const { item } = await behind.call['programmes.view'](null);
    const stamped = async (): Promise<number> => {
      const added = await behind.call['basket.add-product']({
        sku: item.sku,
        quantityMilli: 1000,
      });
      expect(added).toEqual({ outcome: 'done' });
      return (await behind.state()).basket.earns[0]?.points ?? 0;
    };
    await behind.card('Elif');
    await expect.poll(stamped, POLL).toBeGreaterThan(0);
    const withStamps = await pointsLines(await behind.settle());
    expect(withStamps.join()).toContain('damga');
    expect(withStamps.join()).not.toContain('puan');
    // An amount earns no stamp: Elif has stamps and points, and her receipt speaks of neither.
    await behind.card('Elif');
    await behind.amount(5000);
    expect(await pointsLines(await behind.settle())).toEqual([]);
  });
});
