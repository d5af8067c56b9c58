import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExceptionView } from '#contract/manager.ts';
import type { MemberProfile } from '#contract/member.ts';
import type { ShopConfig } from '#contract/shop.ts';
import type { SyncOutput } from '#contract/sync.ts';
import type { Database } from '#server/database/database.ts';
import { generateSigningKeys } from '#node/ed25519.ts';
import { DEMO_STORE, DEMO_TENANT, demoShop } from '#server/demo/demo.ts';
import { managerProof } from '#server/setup/manager-pin.ts';
import { body, PROGRAMME, TODAY, txOf } from '#test/journal/support/test-till.ts';
import { createPostgresDatabase, needsPostgres, startPostgres } from './support/databases.ts';
import { openGate } from './support/gate.ts';
import {
  hashOf,
  IDENTIFIER_KEY,
  openShopServers,
  type ShopServer,
  type WireTill,
} from './support/shop-server.ts';

/** Can's, the demo shop's manager. */
const PIN = '1470';
const BY = 'cashier-deniz';

const postgres = await startPostgres();

describe('two servers on one PostgreSQL, at the same moment', needsPostgres(postgres), () => {
  let servers: readonly ShopServer[];
  let close: () => Promise<void>;
  let first: WireTill;
  let second: WireTill;
  let db: Database;
  let next = 1;
  const tx = (): string => txOf((next += 1));

  beforeAll(async () => {
    const url = await createPostgresDatabase(postgres?.url ?? '');
    ({ servers, close } = await openShopServers(url, 2));
    const [one, two] = servers;
    if (one === undefined || two === undefined) throw new Error('no servers');
    first = await one.join('First');
    second = await two.join('Second');
    db = one.database;
  });
  afterAll(async () => {
    await close();
    await postgres?.stop();
  });

  const send = async (till: WireTill, ...bodies: Parameters<WireTill['journal']['append']>) => {
    const from = till.journal.head.seq + 1;
    till.journal.append(...bodies);
    const answer = await till.push(from);
    expect(answer.outcome).toBe('acknowledged');
  };
  const account = async (member: string) =>
    (
      await db.query<{ posted: number; granted: number; held: number }>(
        'select posted, granted, held from account where owner = $1 and programme = $2',
        [member, PROGRAMME],
      )
    )[0];
  const holdAccount = (member: string) =>
    openGate(db, 'select 1 from account where owner = $1 and programme = $2 for update', [
      member,
      PROGRAMME,
    ]);
  const found = async (code: string, member: string): Promise<ExceptionView> => {
    const page = await first.call('manager.exceptions', {
      by: BY,
      ask: { settled: false, cursor: null },
    });
    if (page.outcome !== 'answered') throw new Error(page.refusal.code);
    const item = page.answer.items.find(
      (one) => one.code === code && one.member?.member === member,
    );
    if (item === undefined) throw new Error(`No ${code} of ${member}`);
    return item;
  };
  const settle = (
    till: WireTill,
    { id }: ExceptionView,
    way: ExceptionView['ways'][number]['way'],
  ): Promise<SyncOutput<'manager.settle'>> =>
    till.call('manager.settle', { by: BY, ask: { exception: id, way, pin: PIN, into: null } });

  /** A sale claimed at one till and returned at another that had not heard of it. */
  const keptPoints = async (member: string, points: number): Promise<ExceptionView> => {
    const sale = tx();
    await send(first, sale, body.sale(next, null));
    await send(
      first,
      tx(),
      body.enrol(member),
      body.claim(next, sale, member),
      body.earn(member, sale, points),
    );
    await send(second, tx(), body.return(next, sale, null, 10_000));
    return found('return-of-claimed-sale', member);
  };

  test('points that a till was given are not taken by a manager', async () => {
    const kept = await keptPoints('taken', 100);
    const gate = await holdAccount('taken');
    const grant = first.grant('taken', 100, tx());
    await gate.waiting(1);
    const settled = settle(second, kept, 'take');
    await gate.waiting(2);
    await gate.open();
    expect((await grant).outcome).toBe('granted');
    expect(await settled).toMatchObject({ outcome: 'refused' });
    expect(await account('taken')).toMatchObject({ posted: 100, granted: 100 });
  });

  test('a grant that is given while a push waits takes nobody else’s account away from it', async () => {
    await send(first, tx(), body.enrol('giver'), body.enrol('hidden'));
    await send(first, tx(), body.sale(next, 'giver'), body.earn('giver', txOf(next), 50));
    await send(first, tx(), body.sale(next, 'hidden'), body.earn('hidden', txOf(next), 50));
    const held = await second.grant('giver', 10, tx());
    if (held.outcome !== 'granted') throw new Error('no grant');
    const { grant } = held.grant;
    const sale = tx();
    const spent = body.redeem('fresh', sale, 5, 'grant_unseen');
    const gate = await openGate(db, 'select 1 from point_grant where grant_ref = $1 for update', [
      grant,
    ]);
    const sent = send(
      second,
      sale,
      body.enrol('fresh'),
      body.close(grant),
      body.sale(next, 'fresh'),
      spent,
    );
    await gate.waiting(1);
    await db.query(
      `insert into point_grant (tenant, grant_ref, request_id, member, programme, till, inc,
         amount, state, purpose, lease_ms, created_at_ms)
       select tenant, 'grant_unseen', gen_random_uuid(), 'hidden', programme, till, inc,
         amount, state, purpose, lease_ms, created_at_ms
       from point_grant where grant_ref = $1`,
      [grant],
    );
    await gate.open();
    await sent;
    expect(await account('fresh')).toMatchObject({ posted: -5 });
  });

  test('a return and its sale: what it takes back is taken back', async () => {
    await send(first, tx(), body.enrol('late'));
    await send(first, tx(), body.sale(next, 'late'), body.earn('late', txOf(next), 5));
    const sale = tx();
    const starts = [first.journal.head.seq + 1, second.journal.head.seq + 1] as const;
    first.journal.append(sale, body.sale(next, 'late'), body.earn('late', sale, 40));
    const back = tx();
    second.journal.append(
      back,
      body.return(next, sale, 'late', 10_000),
      body.reverse('late', back, { source: sale, type: 'earn' }, -40),
    );
    const gate = await holdAccount('late');
    const pushes = [first.push(starts[0]), second.push(starts[1])];
    await gate.waiting(2);
    await gate.open();
    for (const answer of await Promise.all(pushes)) expect(answer.outcome).toBe('acknowledged');
    expect(await account('late')).toMatchObject({ posted: 5, held: 0 });
    expect(await db.query('select 1 from held_reversal')).toEqual([]);
  });

  const budgetGiven = async (): Promise<number> => {
    const rows = await db.query<{ points: number }>(
      'select points from programme_given where tenant = $1 and programme = $2',
      [DEMO_TENANT, PROGRAMME],
    );
    return rows[0]?.points ?? 0;
  };
  const everEarned = async (): Promise<number> => {
    const rows = await db.query<{ points: number }>(
      `select sum(points)::bigint as points from ledger where type = 'earn' and programme = $1`,
      [PROGRAMME],
    );
    return rows[0]?.points ?? 0;
  };
  const withBudget = (budgetPoints: number) =>
    demoShop().programmes.map((programme) =>
      programme.id === PROGRAMME
        ? { ...programme, caps: { ...programme.caps, budgetPoints } }
        : programme,
    );

  test('a sale that waits while the manager sets a budget counts in it', async () => {
    const [server] = servers;
    if (server === undefined) throw new Error('no server');
    const where = { tenant: DEMO_TENANT, store: DEMO_STORE };
    const pinProof = (await managerProof(db, DEMO_TENANT, DEMO_STORE, PIN)) ?? [];
    await send(first, tx(), body.enrol('counted'));
    const gate = await openGate(db, 'select 1 from store for update', []);
    const chosen = server.executor.execute<'programmes'>({
      kind: 'programmes',
      ...where,
      nowMs: server.nowMs,
      pinProof,
      choice: { preset: 'stamps', knobs: {} },
      programmes: withBudget(100_000),
      products: [],
      dropSkus: [],
    });
    await gate.waiting(1);
    const sold = send(
      second,
      tx(),
      body.sale(next, 'counted'),
      body.earn('counted', txOf(next), 7),
    );
    await gate.waiting(2);
    await gate.open();
    expect((await chosen).outcome).toBe('done');
    await sold;
    expect(await budgetGiven()).toBe(await everEarned());
  });

  test('a server that starts with another shop file counts what another one posts meanwhile', async () => {
    const [server] = servers;
    if (server === undefined) throw new Error('no server');
    const file = (programmes: ShopConfig['programmes']) =>
      server.executor.execute<'shop'>({
        kind: 'shop',
        nowMs: server.nowMs,
        tenant: DEMO_TENANT,
        store: DEMO_STORE,
        identifierKey: IDENTIFIER_KEY,
        config: { ...demoShop(), programmes },
      });
    await file(demoShop().programmes);
    await send(first, tx(), body.enrol('filed'), body.sale(next, 'filed'));
    await send(first, tx(), body.sale(next, 'filed'), body.earn('filed', txOf(next), 1));
    const start = second.journal.head.seq + 1;
    second.journal.append(tx(), body.sale(next, 'filed'), body.earn('filed', txOf(next), 9));
    const gate = await holdAccount('filed');
    const sold = second.push(start);
    await gate.waiting(1);
    const filed = file(withBudget(200_000));
    await Promise.race([filed, gate.waiting(2)]);
    await gate.open();
    expect((await sold).outcome).toBe('acknowledged');
    expect(await filed).toBeNull();
    expect(await budgetGiven()).toBe(await everEarned());
  });

  test('a level reached while the night looks at levels is not taken by it', async () => {
    const [server] = servers;
    if (server === undefined) throw new Error('no server');
    await send(first, tx(), body.enrol('riser'));
    const start = first.journal.head.seq + 1;
    first.journal.append(tx(), body.sale(next, 'riser'), body.earn('riser', txOf(next), 600));
    const gate = await openGate(db, 'select 1 from programme_given for update', []);
    const sold = first.push(start);
    await gate.waiting(1);
    const night = server.executor.execute<'night'>({
      kind: 'night',
      tenant: DEMO_TENANT,
      store: DEMO_STORE,
      day: TODAY,
      step: 'review-tiers-earned',
      after: '',
      tx: tx(),
    });
    await Promise.race([night, gate.waiting(2)]);
    await gate.open();
    expect((await sold).outcome).toBe('acknowledged');
    await night;
    const held = await db.query<{ tier: string }>(
      'select tier from held_tier where owner = $1 and programme = $2',
      ['riser', PROGRAMME],
    );
    expect(held).toEqual([{ tier: 'silver' }]);
  });

  test('a till that asks again to be taken in, while it is, gets the same answer', async () => {
    const [one, two] = servers;
    if (one === undefined || two === undefined) throw new Error('no servers');
    const payload = {
      code: await one.pair(),
      publicKey: generateSigningKeys().publicKey,
      name: 'Impatient',
    };
    const gate = await openGate(db, 'select 1 from pairing_code for update', []);
    const asks = [one, two].map(({ app }) =>
      app.inject({ method: 'POST', url: '/v1/enrol', payload }),
    );
    await gate.waiting(2);
    await gate.open();
    const [answer, again] = (await Promise.all(asks)).map((asked) =>
      asked.json<SyncOutput<'enrol'>>(),
    );
    expect(answer).toMatchObject({ outcome: 'enrolled' });
    expect(again).toEqual(answer);
  });

  const profile = (member: string, card: string): MemberProfile => ({
    member,
    version: 1,
    market: 'TR',
    name: null,
    phone: null,
    phoneTakesSms: false,
    language: 'tr',
    identifiers: [{ kind: 'card', hash: hashOf('card', card), masked: '··' }],
    consents: [],
  });

  test('a card that comes while its member is joined with another finds the other', async () => {
    await send(first, tx(), body.enrol('old-record'), body.enrol('new-record'));
    const known = profile('old-record', 'card-w');
    await first.call('profile', { profiles: [known] });
    const gate = await openGate(db, 'select 1 from profile where member = $1 for update', [
      'old-record',
    ]);
    const profiled = first.call('profile', {
      profiles: [{ ...profile('old-record', 'card-x'), version: 2 }],
    });
    await gate.waiting(1);
    const merged = second.call('manager.merge', {
      by: BY,
      ask: { from: 'old-record', into: 'new-record', pin: PIN },
    });
    await Promise.race([merged, gate.waiting(2)]);
    await gate.open();
    expect((await profiled).accepted).toHaveLength(1);
    expect(await merged).toMatchObject({ outcome: 'answered' });
    const held = await db.query<{ member: string }>(
      'select member from identifier where tenant = $1 and hash = $2',
      [DEMO_TENANT, hashOf('card', 'card-x')],
    );
    expect(held).toEqual([{ member: 'new-record' }]);
    const card = await second.call('find-member', { hash: hashOf('card', 'card-x') });
    expect(card.record?.member).toBe('new-record');
  });

  test('an answer about messages that comes while its member is erased leaves nothing', async () => {
    await send(first, tx(), body.enrol('leaving'));
    const who = { member: 'leaving', by: 'mia' };
    const asked = await first.call('erase-member', { ...who, confirm: null });
    if (asked.outcome !== 'confirm') throw new Error(asked.outcome);
    const gate = await openGate(db, 'select 1 from member where member = $1 for share', [
      'leaving',
    ]);
    const erased = first.call('erase-member', { ...who, confirm: asked.preview.confirm });
    await gate.waiting(1);
    const answered = second.call('consent', {
      member: 'leaving',
      purpose: 'sms',
      given: true,
      textVersion: 'v1',
      language: 'tr',
      channel: 'till',
    });
    await Promise.race([answered, gate.waiting(2)]);
    await gate.open();
    expect((await erased).outcome).toBe('erased');
    await answered;
    expect(await db.query(`select 1 from consent where member = 'leaving'`)).toEqual([]);
  });

  test('a claim and a return that a restored server gets again, before their sale, know of each other', async () => {
    await send(first, tx(), body.enrol('claims'), body.enrol('bystander'));
    // Tills that joined a new life of the server, and have not sent everything again.
    await db.query('update terminal set recovered = false, recover_through = 1000000');
    const starts = [first.journal.head.seq + 1, second.journal.head.seq + 1] as const;
    const sale = tx();
    second.journal.append(tx(), body.return(next, sale, null, 10_000), body.enrol('bystander'));
    second.journal.append(
      tx(),
      body.sale(next, 'bystander'),
      body.earn('bystander', txOf(next), 1),
    );
    first.journal.append(tx(), body.claim(next, sale, 'claims'), body.earn('claims', sale, 30));
    const gate = await openGate(db, 'select 1 from feed where subject = $1 for update', [
      'bystander',
    ]);
    const returned = second.push(starts[1]);
    await gate.waiting(1);
    const claimed = first.push(starts[0]);
    await Promise.race([claimed, gate.waiting(2)]);
    await gate.open();
    for (const answer of [await returned, await claimed])
      expect(answer.outcome).toBe('acknowledged');
    const told = await db.query<{ code: string }>(
      `select code from posting_exception where params ->> 'of' = $1`,
      [sale],
    );
    expect(told).toEqual([{ code: 'claim-of-returned-sale' }]);
  });
});
