import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isVoucherCode } from '#loyalty/card.ts';
import { programme, type ProgrammeDocument } from '#loyalty/programme.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { usesOn, voucherCodeOf } from '#contract/facts.ts';
import type { MemberRecord } from '#contract/member.ts';
import type { Change } from '#contract/sync.ts';
import { DEMO_STORE, DEMO_TENANT, demoShop } from '#server/demo/demo.ts';
import {
  anySnapshot,
  body,
  NOON_MS,
  TODAY,
  txOf,
  type BodyOf,
} from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import {
  IDENTIFIER_KEY,
  openShopServer,
  type ShopServer,
  type WireTill,
} from './support/shop-server.ts';

const name = { en: 'A coffee on us' };

function coupon(): ProgrammeDocument {
  return {
    id: 'coupon',
    version: 1,
    name,
    currencies: ['TRY'],
    holder: 'bearer',
    rewards: [{ id: 'coffee', name, costPoints: 1, value: { kind: 'fixed', amountMinor: 500 } }],
    rules: [{ id: 'after-sale', name, effect: { kind: 'per-sale', points: '1' } }],
  };
}

await describeOnBoth('vouchers and shared facts', (open) => {
  let server: ShopServer;
  let till: WireTill;
  let other: WireTill;
  let next = 1;

  beforeAll(async () => {
    server = await openShopServer(await open());
    till = await server.join('Front');
    other = await server.join('Back');
    await setShop();
  });
  afterAll(() => server.app.close());

  const setShop = async (change: Partial<ProgrammeDocument> = {}): Promise<void> => {
    const config = {
      ...demoShop(),
      programmes: [programme.parse({ ...pointsPreset, ...change }), programme.parse(coupon())],
    };
    await server.executor.execute<'shop'>({
      kind: 'shop',
      nowMs: 0,
      tenant: DEMO_TENANT,
      store: DEMO_STORE,
      identifierKey: IDENTIFIER_KEY,
      config,
    });
  };
  const changes = async (): Promise<readonly Change[]> => {
    const all: Change[] = [];
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof pull>> = await pull(cursor);
      all.push(...page.changes);
      if (!page.more) return all;
      ({ cursor } = page);
    }
  };
  const pull = (cursor: string | null) => till.call('pull', { cursor, limit: 500 });
  const record = async (member: string): Promise<MemberRecord> => {
    const found = (await changes()).find(
      (change) => change.kind === 'member' && change.record.member === member,
    );
    if (found?.kind !== 'member') throw new Error(`${member} is not in the feed`);
    return found.record;
  };
  const push = async (tx: string, ...bodies: Parameters<WireTill['journal']['append']>[1][]) => {
    const from = till.journal.head.seq + 1;
    till.journal.append(tx, ...bodies);
    expect((await till.push(from)).outcome).toBe('acknowledged');
  };
  const issue = (tx: string, owner: string | null): BodyOf<'issue'> => ({
    kind: 'issue',
    member: `v-${tx}-0`,
    owner,
    programme: 'coupon',
    version: 1,
    by: { programme: 'coupon', rule: 'after-sale' },
    source: tx,
    points: 1,
    effectiveAtMs: NOON_MS,
    expiresAtMs: NOON_MS + 86_400_000,
  });
  const codeOf = (holder: string): string =>
    voucherCodeOf(
      createHmac('sha256', Buffer.from(IDENTIFIER_KEY, 'hex'))
        .update(`voucher:${holder}`)
        .digest('hex'),
    );

  test('a voucher is found by the code that till and server come to alone', async () => {
    const tx = txOf((next += 1));
    await push(tx, body.enrol('anna'), body.sale(next, 'anna'), issue(tx, 'anna'));
    const holder = `v-${tx}-0`;
    const code = codeOf(holder);
    expect(isVoucherCode(code)).toBe(true);
    const voucher = {
      code,
      programme: 'coupon',
      holder,
      name,
      available: 1,
      expiresAtMs: NOON_MS + 86_400_000,
      state: 'active',
    };
    expect(await other.call('find-voucher', { code })).toEqual({ outcome: 'found', voucher });
    expect((await record('anna')).vouchers).toEqual([voucher]);
    expect(await other.call('find-voucher', { code: 'NOSUCHCODE1' })).toEqual({
      outcome: 'refused',
      code: 'unknown-code',
    });
    const holders = (await changes()).flatMap((change) =>
      change.kind === 'member' && change.record.member === holder ? [holder] : [],
    );
    expect(holders).toEqual([]);
    const day = await till.call('day', { day: TODAY });
    expect(day.exceptions.filter(({ code: found }) => found === 'unknown-member')).toEqual([]);
  });

  test('a unique code is reserved for one till and used once', async () => {
    const tx = txOf((next += 1));
    await push(tx, body.sale(next, null), issue(tx, null));
    const holder = `v-${tx}-0`;
    const wish = (requestId: string) => ({
      requestId,
      member: holder,
      programme: 'coupon',
      want: 1,
    });
    const first = await till.call('grant', wish(crypto.randomUUID()));
    if (first.outcome !== 'granted') throw new Error('no grant');
    const second = await other.call('grant', wish(crypto.randomUUID()));
    expect(second).toMatchObject({ outcome: 'refused', code: 'not-enough' });
    const { grant } = first.grant;
    const sale = txOf((next += 1));
    await push(
      sale,
      { ...body.accept(grant, holder, 1), programme: 'coupon' },
      body.sale(next, null),
      { ...body.redeem(holder, sale, 1, grant), programme: 'coupon', reward: 'coffee' },
      body.close(grant),
    );
    expect(await other.call('find-voucher', { code: codeOf(holder) })).toMatchObject({
      voucher: { state: 'used', available: 0 },
    });
    const back = txOf((next += 1));
    await push(back, body.return(next, sale, null, 10), {
      ...body.reverse(holder, back, { source: sale, type: 'redeem' }, 1),
      programme: 'coupon',
    });
    expect(await other.call('find-voucher', { code: codeOf(holder) })).toMatchObject({
      voucher: { state: 'active', available: 1 },
    });
  });

  test('a code that another till held while its goods came back is an exception once spent, else empty', async () => {
    for (const isSpent of [true, false]) {
      const tx = txOf((next += 1));
      await push(tx, body.sale(next, null), issue(tx, null));
      const holder = `v-${tx}-0`;
      const requestId = crypto.randomUUID();
      const wish = { requestId, member: holder, programme: 'coupon', want: 1 };
      const held = await other.call('grant', wish);
      if (held.outcome !== 'granted') throw new Error('no grant');
      const { grant } = held.grant;
      const back = txOf((next += 1));
      await push(back, body.return(next, tx, null, 10), {
        ...body.reverse(holder, back, { source: tx, type: 'earn' }, -1),
        programme: 'coupon',
      });
      const sale = txOf((next += 1));
      const from = other.journal.head.seq + 1;
      const spent = {
        ...body.redeem(holder, sale, 1, grant),
        programme: 'coupon',
        reward: 'coffee',
      };
      other.journal.append(
        sale,
        { ...body.accept(grant, holder, 1), programme: 'coupon' },
        body.sale(next, null),
        ...(isSpent ? [spent] : []),
        body.close(grant),
      );
      expect((await other.push(from)).outcome).toBe('acknowledged');
      expect(await other.call('find-voucher', { code: codeOf(holder) })).toMatchObject({
        voucher: { state: 'used', available: isSpent ? expect.any(Number) : 0 },
      });
      const { exceptions } = await till.call('day', { day: TODAY });
      const debts = exceptions.filter(({ code, params }) => {
        return code === 'negative-balance' && params['member'] === holder;
      });
      expect(debts).toHaveLength(isSpent ? 1 : 0);
    }
  });

  test('a returned membership ends at once, and the one before it goes on', async () => {
    await setShop({ membership: { sku: 'moda-01', term: { count: 1, unit: 'month' } } });
    const end = async () =>
      (await record('mia')).standings.find(({ programme: id }) => id === 'points')
        ?.membershipUntilMs;
    const first = txOf((next += 1));
    await push(first, body.enrol('mia'), body.sale(next, 'mia'));
    expect(await end()).toBe(Date.parse('2026-12-21T00:00:00+03:00'));
    const second = txOf((next += 1));
    await push(second, body.sale(next, 'mia'));
    expect(await end()).toBe(Date.parse('2027-01-21T00:00:00+03:00'));
    await push(txOf((next += 1)), body.return(next, second, 'mia', 9500));
    expect(await end()).toBe(Date.parse('2026-12-21T00:00:00+03:00'));
    await push(txOf((next += 1)), body.return(next, first, 'mia', 9500));
    expect(await end()).toBe(null);
    expect((await record('mia')).visits).toBe(0);
  });

  test('budget and shared limits reach the tills, and the manager’s day', async () => {
    const limit = { most: 9, count: 'times', per: 'life', of: 'programme' } as const;
    await setShop({ caps: { budgetPoints: 100, onBudget: 'warn', limits: [limit] } });
    const tx = txOf((next += 1));
    await push(tx, body.enrol('bea'), body.sale(next, 'bea'), body.earn('bea', tx, 130));
    const facts = (await changes()).filter(({ kind }) => kind === 'facts');
    expect(facts).toMatchObject([{ programmes: [{ programme: 'points', givenPoints: 130 }] }]);
    const uses = facts.flatMap((change) =>
      change.kind === 'facts' ? change.programmes.flatMap((one) => one.uses) : [],
    );
    expect(usesOn(uses, 'programme', TODAY)['points//programme/life']).toEqual({
      times: 1,
      points: 130,
    });
    expect((await till.call('day', { day: TODAY })).budgets).toEqual([
      { programme: 'points', budgetPoints: 100, givenPoints: 130, overPoints: 30, state: 'passed' },
    ]);
  });

  test('a tier that the sale showed is no news; one it did not show is told once', async () => {
    await setShop();
    const tx = txOf((next += 1));
    const shown = {
      ...body.sale(next, 'cara'),
      snapshot: { ...anySnapshot(), tiers: { points: 'silver' } },
    };
    await push(tx, body.enrol('cara'), shown, body.earn('cara', tx, 600));
    expect((await record('cara')).news).toEqual([]);
    const late = txOf((next += 1));
    await push(late, body.sale(next, 'cara'), body.earn('cara', late, 2000));
    const { news } = await record('cara');
    expect(news).toMatchObject([{ kind: 'up', from: 'silver', to: 'gold', day: TODAY }]);
    const source = news[0]?.source ?? '';
    await push(txOf((next += 1)), { kind: 'told', member: 'cara', programme: 'points', source });
    expect((await record('cara')).news).toEqual([]);
    const moves = (await till.call('day', { day: TODAY })).tierMoves;
    expect(moves.filter(({ member }) => member === 'cara').map(({ to }) => to)).toEqual(
      expect.arrayContaining(['silver', 'gold']),
    );
  });
});
