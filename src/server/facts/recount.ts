import { journalEntry } from '#journal/entry.ts';
import { nothingReturned } from '#loyalty/kept.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { WritableDb } from '#server/database/database.ts';
import { askedOfMembers, askedOfProgrammes, keptUses } from './asked.ts';
import { withTexts, type Place } from '#server/posting/archive.ts';
import { detailOf, usesOfEarning, type Detail } from './earn-changes.ts';
import { usesOfSale } from './sale-changes.ts';
import { foldUses, NOBODY, type UseChange } from './use-fold.ts';
import { addUses } from './uses.ts';

/** Rows that are read at once. */
const PAGE = 500;

/**
 * Counts all uses anew that the programmes ask for, from sales and earnings as they stand.
 *
 * Only what is asked for is counted as it happens; a new limit asks about what was before it.
 * Reads the whole history, which a change of programmes may cost.
 */
export async function recountUses(
  db: WritableDb,
  tenant: string,
  programmes: readonly Programme[],
): Promise<void> {
  await db.execute('delete from use_count where tenant = $1', [tenant]);
  if (askedOfMembers(programmes).length + askedOfProgrammes(programmes).length === 0) return;
  const keep = async (uses: readonly UseChange[]): Promise<void> =>
    addUses(db, tenant, foldUses(keptUses(uses, programmes)));
  for (let after: string | null = FIRST; after !== null;) {
    const sales: readonly SaleRow[] = await readSales(db, tenant, after);
    await keep(sales.flatMap(usesInSale));
    after = sales.length < PAGE ? null : (sales.at(-1)?.tx ?? null);
  }
  for (let after: EarnKey | null = { source: FIRST, programme: '', member: '' }; after !== null;) {
    const rows: readonly EarnRow[] = await readEarnings(db, tenant, after);
    await keep(rows.flatMap((row) => usesInEarning(row, programmes)));
    after = rows.length < PAGE ? null : (rows.at(-1) ?? null);
  }
  await keep(await usesOfNights(db, tenant, programmes));
}

/** Before every transaction. */
const FIRST = '00000000-0000-0000-0000-000000000000';

interface SaleRow extends Place {
  readonly tx: string;
  readonly owner: string | null;
  readonly day: string;
  readonly atMs: number;
  readonly text: string | null;
}

async function readSales(
  db: WritableDb,
  tenant: string,
  after: string,
): Promise<readonly SaleRow[]> {
  const rows = await db.query<Omit<SaleRow, 'text'>>(
    `select s.tx, m.owner, s.day, s.at_ms as "atMs", s.till, s.inc, s.seq
     from sale s left join member m on m.tenant = s.tenant and m.member = coalesce(s.member, s.claimed_by)
     where s.tenant = $1 and not s.complete and s.tx > $2::uuid order by s.tx limit ${PAGE}`,
    [tenant, after],
  );
  return withTexts(db, tenant, rows);
}

function usesInSale({ owner, day, atMs, text }: SaleRow): readonly UseChange[] {
  const body = text === null ? null : journalEntry.parse(JSON.parse(text)).body;
  if (body?.kind !== 'sale') return [];
  const standing = { member: owner, returned: nothingReturned, complete: false };
  return usesOfSale({ day, atMs, snapshot: body.snapshot }, standing, owner, 1);
}

interface EarnKey {
  readonly source: string;
  readonly programme: string;
  readonly member: string;
}

interface EarnRow extends Place, EarnKey {
  readonly owner: string;
  readonly day: string;
  readonly points: number;
  readonly saleAtMs: number | null;
  readonly text: string | null;
}

/** Earnings that were not taken back whole, with the journal's word on what they were made of. */
async function readEarnings(
  db: WritableDb,
  tenant: string,
  { source, programme, member }: EarnKey,
): Promise<readonly EarnRow[]> {
  const rows = await db.query<Omit<EarnRow, 'text'>>(
    `select l.source, l.programme, l.member, l.till, l.inc, l.seq, m.owner, l.day, l.points,
       s.at_ms as "saleAtMs"
     from ledger l join member m on m.tenant = l.tenant and m.member = l.member
       left join sale s on s.tenant = l.tenant and s.tx = l.source::uuid and not s.complete
     where l.tenant = $1 and l.type = 'earn' and l.till <> '0'
       and (l.source, l.programme, l.member) > ($2, $3, $4)
       and l.points + coalesce((
         select sum(r.points) from ledger r join member rm using (tenant, member)
         where r.tenant = l.tenant and r.of_source = l.source and r.of_type = 'earn'
           and r.programme = l.programme and rm.owner = m.owner), 0) <> 0
     order by l.source, l.programme, l.member limit ${PAGE}`,
    [tenant, source, programme, member],
  );
  return withTexts(db, tenant, rows);
}

function usesInEarning(row: EarnRow, programmes: readonly Programme[]): readonly UseChange[] {
  const detail = row.text === null ? null : detailOf(journalEntry.parse(JSON.parse(row.text)).body);
  return detail === null ? [] : usesOfEarning(detail, row, 1, programmes);
}

/** Earnings that nights gave: the ledger itself says what they were made of. */
async function usesOfNights(
  db: WritableDb,
  tenant: string,
  programmes: readonly Programme[],
): Promise<readonly UseChange[]> {
  const rows = await db.query<
    Omit<Detail, 'qualifyingPoints'> & Pick<EarnRow, 'owner' | 'day' | 'points'>
  >(
    `select l.member, m.owner, l.programme, l.source, l.day, l.points, l.breakdown,
       exists (select 1 from voucher v where v.tenant = l.tenant and v.holder = l.member) as bearer
     from ledger l join member m using (tenant, member)
     where l.tenant = $1 and l.till = '0' and l.type = 'earn'`,
    [tenant],
  );
  return rows.flatMap((row) =>
    usesOfEarning(
      { ...row, qualifyingPoints: null },
      { ...row, owner: row.bearer ? NOBODY : row.owner, saleAtMs: null },
      1,
      programmes,
    ),
  );
}
