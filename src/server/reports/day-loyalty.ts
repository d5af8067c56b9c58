import type { DayReport } from '#contract/day.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { displayNames } from '#server/members/sealed-profiles.ts';
import { givenOf } from '#server/facts/shared.ts';
import type { ShopRules } from '#server/shop.ts';
import type { DaySpan } from './day-rows.ts';

/** What is said of a member who gave no name: the end of a card or number. */
const MASKED = `
  (select i.masked from identifier i
    where i.tenant = m.tenant and i.member = m.member order by i.kind, i.hash limit 1) as name`;

/** The short name in place of that, where there is one. */
async function named<Row extends { readonly member: string; readonly name: string | null }>(
  db: ReadableDb,
  tenant: string,
  rows: readonly Row[],
): Promise<Row[]> {
  const names = await displayNames(
    db,
    tenant,
    rows.map(({ member }) => member),
  );
  return rows.map((row) => ({ ...row, name: names.get(row.member) ?? row.name }));
}

/** Changes of tier within a span, latest first: each is in one day, once. */
export async function readTierMoves(
  db: ReadableDb,
  tenant: string,
  { from, through }: DaySpan,
): Promise<DayReport['tierMoves']> {
  const rows = await db.query<DayReport['tierMoves'][number]>(
    `select t.owner as member, ${MASKED}, t.programme, t.kind, t.from_tier as "from",
       t.to_tier as "to", t.at_ms as "atMs", t.till
     from tier_move t join member m on m.tenant = t.tenant and m.member = t.owner
     where t.tenant = $1 and t.day between $2::date and $3::date
     order by t.at_ms desc, t.owner, t.source limit 200`,
    [tenant, from, through],
  );
  return named(db, tenant, rows);
}

/** How far programmes are into what they may give. */
export async function readBudgets(
  db: ReadableDb,
  tenant: string,
  { programmes }: ShopRules,
): Promise<DayReport['budgets']> {
  const given = await givenOf(
    db,
    tenant,
    programmes.map(({ id }) => id),
  );
  return programmes.flatMap(({ id, caps }): DayReport['budgets'] => {
    const { budgetPoints, onBudget } = caps;
    if (budgetPoints === null) return [];
    const givenPoints = given.get(id) ?? 0;
    const over = onBudget === 'stop' ? 'spent' : 'passed';
    return [
      {
        programme: id,
        budgetPoints,
        givenPoints,
        overPoints: Math.max(0, givenPoints - budgetPoints),
        state: givenPoints < budgetPoints ? 'within' : over,
      },
    ];
  });
}

/** Memberships that run on unpaid, longest first: whom the shop charges, or stops. */
export async function readRenewals(
  db: ReadableDb,
  tenant: string,
  { programmes }: ShopRules,
  atMs: number,
): Promise<DayReport['renewals']> {
  const renewing = programmes.flatMap(({ id, membership }) =>
    membership?.autoRenew === true ? [{ id, sku: membership.sku }] : [],
  );
  if (renewing.length === 0) return [];
  const rows = await db.query<DayReport['renewals'][number]>(
    `select s.owner as member, ${MASKED}, s.programme, u.sku, s.paid_until_ms as "paidUntilMs"
     from membership s join unnest($2::text[], $3::text[]) as u(programme, sku) using (programme)
       join member m on m.tenant = s.tenant and m.member = s.owner
     where s.tenant = $1 and s.paid_until_ms <= $4
     order by s.paid_until_ms, s.owner limit 200`,
    [tenant, renewing.map(({ id }) => id), renewing.map(({ sku }) => sku), atMs],
  );
  return named(db, tenant, rows);
}
