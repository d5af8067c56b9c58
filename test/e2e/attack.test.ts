import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openCounter, type CounterSocket } from './support/counter-socket.ts';
import { launchServer, type LaunchedServer } from './support/launch-server.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';
import { serveProxy, type ServerProxy } from './support/server-proxy.ts';

const WAIT_MS = 30_000;
const DONE = { outcome: 'done' } as const;

/** Two tills of one shop; the line between the first and the server goes through a proxy. */
interface Stage {
  readonly folder: string;
  readonly proxy: ServerProxy;
  readonly second: LaunchedTill;
  /** Two pages of the first till, and one of the second. */
  a: CounterSocket;
  a2: CounterSocket;
  readonly b: CounterSocket;
  server: LaunchedServer;
  till: LaunchedTill;
}

describe('points under attack', () => {
  let stage: Stage;
  /** Members who joined with a number of their own. */
  let joined = 0;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'regulars-attack-'));
    let server = await launchServer({ dataFolder: join(folder, 'server') });
    const proxy = await serveProxy(server.url);
    // The attacks are on a question under way: each tap has to ask one.
    proxy.givesAhead = false;
    const till = await launchTill({
      dataFolder: join(folder, 'first'),
      flags: ['--server', proxy.url, '--pairing-code', server.pairingCode, '--printer', 'none'],
    });
    // Each start of the server has a code for one more till.
    await server.stop();
    server = await launchServer({ dataFolder: join(folder, 'server'), port: server.port });
    const second = await launchTill({
      dataFolder: join(folder, 'second'),
      flags: ['--server', server.url, '--pairing-code', server.pairingCode, '--printer', 'none'],
    });
    const [a, a2, b] = [
      await openCounter(till),
      await openCounter(till),
      await openCounter(second),
    ];
    await a.synced();
    await b.synced();
    stage = { folder, proxy, second, a, a2, b, server, till };
  });

  afterAll(async () => {
    for (const page of [stage.a, stage.a2, stage.b]) page.end();
    await stage.till.stop();
    await stage.second.stop();
    await stage.proxy.close();
    await stage.server.stop();
    rmSync(stage.folder, { recursive: true, force: true });
  });

  // A test that failed while the line held its questions would pull the next ones along.
  afterEach(() => stage.proxy.release());

  /** Taps a reward whose answer the proxy holds back; `answer` is what the page is told in the end. */
  const tapHeld = async (reward: string): Promise<{ readonly answer: Promise<unknown> }> => {
    stage.proxy.hold = '/grant';
    const answer = stage.a.call['reward.toggle']({ reward }).catch((error: unknown) => error);
    await expect.poll(() => stage.proxy.heldFor('sale'), { timeout: WAIT_MS }).toBe(1);
    return { answer };
  };
  const killTill = async (): Promise<void> => {
    await stage.till.kill();
    stage.a.end();
    stage.a2.end();
  };
  const restartTill = async (): Promise<void> => {
    stage.till = await launchTill({
      dataFolder: join(stage.folder, 'first'),
      flags: ['--server', stage.proxy.url, '--printer', 'none'],
    });
    stage.a = await openCounter(stage.till);
    stage.a2 = await openCounter(stage.till);
  };
  const availableIs = (page: CounterSocket, points: number): Promise<void> =>
    expect.poll(() => page.available(), { timeout: WAIT_MS }).toBe(points);
  const begin = async (page: CounterSocket, name: string, amountMinor: number): Promise<void> => {
    await page.synced();
    await page.card(name);
    await page.amount(amountMinor);
  };

  it('a sale settled from two pages, again and again, is one sale', async () => {
    const { a, a2 } = stage;
    await begin(a, 'Elif', 10_000);
    const { saleId } = (await a.state()).basket;
    const settle = { saleId, tender: 'cash' } as const;
    const answers = await Promise.all(
      [a, a2, a, a2, a, a2].map(({ call }) => call['sale.settle'](settle)),
    );
    expect(answers).toEqual(answers.map(() => DONE));
    expect(await a2.call['sale.settle']({ saleId, tender: 'card' })).toMatchObject({
      refusal: { code: 'sale-settled-otherwise' },
    });
    expect(await a2.call['sale.settle']({ saleId: randomUUID(), tender: 'cash' })).toMatchObject({
      refusal: { code: 'sale-not-open' },
    });
    await a.synced();
    expect((await a.call.day({ day: null })).totals).toMatchObject({ sales: 1, earned: 125 });
    await a.card('Elif');
    await availableIs(a, 1260 + 125);
  });

  it('a sale settled while its points are asked for goes without them, and they come back', async () => {
    const { a, a2, proxy } = stage;
    await begin(a, 'Lena', 10_000);
    const { answer } = await tapHeld('fifty-off');
    await a2.settle();
    proxy.release();
    expect(await answer).toMatchObject({ refusal: { code: 'reward-too-late' } });
    await a.synced();
    await a.card('Lena');
    await availableIs(a, 720 + 110);
  });

  it('two rewards tapped at once are one, and the server books what the receipt says', async () => {
    const { a, a2, proxy } = stage;
    await begin(a, 'James', 20_000);
    const { answer } = await tapHeld('fifty-off');
    expect(await a2.call['reward.toggle']({ reward: 'ten-off' })).toMatchObject({
      refusal: { code: 'another-reward-applied' },
    });
    proxy.release();
    expect(await answer).toEqual(DONE);
    await a.settle();
    await a.becomes({
      lastSale: { totalMinor: 15_000, redeemed: 500, balanceAfter: 5430 - 500 + 300 },
    });
    await a.synced();
    expect((await a.call.day({ day: null })).exceptions).toEqual([]);
    await a.card('James');
    await availableIs(a, 5430 - 500 + 300);
  });

  it('a basket cleared while points are asked for takes no reward, and they come back', async () => {
    const { a, a2, proxy } = stage;
    await begin(a, 'James', 20_000);
    const { answer } = await tapHeld('fifty-off');
    await a2.call['basket.clear'](null);
    proxy.release();
    expect(await answer).toMatchObject({ refusal: { code: 'reward-too-late' } });
    await availableIs(a, 5230);
    await a.amount(1000);
    await a.becomes({ basket: { totalMinor: 1000, rewards: [] } });
    await a.call['basket.clear'](null);
  });

  it('a till killed between grant and settling keeps both, and gives the points back when told', async () => {
    await begin(stage.a, 'Elif', 10_000);
    expect(await stage.a.call['reward.toggle']({ reward: 'fifty-off' })).toEqual(DONE);
    await killTill();
    await restartTill();
    const { a } = stage;
    await a.becomes({
      basket: { totalMinor: 5000, rewards: [{ reward: 'fifty-off', points: 500 }] },
      member: { displayName: 'Elif Ş.' },
      notice: { message: { code: 'sale-still-here' } },
    });
    await a.synced();
    await availableIs(a, 1385 - 500);
    await a.call['basket.clear'](null);
    await availableIs(a, 1385);
  });

  it('a till killed while points are asked for has them back after its start', async () => {
    await begin(stage.a, 'Elif', 10_000);
    await tapHeld('pay-with-points');
    await killTill();
    stage.proxy.release();
    await restartTill();
    const { a } = stage;
    await a.becomes({ basket: { totalMinor: 10_000, rewards: [] } });
    await a.synced();
    await availableIs(a, 1385);
    expect(await a.call['reward.toggle']({ reward: 'fifty-off' })).toEqual(DONE);
    await availableIs(a, 885);
    await a.settle();
    await a.synced();
    await a.card('Elif');
    await availableIs(a, 1385 - 500 + 125);
  });

  it('a server killed during a grant: the sale goes on, and no point is missing afterwards', async () => {
    const { a, b, proxy } = stage;
    await begin(a, 'Elif', 10_000);
    const { answer } = await tapHeld('pay-with-points');
    await stage.server.kill();
    proxy.release();
    expect(await answer).toMatchObject({ refusal: { code: 'reward-server-silent' } });
    await a.becomes({ basket: { totalMinor: 10_000 }, member: { displayName: 'Elif Ş.' } });
    await a.settle();
    stage.server = await launchServer({
      dataFolder: join(stage.folder, 'server'),
      port: stage.server.port,
    });
    await a.synced();
    await b.synced();
    await a.card('Elif');
    await availableIs(a, 1010 + 125);
  });

  it('two tills spending the same points at the same moment spend them once', async () => {
    const { a, b } = stage;
    await begin(a, 'Ayşe', 10_000);
    await begin(b, 'Ayşe', 10_000);
    const tap = { reward: 'pay-with-points' };
    const outcomes = await Promise.all([
      a.call['reward.toggle'](tap),
      b.call['reward.toggle'](tap),
    ]);
    expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    await Promise.all([a.settle(), b.settle()]);
    const redeemed = [await a.state(), await b.state()].map(({ lastSale }) => lastSale?.redeemed);
    expect(redeemed.toSorted()).toEqual([0, 335]);
    await a.synced();
    await b.synced();
    await a.card('Ayşe');
    await availableIs(a, 335 - 335 + 2 * 110);
  });

  it('captured messages sent again change nothing', async () => {
    const { a, proxy } = stage;
    await a.synced();
    const books = async (): Promise<object> => {
      const { totals, points, exceptions } = await a.call.day({ day: null });
      return { totals, points, exceptions };
    };
    const before = await books();
    const captured = proxy.captured.filter(({ path }) => /push|profile|grant$/.test(path));
    expect(captured.length).toBeGreaterThan(8);
    for (const message of captured) {
      expect([200, 401]).toContain((await proxy.replay(message)).status);
    }
    expect(await books()).toEqual(before);
    // A grant that a replay made anew is given back as soon as its till hears of it.
    await begin(a, 'Elif', 1000);
    await a.settle();
    await a.synced();
    await a.card('Elif');
    await availableIs(a, 1135 + 12);
  });

  it('one receipt of the other till, claimed at two pages at once, is claimed once', async () => {
    const { a, a2, b } = stage;
    await b.amount(20_000);
    await b.settle();
    const receipt = (await b.state()).lastSale?.receipt ?? '';
    await b.synced();
    await a.synced();
    await a.card('Mehmet');
    const claims = await Promise.all([
      a.call['claim.commit']({ receipt }),
      a2.call['claim.commit']({ receipt }),
    ]);
    expect(claims).toContainEqual(DONE);
    expect(claims).toContainEqual({
      outcome: 'refused',
      refusal: { code: 'claim-already-claimed', params: {} },
    });
    await availableIs(a, 48 + 200);
  });

  it('a sale returned in halves, claimed in between, leaves no point behind', async () => {
    const { a } = stage;
    await a.call['member.detach'](null);
    await a.amount(10_000);
    await a.settle();
    const receipt = (await a.state()).lastSale?.receipt ?? '';
    const giveBackHalf = async (): Promise<void> => {
      expect(await a.call['return.open']({ receipt })).toEqual(DONE);
      const { returning } = await a.state();
      await a.call['return.choose']({
        line: returning?.lines[0]?.line ?? '',
        quantityMilli: 500,
      });
      const returnId = returning?.returnId ?? '';
      expect(await a.call['return.commit']({ returnId })).toEqual(DONE);
    };
    await giveBackHalf();
    await a.card('James');
    await availableIs(a, 5230);
    expect(await a.call['claim.commit']({ receipt })).toEqual(DONE);
    await availableIs(a, 5230 + 75);
    await giveBackHalf();
    await a.synced();
    await availableIs(a, 5230);
  });

  it('the longest basket there can be is settled, shown, sent and brought back', async () => {
    const { a } = stage;
    await a.card('James');
    let lines = 0;
    const add = { amountMinor: 101, quantityMilli: 2000 };
    while ((await a.call['basket.add-amount'](add)).outcome === 'done') lines += 1;
    expect(await a.call['reward.toggle']({ reward: 'ten-off' })).toEqual(DONE);
    const saleId = await a.settle();
    await a.becomes({ lastSale: { saleId, totalMinor: lines * 202 - 1000 } });
    const viewed = await a.call['receipt.view']({ saleId });
    expect(viewed?.document.lines.length).toBeGreaterThan(2 * lines);
    await a.synced();
    const receipt = (await a.state()).lastSale?.receipt ?? '';
    expect(await a.call['return.open']({ receipt })).toEqual(DONE);
    const { returning } = await a.state();
    for (const { line } of returning?.lines ?? []) {
      await a.call['return.choose']({ line, quantityMilli: 2000 });
    }
    await a.becomes({ returning: { refundMinor: lines * 202 - 1000, pointsReturned: 100 } });
    const returnId = returning?.returnId ?? '';
    expect(await a.call['return.commit']({ returnId })).toEqual(DONE);
    await a.synced();
    await a.card('James');
    await availableIs(a, 5230);
  });

  it('two taps on Join make one member', async () => {
    const { a, a2 } = stage;
    await a.synced();
    const input = joining('0532 999 88 77', 'Zeynep Ak');
    const outcomes = await Promise.all([
      a.call['enrol.commit'](input),
      a2.call['enrol.commit'](input),
    ]);
    expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    expect(outcomes).toContainEqual({
      outcome: 'refused',
      refusal: { code: 'phone-already-member', params: { masked: '··77' } },
    });
    await a.synced();
    expect((await a.call.day({ day: null })).exceptions).toEqual([]);
  });

  it.each([
    ['<img src=x onerror=alert(1)>', '<img O.'],
    ["Robert'); DROP TABLE journal;--", "Robert'); J."],
    ['\u202egnp.\u2066exe kaya', 'gnp.exe K.'],
    ['\u0000\u0007Nul\u0000 Bell', 'Nul B.'],
    [`a${'💥'.repeat(39)}`, `a${'💥'.repeat(31)}…`],
  ])('a name like %j is a name, here and at the other till', async (name, shown) => {
    const { a, b } = stage;
    joined += 1;
    const phone = `0532 999 00 ${10 + joined}`;
    expect(await a.call['enrol.commit'](joining(phone, name))).toEqual(DONE);
    await a.becomes({ member: { displayName: shown } });
    await expect
      .poll(() => b.call['enrol.check']({ phone }), { timeout: WAIT_MS })
      .toMatchObject({ outcome: 'existing', displayName: shown });
  });

  it('texts of ten thousand characters are refused at the border, and the sale stays', async () => {
    const { a } = stage;
    const long = 'x'.repeat(10_000);
    await begin(a, 'Lena', 4200);
    const { basket, member } = await a.state();
    const calls = [
      () => a.call['enrol.commit'](joining(null, long)),
      () => a.call['enrol.check']({ phone: long }),
      () => a.call['member.find']({ text: long }),
      () => a.call['return.open']({ receipt: long }),
      () => a.call['claim.commit']({ receipt: long }),
      () => a.call['reward.toggle']({ reward: long }),
      () => a.call['basket.add-product']({ sku: long, quantityMilli: 1000 }),
      () => a.call.scan({ code: { kind: 'unknown', text: long, symbology: 'qr' }, source: 'hid' }),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'bad-input' });
    expect(await a.state()).toMatchObject({ basket, member: { member: member?.member } });
  });
});

function joining(
  phone: string | null,
  name: string,
): Parameters<CounterSocket['call']['enrol.commit']>[0] {
  return {
    phone,
    name,
    language: 'tr',
    ofAge: true,
    noticeVersion: 'tr-test',
    consents: [],
    useScannedCard: false,
  };
}
