import { afterAll, beforeEach, expect, test } from 'vitest';
import { GENESIS_HASH } from '#journal/chain.ts';
import { programme, type ProgrammeDocument } from '#loyalty/programme.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { businessDayStart } from '#loyalty/business-day.ts';
import { runNight } from '#loyalty/ledger-night.ts';
import type { MemberRecord } from '#contract/member.ts';
import { createLog } from '#node/log.ts';
import { textsAfter } from '#server/posting/archive.ts';
import { chainHash } from '#server/posting/chain-hash.ts';
import type { Database } from '#server/database/database.ts';
import { DEMO_STORE, DEMO_TENANT, demoShop } from '#server/demo/demo.ts';
import { nightSteps } from '#server/night/jobs.ts';
import { loadLedger } from '#server/night/load-ledger.ts';
import { dueDays, runDueNights } from '#server/night/nights.ts';
import { serverEntry } from '#server/night/server-entry.ts';
import { rulesOf } from '#server/shop.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import { dumpTables } from './support/dump-tables.ts';
import {
  hashOf,
  IDENTIFIER_KEY,
  openShopServer,
  type ShopServer,
  type WireTill,
} from './support/shop-server.ts';

const name = { en: 'Name' };
const perSale = { kind: 'per-sale', points: '25' } as const;
const night: Partial<ProgrammeDocument> = {
  rules: [
    { id: 'base', name, effect: { kind: 'per-sale', points: '1' } },
    { id: 'gift', name, trigger: { on: 'birthday' }, effect: perSale },
  ],
  rewards: [{ id: 'coupon', name, costPoints: 100, value: { kind: 'fixed', amountMinor: 500 } }],
  tiers: [
    { id: 'basic', name },
    { id: 'gold', name, criteria: { metric: 'earned-points', atLeast: 200 } },
  ],
  tierSettings: {
    window: { kind: 'calendar-month' },
    validity: { kind: 'end-of-period' },
    downgrade: 'full',
  },
  membership: { sku: 'moda-01', term: { count: 1, unit: 'month' }, autoRenew: true },
};

const TABLES = {
  ledger: 'member, programme, type, source, points, counted, lot, ended, day, till, seq',
  account: 'owner, programme, posted, pending, granted, version',
  voucher: 'code, holder, programme, owner, by_programme, by_rule',
  held_tier: 'owner, programme, tier, since, through',
  tier_move: 'owner, source, from_tier, to_tier, till, told',
  member_fact: 'owner, visits, version',
  use_count: 'owner, programme, id, last_day, life_times, life_points',
  tier_measure: 'owner, programme, since, earned',
  membership: 'owner, programme, paid_until_ms, shown_until_ms',
  server_head: 'seq',
} as const;

const dump = async (database: Database) => dumpTables(database, TABLES);

await describeOnBoth('the night', (open, kind) => {
  let server: ShopServer;
  let till: WireTill;
  let next = 1;

  beforeEach(async () => {
    server = await openShopServer(await open());
    till = await server.join();
    next = 1;
  });
  afterAll(() => server.app.close());

  const setShop = async (change: Partial<ProgrammeDocument> = {}) => {
    const config = {
      ...demoShop(),
      programmes: [programme.parse({ ...pointsPreset, ...night, ...change })],
    };
    await server.executor.execute<'shop'>({
      kind: 'shop',
      nowMs: 0,
      tenant: DEMO_TENANT,
      store: DEMO_STORE,
      identifierKey: IDENTIFIER_KEY,
      config,
    });
    return rulesOf(DEMO_STORE, config);
  };
  const sell = async (member: string, day: string, points: number, expiresAtMs: number | null) => {
    const tx = txOf((next += 1));
    const from = till.journal.head.seq + 1;
    const at = { tx, day, atMs: Date.parse(`${day}T09:00:00Z`) };
    server.nowMs = Math.max(server.nowMs, at.atMs);
    till.journal.append(at, body.enrol(member), body.sale(next, member), {
      ...body.earn(member, tx, points, at.atMs),
      expiresAtMs,
    });
    expect((await till.push(from)).outcome).toBe('acknowledged');
  };
  const born = async (member: string, birthday: string, card: string) =>
    till.call('profile', {
      profiles: [
        {
          member,
          version: 1,
          market: 'TR',
          name: 'Ayşe Kaya',
          phone: null,
          phoneTakesSms: false,
          language: 'tr',
          birthday,
          identifiers: [{ kind: 'card', hash: hashOf('card', card), masked: '··01' }],
          consents: [],
        },
      ],
    });
  const record = async (member: string): Promise<MemberRecord> => {
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof pull>> = await pull(cursor);
      for (const change of page.changes) {
        if (change.kind === 'member' && change.record.member === member) return change.record;
      }
      if (!page.more) throw new Error(`${member} is not in the feed`);
      ({ cursor } = page);
    }
  };
  const pull = (cursor: string | null) => till.call('pull', { cursor, limit: 500 });
  const runNights = async (lines: string[] = []) => {
    await runDueNights({
      database: server.database,
      executor: server.executor,
      log: createLog({ write: (line) => lines.push(line), nowMs: () => 0 }),
      nowMs: () => server.nowMs,
    });
    expect(lines.filter((line) => line.includes('"error"'))).toEqual([]);
  };
  /** The night before a day, and only that one. */
  const nightOf = async (day: string) => {
    server.nowMs = Date.parse(`${day}T06:00:00Z`);
    await server.database.query('delete from night');
    await runNights();
  };
  const midnight = (day: string) => Date.parse(`${day}T00:00:00+03:00`);

  test('takes points whose end has come, from their own lot, once', async () => {
    await setShop({ autoRedeem: null });
    await sell('anna', '2026-11-18', 30, midnight('2026-11-21'));
    await sell('anna', '2026-11-19', 50, midnight('2026-12-01'));
    await nightOf('2026-11-21');
    expect((await record('anna')).balances).toMatchObject([{ posted: 50, available: 50 }]);
    const after = await dump(server.database);
    await nightOf('2026-11-21');
    expect(await dump(server.database)).toEqual(after);
  });

  test('leaves what an open grant holds until it is closed', async () => {
    await setShop();
    await sell('anna', '2026-11-18', 30, midnight('2026-11-21'));
    const request = '0190a1b2-0000-4000-8000-000000000001';
    const granted = await till.grant('anna', 20, request);
    if (granted.outcome !== 'granted') throw new Error('no grant');
    await nightOf('2026-11-21');
    expect((await record('anna')).balances).toMatchObject([{ posted: 20, available: 0 }]);
    const from = till.journal.head.seq + 1;
    const tx = txOf((next += 1));
    const accept = body.accept(granted.grant.grant, 'anna', 20);
    till.journal.append(tx, accept, { ...body.close(granted.grant.grant), reason: 'restart' });
    await till.push(from);
    await nightOf('2026-11-22');
    expect((await record('anna')).balances).toMatchObject([{ posted: 0, available: 0 }]);
  });

  test('takes what is left on vouchers that ended, whoever has them, and leaves the others', async () => {
    await setShop({ autoRedeem: null });
    await sell('anna', '2026-11-18', 30, null);
    const handOut = async (owner: string | null, expiresAtMs: number | null) => {
      const tx = txOf((next += 1));
      const at = { tx, day: '2026-11-18', atMs: Date.parse('2026-11-18T10:00:00Z') };
      const from = till.journal.head.seq + 1;
      till.journal.append(at, body.sale(next, owner), {
        kind: 'issue',
        member: `v-${tx}-0`,
        owner,
        programme: 'points',
        version: 1,
        by: { programme: 'points', rule: 'base' },
        source: tx,
        points: 100,
        effectiveAtMs: at.atMs,
        expiresAtMs,
      });
      expect((await till.push(from)).outcome).toBe('acknowledged');
      return `v-${tx}-0`;
    };
    const named = await handOut('anna', midnight('2026-11-25'));
    const bearer = await handOut(null, midnight('2026-11-25'));
    const lasting = await handOut(null, midnight('2027-11-21'));
    expect((await record('anna')).vouchers).toHaveLength(1);
    await nightOf('2026-11-25');
    const left = await server.database.query<{ owner: string; posted: number }>(
      `select owner, posted from account where owner like 'v-%' order by owner`,
    );
    expect(left).toEqual([
      { owner: named, posted: 0 },
      { owner: bearer, posted: 0 },
      { owner: lasting, posted: 100 },
    ]);
    const anna = await record('anna');
    expect(anna).toMatchObject({ balances: [{ posted: 30 }], vouchers: [] });
    const after = await dump(server.database);
    await nightOf('2026-11-25');
    expect(await dump(server.database)).toEqual(after);
  });

  test('does what the engine’s own night does, whatever it is run after', async () => {
    const shop = await setShop({ autoRedeem: { reward: 'coupon', atPoints: 100 } });
    const end = midnight('2026-11-21');
    await sell('anna', '2026-10-18', 230, null);
    await sell('ben', '2026-10-18', 90, end);
    await sell('cem', '2026-10-18', 120, end);
    await born('anna', '11-21', '1');
    await born('ben', '11-21', '2');
    const owners = ['anna', 'ben', 'cem'];
    const loaded = await loadLedger(server.database, DEMO_TENANT, owners, shop, { forRules: true });
    const members = [...loaded.members].map(([name, member]) => [
      name,
      { ...member, birthday: name === 'cem' ? null : '11-21' },
    ]) satisfies [string, object][];
    const before = { ...loaded, members: new Map(members) };
    const pure = runNight(before, businessDayStart('2026-11-21', shop.settings));
    await nightOf('2026-11-21');
    const rows = await server.database.query<{ row: string }>(
      `select type || ' ' || source || ' ' || points as row from ledger
       where till = '0' and member = any($1::text[]) order by 1`,
      [owners],
    );
    const added = pure.entries
      .slice(before.entries.length)
      .filter(({ account }) => owners.includes(account.holder));
    expect(rows.map(({ row }) => row)).toEqual(
      added.map(({ type, source, amount }) => `${type} ${source} ${amount}`).toSorted(),
    );
    expect(added.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['earn', 'redeem', 'expire']),
    );
    const vouchers = (await record('anna')).vouchers;
    expect(vouchers).toMatchObject([
      { programme: 'points', available: 200, state: 'active', name: { en: 'Name' } },
    ]);
    const code = vouchers[0]?.code ?? '';
    expect(await till.call('find-voucher', { code: code.toLowerCase() })).toEqual({
      outcome: 'found',
      voucher: vouchers[0],
    });
    const grant = await till.grant(vouchers[0]?.holder ?? '', 200, crypto.randomUUID());
    expect(grant.outcome).toBe('granted');
    const again = await till.grant(vouchers[0]?.holder ?? '', 1, crypto.randomUUID());
    expect(again).toMatchObject({ outcome: 'refused', code: 'not-enough' });
  });

  test('that was cut short anywhere is run again to the same end', async () => {
    const story = async () => {
      await setShop({ autoRedeem: { reward: 'coupon', atPoints: 100 } });
      for (const [member, points] of [
        ['anna', 230],
        ['ben', 90],
        ['cem', 420],
      ] as const) {
        await sell(member, '2026-10-18', points, midnight('2026-11-21'));
      }
      await born('ben', '11-21', '2');
    };
    await story();
    await nightOf('2026-11-21');
    const whole = await dump(server.database);
    for (const cut of kind === 'pglite' ? [1, 2, 3, 4] : [3]) {
      server = await openShopServer(await open());
      till = await server.join();
      next = 1;
      await story();
      for (const step of nightSteps.slice(0, cut)) {
        const at = { tenant: DEMO_TENANT, store: DEMO_STORE, day: '2026-11-21' };
        const tx = crypto.randomUUID();
        await server.executor.execute<'night'>({ kind: 'night', ...at, step, after: '', tx });
      }
      await nightOf('2026-11-21');
      const state = await dump(server.database);
      expect({ ...state, account: [], voucher: [] }).toEqual({
        ...whole,
        account: [],
        voucher: [],
      });
      await nightOf('2026-11-21');
      expect(await dump(server.database)).toEqual(state);
    }
  });

  test('takes a tier after its last day, and tells it to shop and member once', async () => {
    await setShop();
    await sell('anna', '2026-11-18', 250, null);
    expect((await record('anna')).standings).toMatchObject([{ tier: 'gold' }]);
    await nightOf('2026-11-30');
    expect((await record('anna')).standings).toMatchObject([{ tier: 'gold' }]);
    const before = (await record('anna')).news.length;
    await nightOf('2026-12-01');
    await nightOf('2026-12-02');
    const { standings, news } = await record('anna');
    expect(standings).toMatchObject([{ tier: 'basic', measuredFrom: '2026-12-01' }]);
    expect(news.slice(before)).toMatchObject([{ kind: 'down', from: 'gold', to: 'basic' }]);
    const from = till.journal.head.seq + 1;
    till.journal.append(
      txOf((next += 1)),
      ...news.map(({ source }) => ({
        kind: 'told' as const,
        member: 'anna',
        programme: 'points',
        source,
      })),
    );
    await till.push(from);
    expect((await record('anna')).news).toEqual([]);
    const day = await till.call('day', { day: '2026-12-01' });
    expect(day.tierMoves).toMatchObject([{ member: 'anna', kind: 'down', till: '0' }]);
    expect((await till.call('day', { day: '2026-12-02' })).tierMoves).toEqual([]);
  });

  test('lets a membership that renews run on, and says which fee is due', async () => {
    await setShop();
    await sell('anna', '2026-11-18', 10, null);
    const paid = (await record('anna')).standings[0]?.membershipUntilMs;
    expect(paid).toBe(midnight('2026-12-18'));
    const version = (await record('anna')).version;
    await nightOf('2026-12-18');
    const renewed = await record('anna');
    expect(renewed.standings[0]?.membershipUntilMs).toBe(midnight('2027-01-18'));
    expect(renewed.version).toBeGreaterThan(version);
    expect((await till.call('day', { day: '2026-12-18' })).renewals).toEqual([
      {
        member: 'anna',
        name: null,
        programme: 'points',
        sku: 'moda-01',
        paidUntilMs: midnight('2026-12-18'),
      },
    ]);
  });

  test('writes what it does in the server’s own chained journal', async () => {
    await setShop({ autoRedeem: { reward: 'coupon', atPoints: 100 } });
    await sell('anna', '2026-11-18', 230, midnight('2026-11-21'));
    await nightOf('2026-11-21');
    const texts = await textsAfter(server.database, DEMO_TENANT, { till: '0', inc: 1 }, 0, 500);
    expect(texts.length).toBeGreaterThan(2);
    let hash: string = GENESIS_HASH;
    for (const [index, text] of texts.entries()) {
      hash = chainHash(hash, text);
      expect(serverEntry.parse(JSON.parse(text)).seq).toBe(index + 1);
    }
    expect(await server.database.query('select seq, hash from server_head')).toEqual([
      { seq: texts.length, hash },
    ]);
  });

  test('is caught up for the days the server was away, oldest first, each once', async () => {
    const clock = { timeZone: 'Europe/Istanbul', cutOverHour: 4, tenant: '', store: '' };
    const now = Date.parse('2026-11-21T02:00:00+03:00');
    expect(dueDays({ ...clock, lastDay: null }, now)).toEqual(['2026-11-20']);
    expect(dueDays({ ...clock, lastDay: '2026-11-20' }, now)).toEqual([]);
    expect(dueDays({ ...clock, lastDay: '2026-11-17' }, now)).toEqual([
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
    ]);
    expect(dueDays({ ...clock, lastDay: '2025-01-01' }, now)).toHaveLength(62);
    await setShop();
    server.nowMs = now;
    const lines: string[] = [];
    await runNights(lines);
    await runNights(lines);
    expect(lines.filter((line) => line.includes('night run'))).toHaveLength(1);
  });
});
