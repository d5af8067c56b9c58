import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type RunningServer, type ServerOptions } from '#server/start.ts';
import { aRealTill, quiet, type RealTill } from './support/a-real-till.ts';
import { aConfig, aFolder, removeFolders } from './support/a-till.ts';
import { joining } from './support/joining.ts';

describe('a till with the real server', () => {
  const folder = aFolder();
  const directory = join(folder, 'server');
  const shopFile = join(folder, 'shop.json');
  const codes = ['PAIRAAAA', 'PAIRBBBB'];
  let server: RunningServer | null = null;
  let url: URL | null = null;

  const options = (code: string | null, port: number): ServerOptions => ({
    directory,
    databaseUrl: null,
    host: '127.0.0.1',
    port,
    demo: false,
    shopFile: code === null ? null : shopFile,
    pairingCode: code,
    log: quiet,
    onBroken: () => {},
  });

  const start = async (code: string | null): Promise<void> => {
    server = await startServer(options(code, 0));
    url = new URL(server.url);
  };

  const stop = async (): Promise<void> => {
    await server?.stop();
    server = null;
    url = null;
  };

  const joinTill = (name: string, code: string): Promise<RealTill> =>
    aRealTill({ folder, name, code, url: () => url });

  beforeAll(async () => {
    writeFileSync(shopFile, JSON.stringify(aConfig()));
    await start(codes[0] ?? null);
  });
  afterAll(async () => {
    await stop();
    removeFolders();
  });

  test('enrols a shopper, earns with and without the server, redeems, returns, and the day ties', async () => {
    const one = await joinTill('one', codes[0] ?? '');
    const { handlers } = one.till;
    await one.until('online', ({ link }) => link.state === 'online');

    await handlers['basket.add-product']({ sku: 'coffee', quantityMilli: 4000 });
    const consents = [{ purpose: 'sms', given: true, textVersion: 'de-1' }] as const;
    const joined = joining({ consents: [...consents] });
    expect(await handlers['enrol.commit'](joined)).toEqual({ outcome: 'done' });
    const first = one.state().basket.saleId;
    expect(await handlers['sale.settle']({ saleId: first, tender: 'cash' })).toEqual({
      outcome: 'done',
    });
    await one.until('acknowledged', ({ link }) => link.waiting === 0);

    await one.until('card printed', () => one.devices.printed.length > 0);
    const bars = one.devices.printed[0]?.document.lines.find(({ kind }) => kind === 'barcode');
    const card = bars?.kind === 'barcode' ? bars.content : '';
    const scan = async (): Promise<void> => {
      await handlers.scan({
        code: { kind: 'card', number: card, symbology: 'ean' },
        source: 'serial',
      });
    };
    await scan();
    await one.until('posted', ({ member }) => member?.balances[0]?.posted === 200);

    await stop();
    await handlers['basket.add-amount']({ amountMinor: 2500, quantityMilli: 1000 });
    await one.until('offline', ({ link }) => link.state === 'offline');
    await handlers['sale.settle']({ saleId: one.state().basket.saleId, tender: 'card' });
    expect(one.state().link.waiting).toBe(1);
    await start(null);
    await one.until('caught up', ({ link }) => link.state === 'online' && link.waiting === 0);

    await new Promise((resolve) => setTimeout(resolve, 1600));
    await scan();
    await one.until('posted again', ({ member }) => member?.balances[0]?.posted === 225);
    await handlers['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    expect(await handlers['reward.toggle']({ reward: 'ten-off' })).toEqual({ outcome: 'done' });
    const third = one.state().basket;
    expect(third.totalMinor).toBe(4000);
    await handlers['sale.settle']({ saleId: third.saleId, tender: 'cash' });
    await one.until('spent', ({ link }) => link.waiting === 0);
    const receipt = one.database.read.saleByTx(third.saleId)?.receipt ?? '';
    expect(await handlers['return.open']({ receipt })).toEqual({ outcome: 'done' });
    const { returning } = one.state();
    await handlers['return.choose']({ line: returning?.lines[0]?.line ?? '', quantityMilli: 1000 });
    expect(await handlers['return.commit']({ returnId: returning?.returnId ?? '' })).toEqual({
      outcome: 'done',
    });
    await one.until('returned', ({ link }) => link.waiting === 0);

    await new Promise((resolve) => setTimeout(resolve, 1600));
    await scan();
    await one.until('back where it was', ({ member }) => {
      const { posted, available, pending } = member?.balances[0] ?? {};
      return posted === 225 && available === 225 && pending === 0;
    });

    const day = await handlers.day({ day: null });
    expect(day).toMatchObject({
      source: 'server',
      totals: {
        sales: 3,
        salesWithMember: 3,
        salesTotalMinor: 26_500,
        returns: 1,
        returnsMinor: 4000,
        newMembers: 1,
      },
      exceptions: [],
    });
    const [points] = day.points;
    expect(points?.closing).toBe(225);
    expect(points?.sumOfBalances).toBe(225);
    expect(
      (points?.opening ?? 0) +
        (points?.earned ?? 0) -
        (points?.redeemed ?? 0) -
        (points?.expired ?? 0) +
        (points?.reversed ?? 0) +
        (points?.other ?? 0),
    ).toBe(225);
    await one.stop();
  });

  test('a card the other till met offline becomes the member it always was', async () => {
    await stop();
    await start(codes[1] ?? null);
    const two = await joinTill('two', codes[1] ?? '');
    const { handlers } = two.till;
    await two.until('online', ({ link }) => link.state === 'online');
    await handlers['enrol.commit']({
      phone: null,
      name: 'Ali',
      language: 'en',
      ofAge: true,
      noticeVersion: 'en-1',
      consents: [],
      useScannedCard: false,
    });
    await two.until('known to the server', ({ link }) => link.waiting === 0);
    await two.until('card printed', () => two.devices.printed.length > 0);
    const bars = two.devices.printed[0]?.document.lines.find(({ kind }) => kind === 'barcode');
    const card = bars?.kind === 'barcode' ? bars.content : '';
    const member = two.state().member?.member ?? '';
    expect(member).not.toBe('');
    await two.until('profile sent', () => two.database.read.waitingProfiles(1).length === 0);

    // The same card at a till that never heard of it: its cache is emptied of the identifier.
    two.database.write((writes) => {
      const cached = writes.member(member);
      if (cached !== null)
        writes.saveMember({ ...cached, version: cached.version + 1_000_000, identifiers: [] });
    });
    await stop();
    await two.until('offline', ({ link }) => link.state === 'offline');
    await handlers['member.detach'](null);
    await handlers.scan({ code: { kind: 'card', number: card, symbology: 'ean' }, source: 'hid' });
    const provisional = two.state().member;
    expect(provisional?.state).toBe('provisional');
    await handlers['basket.add-amount']({ amountMinor: 3000, quantityMilli: 1000 });
    await handlers['sale.settle']({ saleId: two.state().basket.saleId, tender: 'cash' });
    await start(null);
    await two.until('resolved', () => {
      const row = two.database.read.member(provisional?.member ?? '');
      return row?.status === 'merged' && row.mergedInto === member;
    });
    await new Promise((resolve) => setTimeout(resolve, 1600));
    await handlers.scan({ code: { kind: 'card', number: card, symbology: 'ean' }, source: 'hid' });
    await two.until(
      'points arrived',
      (state) => state.member?.member === member && state.member.balances[0]?.posted === 30,
    );
    await two.stop();
  });
});
