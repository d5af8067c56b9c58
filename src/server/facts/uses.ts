import type { UseRecord } from '#contract/facts.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import { bulkInsert, insertRows, type InsertColumn } from '#server/database/insert.ts';
import { ALL_BELIEVED, type Present } from './present.ts';
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
function sums(known: string): string {
  return usePeriods
    .flatMap((period) => {
      const mine = startOf(period, known);
      const added = startOf(period, 'excluded.last_day');
      return ['times', 'points'].map(
        (unit) =>
          `${period}_${unit} = case when ${mine} >= ${added} then t.${period}_${unit} else 0 end
             + case when ${added} >= ${mine} then excluded.${period}_${unit} else 0 end`,
      );
    })
    .join(', ');
}

/** Adds to what is there; a day or an instant of it that has not been yet is not believed: see `Present`. */
function add(today: string, dayMost: string, atMsMost: string): string {
  const known = `case when t.last_day > ${dayMost} then ${today} else t.last_day end`;
  return `on conflict (tenant, owner, programme, id) do update set
    last_day = greatest(${known}, excluded.last_day),
    last_at_ms = greatest(case when t.last_at_ms <= ${atMsMost} then t.last_at_ms end,
      excluded.last_at_ms), ${sums(known)}`;
}

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
  // Behind the tenant and the columns.
  add(...presentAfter(6 + counted.length)),
);

function presentAfter(index: number): [string, string, string] {
  return [`$${index + 1}::date`, `$${index + 2}::date`, `$${index + 3}::bigint`];
}

/** Adds counts to those that are there. */
export async function addUses(
  db: WritableDb,
  tenant: string,
  rows: readonly OwnedUse[],
  { day, dayMost, atMsMost }: Present = ALL_BELIEVED,
): Promise<void> {
  await insertRows(db, uses, tenant, rows, [day, dayMost, atMsMost]);
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
     from use_count where tenant = $1 and owner = $2 ${add(...presentAfter(3))}`,
    [tenant, from, into, ALL_BELIEVED.day, ALL_BELIEVED.dayMost, ALL_BELIEVED.atMsMost],
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
