import { journalEntry } from '#journal/entry.ts';
import { ledgerEntry, type LedgerEntry, type SourceType } from '#loyalty/entry.ts';
import {
  emptyLedger,
  newLedgerMember,
  type Ledger,
  type LedgerMember,
  type LedgerSale,
  type LedgerVoucher,
} from '#loyalty/ledger.ts';
import { noRefunds } from '#loyalty/refund.ts';
import type { Returned } from '#loyalty/kept.ts';
import type { HeldTier } from '#loyalty/tiers.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { loadBodies } from '#server/facts/sale-changes.ts';
import { withTexts, type Place } from '#server/posting/archive.ts';
import type { ShopRules } from '#server/shop.ts';

interface EntryRow {
  readonly owner: string;
  readonly member: string;
  readonly programme: string;
  readonly type: LedgerEntry['type'];
  readonly source: string;
  readonly points: number;
  readonly lot: string | null;
  readonly version: number;
  readonly atMs: number;
  readonly effectiveAtMs: number;
  readonly expiresAtMs: number | null;
  readonly ofType: string | null;
  readonly ofSource: string | null;
  readonly breakdown: Readonly<Record<string, number>> | null;
}

/** What a row is called in the account of whoever owns it now. */
function keyOf(row: Pick<EntryRow, 'programme' | 'type' | 'source'>): string {
  return `${row.programme}/${row.type}/${row.source}`;
}

/**
 * The name of a row among the engine's entries; a lot has that of the row that opened it. It has the
 * member the row was written for: whose it is may change by a merge, and its name is written down.
 */
function entryId(row: Pick<EntryRow, 'member' | 'programme' | 'type' | 'source'>): string {
  return `${row.member}/${keyOf(row)}`;
}

/** The rows of some accounts, to be found by what other rows say of them. */
interface Named {
  readonly ids: ReadonlySet<string>;
  /** By owner and key: the owner's own row, else any. */
  readonly byKey: ReadonlyMap<string, string>;
}

function namesOf(rows: readonly EntryRow[]): Named {
  const own = rows.filter(({ owner, member }) => owner === member);
  const taken = rows.filter(({ owner, member }) => owner !== member);
  return {
    ids: new Set(rows.map(entryId)),
    byKey: new Map(
      [...taken, ...own].map((row) => [`${row.owner}/${keyOf(row)}`, entryId(row)] as const),
    ),
  };
}

/** How much is loaded: sales and what earnings were made of are for rules, not for lots. */
export interface LoadedParts {
  readonly forRules: boolean;
  /** The birthday of all these members, `MM-DD`, where a step is about it. */
  readonly birthday?: string;
}

/**
 * The ledger of some members as the engine takes it: their entries, vouchers and tiers.
 *
 * What of it the engine derives for others than these members is not to be believed.
 */
export async function loadLedger(
  db: ReadableDb,
  tenant: string,
  owners: readonly string[],
  shop: ShopRules,
  parts: LoadedParts,
): Promise<Ledger> {
  const vouchers = await loadVouchers(db, tenant, owners);
  const holders = [...owners, ...vouchers.map(({ holder }) => holder)];
  const rows = await db.query<EntryRow>(
    `select m.owner, l.member, l.programme, l.type, l.source, l.points, l.lot, l.version,
       l.at_ms as "atMs", l.effective_at_ms as "effectiveAtMs", l.expires_at_ms as "expiresAtMs",
       l.of_type as "ofType", l.of_source as "ofSource", l.breakdown
     from member m join ledger l on l.tenant = m.tenant and l.member = m.member
     where m.tenant = $1 and m.owner = any($2::text[])
     order by l.effective_at_ms, l.source, l.type`,
    [tenant, holders],
  );
  const made = parts.forRules ? await loadBreakdowns(db, tenant, rows) : new Map();
  const names = namesOf(rows);
  const entries = rows.map((row) => entryOf(row, names, made));
  return {
    ...emptyLedger(shop.settings, shop.programmes),
    entries,
    vouchers,
    members: await loadMembers(db, tenant, owners, parts.birthday ?? null),
    sales: parts.forRules ? await loadSales(db, tenant, owners, entries) : new Map(),
  };
}

type Breakdowns = ReadonlyMap<string, Readonly<Record<string, number>>>;

/** What the tills' earnings were made of, from their journals. */
async function loadBreakdowns(
  db: ReadableDb,
  tenant: string,
  rows: readonly EntryRow[],
): Promise<Breakdowns> {
  const sources = rows.flatMap(({ type, source, breakdown }) =>
    type === 'earn' && breakdown === null ? [source] : [],
  );
  const claims = await db.query<{ tx: string }>(
    'select tx from claim where tenant = $1 and of_tx = any($2::uuid[])',
    [tenant, sources],
  );
  const bodies = await loadBodies(db, tenant, [...sources, ...claims.map(({ tx }) => tx)]);
  return new Map(
    [...bodies.values()]
      .flat()
      .flatMap((body) =>
        body.kind === 'earn'
          ? [[`${body.member} ${body.programme} ${body.source}`, body.breakdown] as const]
          : [],
      ),
  );
}

function entryOf(row: EntryRow, { ids, byKey }: Named, made: Breakdowns): LedgerEntry {
  const { owner, member, programme, ofType, ofSource, lot } = row;
  const id = entryId(row);
  // Two records that were joined may both have a row of one key, which to the engine is one row.
  const isFirst = byKey.get(`${owner}/${keyOf(row)}`) === id;
  const find = (key: string): string => {
    const mine = `${member}/${key}`;
    return ids.has(mine) ? mine : (byKey.get(`${owner}/${key}`) ?? mine);
  };
  // A lot may have been named by whoever owned it when it was taken from.
  const lotId = lot === null || ids.has(lot) ? lot : find(lot.slice(lot.indexOf('/') + 1));
  const isReversal = ofType !== null && ofSource !== null;
  return ledgerEntry({
    id,
    account: { holder: owner, programme, purpose: 'spendable' },
    type: row.type,
    amount: row.points,
    source: isFirst ? row.source : `${row.source}@${member}`,
    sourceType: sourceTypeOf(row.type),
    actor: 'server',
    atMs: row.atMs,
    effectiveAtMs: row.effectiveAtMs,
    expiresAtMs: row.expiresAtMs,
    lotId,
    ofEntryId: isReversal ? find(`${programme}/${ofType}/${ofSource}`) : null,
    programmeVersion: Math.max(1, row.version),
    breakdown: {
      ...(row.breakdown ?? made.get(`${row.member} ${row.programme} ${row.source}`)),
    },
  });
}

function sourceTypeOf(type: LedgerEntry['type']): SourceType {
  if (type === 'expire') return 'expiry';
  return type === 'reverse' ? 'refund' : 'sale';
}

async function loadVouchers(
  db: ReadableDb,
  tenant: string,
  owners: readonly string[],
): Promise<readonly LedgerVoucher[]> {
  return db.query<LedgerVoucher>(
    `select v.code, v.programme, v.holder, m.owner, null as sale, v.by_rule as rule,
       v.expires_at_ms as "expiresAtMs", v.state
     from member m join voucher v on v.tenant = m.tenant and v.owner = m.member
     where m.tenant = $1 and m.owner = any($2::text[]) order by v.code`,
    [tenant, owners],
  );
}

interface MemberFacts {
  readonly member: string;
  readonly enrolledAtMs: number;
  readonly status: string;
  readonly tiers: Readonly<Record<string, HeldTier>>;
  readonly membershipUntilMs: Readonly<Record<string, number>>;
}

async function loadMembers(
  db: ReadableDb,
  tenant: string,
  owners: readonly string[],
  birthday: string | null,
): Promise<ReadonlyMap<string, LedgerMember>> {
  const rows = await db.query<MemberFacts>(
    `select m.member, m.enrolled_at_ms as "enrolledAtMs", m.status,
       coalesce((select json_object_agg(h.programme, json_build_object(
                   'tier', h.tier, 'since', h.since, 'through', h.through))
                 from held_tier h where h.tenant = m.tenant and h.owner = m.member), '{}') as tiers,
       coalesce((select json_object_agg(s.programme, s.paid_until_ms) from membership s
                 where s.tenant = m.tenant and s.owner = m.member), '{}') as "membershipUntilMs"
     from member m where m.tenant = $1 and m.member = any($2::text[])`,
    [tenant, owners],
  );
  return new Map(
    rows.map(({ member, status, ...facts }) => [
      member,
      {
        ...newLedgerMember(member, facts.enrolledAtMs),
        ...facts,
        birthday,
        enabled: status === 'active',
      },
    ]),
  );
}

interface SaleText extends Place {
  readonly tx: string;
  readonly owner: string;
  readonly atMs: number;
  readonly returned: Returned;
  readonly complete: boolean;
}

async function loadSales(
  db: ReadableDb,
  tenant: string,
  owners: readonly string[],
  entries: readonly LedgerEntry[],
): Promise<ReadonlyMap<string, LedgerSale>> {
  const sales = await db.query<SaleText>(
    `select s.tx, m.owner, s.at_ms as "atMs", s.returned, s.complete, s.till, s.inc, s.seq
     from member m join sale s on s.tenant = m.tenant and s.tx in (
         select tx from sale where tenant = $1 and member = m.member
         union select tx from sale where tenant = $1 and claimed_by = m.member)
     where m.tenant = $1 and m.owner = any($2::text[]) order by s.at_ms, s.tx`,
    [tenant, owners],
  );
  const rows = await withTexts(db, tenant, sales);
  const earned = Map.groupBy(entries, ({ source }) => source);
  return new Map(
    rows.flatMap(({ tx, owner, atMs, returned, complete, text }) => {
      const body = text === null ? null : journalEntry.parse(JSON.parse(text)).body;
      if (body?.kind !== 'sale') return [];
      // A claim's earnings are in the ledger, not in the sale as it was rung up.
      const claimed = body.member === null ? (earned.get(tx) ?? []) : [];
      const snapshot = {
        ...body.snapshot,
        earnings: [
          ...body.snapshot.earnings,
          ...body.snapshot.claimable.filter(({ programme }) =>
            claimed.some(({ type, account }) => type === 'earn' && account.programme === programme),
          ),
        ],
      };
      const refunds = { ...noRefunds, returned };
      const sale = { id: tx, atMs, member: owner, snapshot, refunds, complete, claimedBy: null };
      return [[tx, sale] as const];
    }),
  );
}
