import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExceptionView } from '#contract/manager.ts';
import type { SyncInput, SyncOutput } from '#contract/sync.ts';
import { DEMO_TENANT } from '#server/demo/demo.ts';
import { serverEntry } from '#server/night/server-entry.ts';
import { textsAfter } from '#server/posting/archive.ts';
import { body, NOON_MS, TODAY, txOf } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import {
  granted,
  hashOf,
  openShopServer,
  type ShopServer,
  type WireTill,
} from './support/shop-server.ts';

/** Can's, the demo shop's manager. */
const PIN = '1470';

await describeOnBoth('exceptions', (open) => {
  let server: ShopServer;
  let till: WireTill;
  let next = 1;
  let acked = 0;
  const tx = (): string => txOf((next += 1));

  beforeAll(async () => {
    server = await openShopServer(await open());
    till = await server.join('Front');
  });
  afterAll(() => server.app.close());

  const push = async (): Promise<void> => {
    const answer = await till.push(acked + 1);
    if (answer.outcome !== 'acknowledged') throw new Error(answer.outcome);
    acked = answer.ackSeq;
  };
  const list = async (settled = false): Promise<SyncOutput<'manager.exceptions'>> =>
    till.call('manager.exceptions', {
      by: 'cashier-deniz',
      ask: { settled, cursor: null },
    });
  const items = async (settled = false): Promise<readonly ExceptionView[]> => {
    const page = await list(settled);
    if (page.outcome !== 'answered') throw new Error(page.refusal.code);
    return page.answer.items;
  };
  const found = async (code: string, member: string): Promise<ExceptionView> => {
    const item = (await items()).find((one) => one.code === code && one.member?.member === member);
    if (item === undefined) throw new Error(`No ${code} of ${member}`);
    return item;
  };
  const settle = (
    exception: string,
    way: ExceptionView['ways'][number]['way'],
    more: Partial<SyncInput<'manager.settle'>['ask']> = {},
  ): Promise<SyncOutput<'manager.settle'>> =>
    till.call('manager.settle', {
      by: 'cashier-deniz',
      ask: { exception, way, pin: null, into: null, ...more },
    });
  const balance = async (member: string): Promise<number> => {
    const rows = await server.database.query<{ posted: number }>(
      `select posted from account where owner = $1 and programme = 'points'`,
      [member],
    );
    return rows[0]?.posted ?? 0;
  };
  const enrolled = async (name: string, points: number): Promise<string> => {
    const sale = tx();
    till.journal.append(
      sale,
      body.enrol(name),
      body.sale(next, name),
      body.earn(name, sale, points),
    );
    await push();
    return sale;
  };
  const day = () => till.call('day', { day: TODAY });

  test('come with what happened, who is concerned and what may be done', async () => {
    await enrolled('anna', 100);
    const sale = tx();
    till.journal.append(
      sale,
      body.sale(next, 'anna'),
      body.redeem('anna', sale, 130, 'no-such-grant'),
    );
    await push();
    const debt = await found('negative-balance', 'anna');
    expect(debt).toMatchObject({
      params: { balance: -30 },
      tillName: 'Front',
      atMs: NOON_MS,
      settled: null,
      ways: [
        { way: 'accept', points: 0, needsPin: false },
        { way: 'write-off', points: 30, needsPin: true },
        { way: 'contact', points: 0, needsPin: false },
      ],
    });
    expect((await found('redeem-without-grant', 'anna')).ways).toMatchObject([
      { way: 'accept' },
      { way: 'write-off', points: 130 },
      { way: 'check-till' },
    ]);
  });

  test('show the entries behind them, the sale and what settled it included', async () => {
    const entriesOf = async (exception: string) => {
      const filter = { kind: 'exception' as const, exception };
      const page = await till.call('manager.entries', {
        by: 'cashier-deniz',
        ask: { filter, cursor: null },
      });
      if (page.outcome !== 'answered') throw new Error(page.refusal.code);
      return page.answer.rows.map(({ what, points, moneyMinor, cashier }) => [
        what,
        points ?? moneyMinor,
        cashier,
      ]);
    };
    const { id } = await found('negative-balance', 'anna');
    expect(await entriesOf(id)).toEqual([
      ['sale', 10_000, 'cashier-deniz'],
      ['redeem', -130, 'cashier-deniz'],
    ]);
    const sale = await enrolled('gizem', 60);
    till.journal.append(tx(), body.return(next, sale, 'gizem', 20_000));
    await push();
    const over = (await items()).find(
      ({ code, params }) => code === 'refund-over-sale' && params['of'] === sale,
    );
    expect((await entriesOf(over?.id ?? '')).map(([what]) => what)).toEqual([
      'sale',
      'earn',
      'return',
    ]);
  });

  test('move points only with the manager’s PIN, which is counted when it is wrong', async () => {
    const { id } = await found('negative-balance', 'anna');
    expect(await settle(id, 'write-off')).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'manager-pin-needed' },
    });
    expect(await settle(id, 'write-off', { pin: '0000' })).toMatchObject({
      refusal: { code: 'manager-pin-wrong', params: { left: 4 } },
    });
    expect(await balance('anna')).toBe(-30);
  });

  test('are settled once, by an entry of terminal 0, and the day still ties', async () => {
    const before = (await day()).openExceptions;
    const { id } = await found('negative-balance', 'anna');
    expect(await settle(id, 'write-off', { pin: PIN })).toMatchObject({
      outcome: 'answered',
      answer: {
        ways: [],
        settled: { way: 'write-off', points: 30, by: 'cashier-deniz', approvedBy: 'cashier-can' },
      },
    });
    expect(await balance('anna')).toBe(0);
    expect(await settle(id, 'accept')).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'already-settled', params: { by: 'cashier-deniz' } },
    });
    const report = await day();
    expect(report.openExceptions).toBe(before - 1);
    expect(report.exceptions.some((one) => one.id === id)).toBe(false);
    for (const points of report.points) expect(points.sumOfBalances).toBe(points.closing);
    const texts = await textsAfter(server.database, DEMO_TENANT, { till: '0', inc: 1 }, 0, 100);
    const bodies = texts.map((text) => serverEntry.parse(JSON.parse(text)).body);
    expect(bodies).toMatchObject([
      {
        kind: 'settlement',
        exception: id,
        way: 'write-off',
        points: 30,
        approvedBy: 'cashier-can',
      },
      { kind: 'ledger', type: 'adjust', holder: 'anna', points: 30, source: `settle:${id}` },
    ]);
    expect((await items(true)).map((one) => one.id)).toContain(id);
  });

  test('are settled once when two people do it at the same moment', async () => {
    const { id } = await found('redeem-without-grant', 'anna');
    const answers = await Promise.all([
      settle(id, 'write-off', { pin: PIN }),
      settle(id, 'accept'),
      settle(id, 'write-off', { pin: PIN }),
    ]);
    expect(answers.filter(({ outcome }) => outcome === 'answered')).toHaveLength(1);
    // She had 100; 30 of the 130 were given when her debt was written off.
    expect([0, 100]).toContain(await balance('anna'));
  });

  test('give the points of an uncovered reward back once, whichever of its two is settled first', async () => {
    for (const [name, order] of [
      ['debt-first', ['negative-balance', 'redeem-without-grant']],
      ['grant-first', ['redeem-without-grant', 'negative-balance']],
    ] as const) {
      await enrolled(name, 100);
      const sale = tx();
      till.journal.append(sale, body.sale(next, name), body.redeem(name, sale, 130, 'no-such'));
      await push();
      for (const code of order)
        await settle((await found(code, name)).id, 'write-off', { pin: PIN });
      expect([name, await balance(name)]).toEqual([name, 100]);
    }
  });

  test('refuse a way that is not lawful and an exception that is not there', async () => {
    const sale = await enrolled('bea', 100);
    till.journal.append(tx(), body.return(next, sale, 'bea', 20_000));
    await push();
    const over = (await items()).find(({ code }) => code === 'refund-over-sale');
    expect(await settle(over?.id ?? '', 'write-off', { pin: PIN })).toMatchObject({
      refusal: { code: 'settlement-not-lawful' },
    });
    expect(await settle('nothing-at-all', 'accept')).toMatchObject({
      refusal: { code: 'no-such-exception' },
    });
    expect(await settle(over?.id ?? '', 'contact')).toMatchObject({ outcome: 'answered' });
    const notes = await server.database.query<{ exception: string; by: string }>(
      'select exception, by_cashier as by from follow_up where done_at_ms is null',
    );
    expect(notes).toContainEqual({ exception: over?.id, by: 'cashier-deniz' });
  });

  test('join a card nobody enrolled with the member it belongs to', async () => {
    await enrolled('carla', 50);
    const sale = tx();
    till.journal.append(sale, body.sale(next, 'stray'), body.earn('stray', sale, 70));
    await push();
    const stray = await found('unknown-member', 'stray');
    expect(await settle(stray.id, 'merge', { pin: PIN, into: 'stray' })).toMatchObject({
      refusal: { code: 'merge-same-member' },
    });
    expect(await settle(stray.id, 'merge', { pin: PIN, into: 'carla' })).toMatchObject({
      outcome: 'answered',
    });
    expect(await balance('carla')).toBe(120);
  });

  test('give nobody what somebody who was erased left', async () => {
    await enrolled('heir', 5);
    const sale = tx();
    till.journal.append(sale, body.sale(next, 'gone'), body.earn('gone', sale, 70));
    await push();
    const gone = await found('unknown-member', 'gone');
    const order = { nowMs: NOON_MS, tenant: DEMO_TENANT, member: 'gone', day: TODAY, by: 'mia' };
    await server.executor.execute<'erase'>({ kind: 'erase', ...order });
    expect(await settle(gone.id, 'merge', { pin: PIN, into: 'heir' })).toMatchObject({
      refusal: { code: 'settlement-not-lawful' },
    });
    expect(await balance('heir')).toBe(5);
    expect((await found('unknown-member', 'gone')).ways).toMatchObject([
      { way: 'accept' },
      { way: 'contact' },
    ]);
  });

  test('keep a card blocked whoever joins with it', async () => {
    const sale = tx();
    till.journal.append(sale, body.sale(next, 'thief'), body.earn('thief', sale, 70));
    await push();
    const hash = hashOf('card', '2900000000141');
    const gives = async (member: string): Promise<void> => {
      const who = { member, version: 1, market: 'DE' as const, name: null, phone: null };
      const identifiers = [{ kind: 'card' as const, hash, masked: '··41' }];
      const rest = { phoneTakesSms: false, language: 'de' as const, identifiers, consents: [] };
      await till.call('profile', { profiles: [{ ...who, ...rest }] });
    };
    await gives('thief');
    const blocked = await found('unknown-member', 'thief');
    await settle(blocked.id, 'block', { pin: PIN });
    await enrolled('nora', 5);
    await gives('nora');
    expect((await till.call('find-member', { hash })).record).toMatchObject({
      member: 'thief',
      status: 'blocked',
    });
    expect(await till.grant('thief', 10, crypto.randomUUID())).toMatchObject({ code: 'blocked' });
    expect([await balance('nora'), await balance('thief')]).toEqual([5, 70]);
    expect(await found('same-number', 'nora')).toMatchObject({
      other: { member: 'thief' },
      ways: [{ way: 'accept' }, { way: 'contact' }],
    });
  });

  test('leave two who gave one number apart until somebody joins them', async () => {
    await enrolled('zehra', 200);
    await enrolled('eve', 50);
    const phone = {
      kind: 'phone' as const,
      hash: hashOf('phone', '+4915123456789'),
      masked: '··89',
    };
    const card = (number: string) => ({
      kind: 'card' as const,
      hash: hashOf('card', number),
      masked: '··',
    });
    const gives = async (member: string, number: string): Promise<void> => {
      const who = {
        member,
        version: 1,
        market: 'DE' as const,
        name: member,
        language: 'de' as const,
      };
      const identifiers = [card(number), phone];
      const profile = {
        ...who,
        phone: '+4915123456789',
        phoneTakesSms: true,
        identifiers,
        consents: [],
      };
      await till.call('profile', { profiles: [profile] });
    };
    await gives('zehra', '2900000000110');
    await gives('eve', '2900000000127');
    const whose = async (hash: string) =>
      (await till.call('find-member', { hash })).record?.member ?? null;
    expect(await whose(phone.hash)).toBe('zehra');
    expect(await whose(hashOf('card', '2900000000127'))).toBe('eve');
    expect([await balance('zehra'), await balance('eve')]).toEqual([200, 50]);
    const same = await found('same-number', 'eve');
    expect(same).toMatchObject({
      other: { member: 'zehra' },
      ways: [{ way: 'accept' }, { way: 'contact' }, { way: 'merge', needsPin: true }],
    });
    expect(await settle(same.id, 'merge', { pin: PIN })).toMatchObject({ outcome: 'answered' });
    expect(await whose(hashOf('card', '2900000000127'))).toBe('zehra');
    expect(await balance('zehra')).toBe(250);
  });

  test('let a blocked member be served again', async () => {
    await enrolled('dora', 100);
    const grant = granted(await till.grant('dora', 40, crypto.randomUUID()));
    await server.database.query(`update member set status = 'blocked' where member = 'dora'`);
    const sale = tx();
    till.journal.append(
      sale,
      body.accept(grant.grant, 'dora', 40),
      body.sale(next, 'dora'),
      body.redeem('dora', sale, 40, grant.grant),
    );
    await push();
    const blocked = await found('blocked-member', 'dora');
    expect(await settle(blocked.id, 'unblock', { pin: PIN })).toMatchObject({
      outcome: 'answered',
    });
    expect(await till.grant('dora', 10, crypto.randomUUID())).toMatchObject({
      outcome: 'granted',
    });
  });

  test('give a forked till up, by the cashier and the manager', async () => {
    const lost = await server.join('Lost');
    lost.journal.append(tx(), body.enrol('eva'));
    await lost.push();
    const batch = lost.journal.batch();
    await lost.pushBatch({ ...batch, from: 2, previousHash: 'ab'.repeat(32) });
    const fork = (await items()).find(({ code }) => code === 'fork');
    expect(fork?.ways.map(({ way }) => way)).toEqual(['check-till', 'fence']);
    expect(await settle(fork?.id ?? '', 'fence', { pin: PIN })).toMatchObject({
      outcome: 'answered',
    });
    const fenced = (await items()).find(({ code }) => code === 'till-fenced');
    expect(fenced?.params).toMatchObject({ by: 'cashier-deniz', and: 'cashier-can', exposure: 0 });
  });

  test('lock the PIN after five wrong ones, the right one included', async () => {
    const sale = await enrolled('fay', 100);
    till.journal.append(tx(), body.reverse('fay', tx(), { source: sale, type: 'earn' }, 30));
    await push();
    const { id } = await found('reversal-over-original', 'fay');
    for (let tries = 0; tries < 5; tries += 1) await settle(id, 'give', { pin: '0000' });
    expect(await settle(id, 'give', { pin: PIN })).toMatchObject({
      refusal: { code: 'manager-pin-locked', params: { minutes: 5 } },
    });
    expect(await settle(id, 'accept')).toMatchObject({ outcome: 'answered' });
    expect(await balance('fay')).toBe(100);
  });
});
