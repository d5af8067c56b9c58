import type { Programme } from '#loyalty/programme.ts';
import type { TerminalRow } from '#journal/posting-rows.ts';
import type { LedgerWrite, PostingWrites } from '#journal/posting-writes.ts';
import type { WritableDb } from '#server/database/database.ts';
import { bulkInsert, type InsertColumn } from '#server/database/insert.ts';
import { progressMeasure, reachedRank, windowStart, type TierMeasures } from './tier-rules.ts';

interface MeasureDelta extends TierMeasures {
  readonly owner: string;
  readonly programme: string;
  readonly since: string;
  readonly progress: number;
}

/** What an owner did in the window that counts now. */
type Measured = TierMeasures & { readonly owner: string };

const columns: readonly InsertColumn<MeasureDelta>[] = [
  { name: 'owner', type: 'text', value: (row) => row.owner },
  { name: 'programme', type: 'text', value: (row) => row.programme },
  { name: 'since', type: 'date', value: (row) => row.since },
  { name: 'earned', type: 'bigint', value: (row) => row.earned },
  { name: 'spend_minor', type: 'bigint', value: (row) => row.spendMinor },
  { name: 'visits', type: 'bigint', value: (row) => row.visits },
  { name: 'progress', type: 'bigint', value: (row) => row.progress },
];

const measures = bulkInsert<MeasureDelta>(
  'tier_measure as t',
  columns,
  `on conflict (tenant, owner, programme) do update set since = excluded.since,
     earned = excluded.earned + case when t.since = excluded.since then t.earned else 0 end,
     spend_minor = excluded.spend_minor + case when t.since = excluded.since then t.spend_minor else 0 end,
     visits = excluded.visits + case when t.since = excluded.since then t.visits else 0 end,
     progress = excluded.progress + case when t.since = excluded.since then t.progress else 0 end
   where t.since <= excluded.since
   returning owner, programme, since, earned, spend_minor as "spendMinor", visits`,
);

/**
 * Brings the tier and its progress of those who earned up to date.
 *
 * A sale lifts a member at once; nobody falls here: losing a tier is for the review on its date.
 */
export async function refreshTiers(
  db: WritableDb,
  terminal: TerminalRow,
  writes: PostingWrites,
  programmes: readonly Programme[],
): Promise<void> {
  const tiered = programmes.find(({ tiers, enabled }) => enabled && tiers.length > 0);
  if (tiered === undefined) return;
  const deltas = deltasOf(writes.ledger, tiered);
  if (deltas.length === 0) return;
  const { tenant } = terminal;
  const counted =
    tiered.tierSettings.window.kind === 'rolling'
      ? await measureRolling(db, tenant, tiered, deltas)
      : deltas;
  const rows = await db.query<Measured>(measures.text, [
    tenant,
    ...columns.map(({ value }) => counted.map(value)),
  ]);
  const raised = rows
    .map((row) => ({ owner: row.owner, rank: reachedRank(tiered, row) }))
    .filter(({ rank }) => rank >= 0);
  await db.execute(
    `update member m set changes = m.changes + 1, tier = ($4::text[])[u.rank + 1]
     from unnest($2::text[], $3::integer[]) as u(member, rank)
     where m.tenant = $1 and m.member = u.member
       and u.rank + 1 > coalesce(array_position($4::text[], m.tier), 0)`,
    [
      tenant,
      raised.map(({ owner }) => owner),
      raised.map(({ rank }) => rank),
      tiered.tiers.map(({ id }) => id),
    ],
  );
}

/**
 * A window that moves every day has no sum to add to: it is read whole from the ledger.
 *
 * What was summed before is taken off first, so that adding the sum puts it in place.
 */
async function measureRolling(
  db: WritableDb,
  tenant: string,
  programme: Programme,
  deltas: readonly MeasureDelta[],
): Promise<readonly MeasureDelta[]> {
  const owners = deltas.map(({ owner }) => owner);
  await db.execute(
    'delete from tier_measure where tenant = $1 and programme = $2 and owner = any($3::text[])',
    [tenant, programme.id, owners],
  );
  const rows = await db.query<Measured & { readonly since: string }>(
    `select m.owner, u.since, sum(l.points)::bigint as earned,
       count(*) filter (where l.type = 'earn') as visits,
       coalesce(sum(l.basis_minor), 0)::bigint as "spendMinor"
     from unnest($2::text[], $3::date[]) as u(owner, since)
     join member m on m.tenant = $1 and m.owner = u.owner
     join ledger l on l.tenant = $1 and l.member = m.member
     where l.programme = $4 and l.day >= u.since and (l.type = 'earn' or l.of_type = 'earn')
     group by m.owner, u.since order by m.owner`,
    [tenant, owners, deltas.map(({ since }) => since), programme.id],
  );
  return rows.map((row) => ({
    ...row,
    programme: programme.id,
    progress: progressMeasure(programme, row),
  }));
}

function deltasOf(ledger: readonly LedgerWrite[], programme: Programme): readonly MeasureDelta[] {
  const deltas = new Map<string, MeasureDelta>();
  for (const row of ledger) {
    const earns = row.type === 'earn' || (row.type === 'reverse' && row.ofType === 'earn');
    if (row.programme !== programme.id || !earns) continue;
    const since = windowStart(programme, row.day);
    const before = deltas.get(row.owner);
    if (before !== undefined && before.since > since) continue;
    const base = before?.since === since ? before : { earned: 0, spendMinor: 0, visits: 0 };
    const measures = {
      earned: base.earned + row.points,
      spendMinor: base.spendMinor + (row.basisMinor ?? 0),
      visits: base.visits + (row.type === 'earn' ? 1 : 0),
    };
    const progress = progressMeasure(programme, measures);
    deltas.set(row.owner, {
      owner: row.owner,
      programme: programme.id,
      since,
      progress,
      ...measures,
    });
  }
  return [...deltas.values()].toSorted((a, b) => (a.owner < b.owner ? -1 : 1));
}
