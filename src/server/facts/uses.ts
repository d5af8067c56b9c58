import type { UseRecord } from '#contract/facts.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import { bulkInsert, insertRows, type InsertColumn } from '#server/database/insert.ts';
import { type OwnedUse, type UsePeriod, usePeriods } from './use-fold.ts';

const counted = usePeriods.flatMap((period): InsertColumn<OwnedUse>[] => [
  { name: `${period}_times`, type: 'bigint', value: (use) => use[period].times },
  { name: `${period}_points`, type: 'bigint', value: (use) => use[period].points },
]);

/** First instant of the period a day lies in, as PostgreSQL counts it (weeks begin on Monday). */
function startOf(period: UsePeriod, day: string): string {
  if (period === 'life') return '0';
  return `date_trunc('${period}', ${day}::timestamp)`;
}

/** Both rows' counts where each is of the later day's period. */
function sums(): string {
  return usePeriods
    .flatMap((period) => {
      const mine = startOf(period, 't.last_day');
      const added = startOf(period, 'excluded.last_day');
      return ['times', 'points'].map(
        (unit) =>
          `${period}_${unit} = case when ${mine} >= ${added} then t.${period}_${unit} else 0 end
             + case when ${added} >= ${mine} then excluded.${period}_${unit} else 0 end`,
      );
    })
    .join(', ');
}

const ADD = `on conflict (tenant, owner, programme, id) do update set
  last_day = greatest(t.last_day, excluded.last_day),
  last_at_ms = greatest(t.last_at_ms, excluded.last_at_ms), ${sums()}`;

const uses = bulkInsert<OwnedUse>(
  'use_count as t',
  [
    { name: 'owner', type: 'text', value: (use) => use.owner },
    { name: 'programme', type: 'text', value: (use) => use.programme },
    { name: 'id', type: 'text', value: (use) => use.id },
    { name: 'last_day', type: 'date', value: (use) => use.lastDay },
    { name: 'last_at_ms', type: 'bigint', value: (use) => use.lastAtMs },
    ...counted,
  ],
  ADD,
);

/** Adds counts to those that are there. */
export async function addUses(
  db: WritableDb,
  tenant: string,
  rows: readonly OwnedUse[],
): Promise<void> {
  await insertRows(db, uses, tenant, rows);
}

const COUNT_NAMES = counted.map(({ name }) => name).join(', ');

/** Gives the counts of a member that was merged to the one it belongs to now. */
export async function moveUses(
  db: WritableDb,
  tenant: string,
  from: string,
  into: string,
): Promise<void> {
  await db.execute(
    `insert into use_count as t (tenant, owner, programme, id, last_day, last_at_ms, ${COUNT_NAMES})
     select tenant, $3, programme, id, last_day, last_at_ms, ${COUNT_NAMES}
     from use_count where tenant = $1 and owner = $2 ${ADD}`,
    [tenant, from, into],
  );
  await db.execute('delete from use_count where tenant = $1 and owner = $2', [tenant, from]);
}

/** A programme and an id whose uses somebody asks for. */
export interface AskedUse {
  readonly programme: string;
  readonly id: string;
}

type FlatUse = { readonly owner: string; readonly programme: string; readonly id: string } & {
  readonly lastDay: string;
  readonly lastAtMs: number | null;
} & Readonly<Record<string, unknown>>;

/** The counts of these owners that somebody asks for. */
export async function readUses(
  db: ReadableDb,
  tenant: string,
  owners: readonly string[],
  asked: readonly AskedUse[],
): Promise<ReadonlyMap<string, readonly UseRecord[]>> {
  if (owners.length === 0 || asked.length === 0) return new Map();
  const rows = await db.query<FlatUse>(
    `select owner, programme, id, last_day as "lastDay", last_at_ms as "lastAtMs", ${COUNT_NAMES}
     from use_count where tenant = $1 and owner = any($2::text[])
       and (programme, id) in (select * from unnest($3::text[], $4::text[]))
     order by owner, programme, id`,
    [tenant, owners, asked.map(({ programme }) => programme), asked.map(({ id }) => id)],
  );
  const byOwner = Map.groupBy(rows, ({ owner }) => owner);
  return new Map([...byOwner].map(([owner, flat]) => [owner, flat.map(useRecordOf)]));
}

function useRecordOf(row: FlatUse): UseRecord {
  const of = (period: UsePeriod): UseRecord['day'] => ({
    times: Math.max(0, Number(row[`${period}_times`])),
    points: Number(row[`${period}_points`]),
  });
  return {
    programme: row.programme,
    id: row.id,
    lastDay: row.lastDay,
    lastAtMs: row.lastAtMs,
    day: of('day'),
    week: of('week'),
    month: of('month'),
    year: of('year'),
    life: of('life'),
  };
}
