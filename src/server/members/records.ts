import { USES_MAX } from '#contract/facts.ts';
import type { Identifier, MemberBalance, MemberRecord, StandingRecord } from '#contract/member.ts';
import { businessDay } from '#loyalty/business-day.ts';
import { programmesMax } from '#loyalty/programme.ts';
import { windowOf, type Measures } from '#loyalty/tiers.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { askedOfMembers } from '#server/facts/asked.ts';
import { termEnd } from '#server/facts/memberships.ts';
import { readUses } from '#server/facts/uses.ts';
import { vouchersOf } from '#server/facts/vouchers.ts';
import type { ShopRules } from '#server/shop.ts';
import { displayName } from './display-name.ts';
import { readMeasures } from './measures.ts';
import { openProfiles } from './sealed-profiles.ts';
import { progressMeasure, tieredOf } from './tier-rules.ts';

/** A balance as tills are told, from a row of `account a`. */
export const BALANCE_COLUMNS = `
  a.owner as member, a.programme, a.posted, (a.pending + a.held)::bigint as pending,
  (a.posted - a.granted)::bigint as available, a.version`;

/** What the server says these members have. Members that were merged answer with their owner's. */
async function balancesOf(
  db: ReadableDb,
  tenant: string,
  owners: readonly string[],
): Promise<readonly MemberBalance[]> {
  if (owners.length === 0) return [];
  return db.query<MemberBalance>(
    `select ${BALANCE_COLUMNS} from account a where a.tenant = $1 and a.owner = any($2::text[])
     order by a.owner, a.programme`,
    [tenant, owners],
  );
}

interface MemberRowOfRecord {
  readonly member: string;
  readonly owner: string;
  readonly status: MemberRecord['status'];
  readonly provisional: boolean;
  readonly version: number;
  readonly enrolledOn: string | null;
  readonly visits: number | null;
  readonly lastSaleAtMs: number | null;
  readonly surveyedAtMs: number | null;
  readonly identifiers: readonly Identifier[];
  readonly tiers: Readonly<Record<string, string | null>>;
  readonly paidUntilMs: Readonly<Record<string, number>>;
  readonly news: MemberRecord['news'];
}

const RECORDS = `
  select m.member, m.owner, m.status, m.provisional, case when m.enrolled then m.enrolled_day end as "enrolledOn",
    f.visits, f.last_sale_at_ms as "lastSaleAtMs", f.surveyed_at_ms as "surveyedAtMs",
    (m.changes + coalesce(f.version, 0) + coalesce((select sum(a.version) from account a
      where a.tenant = m.tenant and a.owner = m.member), 0))::bigint as version,
    coalesce((select json_agg(json_build_object('kind', i.kind, 'hash', i.hash, 'masked', i.masked)
                              order by i.hash)
              from identifier i where i.tenant = m.tenant and i.member = m.member), '[]') as identifiers,
    coalesce((select json_object_agg(h.programme, h.tier) from held_tier h
              where h.tenant = m.tenant and h.owner = m.member), '{}') as tiers,
    coalesce((select json_object_agg(s.programme, s.paid_until_ms) from membership s
              where s.tenant = m.tenant and s.owner = m.member), '{}') as "paidUntilMs",
    coalesce((select json_agg(json_build_object('programme', t.programme, 'source', t.source,
                'kind', t.kind, 'from', t.from_tier, 'to', t.to_tier, 'day', t.day) order by t.at_ms, t.source)
              from tier_move t where t.tenant = m.tenant and t.owner = m.member and not t.told), '[]') as news
  from member m left join member_fact f on f.tenant = m.tenant and f.owner = m.member
  where m.tenant = $1 and m.member = any($2::text[])
    and not exists (select 1 from voucher v where v.tenant = m.tenant and v.holder = m.member)
  order by m.member`;

/** Identifiers and news one record may carry; the contract's own bounds. */
const LIST_MAX = 16;

/** By whose rules and when records are read: measures and memberships are of that moment. */
export interface RecordView extends ShopRules {
  readonly nowMs: number;
}

/** Members as tills cache them. Unknown references are left out, and so are holders of vouchers. */
export async function memberRecords(
  db: ReadableDb,
  tenant: string,
  members: readonly string[],
  view: RecordView,
): Promise<readonly MemberRecord[]> {
  if (members.length === 0) return [];
  const rows = await db.query<MemberRowOfRecord>(RECORDS, [tenant, members]);
  const owners = rows.map(({ member }) => member);
  const balances = Map.groupBy(await balancesOf(db, tenant, owners), ({ member }) => member);
  const uses = await readUses(db, tenant, owners, askedOfMembers(view.programmes));
  const vouchers = await vouchersOf(db, tenant, owners, view.nowMs);
  const measures = await measuresOf(db, tenant, owners, view);
  const persons = await openProfiles(db, tenant, owners);
  return rows.map((row): MemberRecord => {
    const standings = standingsOf(row, measures.get(row.member) ?? new Map(), view);
    const tiered = tieredOf(view.programmes)[0];
    const person = persons.get(row.member);
    const first = standings.find(({ programme }) => programme === tiered?.id);
    return {
      member: row.member,
      version: row.version,
      status: row.status,
      mergedInto: row.owner === row.member ? null : row.owner,
      provisional: row.provisional,
      displayName: displayName(person?.name ?? null),
      language: person?.language ?? '',
      tier: first?.tier ?? null,
      tierProgress:
        tiered === undefined || first === undefined
          ? 0
          : Math.max(0, progressMeasure(tiered, first.measures)),
      identifiers: row.identifiers.slice(0, LIST_MAX),
      balances: (balances.get(row.member) ?? [])
        .slice(0, programmesMax)
        .map(({ programme, posted, pending, available, version }) => ({
          programme,
          posted,
          pending,
          available,
          version,
        })),
      birthday: person?.birthday ?? null,
      enrolledOn: row.enrolledOn,
      segments: [],
      standings,
      visits: Math.max(0, row.visits ?? 0),
      lastSaleAtMs: row.lastSaleAtMs,
      surveyedAtMs: row.surveyedAtMs,
      uses: (uses.get(row.member) ?? []).slice(0, USES_MAX),
      vouchers: [...(vouchers.get(row.member) ?? [])],
      news: row.news.slice(0, LIST_MAX),
    };
  });
}

/** Measures of each owner, by programme, in the windows of today. */
async function measuresOf(
  db: ReadableDb,
  tenant: string,
  owners: readonly string[],
  view: RecordView,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Measures>>> {
  const day = businessDay(view.nowMs, view.settings);
  const questions = tieredOf(view.programmes).flatMap((programme) =>
    owners.map((owner) => ({ owner, programme, day })),
  );
  const read = await readMeasures(db, tenant, questions);
  const byOwner = new Map<string, Map<string, Measures>>();
  for (const [index, { owner, programme }] of questions.entries()) {
    const own = byOwner.get(owner) ?? new Map<string, Measures>();
    own.set(programme.id, read[index] ?? {});
    byOwner.set(owner, own);
  }
  return byOwner;
}

function standingsOf(
  row: MemberRowOfRecord,
  measures: ReadonlyMap<string, Measures>,
  view: RecordView,
): StandingRecord[] {
  const day = businessDay(view.nowMs, view.settings);
  return view.programmes
    .filter(({ holder, tiers, membership }) => {
      return holder === 'member' && (tiers.length > 0 || membership !== null);
    })
    .map((programme) => {
      const { id, tierSettings } = programme;
      const paid = row.paidUntilMs[id];
      const rolling = tierSettings.window.kind === 'rolling';
      return {
        programme: id,
        tier: row.tiers[id] ?? null,
        measures: { ...measures.get(id) },
        measuredFrom: rolling ? null : windowOf(tierSettings, day).from,
        membershipUntilMs:
          paid === undefined ? null : termEnd(view.settings, programme, paid, view.nowMs),
        enabled: row.status === 'active',
      };
    });
}

/** The member an identifier belongs to; null where nobody has it. */
export async function findByIdentifier(
  db: ReadableDb,
  tenant: string,
  hash: string,
  view: RecordView,
): Promise<MemberRecord | null> {
  const rows = await db.query<{ owner: string }>(
    `select m.owner from identifier i join member m using (tenant, member)
     where i.tenant = $1 and i.hash = $2`,
    [tenant, hash],
  );
  const owner = rows[0]?.owner;
  if (owner === undefined) return null;
  return (await memberRecords(db, tenant, [owner], view))[0] ?? null;
}
