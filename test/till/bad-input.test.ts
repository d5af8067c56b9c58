import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { connect, serve, type Channel } from '#contract/rpc.ts';
import { scannedCode } from '#contract/scan.ts';
import { tillContract } from '#contract/till.ts';
import { err, ok } from '#loyalty/result.ts';
import type { ScannedCode } from '#scan/code.ts';
import type { TillDatabase, WriteProblem } from '#till/database.ts';
import { aTill, CARD, COFFEE_GTIN, removeFolders, type TestTill } from './support/a-till.ts';

afterAll(removeFolders);

async function withBasket(given: Parameters<typeof aTill>[0] = {}): Promise<TestTill> {
  const till = await aTill(given);
  till.member();
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
  return till;
}

/** Two ends of a line, in memory. */
function line(): readonly [Channel, Channel] {
  const ends = [new Set<(frame: string) => void>(), new Set<(frame: string) => void>()] as const;
  const end = (mine: 0 | 1, other: 0 | 1): Channel => ({
    send: (frame) => queueMicrotask(() => ends[other].forEach((listener) => listener(frame))),
    onFrame(listener) {
      ends[mine].add(listener);
      return () => void ends[mine].delete(listener);
    },
  });
  return [end(0, 1), end(1, 0)];
}

describe('scans that are none', () => {
  test.each<[string, ScannedCode, string]>([
    [
      'a code nobody knows',
      { kind: 'unknown', text: 'HELLO', symbology: 'code39' },
      'scan-unknown',
    ],
    ['an empty read', { kind: 'unreadable', reason: 'empty' }, 'scan-unreadable'],
    ['an enormous read', { kind: 'unreadable', reason: 'too-long' }, 'scan-unreadable'],
    ['binary', { kind: 'unreadable', reason: 'binary' }, 'scan-unreadable'],
    ['a damaged stripe', { kind: 'unreadable', reason: 'track-error' }, 'scan-unreadable'],
    ['a payment card', { kind: 'payment-card' }, 'payment-card-refused'],
    [
      'a product nobody sells',
      { kind: 'product', gtin: '04006381333931', symbology: 'ean' },
      'product-unknown',
    ],
    ['a voucher', { kind: 'voucher', code: 'ABCDEFGHJKM', symbology: 'qr' }, 'code-unknown'],
    [
      'a receipt with a wrong check',
      { kind: 'receipt', token: 'AAAAAAAAA', symbology: 'qr' },
      'receipt-code-wrong',
    ],
  ])('%s leaves the sale as it is and says what happened', async (_, code, notice) => {
    const till = await withBasket();
    const before = till.state();
    await till.call.scan({ code, source: 'serial' });
    const after = till.state();
    expect(after.notice).toMatchObject({ tone: 'refusal', message: { code: notice } });
    expect(after.basket).toEqual(before.basket);
    expect(after.member).toEqual(before.member);
    expect(till.devices.beeps.at(-1)).toBe('error');
    await till.close();
  });

  test('any shape of scan whatsoever changes no basket unless it is a known product', async () => {
    const till = await withBasket();
    const { basket } = till.state();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.record({
            kind: fc.constant('unknown'),
            text: fc.string({ maxLength: 64 }),
            symbology: fc.constant('none'),
          }),
          fc.record({
            kind: fc.constant('product'),
            gtin: fc.stringMatching(/^[0-9]{14}$/),
            symbology: fc.constant('ean'),
          }),
          fc.record({
            kind: fc.constant('receipt'),
            token: fc.stringMatching(/^[0-9A-Z]{8,32}$/),
            symbology: fc.constant('qr'),
          }),
          fc.record({
            kind: fc.constant('voucher'),
            code: fc.stringMatching(/^[0-9A-Z]{4,32}$/),
            symbology: fc.constant('qr'),
          }),
        ),
        async (raw) => {
          const code = scannedCode.parse(raw);
          if (code.kind === 'product' && code.gtin === COFFEE_GTIN) return;
          await till.call.scan({ code, source: 'hid' });
          expect(till.state().basket).toEqual(basket);
        },
      ),
      { numRuns: 60 },
    );
    await till.close();
  });

  test('two scanners at once: both products are in the basket', async () => {
    const till = await aTill();
    const coffee: ScannedCode = { kind: 'product', gtin: COFFEE_GTIN, symbology: 'ean' };
    till.devices.emit({ kind: 'scan', code: coffee, source: 'serial' });
    till.devices.emit({
      kind: 'scan',
      code: { kind: 'card', number: CARD, symbology: 'qr' },
      source: 'hid',
    });
    await till.time.advance(400);
    till.devices.emit({ kind: 'scan', code: coffee, source: 'hid' });
    await till.time.advance(400);
    till.devices.emit({ kind: 'scan', code: coffee, source: 'serial' });
    await till.time.settle();
    expect(till.state().basket.lines).toMatchObject([{ quantityMilli: 3000 }]);
    await till.close();
  });

  test('the same card twice within 1.5 s, from two scanners, is credited once', async () => {
    const till = await withBasket();
    const card: ScannedCode = { kind: 'card', number: CARD, symbology: 'qr' };
    await till.time.advance(2000);
    till.devices.emit({ kind: 'scan', code: card, source: 'serial' });
    till.devices.emit({ kind: 'scan', code: card, source: 'hid' });
    await till.time.settle();
    expect(till.state().notice?.message.code).toBe('scanned-twice');
    await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'cash' });
    expect(till.bodies().filter(({ kind }) => kind === 'earn')).toHaveLength(1);
    await till.close();
  });
});

describe('amounts that are none', () => {
  const bad: [string, number, number][] = [
    ['negative', -100, 1000],
    ['zero', 0, 1000],
    ['absurd', 100_000_001, 1000],
    ['not a number', Number.NaN, 1000],
    ['without end', Number.POSITIVE_INFINITY, 1000],
    ['with a fraction', 10.5, 1000],
    ['of a negative quantity', 100, -1000],
    ['of no quantity', 100, 0],
    ['of an absurd quantity', 100, 9_999_001],
  ];

  test.each(bad)(
    'an amount that is %s is refused at the border, and the sale stays',
    async (_, amountMinor, quantityMilli) => {
      const till = await withBasket();
      const [page, core] = line();
      const served = serve(tillContract, core, till.call, () => {});
      const client = connect(tillContract, page, () => () => {});
      const { basket } = till.state();
      await expect(
        client.call['basket.add-amount']({ amountMinor, quantityMilli }),
      ).rejects.toMatchObject({ code: 'bad-input' });
      expect(till.state().basket).toEqual(basket);
      client.close();
      served.close();
      await till.close();
    },
  );

  test('amounts that only together are absurd are refused, and what was there stays', async () => {
    const till = await withBasket();
    for (let count = 0; count < 9; count += 1) {
      expect(
        await till.call['basket.add-amount']({ amountMinor: 100_000_000, quantityMilli: 1000 }),
      ).toEqual({ outcome: 'done' });
    }
    const { basket } = till.state();
    expect(
      await till.call['basket.add-amount']({ amountMinor: 100_000_000, quantityMilli: 9_999_000 }),
    ).toMatchObject({ refusal: { code: 'basket-too-large' } });
    expect(till.state().basket).toEqual(basket);
    await till.close();
  });

  test('the core does not rely on the border', async () => {
    const till = await withBasket();
    expect(
      await till.call['basket.add-amount']({ amountMinor: -5, quantityMilli: 1000 }),
    ).toMatchObject({ refusal: { code: 'amount-out-of-range' } });
    expect(await till.call['basket.set-quantity']({ line: 'l1', quantityMilli: -1 })).toMatchObject(
      { refusal: { code: 'quantity-out-of-range' } },
    );
    await till.close();
  });

  test('a page that calls what does not exist gets a code, not a crash', async () => {
    const till = await withBasket();
    const [page, core] = line();
    const served = serve(tillContract, core, till.call, () => {});
    const replies: string[] = [];
    page.onFrame((frame) => replies.push(frame));
    for (const frame of [
      '',
      'not json',
      '{"id":1}',
      '{"id":2,"method":"drop","input":null}',
      `"${'x'.repeat(300_000)}"`,
    ])
      page.send(frame);
    await till.time.settle();
    expect(
      replies.map((reply) => (JSON.parse(reply) as { error: { code: string } }).error.code),
    ).toEqual(['bad-frame', 'bad-frame', 'bad-frame', 'unknown-method', 'frame-too-long']);
    served.close();
    await till.close();
  });
});

describe('a database in trouble', () => {
  /** A database whose next writes end in a problem, having committed or not. */
  function troubled(): {
    readonly wrap: (database: TillDatabase) => TillDatabase;
    trouble: { problem: WriteProblem['code']; commits: boolean } | null;
  } {
    const state: ReturnType<typeof troubled> = {
      trouble: null,
      wrap: (database) => ({
        ...database,
        write(work) {
          if (state.trouble === null) return database.write(work);
          const { problem, commits } = state.trouble;
          if (commits) database.write(work);
          return err({ code: problem, detail: 'test' });
        },
      }),
    };
    return state;
  }

  test.each(['disk-full', 'busy', 'broken'] as const)(
    '%s while settling is a clear refusal, and the sale stays on the counter',
    async (problem) => {
      const db = troubled();
      const till = await withBasket({ wrap: db.wrap });
      const { saleId } = till.state().basket;
      db.trouble = { problem, commits: false };
      expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({
        outcome: 'refused',
        refusal: { code: `not-saved-${problem}`, params: {} },
      });
      expect(till.state()).toMatchObject({
        basket: { saleId, totalMinor: 5000 },
        member: { member: 'm-ayse' },
      });
      db.trouble = null;
      expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({
        outcome: 'done',
      });
      expect(till.bodies().filter(({ kind }) => kind === 'sale')).toHaveLength(1);
      await till.close();
    },
  );

  test('a basket that cannot be saved is still on the counter, and the cashier is told', async () => {
    const db = troubled();
    const till = await withBasket({ wrap: db.wrap });
    db.trouble = { problem: 'disk-full', commits: false };
    expect(await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 1000 })).toEqual({
      outcome: 'done',
    });
    expect(till.state()).toMatchObject({
      basket: { totalMinor: 17_050 },
      notice: { tone: 'warning', message: { code: 'not-saved-disk-full' } },
    });
    db.trouble = null;
    await till.close();
  });

  test('a commit of unknown outcome that did happen is answered as done, once', async () => {
    const db = troubled();
    const till = await withBasket({ wrap: db.wrap });
    const { saleId } = till.state().basket;
    db.trouble = { problem: 'outcome-unknown', commits: true };
    const settled = till.call['sale.settle']({ saleId, tender: 'cash' });
    db.trouble = null;
    expect(await settled).toEqual({ outcome: 'done' });
    expect(till.bodies().filter(({ kind }) => kind === 'sale')).toHaveLength(1);
    expect(till.state().basket.lines).toEqual([]);
    await till.close();
  });

  test('a commit of unknown outcome that did not happen is refused, and the sale is still there', async () => {
    const db = troubled();
    const till = await withBasket({ wrap: db.wrap });
    const { saleId } = till.state().basket;
    db.trouble = { problem: 'outcome-unknown', commits: false };
    expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toMatchObject({
      refusal: { code: 'not-saved-outcome-unknown' },
    });
    db.trouble = null;
    expect(till.state().basket).toMatchObject({ saleId, totalMinor: 5000 });
    await till.close();
  });
});

describe('a server in trouble', () => {
  test.each<[string, () => unknown]>([
    ['rubbish', () => ok('<html>502 Bad Gateway</html>')],
    ['half an answer', () => ok({ outcome: 'acknowledged', epoch: 1 })],
    ['somebody else’s answer', () => ok({ record: null })],
    ['nothing', () => ok(null)],
    ['an error', () => err({ code: 'refused', detail: '500' })],
    ['a broken promise', () => Promise.reject(new Error('reset'))],
  ])('%s for an answer means offline, quietly, and the sale goes on', async (_, answer) => {
    const till = await withBasket();
    till.server.intercept = () => answer() as never;
    await till.time.advance(20_000);
    expect(till.state().link.state).toBe('offline');
    expect(till.state().basket.totalMinor).toBe(5000);
    expect(
      await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'cash' }),
    ).toEqual({ outcome: 'done' });
    till.server.intercept = null;
    await till.time.advance(20_000);
    expect(till.state().link).toMatchObject({ state: 'online', waiting: 0 });
    await till.close();
  });

  test('a server that never answers holds nothing up', async () => {
    const till = await withBasket();
    till.server.intercept = () => new Promise(() => {});
    await till.time.advance(15_000);
    expect(till.state().link).toMatchObject({ state: 'offline', problem: 'timeout' });
    expect(
      await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'cash' }),
    ).toEqual({ outcome: 'done' });
    till.server.intercept = null;
    await till.time.advance(40_000);
    expect(till.state().link).toMatchObject({ state: 'online', waiting: 0 });
    await till.close();
  });

  test('a server that sends the till in circles is left alone for a while', async () => {
    const till = await withBasket();
    till.server.intercept = (name) => (name === 'push' ? ok({ outcome: 'epoch', epoch: 7 }) : null);
    await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'cash' });
    await till.time.advance(10_000);
    expect(till.server.calls.filter(({ name }) => name === 'push').length).toBeLessThan(20);
    await till.close();
  });

  test('while it is away it is asked less and less often, and never more than a busy counter', async () => {
    const till = await aTill();
    till.server.up = false;
    await till.time.advance(60_000);
    const before = till.server.calls.length;
    await till.time.advance(60_000);
    const asked = till.server.calls.length - before;
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(asked).toBeLessThanOrEqual(9);
    await till.close();
  });
});
