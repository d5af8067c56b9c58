import type { SurveyQuestion, StoredEntry } from '#journal/entry.ts';
import type { WritableDb } from '#server/database/database.ts';
import { bulkInsert, insertRows } from '#server/database/insert.ts';
import { believedAt, type Present } from './present.ts';

interface SurveyRow {
  readonly store: string;
  readonly of: string;
  readonly question: SurveyQuestion | 'asked';
  readonly answer: number | null;
  readonly member: string;
  readonly till: string;
  readonly day: string;
  readonly atMs: number;
}

const surveys = bulkInsert<SurveyRow>(
  'survey',
  [
    { name: 'store', type: 'text', value: (row) => row.store },
    { name: 'of_tx', type: 'uuid', value: (row) => row.of },
    { name: 'question', type: 'text', value: (row) => row.question },
    { name: 'answer', type: 'integer', value: (row) => row.answer },
    { name: 'member', type: 'text', value: (row) => row.member },
    { name: 'till', type: 'text', value: (row) => row.till },
    { name: 'day', type: 'date', value: (row) => row.day },
    { name: 'at_ms', type: 'bigint', value: (row) => row.atMs },
  ],
  'on conflict do nothing',
);

/**
 * Keeps what members were asked and said, the first answer to each question of a sale; returns whose
 * records now say that they were asked.
 */
export async function noteSurveys(
  db: WritableDb,
  tenant: string,
  entries: readonly StoredEntry[],
  present: Present,
): Promise<readonly string[]> {
  const rows = entries.flatMap(rowsOf);
  if (rows.length === 0) return [];
  await insertRows(db, surveys, tenant, rows);
  const asked = rows.filter(({ question }) => question === 'asked');
  if (asked.length === 0) return [];
  const owners = await db.query<{ owner: string }>(
    `insert into member_fact as f (tenant, owner, surveyed_at_ms)
     select $1, m.owner, max(u.at_ms) from unnest($2::text[], $3::bigint[]) as u(member, at_ms)
       join member m on m.tenant = $1 and m.member = u.member
     group by m.owner order by m.owner
     on conflict (tenant, owner) do update set
       surveyed_at_ms = greatest(
         case when f.surveyed_at_ms <= $4 then f.surveyed_at_ms end, excluded.surveyed_at_ms)
     returning owner`,
    [
      tenant,
      asked.map(({ member }) => member),
      asked.map(({ atMs }) => believedAt(atMs, present)),
      present.atMsMost,
    ],
  );
  return owners.map(({ owner }) => owner);
}

function rowsOf({ entry }: StoredEntry): readonly SurveyRow[] {
  const { store, till, day, atMs, body } = entry;
  if (body.kind !== 'survey-asked' && body.kind !== 'survey-answer') return [];
  const { member, of } = body;
  const said =
    body.kind === 'survey-asked'
      ? ({ question: 'asked', answer: null } as const)
      : { question: body.question, answer: body.answer };
  return [{ store, of, member, till, day, atMs, ...said }];
}
