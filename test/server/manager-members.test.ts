import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MemberListRow } from '#contract/manager-members.ts';
import type { EntriesFilter, EntryRow } from '#contract/manager.ts';
import type { SyncInput } from '#contract/sync.ts';
import { DEMO_TENANT } from '#server/demo/demo.ts';
import { body, TODAY, txOf } from '#test/journal/support/test-till.ts';
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
const by = 'cashier-deniz';

await describeOnBoth('the manager’s members', (open) => {
  let server: ShopServer;
  let till: WireTill;
  let next = 1;
  let acked = 0;
  const tx = (): string => txOf((next += 1));

  beforeAll(async () => {
    server = await openShopServer(await open());
    till = await server.join('Front');
    for (const [member, name] of [
      ['sule', 'Şule Işık'],
      ['ispir', 'İspir Kaya'],
      ['isparta', 'Isparta Demir'],
      ['evil', `Robert'); drop table member;--`],
    ] as const) {
      await enrolled(member, 100, name);
    }
  });
  afterAll(() => server.app.close());

  const push = async (): Promise<void> => {
    const answer = await till.push(acked + 1);
    if (answer.outcome !== 'acknowledged') throw new Error(answer.outcome);
    acked = answer.ackSeq;
  };
  const enrolled = async (member: string, points: number, name: string): Promise<string> => {
    const sale = tx();
    till.journal.append(
      sale,
      body.enrol(member),
      body.sale(next, member),
      body.earn(member, sale, points),
    );
    await push();
    const card = `29000000000${next}`;
    await till.call('profile', {
      profiles: [
        {
          member,
          version: 1,
          market: 'TR',
          name,
          phone: null,
          phoneTakesSms: false,
          language: 'tr',
          identifiers: [
            { kind: 'card', hash: hashOf('card', card), masked: `··${card.slice(-2)}` },
          ],
          consents: [],
        },
      ],
    });
    return sale;
  };
  const search = async (text: string): Promise<readonly MemberListRow[]> => {
    const page = await till.call('manager.members', { by, ask: { text, cursor: null } });
    if (page.outcome !== 'answered') throw new Error(page.refusal.code);
    return page.answer.rows;
  };
  const found = async (text: string) => (await search(text)).map(({ member }) => member);
  const detail = async (member: string) => {
    const told = await till.call('manager.member', { by, ask: { member } });
    if (told.outcome !== 'answered') throw new Error(told.refusal.code);
    return told.answer;
  };
  const points = async (member: string) => (await detail(member)).balances[0]?.posted ?? 0;
  const adjust = (ask: Partial<SyncInput<'manager.adjust'>['ask']>) =>
    till.call('manager.adjust', {
      by,
      ask: {
        member: 'sule',
        programme: 'points',
        points: 50,
        reason: 'goodwill',
        pin: PIN,
        id: randomUUID(),
        ...ask,
      },
    });
  const entries = async (filter: EntriesFilter): Promise<readonly EntryRow[]> => {
    const rows: EntryRow[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof till.call<'manager.entries'>>> = await till.call(
        'manager.entries',
        { by, ask: { filter, cursor } },
      );
      if (page.outcome !== 'answered') throw new Error(page.refusal.code);
      rows.push(...page.answer.rows);
      cursor = page.answer.next;
    } while (cursor !== null);
    return rows;
  };
  const figure = (
    name: Extract<EntriesFilter, { kind: 'figure' }>['figure'],
    part: Partial<Extract<EntriesFilter, { kind: 'figure' }>> = {},
  ): EntriesFilter => ({
    kind: 'figure',
    figure: name,
    from: TODAY,
    through: TODAY,
    store: null,
    till: null,
    cashier: null,
    programme: null,
    hour: null,
    ...part,
  });

  test('are found however their name is spelled, written alike first', async () => {
    expect(await found('sule')).toEqual(['sule']);
    expect(await found('IŞIK')).toEqual(['sule']);
    // Isparta begins with it letter for letter; Işık and İspir only fold to it.
    expect((await found('ıs'))[0]).toBe('isparta');
    expect((await found('ıs')).toSorted()).toEqual(['isparta', 'ispir', 'sule']);
    expect(await found('isparta')).toEqual(['isparta']);
    expect(await found('ısparta')).toEqual(['isparta']);
    expect(await found('nobody of this name')).toEqual([]);
  });

  test('are listed latest first, page by page, each once, vouchers left out', async () => {
    const rows = await search('');
    expect(new Set(rows.map(({ member }) => member)).size).toBe(rows.length);
    expect(rows.map(({ member }) => member)).toEqual(
      expect.arrayContaining(['sule', 'ispir', 'isparta', 'evil', 'sample-1']),
    );
    expect(rows.map(({ enrolledAtMs }) => enrolledAtMs)).toEqual(
      rows.map(({ enrolledAtMs }) => enrolledAtMs).toSorted((a, b) => b - a),
    );
  });

  test('show no whole name in a list, and survive a name made of SQL', async () => {
    expect(await found('drop')).toEqual(['evil']);
    expect((await search('sule'))[0]?.name).toBe('Şule I.');
    expect((await detail('sule')).fullName).toBe('Şule Işık');
    expect(await found(`%' or 1=1 --`)).toEqual([]);
  });

  test('get points by hand once per decision, by a manager’s PIN, and the day still ties', async () => {
    const before = await points('sule');
    const id = randomUUID();
    expect(await adjust({ id, pin: null })).toMatchObject({
      refusal: { code: 'manager-pin-needed' },
    });
    expect(await adjust({ id, pin: '9999' })).toMatchObject({
      refusal: { code: 'manager-pin-wrong' },
    });
    expect(await adjust({ id })).toMatchObject({ outcome: 'answered' });
    expect(await adjust({ id })).toMatchObject({ outcome: 'answered' });
    expect(await points('sule')).toBe(before + 50);
    const report = await till.call('day', { day: TODAY });
    for (const of of report.points) expect(of.sumOfBalances).toBe(of.closing);
    expect(report.points[0]?.other).toBe(
      (await entries(figure('other'))).reduce((sum, row) => sum + (row.points ?? 0), 0),
    );
  });

  test('never lose more than they can spend: what a till holds stays', async () => {
    await enrolled('gia', 100, 'Gia');
    granted(await till.grant('gia', 70, randomUUID()));
    expect(await adjust({ member: 'gia', points: -31 })).toMatchObject({
      refusal: { code: 'not-enough-points', params: { available: 30 } },
    });
    expect(await adjust({ member: 'gia', points: -30, reason: 'mistake' })).toMatchObject({
      outcome: 'answered',
    });
    expect(await points('gia')).toBe(70);
    expect(await adjust({ member: 'gia', points: 0 })).toMatchObject({
      refusal: { code: 'nothing-to-adjust' },
    });
    expect(await adjust({ member: 'nobody' })).toMatchObject({
      refusal: { code: 'member-not-found' },
    });
  });

  test('become one with everything both had', async () => {
    await enrolled('old', 40, 'Deniz Ak');
    await enrolled('new', 25, 'Deniz Ak');
    const merge = (from: string, into: string, pin = PIN) =>
      till.call('manager.merge', { by, ask: { from, into, pin } });
    expect(await merge('old', 'old')).toMatchObject({ refusal: { code: 'merge-same-member' } });
    expect(await merge('old', 'new', '0')).toMatchObject({
      refusal: { code: 'manager-pin-wrong' },
    });
    expect(await merge('old', 'new')).toMatchObject({
      outcome: 'answered',
      answer: { member: 'new' },
    });
    expect((await detail('old')).member).toBe('new');
    expect(await points('new')).toBe(65);
    const history = await entries({ kind: 'member', member: 'new' });
    const earned = history.filter(({ what }) => what === 'earn').map((row) => row.points ?? 0);
    expect(earned.toSorted((a, b) => a - b)).toEqual([25, 40]);
  });

  test('carry notes that rest sealed, until they are done', async () => {
    const id = randomUUID();
    const words = 'Call Şule on Friday';
    const note = (text: string) =>
      till.call('manager.note', { by, ask: { id, member: 'sule', words: text } });
    expect(await note('   ')).toMatchObject({ refusal: { code: 'note-empty' } });
    expect(await note(words)).toMatchObject({ outcome: 'answered' });
    expect((await detail('sule')).followUps).toMatchObject([{ id, words, by }]);
    const rows = await server.database.query<{ words: string }>(
      'select words from follow_up where tenant = $1',
      [DEMO_TENANT],
    );
    expect(JSON.stringify(rows)).not.toContain('Friday');
    await till.call('manager.note-done', { by, ask: { id } });
    expect((await detail('sule')).followUps).toEqual([]);
  });

  test('are erased by the preview’s word and a manager’s PIN, notes and name included', async () => {
    await enrolled('ghost', 30, 'Hayalet Yok');
    const note = { id: randomUUID(), member: 'ghost', words: 'Owes us a smile' };
    await till.call('manager.note', { by, ask: note });
    const erase = (confirm: string | null, pin: string | null) =>
      till.call('manager.erase', { by, ask: { member: 'ghost', confirm, pin } });
    const asked = await erase(null, null);
    if (asked.outcome !== 'answered' || asked.answer.step !== 'confirm') throw new Error('asked');
    const { confirm } = asked.answer.preview;
    expect(await erase(confirm, null)).toMatchObject({ refusal: { code: 'manager-pin-needed' } });
    expect(await erase(confirm, '0000')).toMatchObject({ refusal: { code: 'manager-pin-wrong' } });
    expect(await erase('WRONG', PIN)).toMatchObject({ answer: { step: 'confirm' } });
    expect(await erase(confirm, PIN)).toMatchObject({ answer: { step: 'erased' } });
    expect(await found('hayalet')).toEqual([]);
    const left = await detail('ghost');
    expect(left).toMatchObject({ status: 'erased', fullName: null, identifiers: [] });
    expect(left.followUps).toMatchObject([{ id: note.id, words: null }]);
    expect(await erase(confirm, PIN)).toMatchObject({ refusal: { code: 'member-not-found' } });
    const report = await till.call('day', { day: TODAY });
    for (const of of report.points) expect(of.sumOfBalances).toBe(of.closing);
  });

  test('every figure of the day is the sum of the entries behind it', async () => {
    const report = await till.call('day', { day: TODAY });
    const { totals } = report;
    const count = async (filter: EntriesFilter) => (await entries(filter)).length;
    expect(await count(figure('sales'))).toBe(totals.sales);
    expect(await count(figure('with-member'))).toBe(totals.salesWithMember);
    expect(await count(figure('returns'))).toBe(totals.returns);
    expect(await count(figure('new-members'))).toBe(totals.newMembers);
    expect(await count(figure('unproven'))).toBe(totals.unprovenSales);
    const sum = (rows: readonly EntryRow[]) =>
      rows.reduce((total, row) => total + (row.points ?? 0), 0);
    expect(sum(await entries(figure('earned')))).toBe(totals.earned);
    const opening = figure('points', { from: '2000-01-01', through: '2026-11-20' });
    expect(sum(await entries(opening))).toBe(report.points[0]?.opening);
    for (const { hour, sales } of report.byHour) {
      expect(await count(figure('sales', { hour }))).toBe(sales);
    }
    expect(await count(figure('sales', { till: till.till }))).toBe(totals.sales);
    expect(await count(figure('sales', { cashier: by }))).toBe(totals.sales);
    expect(await count(figure('sales', { cashier: 'cashier-can' }))).toBe(0);
    expect(await count(figure('sales', { store: 'moda' }))).toBe(totals.sales);
    expect(await count(figure('sales', { store: 'elsewhere' }))).toBe(0);
  });

  test('a list of many pages has every entry once, latest first', async () => {
    await enrolled('many', 1, 'Many');
    for (let sales = 0; sales < 120; sales += 1) {
      const sale = tx();
      till.journal.append(sale, body.sale(next, 'many'), body.earn('many', sale, 1));
    }
    await push();
    const rows = await entries({ kind: 'member', member: 'many' });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows).toHaveLength(242);
  });

  test('days of a span add up, and the days before stand beside them', async () => {
    const report = await till.call('day', { day: '2026-11-15', through: TODAY });
    const single = await till.call('day', { day: TODAY });
    expect(report.totals).toEqual(single.totals);
    expect(report.through).toBe(TODAY);
    const tomorrow = await till.call('day', { day: '2026-11-22' });
    expect(tomorrow.compare.before).toEqual(single.totals);
    expect((await till.call('day', { day: '2026-11-28' })).compare.weekAgo).toEqual(single.totals);
    expect((await till.call('day', { day: TODAY, store: 'elsewhere' })).totals.sales).toBe(0);
  });

  test('are found in the order of the Turkish alphabet', async () => {
    const alphabet = ['C', 'Ç', 'G', 'Ğ', 'I', 'İ', 'O', 'Ö', 'S', 'Ş', 'U', 'Ü'];
    for (const letter of ['Ü', 'İ', 'S', 'Ç', 'I', 'O', 'Ğ', 'U', 'C', 'Ş', 'G', 'Ö'])
      await enrolled(`order-${alphabet.indexOf(letter)}`, 1, `Sıra ${letter}lker`);
    expect(await found('sıra')).toEqual(alphabet.map((_, place) => `order-${place}`));
  });
});
