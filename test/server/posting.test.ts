import { afterAll, beforeAll, expect, test } from 'vitest';
import { body, NOON_MS, TODAY, txOf } from '#test/journal/support/test-till.ts';
import type { SyncOutput } from '#contract/sync.ts';
import { describeOnBoth } from './support/databases.ts';
import {
  granted,
  hashOf,
  openShopServer,
  type ShopServer,
  type WireTill,
} from './support/shop-server.ts';

const profile = (member: string, card: string, more: object = {}) => ({
  member,
  version: 1,
  market: 'TR',
  name: 'Ayşe Kaya',
  phone: null,
  phoneTakesSms: false,
  language: 'tr',
  identifiers: [{ kind: 'card' as const, hash: hashOf('card', card), masked: '··11' }],
  consents: [],
  ...more,
});

await describeOnBoth('the server', (open) => {
  let server: ShopServer;
  let till: WireTill;
  let other: WireTill;
  let next = 1;
  const tx = (): string => txOf((next += 1));

  beforeAll(async () => {
    server = await openShopServer(await open());
    till = await server.join('Front');
    other = await server.join('Back');
  });
  afterAll(() => server.app.close());

  /** A member with points, pushed. */
  const member = async (name: string, points: number, at = till): Promise<void> => {
    const sale = tx();
    at.journal.append(sale, body.enrol(name), body.sale(next, name), body.earn(name, sale, points));
    await pushNew(at);
  };
  const acked = new Map<string, number>();
  const pushNew = async (at = till) => {
    const answer = await at.push((acked.get(at.till) ?? 0) + 1);
    if (answer.outcome === 'acknowledged') acked.set(at.till, answer.ackSeq);
    return answer;
  };
  const record = async (name: string, at = till) => {
    let cursor: string | null = null;
    for (;;) {
      const page: SyncOutput<'pull'> = await at.call('pull', { cursor, limit: 500 });
      for (const change of page.changes) {
        if (change.kind === 'member' && change.record.member === name) return change.record;
      }
      if (!page.more) return null;
      cursor = page.cursor;
    }
  };
  const exceptions = async () =>
    (await till.call('day', { day: TODAY })).exceptions.map(({ code }) => code);

  test('acknowledges a push with head, balances and open grants', async () => {
    const sale = tx();
    till.journal.append(
      sale,
      body.enrol('anna'),
      body.sale(1, 'anna'),
      body.earn('anna', sale, 100),
    );
    expect(await pushNew()).toEqual({
      outcome: 'acknowledged',
      epoch: 1,
      ackSeq: 3,
      ackHash: till.journal.head.hash,
      durableSeq: 3,
      balances: [
        {
          member: 'anna',
          programme: 'points',
          posted: 100,
          pending: 0,
          available: 100,
          version: 1,
        },
      ],
      openGrants: {
        count: 0,
        hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        list: null,
        recalled: [],
      },
      serverTimeMs: NOON_MS,
    });
  });

  test('tells tills, the manager’s page and the member of every programme with points in it', async () => {
    const campaigns = Array.from({ length: 70 }, (_, index) => `campaign-${100 + index}`);
    const sale = tx();
    till.journal.append(sale, body.enrol('many'), body.sale(next, 'many'));
    for (const programme of campaigns) {
      till.journal.append(sale, { ...body.earn('many', sale, 7), programme });
    }
    await pushNew();
    const expected = campaigns.map((programme) => ({ programme, posted: 7, available: 7 }));
    expect((await record('many'))?.balances).toMatchObject(expected);
    const by = 'cashier-deniz';
    expect(await till.call('manager.member', { by, ask: { member: 'many' } })).toMatchObject({
      answer: { balances: expected },
    });
    expect(await till.call('member-data', { member: 'many' })).toMatchObject({
      data: { balances: expected },
    });
  });

  test('grants exactly what is asked out of what is available, once per request', async () => {
    await member('greta', 100);
    const requestId = crypto.randomUUID();
    const first = await till.grant('greta', 70, requestId);
    expect(await till.grant('greta', 70, requestId)).toEqual(first);
    expect(await other.grant('greta', 40, crypto.randomUUID())).toEqual({
      outcome: 'refused',
      code: 'not-enough',
      available: 30,
    });
    expect((await record('greta'))?.balances).toMatchObject([{ posted: 100, available: 30 }]);
    const [balance] = (await record('greta'))?.balances ?? [];
    // What is left comes with the answer, and with its repetition, as the record has it.
    expect(first).toMatchObject({ balance: { member: 'greta', ...balance } });
    expect(await till.grant('greta', 70, requestId)).toEqual(first);
    const grant = granted(first);
    const sale = tx();
    till.journal.append(
      sale,
      body.accept(grant.grant, 'greta', 70),
      body.redeem('greta', sale, 70, grant.grant),
    );
    expect(await pushNew()).toMatchObject({
      openGrants: { count: 1 },
      balances: [{ member: 'greta', posted: 30, available: 30 }],
    });
    till.journal.append(sale, body.close(grant.grant));
    expect(await pushNew()).toMatchObject({ openGrants: { count: 0 } });
    expect(await till.grant('greta', 70, requestId)).toMatchObject({
      outcome: 'refused',
      code: 'closed',
    });
  });

  test('refuses a grant for a member nobody knows', async () => {
    expect(await till.grant('nobody', 1, crypto.randomUUID())).toMatchObject({
      code: 'unknown-member',
    });
  });

  test('two tills that want the same points at once: one gets them', async () => {
    await member('race', 50);
    const answers = await Promise.all([
      till.grant('race', 50, crypto.randomUUID()),
      other.grant('race', 50, crypto.randomUUID()),
    ]);
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['granted', 'refused']);
  });

  test('says HELLO with every open grant', async () => {
    await member('hilda', 50);
    const grant = granted(await till.grant('hilda', 10, crypto.randomUUID()));
    const hello = await till.call('hello', {
      inc: 1,
      headSeq: till.journal.head.seq,
      headHash: till.journal.head.hash,
      epochSeen: 1,
      settled: true,
      app: 'test',
      wallMs: 0,
    });
    expect(hello).toMatchObject({ outcome: 'acknowledged', ackSeq: till.journal.head.seq });
    expect(hello.outcome === 'acknowledged' && hello.openGrants.list).toContainEqual(grant);
  });

  test('takes the same batch, parts of it and overlaps without changing anything', async () => {
    await member('ida', 33);
    const before = await record('ida');
    const last = till.journal.head.seq;
    expect(await till.push(last - 2)).toMatchObject({ outcome: 'acknowledged', ackSeq: last });
    expect(await till.push(last - 2, last - 1)).toMatchObject({
      outcome: 'acknowledged',
      ackSeq: last,
    });
    expect(await record('ida')).toEqual(before);
    expect(await till.push(1)).toMatchObject({ outcome: 'acknowledged', ackSeq: last });
  });

  test('a card seen offline belongs to its owner as soon as the server knows', async () => {
    await member('owner', 100);
    await till.call('profile', { profiles: [profile('owner', '2900000000011')] });
    const sale = tx();
    other.journal.append(
      sale,
      body.enrol('card-1', true),
      body.sale(next, 'card-1'),
      body.earn('card-1', sale, 40),
    );
    await pushNew(other);
    const answer = await other.call('profile', {
      profiles: [profile('card-1', '2900000000011', { name: null })],
    });
    expect(answer.accepted).toEqual([{ member: 'card-1', version: 1 }]);
    expect(await record('owner')).toMatchObject({
      displayName: 'Ayşe K.',
      balances: [{ posted: 140, available: 140 }],
    });
    expect(await record('card-1')).toMatchObject({
      status: 'merged',
      mergedInto: 'owner',
      balances: [],
    });
    expect((await till.call('pull', { cursor: null, limit: 500 })).changes).toContainEqual({
      kind: 'merge',
      from: 'card-1',
      into: 'owner',
    });
    // What still names the card counts for its owner: earning, redeeming, returning.
    const later = tx();
    const grant = granted(await other.grant('card-1', 30, crypto.randomUUID()));
    other.journal.append(
      later,
      body.earn('card-1', later, 5),
      body.accept(grant.grant, 'card-1', 30),
      body.redeem('card-1', later, 30, grant.grant),
      body.close(grant.grant),
      body.reverse('owner', tx(), { source: sale, type: 'earn' }, -40),
    );
    await pushNew(other);
    expect((await record('owner'))?.balances).toMatchObject([{ posted: 75, available: 75 }]);
    expect(
      (await till.call('find-member', { hash: hashOf('card', '2900000000011') })).record?.member,
    ).toBe('owner');
    expect(await exceptions()).not.toContain('twin-merged');
  });

  test('the same card enrolled at two tills becomes one member, and the manager hears of it', async () => {
    await member('twin-a', 10);
    await member('twin-b', 20, other);
    await till.call('profile', { profiles: [profile('twin-a', '2900000000028')] });
    await other.call('profile', { profiles: [profile('twin-b', '2900000000028')] });
    expect((await record('twin-a'))?.balances).toMatchObject([{ posted: 30 }]);
    expect(await record('twin-b')).toMatchObject({ status: 'merged', mergedInto: 'twin-a' });
    expect(await exceptions()).toContain('twin-merged');
  });

  test('a newer profile wins, an older one is taken and changes nothing', async () => {
    await member('vera', 1);
    await till.call('profile', {
      profiles: [profile('vera', '2900000000035', { version: 2, name: 'Vera Öz' })],
    });
    const before = await record('vera');
    expect(
      (await till.call('profile', { profiles: [profile('vera', '2900000000035')] })).accepted,
    ).toEqual([{ member: 'vera', version: 1 }]);
    expect(await record('vera')).toEqual(before);
    expect(before).toMatchObject({ displayName: 'Vera Ö.' });
  });

  test('a profile that comes before its journal is not accepted yet', async () => {
    expect(await till.call('profile', { profiles: [profile('early', '2900000000042')] })).toEqual({
      accepted: [],
    });
  });

  test('SQL and HTML in every text are texts', async () => {
    const nasty = `'); drop table ledger; -- <script>alert(1)</script> \\ "x" {a,b} NULL`.slice(
      0,
      80,
    );
    await member('nasty', 9);
    await till.call('profile', {
      profiles: [profile('nasty', '2900000000059', { name: nasty, language: `';--` })],
    });
    expect(await record('nasty')).toMatchObject({ language: `';--`, balances: [{ posted: 9 }] });
  });

  test('a return of another till waits for its sale', async () => {
    await member('wait', 1);
    const sale = tx();
    const back = tx();
    other.journal.append(back, body.reverse('wait', back, { source: sale, type: 'earn' }, -30));
    await pushNew(other);
    expect((await record('wait'))?.balances).toMatchObject([{ posted: 1 }]);
    till.journal.append(sale, body.sale(next, 'wait'), body.earn('wait', sale, 50));
    await pushNew();
    expect((await record('wait'))?.balances).toMatchObject([{ posted: 21 }]);
  });

  test('a sale is found by its receipt with what was done to it since', async () => {
    const sale = tx();
    const back = tx();
    till.journal.append(sale, body.sale(777, null));
    other.journal.append(back, body.return(778, sale, null, 500));
    await pushNew();
    await pushNew(other);
    const found = await other.call('find-sale', { receipt: body.sale(777, null).receipt });
    expect(found.entries).toEqual([
      till.journal.entries.at(-1)?.text,
      other.journal.entries.at(-1)?.text,
    ]);
    expect(await other.call('find-sale', { receipt: 'ZZZZZZZZZ' })).toEqual({
      entries: [],
      takenBack: [],
    });
  });

  test('earning lifts a member to the next tier at once, with its progress', async () => {
    await member('climber', 499);
    expect(await record('climber')).toMatchObject({ tier: 'basic', tierProgress: 499 });
    const sale = tx();
    till.journal.append(sale, body.earn('climber', sale, 1));
    await pushNew();
    expect(await record('climber')).toMatchObject({ tier: 'silver', tierProgress: 500 });
  });

  test('points that were pending count when their day has come', async () => {
    await member('later', 1);
    const sale = tx();
    till.journal.append(sale, body.earn('later', sale, 10, NOON_MS + 1000));
    await pushNew();
    expect((await record('later'))?.balances).toMatchObject([
      { posted: 1, pending: 10, available: 1 },
    ]);
    await server.executor.execute<'mature'>({ kind: 'mature', nowMs: NOON_MS + 1000 });
    expect((await record('later'))?.balances).toMatchObject([
      { posted: 11, pending: 0, available: 11 },
    ]);
  });

  test('points returned before their day never make the balance dip', async () => {
    await member('early-return', 1);
    const sale = tx();
    const back = tx();
    const effectiveAtMs = NOON_MS + 5000;
    till.journal.append(sale, body.earn('early-return', sale, 10, effectiveAtMs));
    till.journal.append(
      back,
      body.reverse('early-return', back, { source: sale, type: 'earn' }, -4),
    );
    await pushNew();
    const balances = async () => (await record('early-return'))?.balances;
    await server.executor.execute<'mature'>({ kind: 'mature', nowMs: NOON_MS + 2000 });
    expect(await balances()).toMatchObject([{ posted: 1, pending: 6, available: 1 }]);
    await server.executor.execute<'mature'>({ kind: 'mature', nowMs: effectiveAtMs });
    expect(await balances()).toMatchObject([{ posted: 7, pending: 0, available: 7 }]);
  });

  test('a till reads every change once by its cursor, and pages through many', async () => {
    let cursor = (await till.call('pull', { cursor: null, limit: 500 })).cursor;
    const sale = tx();
    till.journal.append(
      sale,
      ...Array.from({ length: 30 }, (_, index) => body.enrol(`page-${index}`)),
    );
    await pushNew();
    const seen: string[] = [];
    for (let more = true; more;) {
      const page = await till.call('pull', { cursor, limit: 7 });
      seen.push(
        ...page.changes.flatMap((change) =>
          change.kind === 'member' ? [change.record.member] : [],
        ),
      );
      ({ cursor, more } = page);
    }
    expect(seen.toSorted()).toEqual(
      Array.from({ length: 30 }, (_, index) => `page-${index}`).toSorted(),
    );
    expect(await till.call('pull', { cursor, limit: 7 })).toMatchObject({
      changes: [],
      more: false,
      cursor,
    });
  });

  test('the demo shop is seeded once', async () => {
    const sample = await record('sample-1');
    expect(sample).toMatchObject({
      displayName: 'Ayşe K.',
      tier: 'silver',
      balances: [{ posted: 335 }],
    });
    const { seedDemo } = await import('#server/demo/demo.ts');
    await seedDemo({ ...server, nowMs: NOON_MS + 1, identifierKey: '00'.repeat(32) });
    expect(await record('sample-1')).toEqual(sample);
  });
});
