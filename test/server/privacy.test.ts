import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { SyncOutput } from '#contract/sync.ts';
import { openEmbedded, type EmbeddedDatabase } from '#server/database/embedded.ts';
import type { Database } from '#server/database/database.ts';
import { DEMO_TENANT } from '#server/demo/demo.ts';
import { settleErasures } from '#server/members/erase.ts';
import { runDueNights } from '#server/night/nights.ts';
import { body, NOON_MS, TODAY, txOf } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import { filesWith } from './support/files-with.ts';
import { hashOf, openShopServer, type ShopServer, type WireTill } from './support/shop-server.ts';

const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Names and numbers nothing else on these disks contains. */
const NAME = 'Zülfikar Quxworthy';
const PHONE = '+905559871234';
const SECRETS = [NAME, 'Quxworthy', 'Zülfikar', PHONE, '5559871234'];

const cardOf = (member: string): object => ({
  kind: 'card',
  hash: hashOf('card', `card-${member}`),
  masked: '··11',
});

function profileOf(member: string, more: object = {}): object {
  return {
    member,
    version: 1,
    market: 'TR',
    name: NAME,
    phone: PHONE,
    phoneTakesSms: true,
    language: 'tr',
    birthday: TODAY.slice(5),
    identifiers: [cardOf(member), { kind: 'phone', hash: hashOf('phone', PHONE), masked: '··34' }],
    consents: [
      {
        purpose: 'sms',
        given: true,
        textVersion: 'sms-3',
        language: 'tr',
        atMs: NOON_MS,
        till: 'till_1',
        channel: 'till',
      },
    ],
    ...more,
  };
}

/** Enrols somebody, sells to them and gives the till something to hold. */
async function trade(till: WireTill, member: string, first: number): Promise<string> {
  const from = till.journal.head.seq + 1;
  till.journal.append(
    txOf(first),
    body.enrol(member),
    body.sale(first, member),
    body.earn(member, txOf(first), 100),
  );
  await till.push(from);
  await till.call('profile', { profiles: [profileOf(member)] } as never);
  const request = `0190a1b2-0000-4000-8000-${String(first).padStart(12, '0')}`;
  const answer = await till.grant(member, 40, request);
  if (answer.outcome !== 'granted') throw new Error('not granted');
  return answer.grant.grant;
}

async function erase(till: WireTill, member: string): Promise<SyncOutput<'erase-member'>> {
  const asked = await till.call('erase-member', { member, confirm: null, by: 'mia' });
  if (asked.outcome !== 'confirm') return asked;
  const { confirm } = asked.preview;
  return till.call('erase-member', { member, confirm, by: 'mia' });
}

async function recordOf(till: WireTill, member: string) {
  const { changes } = await till.call('pull', { cursor: null, limit: 500 });
  return changes.flatMap((change) =>
    change.kind === 'member' && change.record.member === member ? [change.record] : [],
  )[0];
}

const TIES = [
  'select member, programme, type, source, points from ledger order by 1, 2, 3, 4',
  'select owner, programme, posted, pending, held, granted from account order by 1, 2',
  'select tx, member, total_minor from sale order by 1',
  'select seq, hash from server_head',
];

async function books(database: Database): Promise<unknown> {
  const found: unknown[] = [];
  for (const text of TIES) found.push(await database.query(text));
  return found;
}

await describeOnBoth('a member who is erased', (open) => {
  const servers: ShopServer[] = [];
  const serve = async (): Promise<ShopServer> => {
    const server = await openShopServer(await open());
    servers.push(server);
    return server;
  };
  afterAll(async () => {
    for (const { app } of servers) await app.close();
  });

  test('leaves nothing that names a person, and every total as it was', async () => {
    const server = await serve();
    const till = await server.join();
    const grant = await trade(till, 'zed', 1);
    expect(await recordOf(till, 'zed')).toMatchObject({ displayName: 'Zülfikar Q.' });
    const before = await books(server.database);
    const day = await till.call('day', { day: TODAY });

    expect(
      await till.call('erase-member', { member: 'zed', confirm: 'WRONG', by: 'mia' }),
    ).toMatchObject({
      outcome: 'confirm',
      preview: { member: 'zed', name: 'Zülfikar Q.', masked: ['··11', '··34'], openGrants: 1 },
    });
    expect(await recordOf(till, 'zed')).toMatchObject({ status: 'active' });
    expect(await erase(till, 'zed')).toEqual({ outcome: 'erased', member: 'zed' });
    expect(await books(server.database)).toEqual(before);
    expect(await till.call('day', { day: TODAY })).toMatchObject({
      totals: (day as { totals?: unknown }).totals,
    });
    expect(await recordOf(till, 'zed')).toMatchObject({
      status: 'erased',
      displayName: null,
      birthday: null,
      identifiers: [],
    });
    for (const kind of ['card', 'phone'] as const) {
      const hash = hashOf(kind, kind === 'card' ? 'card-zed' : PHONE);
      expect(await till.call('find-member', { hash })).toEqual({ record: null });
    }
    expect(await server.database.keys.of(DEMO_TENANT, ['zed'])).toEqual(new Map());
    for (const table of ['profile', 'identifier', 'consent']) {
      const rows = await server.database.query(`select 1 from ${table} where member = 'zed'`);
      expect({ table, rows }).toEqual({ table, rows: [] });
    }
    expect(await erase(till, 'zed')).toEqual({ outcome: 'refused', code: 'already-erased' });
    expect(await erase(till, 'nobody')).toEqual({ outcome: 'refused', code: 'unknown-member' });

    // A till that was away: what it sold and held comes in, what it knew of the person does not.
    const from = till.journal.head.seq + 1;
    till.journal.append(
      txOf(2),
      body.accept(grant, 'zed', 40),
      body.redeem('zed', txOf(2), 30, grant),
    );
    till.journal.append(txOf(3), body.close(grant));
    expect(await till.push(from)).toMatchObject({ outcome: 'acknowledged' });
    const late = { profiles: [profileOf('zed', { version: 2 })] };
    expect(await till.call('profile', late as never)).toEqual({
      accepted: [{ member: 'zed', version: 2 }],
    });
    expect(await server.database.query(`select 1 from profile where member = 'zed'`)).toEqual([]);
    expect(await server.database.keys.of(DEMO_TENANT, ['zed'])).toEqual(new Map());
    expect(await till.grant('zed', 1, '0190a1b2-0000-4000-8000-00000000ffff')).toMatchObject({
      code: 'blocked',
    });
  });

  test('may join again with the same card and number, as somebody new', async () => {
    const server = await serve();
    const till = await server.join();
    await trade(till, 'first', 1);
    await erase(till, 'first');
    const from = till.journal.head.seq + 1;
    till.journal.append(txOf(5), body.enrol('second'));
    await till.push(from);
    await till.call('profile', { profiles: [profileOf('second')] } as never);
    const found = await till.call('find-member', { hash: hashOf('phone', PHONE) });
    expect(found.record).toMatchObject({ member: 'second', displayName: 'Zülfikar Q.' });
    expect(await recordOf(till, 'first')).toMatchObject({ status: 'erased' });
  });

  test('takes whoever was merged into them along, under every reference', async () => {
    const server = await serve();
    const till = await server.join();
    await trade(till, 'one', 1);
    till.journal.append(txOf(7), body.enrol('two'));
    await till.push(till.journal.head.seq);
    const shared = { identifiers: [cardOf('two'), cardOf('one')] };
    await till.call('profile', { profiles: [profileOf('two', shared)] } as never);
    expect(
      (await till.call('find-member', { hash: hashOf('card', 'card-two') })).record,
    ).toMatchObject({
      member: 'one',
    });
    expect(await erase(till, 'two')).toEqual({ outcome: 'erased', member: 'one' });
    expect(await server.database.keys.of(DEMO_TENANT, ['one', 'two'])).toEqual(new Map());
    expect(await recordOf(till, 'two')).toMatchObject({ status: 'merged', displayName: null });
  });

  test('is told what is held about them, and what they answered since', async () => {
    const server = await serve();
    const till = await server.join();
    await trade(till, 'zed', 1);
    server.nowMs += 60_000;
    const words = { textVersion: 'sms-4', language: 'de' } as const;
    const answer = { ...words, purpose: 'sms', given: false, channel: 'till' } as const;
    expect(await till.call('consent', { member: 'zed', ...answer })).toMatchObject({
      outcome: 'recorded',
      consent: { ...answer, till: till.till, atMs: server.nowMs },
    });
    expect(await till.call('member-data', { member: 'zed' })).toMatchObject({
      outcome: 'found',
      data: {
        format: 'regulars-member-1',
        member: 'zed',
        profiles: [{ name: NAME, phone: PHONE, birthday: TODAY.slice(5), language: 'tr' }],
        identifiers: [
          { kind: 'card', masked: '··11' },
          { kind: 'phone', masked: '··34' },
        ],
        consents: [{ purpose: 'sms', given: true }, answer],
        ledger: [{ type: 'earn', points: 100 }],
        sales: [{ day: TODAY, till: till.till }],
        isCut: false,
      },
    });
    await erase(till, 'zed');
    expect(await till.call('member-data', { member: 'zed' })).toMatchObject({
      data: { status: 'erased', profiles: [], identifiers: [], consents: [] },
    });
    expect(await till.call('consent', { member: 'zed', ...answer })).toMatchObject({
      code: 'already-erased',
    });
  });

  test('and gets back what a reward had cost, at a till that had not heard of it, is told of', async () => {
    const server = await serve();
    const till = await server.join();
    const grant = await trade(till, 'zed', 1);
    const from = till.journal.head.seq + 1;
    till.journal.append(
      txOf(2),
      body.accept(grant, 'zed', 40),
      body.sale(2, 'zed'),
      body.redeem('zed', txOf(2), 40, grant),
      body.close(grant),
    );
    await till.push(from);
    await erase(till, 'zed');
    const back = till.journal.head.seq + 1;
    till.journal.append(
      txOf(3),
      body.return(3, txOf(2), 'zed', 1000),
      body.reverse('zed', txOf(3), { source: txOf(2), type: 'redeem' }, 40),
    );
    const told = () => server.database.query('select code, params from posting_exception');
    expect(await told()).toEqual([]);
    await till.push(back);
    const params = { member: 'zed', points: 40, of: txOf(2) };
    expect(await told()).toEqual([{ code: 'return-to-erased', params }]);
  });

  test('leaves no points that nobody can spend: the night takes them off the books', async () => {
    const server = await serve();
    const till = await server.join();
    const grant = await trade(till, 'zed', 1);
    await erase(till, 'zed');
    const nightAfter = (days: number) =>
      runDueNights({
        database: server.database,
        executor: server.executor,
        log: quiet,
        nowMs: () => NOON_MS + days * 86_400_000,
      });
    const left = () =>
      server.database.query(`select posted, granted from account where owner = 'zed'`);
    await nightAfter(1);
    expect(await left()).toEqual([{ posted: 40, granted: 40 }]);
    const from = till.journal.head.seq + 1;
    till.journal.append(txOf(9), body.accept(grant, 'zed', 40), body.close(grant));
    await till.push(from);
    await nightAfter(2);
    expect(await left()).toEqual([{ posted: 0, granted: 0 }]);
    await nightAfter(3);
    const sum = await server.database.query<{ points: number }>(
      `select sum(points)::bigint as points from ledger where member = 'zed'`,
    );
    expect(sum).toEqual([{ points: 0 }]);
  });
});

test('no file of the embedded server ever holds a name in the clear, and its log is rebuilt after an erasure', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-privacy-'));
  folders.push(folder);
  const directory = join(folder, 'server');
  const session = async (
    work: (server: ShopServer, opened: EmbeddedDatabase) => Promise<void>,
  ): Promise<void> => {
    const opened = await openEmbedded(directory, quiet);
    try {
      const server = await openShopServer(opened.database, { log: opened.log });
      await work(server, opened);
      await server.app.close();
    } finally {
      await opened.close();
    }
  };
  let before: unknown;
  let key: Uint8Array = new Uint8Array();
  await session(async (server) => {
    const till = await server.join();
    await trade(till, 'zed', 1);
    // Joined with a card that turns out to be zed's: the merge must outlive zed's profile.
    till.journal.append(
      txOf(7),
      body.enrol('two'),
      body.sale(7, 'two'),
      body.earn('two', txOf(7), 9),
    );
    await till.push(till.journal.head.seq - 2);
    const shared = { identifiers: [cardOf('zed')] };
    await till.call('profile', { profiles: [profileOf('two', shared)] } as never);
    await runDueNights({
      database: server.database,
      executor: server.executor,
      log: quiet,
      nowMs: () => NOON_MS,
    });
    expect(filesWith(folder, SECRETS)).toEqual([]);
    key = (await server.database.keys.of(DEMO_TENANT, ['zed'])).get('zed') ?? key;
    expect(key).toHaveLength(32);
    expect(filesWith(folder, [key])).toEqual([join(directory, 'member-keys.db')]);
    await erase(till, 'zed');
    before = await books(server.database);
    expect(filesWith(folder, [...SECRETS, key])).toEqual([]);
  });
  expect(filesWith(folder, [...SECRETS, key])).toEqual([]);

  rmSync(join(directory, 'database'), { recursive: true });
  await session(async (server) => {
    expect(await books(server.database)).toEqual(before);
    expect(
      await server.database.query(
        `select member, status from member where owner = 'zed' order by 1`,
      ),
    ).toEqual([
      { member: 'two', status: 'merged' },
      { member: 'zed', status: 'erased' },
    ]);
    expect(
      await server.database.query(`select 1 from profile where member in ('zed', 'two')`),
    ).toEqual([]);
  });
  expect(filesWith(folder, [...SECRETS, key])).toEqual([]);
});

test('a server that ended between an erasure and its keys destroys them at its next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-privacy-'));
  folders.push(folder);
  const opened = await openEmbedded(join(folder, 'server'), quiet);
  const server = await openShopServer(opened.database, { log: opened.log });
  const till = await server.join();
  await trade(till, 'zed', 1);
  const order = { nowMs: NOON_MS, tenant: DEMO_TENANT, member: 'zed', day: TODAY, by: 'mia' };
  await server.executor.execute<'erase'>({ kind: 'erase', ...order });
  expect((await opened.database.keys.of(DEMO_TENANT, ['zed'])).size).toBe(1);
  const { database, executor } = server;
  await settleErasures({ database, executor, nowMs: () => NOON_MS }, quiet);
  expect((await opened.database.keys.of(DEMO_TENANT, ['zed'])).size).toBe(0);
  expect((await opened.database.keys.of(DEMO_TENANT, ['sample-1'])).size).toBe(1);
  await server.app.close();
  await opened.close();
  rmSync(join(folder, 'server', 'member-keys.db'));
  await expect(openEmbedded(join(folder, 'server'), quiet)).rejects.toMatchObject({
    name: 'KeysMissing',
    message: expect.stringContaining('Put it back from its backup'),
  });
});
