import { journalEntry } from '#journal/entry.ts';
import { keptGoods, type Returned } from '#loyalty/kept.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { WritableDb } from '#server/database/database.ts';
import { addMeasures, type MeasureChange } from '#server/members/measures.ts';
import { noMeasures } from '#server/members/tier-rules.ts';
import { withTexts, type Place } from '#server/posting/archive.ts';

/** Sales that are read at once. */
const PAGE = 500;

interface KeptSale extends Place {
  readonly tx: string;
  readonly owner: string;
  readonly day: string;
  readonly returned: Returned;
  readonly text: string | null;
}

/**
 * Sums a programme's measures anew, from the ledger and the sales as they stand: its window is
 * another one now, or it had no tiers before.
 */
export async function remeasure(
  db: WritableDb,
  tenant: string,
  programme: Programme,
): Promise<void> {
  await db.execute('delete from tier_measure where tenant = $1 and programme = $2', [
    tenant,
    programme.id,
  ]);
  const gains = await db.query<Pick<MeasureChange, 'owner' | 'day' | 'earned' | 'qualifying'>>(
    `select m.owner, l.day, sum(l.points)::bigint as earned,
       sum(coalesce(l.qualifying, l.points))::bigint as qualifying
     from ledger l join member m using (tenant, member)
     where l.tenant = $1 and l.programme = $2 and (l.type = 'earn' or l.of_type = 'earn')
       and not exists (select 1 from voucher v where v.tenant = $1 and v.holder = l.member)
     group by m.owner, l.day`,
    [tenant, programme.id],
  );
  const changes = gains.map((gain) => ({ ...noMeasures, ...gain, programme: programme.id }));
  await addMeasures(db, tenant, changes, [programme]);
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const sales: readonly KeptSale[] = await readSales(db, tenant, after);
    await addMeasures(db, tenant, sales.map(measureOf), [programme]);
    const last = sales.at(-1);
    if (last === undefined || sales.length < PAGE) return;
    after = last.tx;
  }
}

async function readSales(
  db: WritableDb,
  tenant: string,
  after: string,
): Promise<readonly KeptSale[]> {
  const rows = await db.query<Omit<KeptSale, 'text'>>(
    `select s.tx, m.owner, s.day, s.returned, s.till, s.inc, s.seq
     from sale s join member m on m.tenant = s.tenant and m.member = coalesce(s.member, s.claimed_by)
     where s.tenant = $1 and not s.complete and s.tx > $2::uuid order by s.tx limit ${PAGE}`,
    [tenant, after],
  );
  return withTexts(db, tenant, rows);
}

function measureOf({ owner, day, returned, text }: KeptSale): MeasureChange {
  const body = text === null ? null : journalEntry.parse(JSON.parse(text)).body;
  const kept =
    body?.kind === 'sale' ? keptGoods(body.snapshot, returned) : { spendMinor: 0, units: 0 };
  return { ...noMeasures, owner, day, programme: null, visits: 1, ...kept };
}
