import { emptyLedger, newLedgerMember, type Ledger, type LedgerSale } from '#loyalty/ledger.ts';
import { membershipEnd, startMemberships } from '#loyalty/membership.ts';
import type { Programme } from '#loyalty/programme.ts';
import { noRefunds } from '#loyalty/refund.ts';
import type { QuoteSettings } from '#loyalty/context.ts';
import type { SaleSnapshot } from '#loyalty/sale.ts';
import type { WritableDb } from '#server/database/database.ts';
import { loadBodies, type SaleChange } from './sale-changes.ts';

/** Programmes of which a sale contains the membership's product. */
function membershipsIn(sale: SaleChange, programmes: readonly Programme[]): readonly Programme[] {
  return programmes.filter(
    ({ membership }) =>
      membership !== null && sale.snapshot.lines.some(({ sku }) => sku === membership.sku),
  );
}

function isReturned(sale: SaleChange, { membership }: Programme): boolean {
  return sale.snapshot.lines
    .filter(({ sku }) => sku === membership?.sku)
    .every(({ id, quantityMilli }) => (sale.after.returned.milliByLine[id] ?? 0) >= quantityMilli);
}

/** Notes which sales pay memberships; returns the members whose terms must be counted anew. */
export async function noteMemberships(
  db: WritableDb,
  tenant: string,
  sales: readonly SaleChange[],
  programmes: readonly Programme[],
): Promise<readonly string[]> {
  const paid = sales.flatMap((sale) =>
    membershipsIn(sale, programmes).map((programme) => ({
      member: sale.after.member,
      tx: sale.tx,
      programme: programme.id,
      returned: isReturned(sale, programme),
    })),
  );
  if (paid.length === 0) return [];
  await db.execute(
    `insert into membership_sale (tenant, tx, programme, returned)
     select $1, u.* from unnest($2::uuid[], $3::text[], $4::boolean[]) as u
     on conflict (tenant, tx, programme) do update set returned = excluded.returned`,
    [
      tenant,
      paid.map(({ tx }) => tx),
      paid.map(({ programme }) => programme),
      paid.map(({ returned }) => returned),
    ],
  );
  return [...new Set(paid.flatMap(({ member }) => member ?? []))];
}

interface PaidRow {
  readonly owner: string;
  readonly tx: string;
  readonly programme: string;
  readonly atMs: number;
}

/**
 * Counts the terms of these owners anew from the sales that pay them, in the order they were rung up.
 *
 * Whatever order tills reported them in, the same sales come to the same end.
 */
export async function countTerms(
  db: WritableDb,
  tenant: string,
  owners: readonly string[],
  shop: { readonly settings: QuoteSettings; readonly programmes: readonly Programme[] },
): Promise<void> {
  if (owners.length === 0) return;
  const rows = await db.query<PaidRow>(
    `select m.owner, p.tx, p.programme, s.at_ms as "atMs"
     from member m join sale s on s.tenant = m.tenant and m.member in (s.member, s.claimed_by)
       and coalesce(s.member, s.claimed_by) = m.member
     join membership_sale p on p.tenant = s.tenant and p.tx = s.tx and not p.returned
     where m.tenant = $1 and m.owner = any($2::text[]) order by s.at_ms, s.tx`,
    [tenant, owners],
  );
  const bodies = await loadBodies(db, tenant, [...new Set(rows.map(({ tx }) => tx))]);
  const ends: { owner: string; programme: string; untilMs: number }[] = [];
  for (const [key, sales] of Map.groupBy(rows, (row) => `${row.owner} ${row.programme}`)) {
    const [owner = '', id = ''] = key.split(' ');
    const only = shop.programmes.filter((programme) => programme.id === id);
    let ledger = emptyLedger(shop.settings, only);
    for (const { tx, atMs } of sales) {
      const body = bodies.get(tx)?.find(({ kind }) => kind === 'sale');
      if (body?.kind !== 'sale') continue;
      ledger = startMemberships(ledger, owner, ledgerSale(tx, atMs, owner, body.snapshot));
    }
    const untilMs = ledger.members.get(owner)?.membershipUntilMs[id];
    if (untilMs !== undefined) ends.push({ owner, programme: id, untilMs });
  }
  await db.execute('delete from membership where tenant = $1 and owner = any($2::text[])', [
    tenant,
    owners,
  ]);
  await db.execute(
    `insert into membership (tenant, owner, programme, paid_until_ms, shown_until_ms)
     select $1, u.owner, u.programme, u.until_ms, u.until_ms
     from unnest($2::text[], $3::text[], $4::bigint[]) as u(owner, programme, until_ms)`,
    [
      tenant,
      ends.map(({ owner }) => owner),
      ends.map(({ programme }) => programme),
      ends.map(({ untilMs }) => untilMs),
    ],
  );
}

function ledgerSale(id: string, atMs: number, member: string, snapshot: SaleSnapshot): LedgerSale {
  return { id, atMs, member, snapshot, refunds: noRefunds, complete: false, claimedBy: null };
}

/** The exclusive end of the term a membership is in at an instant; one that renews runs on. */
export function termEnd(
  settings: QuoteSettings,
  programme: Programme,
  paidUntilMs: number,
  atMs: number,
): number | null {
  const member = {
    ...newLedgerMember('member', 0),
    membershipUntilMs: { [programme.id]: paidUntilMs },
  };
  const ledger: Ledger = {
    ...emptyLedger(settings, [programme]),
    members: new Map([[member.ref, member]]),
  };
  return membershipEnd(ledger, programme, member.ref, atMs);
}
