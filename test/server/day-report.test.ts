import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DayReport } from '#contract/day.ts';
import { cashbackPreset } from '#loyalty/presets/generic.ts';
import { programme } from '#loyalty/programme.ts';
import { body, NOON_MS, TODAY, txOf } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import { openShopServer, type ShopServer, type WireTill } from './support/shop-server.ts';

const HOUR_MS = 3_600_000;
const DAYS = ['2026-11-19', '2026-11-20', TODAY, '2026-11-22'] as const;

/** One thing a till writes on one of four days. */
const move = fc.record({
  till: fc.nat(1),
  day: fc.nat(DAYS.length - 1),
  hour: fc.nat(23),
  member: fc.constantFrom('anna', 'bea', null),
  kind: fc.constantFrom('sale', 'sale', 'redeem', 'take-back', 'give-back', 'return', 'later'),
  of: fc.nat(30),
  points: fc.integer({ min: 1, max: 80 }),
});
type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never;

await describeOnBoth('the day report', (open, kind) => {
  let server: ShopServer;
  let tills: readonly WireTill[];
  let run = 0;
  beforeAll(async () => {
    server = await openShopServer(await open());
    tills = [await server.join('Front'), await server.join('Back')];
  });
  afterAll(() => server.app.close());

  const report = (day: string): Promise<DayReport> => {
    const till = tills[0];
    if (till === undefined) throw new Error('no till');
    return till.call('day', { day });
  };

  /** Writes moves into the tills' journals and pushes what is new. */
  const happen = async (moves: readonly Move[]): Promise<void> => {
    run += 1;
    const tx = (number: number): string => txOf(run * 1000 + number);
    const before = tills.map(({ journal }) => journal.head.seq);
    for (const till of tills)
      till.journal.append(tx(999), body.enrol(`anna-${run}`), body.enrol(`bea-${run}`));
    moves.forEach(({ till, day, hour, member, kind: what, of, points }, index) => {
      const journal = tills[till]?.journal;
      const name = `${member ?? 'anna'}-${run}`;
      const date = DAYS[day] ?? TODAY;
      const at = {
        tx: tx(index),
        day: date,
        atMs: Date.parse(`${date}T00:00:00Z`) + hour * HOUR_MS,
      };
      const number = run * 1000 + index;
      switch (what) {
        case 'sale':
          journal?.append(at, body.sale(number, member === null ? null : name, points * 100));
          if (member !== null) journal?.append(at, body.earn(name, at.tx, points));
          return;
        case 'later':
          return journal?.append(at, body.earn(name, at.tx, points, NOON_MS + 30 * 24 * HOUR_MS));
        case 'redeem':
          return journal?.append(at, body.redeem(name, at.tx, points, 'none'));
        case 'return':
          return journal?.append(at, body.return(number, tx(of), null, points));
        case 'take-back':
          return journal?.append(
            at,
            body.reverse(name, at.tx, { source: tx(of), type: 'earn' }, -points),
          );
        case 'give-back':
          return journal?.append(
            at,
            body.reverse(name, at.tx, { source: tx(of), type: 'redeem' }, points),
          );
      }
    });
    for (const [index, till] of tills.entries()) await till.push((before[index] ?? 0) + 1);
  };

  const expectTies = (day: DayReport): void => {
    for (const points of day.points) {
      const { opening, earned, redeemed, expired, reversed, other } = points;
      expect(points.closing).toBe(opening + earned - redeemed - expired + reversed + other);
      expect(points.sumOfBalances).toBe(points.closing);
    }
    const sum = (rows: readonly DayReport['totals'][], key: keyof DayReport['totals']): number =>
      rows.reduce((total, row) => total + row[key], 0);
    const keys = [
      'sales',
      'salesWithMember',
      'salesTotalMinor',
      'returns',
      'returnsMinor',
      'earned',
      'redeemed',
    ] as const;
    for (const key of keys) {
      expect(sum(day.byTill as never, key)).toBe(day.totals[key]);
      expect(sum(day.byHour as never, key)).toBe(day.totals[key]);
    }
    // Points of several programmes cannot be added: the figures are the main one's.
    const [main] = day.points;
    expect(main?.programme).toBe('points');
    expect(day.totals).toMatchObject({ earned: main?.earned, redeemed: main?.redeemed });
  };

  test('shows one day of one shop in full', async () => {
    const [front, back] = tills;
    if (front === undefined || back === undefined) throw new Error('no tills');
    const at = (tx: number, hour: number) => ({
      tx: txOf(tx),
      atMs: Date.UTC(2026, 10, 21, hour - 3),
    });
    front.journal.append(
      at(1, 9),
      body.enrol('new'),
      body.sale(1, 'new', 12_000),
      body.earn('new', txOf(1), 120),
    );
    front.journal.append(at(2, 11), {
      ...body.sale(2, 'new', 5000),
      proof: 'declared',
      discountMinor: 500,
    });
    back.journal.append({ ...at(3, 25), day: TODAY }, body.sale(3, null, 4000));
    back.journal.append(
      { ...at(4, 26), day: TODAY },
      body.return(4, txOf(1), 'new', 6000),
      body.reverse('new', txOf(4), { source: txOf(1), type: 'earn' }, -60),
    );
    await front.push();
    await back.push();
    const day = await report(TODAY);
    expectTies(day);
    expect(day).toMatchObject({
      day: TODAY,
      source: 'server',
      asOfMs: NOON_MS,
      currency: 'TRY',
      totals: {
        sales: 3,
        salesWithMember: 2,
        salesTotalMinor: 21_000,
        returns: 1,
        returnsMinor: 6000,
        earned: 120,
        redeemed: 0,
        discountMinor: 500,
        newMembers: 1,
        unprovenSales: 1,
      },
      points: [
        {
          programme: 'points',
          opening: 7889,
          earned: 120,
          reversed: -60,
          other: 0,
          closing: 7949,
          sumOfBalances: 7949,
          worth: { numerator: 10, denominator: 1 },
        },
      ],
      tills: [
        { name: 'Back', ackSeq: 3 },
        { name: 'Front', ackSeq: 4 },
      ],
    });
    expect(day.byTill.map(({ name, sales }) => [name, sales])).toEqual([
      ['Back', 1],
      ['Front', 2],
    ]);
    expect(day.byHour.map(({ hour, sales, returns }) => [hour, sales, returns])).toEqual([
      [9, 1, 0],
      [10, 0, 0],
      [11, 1, 0],
      ...[12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0].map((hour) => [hour, 0, 0]),
      [1, 1, 0],
      [2, 0, 1],
    ]);
  });

  test('adds up the points of the main programme alone, and shows each in its own row', async () => {
    const [till] = tills;
    if (till === undefined) throw new Error('no till');
    const before = await report(TODAY);
    const cash = programme.parse({ ...cashbackPreset, id: 'cashback' });
    await server.database.query(
      `update store set config = jsonb_set(config, '{programmes}', config -> 'programmes' || $1::jsonb)`,
      [JSON.stringify([cash])],
    );
    const tx = txOf(50);
    const from = till.journal.head.seq + 1;
    till.journal.append(
      tx,
      body.enrol('two'),
      body.sale(50, 'two', 10_000),
      { ...body.earn('two', tx, 2500), programme: 'cashback' },
      body.earn('two', tx, 100),
    );
    await till.push(from);
    const day = await report(TODAY);
    expectTies(day);
    expect(day.totals.earned).toBe(before.totals.earned + 100);
    expect(day.points.map(({ programme: id, earned }) => [id, earned])).toEqual([
      ['points', before.totals.earned + 100],
      ['cashback', 2500],
    ]);
    const by = 'cashier-elif';
    expect(await till.call('manager.member', { by, ask: { member: 'two' } })).toMatchObject({
      answer: {
        points: 100,
        balances: [
          { programme: 'cashback', posted: 2500 },
          { programme: 'points', posted: 100 },
        ],
      },
    });
    const span = { from: TODAY, through: TODAY };
    expect(await till.call('manager.loyalty', { by, ask: span })).toMatchObject({
      answer: { points: { issued: day.totals.earned } },
    });
  });

  test('of a day on which nothing happened is empty and still ties', async () => {
    const day = await report('2026-01-01');
    expectTies(day);
    expect(day).toMatchObject({
      totals: { sales: 0 },
      byHour: [],
      byTill: [],
    });
    expect(day.points.map(({ closing }) => closing)).toEqual(day.points.map(() => 0));
  });

  test('ties for any journals: opening and movements are the balances, tills and hours the totals', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 25 }), async (moves) => {
        await happen(moves);
        for (const day of DAYS) expectTies(await report(day));
      }),
      { numRuns: kind === 'pglite' ? 25 : 15 },
    );
    const [first, second] = [await report(DAYS[1]), await report(DAYS[2])];
    expect(second.points[0]?.opening).toBe(first.points[0]?.closing);
  });

  test('equals the sum of the entries', async () => {
    const rows = await server.database.query<{ sum: number }>(
      'select sum(points)::bigint as sum from ledger where day <= $1',
      [TODAY],
    );
    expect((await report(TODAY)).points.reduce((sum, { closing }) => sum + closing, 0)).toBe(
      rows[0]?.sum,
    );
  });
});
