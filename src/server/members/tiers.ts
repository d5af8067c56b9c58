import type { Programme } from '#loyalty/programme.ts';
import type { TerminalRow } from '#journal/posting-rows.ts';
import type { LedgerWrite, PostingWrites } from '#journal/posting-writes.ts';
import type { WritableDb } from '#server/database/database.ts';
import { bulkInsert, type InsertColumn } from '#server/database/insert.ts';
import { reachedRank, tierProgress, windowStart, type TierMeasures } from './tier-rules.ts';

interface MeasureDelta extends TierMeasures {
  readonly owner: string;
  readonly programme: string;
  readonly since: string;
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
];

const measures = bulkInsert<MeasureDelta>(
  'tier_measure as t',
  columns,
  `on conflict (tenant, owner, programme) do update set since = excluded.since,
     earned = excluded.earned + case when t.since = excluded.since then t.earned else 0 end,
     spend_minor = excluded.spend_minor + case when t.since = excluded.since then t.spend_minor else 0 end,
     visits = excluded.visits + case when t.since = excluded.since then t.visits else 0 end
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
  const rows =
    tiered.tierSettings.window.kind === 'rolling'
      ? await measureRolling(db, tenant, tiered, deltas)
      : await db.query<Measured>(measures.text, [tenant, ...columns.map(({ value }) => deltas.map(value))]);
  const standings = rows.map((row) => ({
    owner: row.owner,
    // Arrays count from 1 in SQL; 0 is no tier.
    rank: reachedRank(tiered, row) + 1,
    progress: tierProgress(tiered, row),
  }));
  await db.execute(
    `update member m set tier_progress = u.progress, changes = m.changes + 1,
       tier = ($5::text[])[greatest(u.rank, coalesce(array_position($5::text[], m.tier), 0))]
     from unnest($2::text[], $3::bigint[], $4::integer[]) as u(member, progress, rank)
     where m.tenant = $1 and m.member = u.member
       and (m.tier_progress <> u.progress or u.rank > coalesce(array_position($5::text[], m.tier), 0))`,
    [
      tenant,
      standings.map(({ owner }) => owner),
      standings.map(({ progress }) => progress),
      standings.map(({ rank }) => rank),
      tiered.tiers.map(({ id }) => id),
    ],
  );
}

/** A window that moves every day has no sum to add to: it is read from the ledger. */
async function measureRolling(
  db: WritableDb,
  tenant: string,
  programme: Programme,
  deltas: readonly MeasureDelta[],
): Promise<readonly Measured[]> {
  return db.query<Measured>(
    `select m.owner, sum(l.points)::bigint as earned, count(*) filter (where l.type = 'earn') as visits,
       coalesce(sum(l.basis_minor), 0)::bigint as "spendMinor"
     from unnest($2::text[], $3::date[]) as u(owner, since)
     join member m on m.tenant = $1 and m.owner = u.owner
     join ledger l on l.tenant = $1 and l.member = m.member
     where l.programme = $4 and l.day >= u.since and (l.type = 'earn' or l.of_type = 'earn')
     group by m.owner`,
    [tenant, deltas.map(({ owner }) => owner), deltas.map(({ since }) => since), programme.id],
  );
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
    deltas.set(row.owner, {
      owner: row.owner,
      programme: programme.id,
      since,
      earned: base.earned + row.points,
      spendMinor: base.spendMinor + (row.basisMinor ?? 0),
      visits: base.visits + (row.type === 'earn' ? 1 : 0),
    });
  }
  return [...deltas.values()].toSorted((a, b) => (a.owner < b.owner ? -1 : 1));
}
