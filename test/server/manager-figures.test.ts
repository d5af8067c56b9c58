import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoyaltyReport, MemberGroup } from '#contract/manager-figures.ts';
import { body, TODAY, txOf } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import { openShopServer, type ShopServer, type WireTill } from './support/shop-server.ts';

const by = 'cashier-deniz';
const BEFORE = '2026-11-14';
const week = { from: '2026-11-15', through: TODAY };

await describeOnBoth('how loyal members are and who served them', (open) => {
  let server: ShopServer;
  let till: WireTill;
  let next = 1;
  let acked = 0;

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
  const sell = (
    member: string | null,
    day: string,
    totalMinor = 10_000,
    cashier = 'cashier-deniz',
  ): string => {
    const tx = txOf((next += 1));
    const at = { tx, day, cashier, atMs: Date.parse(`${day}T09:00:00Z`) + next };
    till.journal.append(at, body.sale(next, member, totalMinor));
    if (member !== null) till.journal.append(at, body.earn(member, tx, totalMinor / 100));
    return tx;
  };
  const loyalty = async (days = week): Promise<LoyaltyReport> => {
    const told = await till.call('manager.loyalty', { by, ask: days });
    if (told.outcome !== 'answered') throw new Error(told.refusal.code);
    return told.answer;
  };
  const group = async (name: MemberGroup, days = week): Promise<readonly string[]> => {
    const told = await till.call('manager.group', {
      by,
      ask: { ...days, group: name, cursor: null },
    });
    if (told.outcome !== 'answered') throw new Error(told.refusal.code);
    return told.answer.rows.map(({ member }) => member).toSorted();
  };
  const staff = async (days = week) => {
    const told = await till.call('manager.staff', { by, ask: days });
    if (told.outcome !== 'answered') throw new Error(told.refusal.code);
    return told.answer;
  };

  test('a shop nobody bought in has no figures, and says so instead of 0 %', async () => {
    const report = await loyalty();
    expect(report).toMatchObject({
      repeat: { buyers: 0, repeat: 0, share: null },
      value: { averageSaleMinor: null, salesPerYear: null, yearMinor: null },
      retention: { before: 0, kept: 0, share: null },
      points: { redemption: null, breakage: null },
      coupon: { test: { members: 0 }, control: { members: 0 }, liftMinor: null },
      survey: null,
    });
    expect(await staff()).toEqual({ people: [], kudos: [] });
  });

  test('repeat purchases, retention and redemption follow their formulas, each with its list', async () => {
    till.journal.append(
      txOf((next += 1)),
      ...['ann', 'ben', 'cem', 'dil'].map((name) => body.enrol(name)),
    );
    sell('ann', BEFORE);
    sell('ben', BEFORE);
    sell('ann', TODAY, 30_000);
    sell('ann', TODAY);
    sell('cem', TODAY);
    const whole = sell('dil', TODAY);
    sell(null, TODAY);
    const back = txOf((next += 1));
    till.journal.append(
      { tx: back, day: TODAY },
      {
        ...body.return(next, whole, 'dil', 10_000),
        lines: [{ line: 'line-1', quantityMilli: 1000 }],
      },
      body.reverse('dil', back, { source: whole, type: 'earn' }, -100),
    );
    await push();
    const report = await loyalty();
    expect(report.repeat).toEqual({ buyers: 2, repeat: 1, share: 0.5 });
    expect(report.retention).toEqual({ before: 2, kept: 1, share: 0.5 });
    expect(report.value.averageSaleMinor).toBe(16_667);
    // Seven days say nothing about a year.
    expect(report.value.yearMinor).toBeNull();
    expect(report.points).toMatchObject({ issued: 600, reversed: 100, redeemed: 0, redemption: 0 });
    expect(await group('buyers')).toEqual(['ann', 'cem']);
    expect(await group('repeat')).toEqual(['ann']);
    expect(await group('once')).toEqual(['cem']);
    expect(await group('kept')).toEqual(['ann']);
    expect(await group('lost')).toEqual(['ben']);
    expect(await group('promoters')).toEqual([]);
  });

  test('a month of sales says what a member brings in a year', async () => {
    const { value } = await loyalty({ from: '2026-10-25', through: TODAY });
    // Five sales of three members in 28 days, 70,000 in all.
    expect(value.averageSaleMinor).toBe(14_000);
    expect(value.salesPerYear).toBeCloseTo(((5 / 3) * 365) / 28, 1);
    expect(value.yearMinor).toBe(Math.round((14_000 * (5 / 3) * 365) / 28));
  });

  test('staff have what they did, by their own entries, and thanks beside the ledger', async () => {
    sell('ann', TODAY, 5_000, 'cashier-selin');
    sell(null, TODAY, 5_000, 'cashier-selin');
    await push();
    const before = await server.database.query<{ rows: number }>(
      'select count(*)::bigint as rows from ledger',
    );
    const thank = (cashier: string, from = by) =>
      till.call('manager.kudos', {
        by: from,
        ask: { id: randomUUID(), cashier, reason: 'welcoming' },
      });
    expect(await thank('cashier-selin')).toMatchObject({ outcome: 'answered' });
    expect(await thank(by)).toMatchObject({ refusal: { code: 'kudos-self' } });
    expect(await thank('nobody')).toMatchObject({ refusal: { code: 'unknown-staff' } });
    const { people, kudos } = await staff();
    expect(people.find(({ cashier }) => cashier === 'cashier-selin')).toEqual({
      cashier: 'cashier-selin',
      sales: 2,
      salesWithMember: 1,
      salesTotalMinor: 10_000,
      returns: 0,
      enrolments: 0,
      kudos: 1,
    });
    expect(people.find(({ cashier }) => cashier === by)).toMatchObject({ sales: 5, enrolments: 4 });
    expect(kudos).toMatchObject([{ cashier: 'cashier-selin', reason: 'welcoming', by }]);
    const report = await till.call('day', { day: week.from, through: week.through });
    expect(people.reduce((sum, { sales }) => sum + sales, 0)).toBe(report.totals.sales);
    expect(await server.database.query('select count(*)::bigint as rows from ledger')).toEqual(
      before,
    );
  });

  test('entries of the days are found in journals that were pushed later', async () => {
    const { people } = await staff({ from: BEFORE, through: BEFORE });
    expect(people).toMatchObject([{ cashier: by, sales: 2, salesWithMember: 2 }]);
  });
});
