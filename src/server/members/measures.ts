import type { Programme } from '#loyalty/programme.ts';
import type { Measures } from '#loyalty/tiers.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import { bulkInsert, insertRows } from '#server/database/insert.ts';
import {
  measureDay,
  measureSpan,
  metricsOf,
  noMeasures,
  tieredOf,
  type TierMeasures,
} from './tier-rules.ts';

/** What an owner gained, or lost again, on a business day; null programme is every one of them. */
export interface MeasureChange extends TierMeasures {
  readonly owner: string;
  readonly programme: string | null;
  readonly day: string;
}

type Sums = { -readonly [Name in keyof TierMeasures]: number };

interface MeasureRow extends TierMeasures {
  readonly owner: string;
  readonly programme: string;
  readonly since: string;
}

const measures = bulkInsert<MeasureRow>(
  'tier_measure as t',
  [
    { name: 'owner', type: 'text', value: (row) => row.owner },
    { name: 'programme', type: 'text', value: (row) => row.programme },
    { name: 'since', type: 'date', value: (row) => row.since },
    { name: 'earned', type: 'bigint', value: (row) => row.earned },
    { name: 'qualifying', type: 'bigint', value: (row) => row.qualifying },
    { name: 'spend_minor', type: 'bigint', value: (row) => row.spendMinor },
    { name: 'units', type: 'bigint', value: (row) => row.units },
    { name: 'visits', type: 'bigint', value: (row) => row.visits },
  ],
  `on conflict (tenant, owner, programme, since) do update set
     earned = t.earned + excluded.earned, qualifying = t.qualifying + excluded.qualifying,
     spend_minor = t.spend_minor + excluded.spend_minor, units = t.units + excluded.units,
     visits = t.visits + excluded.visits`,
);

/** Adds what changed to the windows it falls into, for every programme with tiers. */
export async function addMeasures(
  db: WritableDb,
  tenant: string,
  changes: readonly MeasureChange[],
  programmes: readonly Programme[],
): Promise<void> {
  const rows = tieredOf(programmes).flatMap((programme) => summed(changes, programme));
  const keyed = rows.map((row) => [`${row.owner} ${row.programme} ${row.since}`, row] as const);
  const sorted = keyed.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  await insertRows(db, measures, tenant, sorted);
}

/** The changes that a programme counts, summed by owner and window. */
function summed(changes: readonly MeasureChange[], programme: Programme): readonly MeasureRow[] {
  const windows = new Map<string, Map<string, Sums>>();
  const byDay = new Map<string, Map<string, Sums>>();
  const ownersOn = (day: string): Map<string, Sums> => {
    const since = measureDay(programme, day);
    const owners = windows.get(since) ?? new Map<string, Sums>();
    windows.set(since, owners);
    byDay.set(day, owners);
    return owners;
  };
  for (const change of changes) {
    if (change.programme !== null && change.programme !== programme.id) continue;
    const owners = byDay.get(change.day) ?? ownersOn(change.day);
    const sums = owners.get(change.owner);
    if (sums === undefined) {
      const { earned, qualifying, spendMinor, units, visits } = change;
      owners.set(change.owner, { earned, qualifying, spendMinor, units, visits });
      continue;
    }
    sums.earned += change.earned;
    sums.qualifying += change.qualifying;
    sums.spendMinor += change.spendMinor;
    sums.units += change.units;
    sums.visits += change.visits;
  }
  return [...windows].flatMap(([since, owners]) =>
    [...owners].map(([owner, sums]) => ({ ...sums, owner, programme: programme.id, since })),
  );
}

/** Whose measures, in which programme, on which day. */
export interface MeasureQuestion {
  readonly owner: string;
  readonly programme: Programme;
  readonly day: string;
}

/** The measures of each question's window, in the order asked. */
export async function readMeasures(
  db: ReadableDb,
  tenant: string,
  questions: readonly MeasureQuestion[],
): Promise<readonly Measures[]> {
  if (questions.length === 0) return [];
  const spans = questions.map(({ programme, day }) => measureSpan(programme, day));
  const rows = await db.query<TierMeasures & { place: number; balance: number }>(
    `select u.place, coalesce(max(a.posted), 0)::bigint as balance,
       coalesce(sum(t.earned), 0)::bigint as earned,
       coalesce(sum(t.qualifying), 0)::bigint as qualifying,
       coalesce(sum(t.spend_minor), 0)::bigint as "spendMinor",
       coalesce(sum(t.units), 0)::bigint as units,
       coalesce(sum(t.visits), 0)::bigint as visits
     from unnest($2::integer[], $3::text[], $4::text[], $5::date[], $6::date[])
       as u(place, owner, programme, since, until)
     left join tier_measure t on t.tenant = $1 and t.owner = u.owner
       and t.programme = u.programme and t.since between u.since and u.until
     left join account a on a.tenant = $1 and a.owner = u.owner and a.programme = u.programme
     group by u.place`,
    [
      tenant,
      questions.map((_, index) => index),
      questions.map(({ owner }) => owner),
      questions.map(({ programme }) => programme.id),
      spans.map(({ from }) => from),
      spans.map(({ to }) => to),
    ],
  );
  const byPlace = new Map(rows.map((row) => [row.place, metricsOf(row, row.balance)]));
  return questions.map((_, index) => byPlace.get(index) ?? metricsOf(noMeasures, 0));
}

/** Gives the measures of a member that was merged to the one it belongs to now. */
export async function moveMeasures(
  db: WritableDb,
  tenant: string,
  from: string,
  into: string,
): Promise<void> {
  await db.execute(
    `insert into tier_measure as t (tenant, owner, programme, since, earned, qualifying, spend_minor, units, visits)
     select tenant, $3, programme, since, earned, qualifying, spend_minor, units, visits
     from tier_measure where tenant = $1 and owner = $2
     on conflict (tenant, owner, programme, since) do update set
       earned = t.earned + excluded.earned, qualifying = t.qualifying + excluded.qualifying,
       spend_minor = t.spend_minor + excluded.spend_minor, units = t.units + excluded.units,
     visits = t.visits + excluded.visits`,
    [tenant, from, into],
  );
  await db.execute('delete from tier_measure where tenant = $1 and owner = $2', [tenant, from]);
}
