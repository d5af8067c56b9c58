import { customerLoyaltyIndex, netPromoterScore } from '#loyalty/metrics.ts';
import { add, divide, rational, type Rational } from '#loyalty/rational.ts';
import type { ReadableDb } from '#server/database/database.ts';

/** Most answers a report lists; the figures count all of them. */
const LIST_MAX = 500;

/** What one member said after one sale; null where a question was skipped. */
export interface SurveySaid {
  readonly of: string;
  /** Random reference of whoever it is now. */
  readonly member: string;
  readonly till: string;
  readonly day: string;
  readonly atMs: number;
  readonly nps: number | null;
  /** Recommend, buy again, try other things: 1 (certainly) to 6. */
  readonly cli: readonly [number | null, number | null, number | null];
}

/** What a store's members said over a span of days; nothing is said where nobody answered. */
export interface SurveyReport {
  /** Sales after which a member was asked. */
  readonly asked: number;
  /** Of those, how many answered anything. */
  readonly answered: number;
  readonly nps: ReturnType<typeof netPromoterScore>;
  /** 0…100; only whoever answered all three counts. */
  readonly cli: { readonly index: Rational | null; readonly respondents: number };
  /** The list behind the figures, newest first, at most `LIST_MAX`. */
  readonly said: readonly SurveySaid[];
}

const SAID = `
  select s.of_tx as "of", min(m.owner) as member, min(s.till) as till, min(s.day) as day,
    min(s.at_ms) as "atMs",
    max(s.answer) filter (where s.question = 'nps') as nps,
    max(s.answer) filter (where s.question = 'cli-recommend') as recommend,
    max(s.answer) filter (where s.question = 'cli-again') as again,
    max(s.answer) filter (where s.question = 'cli-other') as other
  from survey s join member m on m.tenant = s.tenant and m.member = s.member
  where s.tenant = $1 and s.store = $2 and s.day between $3 and $4
  group by s.of_tx order by min(s.at_ms) desc, s.of_tx`;

interface SaidRow extends Omit<SurveySaid, 'cli'> {
  readonly recommend: number | null;
  readonly again: number | null;
  readonly other: number | null;
}

/** NPS and CLI of a store from the first to the last day, both included, with the answers behind them. */
export async function surveyReport(
  db: ReadableDb,
  tenant: string,
  store: string,
  firstDay: string,
  lastDay: string,
): Promise<SurveyReport> {
  const rows = await db.query<SaidRow>(SAID, [tenant, store, firstDay, lastDay]);
  const said = rows.map(({ recommend, again, other, ...row }): SurveySaid => ({
    ...row,
    cli: [recommend, again, other],
  }));
  const answers = said.filter(({ nps, cli }) => nps !== null || cli.some((one) => one !== null));
  const indexes = said.flatMap(({ cli }) => {
    const complete = cli.filter((one) => one !== null);
    return complete.length < cli.length ? [] : (customerLoyaltyIndex(complete) ?? []);
  });
  return {
    asked: said.length,
    answered: answers.length,
    nps: netPromoterScore(said.flatMap(({ nps }) => nps ?? [])),
    cli: { index: meanOf(indexes), respondents: indexes.length },
    said: answers.slice(0, LIST_MAX),
  };
}

function meanOf(values: readonly Rational[]): Rational | null {
  const [first, ...others] = values;
  if (first === undefined) return null;
  return divide(others.reduce(add, first), rational(values.length));
}
