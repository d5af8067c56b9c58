import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MemberRecord } from '#contract/member.ts';
import { surveyQuestions } from '#journal/entry.ts';
import { rational } from '#loyalty/rational.ts';
import { DEMO_STORE, DEMO_TENANT } from '#server/demo/demo.ts';
import { surveyReport, type SurveyReport } from '#server/reports/survey.ts';
import { body, NOON_MS, TODAY, txOf } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import { openShopServer, type ShopServer, type WireTill } from './support/shop-server.ts';

await describeOnBoth('what members say about the shop', (open) => {
  let server: ShopServer;
  let till: WireTill;
  let next = 1;

  beforeAll(async () => {
    server = await openShopServer(await open());
    till = await server.join('Front');
  });
  afterAll(() => server.app.close());

  /** A sale, and what its member said to each question in their order; null was skipped. */
  const survey = async (member: string, said: readonly (number | null)[]): Promise<string> => {
    const from = till.journal.head.seq + 1;
    const of = txOf((next += 1));
    till.journal.append(of, body.enrol(member), body.sale(next, member));
    till.journal.append(
      txOf((next += 1)),
      { kind: 'survey-asked', member, of },
      ...said.flatMap((answer, place) => {
        const question = surveyQuestions[place];
        if (answer === null || question === undefined) return [];
        return [{ kind: 'survey-answer' as const, member, of, question, answer }];
      }),
    );
    expect((await till.push(from)).outcome).toBe('acknowledged');
    return of;
  };
  const report = (first = TODAY, last = TODAY): Promise<SurveyReport> =>
    surveyReport(server.database, DEMO_TENANT, DEMO_STORE, first, last);
  const record = async (member: string): Promise<MemberRecord | undefined> => {
    const { changes } = await till.call('pull', { cursor: null, limit: 500 });
    return changes
      .flatMap((change) => (change.kind === 'member' ? [change.record] : []))
      .find((known) => known.member === member);
  };

  test('an empty span says nothing, not nought', async () => {
    expect(await report()).toEqual({
      asked: 0,
      answered: 0,
      nps: { score: null, promoters: 0, passives: 0, detractors: 0 },
      cli: { index: null, respondents: 0 },
      said: [],
    });
  });

  test('NPS and CLI are the formulas’ over what tills journalled, with the list behind them', async () => {
    await survey('ayse', [10, 1, 1, 2]);
    await survey('mehmet', [9, 1, 2, 3]);
    await survey('elif', [7, 6, null, 6]);
    const last = await survey('can', [0, null, null, null]);
    await survey('deniz', []);
    const { said, ...figures } = await report();
    expect(figures).toEqual({
      asked: 5,
      answered: 4,
      nps: { score: rational(25), promoters: 2, passives: 1, detractors: 1 },
      // (100 + 100 + 80) / 3 and (100 + 80 + 60) / 3, their mean; Elif’s is not complete.
      cli: { index: rational(260, 3), respondents: 2 },
    });
    expect(said).toHaveLength(4);
    expect(said.find(({ of }) => of === last)).toEqual({
      of: last,
      member: 'can',
      till: till.till,
      day: TODAY,
      atMs: NOON_MS,
      nps: 0,
      cli: [null, null, null],
    });
    expect((await report('2020-01-01', '2020-12-31')).asked).toBe(0);
  });

  test('the first answer to a question of a sale stays, however often it comes', async () => {
    const of = await survey('ayse', [10, null, null, null]);
    const before = await report();
    const from = till.journal.head.seq + 1;
    till.journal.append(txOf((next += 1)), {
      ...{ kind: 'survey-answer', member: 'ayse', of, question: 'nps', answer: 0 },
    } as const);
    await till.push(from);
    await till.push(1);
    expect(await report()).toEqual(before);
  });

  test('every till hears when a member was asked, and of nobody else', async () => {
    expect(await record('deniz')).toMatchObject({ surveyedAtMs: NOON_MS });
    const from = till.journal.head.seq + 1;
    till.journal.append(txOf((next += 1)), body.enrol('fatma'));
    await till.push(from);
    expect((await record('fatma'))?.surveyedAtMs).toBeNull();
  });
});
