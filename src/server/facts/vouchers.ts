import { createHmac } from 'node:crypto';
import { voucherCodeOf, VOUCHERS_MAX, type VoucherRecord } from '#contract/facts.ts';
import type { StoredEntry } from '#journal/entry.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import { bulkInsert, insertRows } from '#server/database/insert.ts';

/** A voucher that was handed out. */
export interface VoucherWrite {
  readonly holder: string;
  readonly programme: string;
  readonly owner: string | null;
  readonly by: { readonly programme: string; readonly rule: string };
  readonly expiresAtMs: number | null;
}

type Named = VoucherWrite & { readonly code: string; readonly name: string | null };

const vouchers = bulkInsert<Named>(
  'voucher',
  [
    { name: 'code', type: 'text', value: (row) => row.code },
    { name: 'holder', type: 'text', value: (row) => row.holder },
    { name: 'programme', type: 'text', value: (row) => row.programme },
    { name: 'owner', type: 'text', value: (row) => row.owner },
    { name: 'by_programme', type: 'text', value: (row) => row.by.programme },
    { name: 'by_rule', type: 'text', value: (row) => row.by.rule },
    { name: 'name', type: 'jsonb', value: (row) => row.name },
    { name: 'expires_at_ms', type: 'bigint', value: (row) => row.expiresAtMs },
  ],
  'on conflict do nothing',
);

/** The vouchers a batch hands out. */
export function vouchersIn(entries: readonly StoredEntry[]): readonly VoucherWrite[] {
  return entries.flatMap(({ entry: { body } }) =>
    body.kind === 'issue'
      ? [
          {
            holder: body.member,
            programme: body.programme,
            owner: body.owner,
            by: body.by,
            expiresAtMs: body.expiresAtMs,
          },
        ]
      : [],
  );
}

/** Keeps vouchers findable by their codes. */
export async function writeVouchers(
  db: WritableDb,
  tenant: string,
  rows: readonly VoucherWrite[],
  programmes: readonly Programme[],
): Promise<void> {
  if (rows.length === 0) return;
  const keys = await db.query<{ key: string }>(
    'select identifier_key as key from tenant where tenant = $1',
    [tenant],
  );
  const key = Buffer.from(keys[0]?.key ?? '', 'hex');
  await insertRows(
    db,
    vouchers,
    tenant,
    rows.map((row) => ({
      ...row,
      code: voucherCodeOf(createHmac('sha256', key).update(`voucher:${row.holder}`).digest('hex')),
      name: nameOf(row.by, programmes),
    })),
  );
}

/** What the rule or reward that gave it is called. */
function nameOf(by: VoucherWrite['by'], programmes: readonly Programme[]): string | null {
  const programme = programmes.find(({ id }) => id === by.programme);
  const named =
    programme?.rules.find(({ id }) => id === by.rule) ??
    programme?.rewards.find(({ id }) => id === by.rule);
  return named === undefined ? null : JSON.stringify(named.name);
}

const VOUCHER = `
  v.code, v.programme, v.holder, v.name, v.expires_at_ms as "expiresAtMs",
  coalesce(a.posted - a.granted, 0)::bigint as available,
  case when v.state = 'blocked' then 'blocked' when coalesce(a.posted, 0) <= 0 then 'used'
    else 'active' end as state`;

const ACCOUNT = `
  left join account a on a.tenant = v.tenant and a.owner = v.holder and a.programme = v.programme`;

/** The voucher a code stands for; null where nobody knows it. */
export async function findVoucher(
  db: ReadableDb,
  tenant: string,
  code: string,
): Promise<VoucherRecord | null> {
  const rows = await db.query<VoucherRecord>(
    `select ${VOUCHER} from voucher v ${ACCOUNT} where v.tenant = $1 and v.code = $2`,
    [tenant, code],
  );
  return rows[0] ?? null;
}

/** The vouchers of each owner: what can be used first, soonest end first; what is over is left out. */
export async function vouchersOf(
  db: ReadableDb,
  tenant: string,
  owners: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, readonly VoucherRecord[]>> {
  if (owners.length === 0) return new Map();
  const rows = await db.query<VoucherRecord & { readonly owner: string }>(
    `select m.owner, ${VOUCHER} from member m
     join voucher v on v.tenant = m.tenant and v.owner = m.member ${ACCOUNT}
     where m.tenant = $1 and m.owner = any($2::text[])
       and (v.expires_at_ms is null or v.expires_at_ms > $3)
     order by m.owner, state, v.expires_at_ms nulls last, v.code`,
    [tenant, owners, nowMs],
  );
  return new Map(
    [...Map.groupBy(rows, ({ owner }) => owner)].map(([owner, own]) => [
      owner,
      own.slice(0, VOUCHERS_MAX).map((row) => {
        const { owner: _, ...voucher } = row;
        return voucher;
      }),
    ]),
  );
}

/** Whose vouchers these accounts are: their records must tell of the change. */
export async function ownersOfHolders(
  db: ReadableDb,
  tenant: string,
  holders: readonly string[],
): Promise<readonly string[]> {
  if (holders.length === 0) return [];
  const rows = await db.query<{ owner: string }>(
    `select distinct m.owner from voucher v join member m on m.tenant = v.tenant and m.member = v.owner
     where v.tenant = $1 and v.holder = any($2::text[]) order by 1`,
    [tenant, holders],
  );
  return rows.map(({ owner }) => owner);
}
