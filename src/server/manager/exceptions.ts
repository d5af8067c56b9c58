import type { ExceptionView } from '#contract/manager.ts';
import { journalEntry, type EntryBody } from '#journal/entry.ts';
import type { TerminalRow } from '#journal/posting-rows.ts';
import {
  isExceptionCode,
  lawfulWays,
  type ExceptionFacts,
  type LawfulWay,
  type SettlementWay,
} from '#journal/settlement.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { withTexts, type Place } from '#server/posting/archive.ts';
import type { PagePlace } from './cursor.ts';
import { knownMembers, labelOf, type KnownMember } from './labels.ts';

interface ExceptionRow extends Place {
  readonly id: string;
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly atMs: number;
  readonly tillName: string | null;
  readonly tillState: TerminalRow['state'] | null;
  readonly way: SettlementWay | null;
  readonly points: number | null;
  readonly settledBy: string | null;
  readonly approvedBy: string | null;
  readonly settledAtMs: number | null;
  readonly grantProgramme: string | null;
}

const COLUMNS = `
  select e.id, e.code, e.params, e.till, e.at_ms as "atMs", t.name as "tillName",
    t.state as "tillState", e.inc, e.seq, s.way, s.points, s.by_cashier as "settledBy",
    s.approved_by as "approvedBy", s.at_ms as "settledAtMs", g.programme as "grantProgramme"
  from posting_exception e
    left join terminal t on t.tenant = e.tenant and t.till = e.till
    left join exception_settlement s on s.tenant = e.tenant and s.exception = e.id
    left join point_grant g on g.tenant = e.tenant and g.grant_ref = e.params ->> 'grant'`;

/** An exception with everything its rules look at. */
export interface KnownException {
  readonly view: ExceptionView;
  readonly ways: readonly LawfulWay[];
  /** The member concerned, as its owner; null where none is. */
  readonly member: KnownMember | null;
  /** The programme its points are of; null where that is not known. */
  readonly programme: string | null;
}

/** One exception; null where there is none of that name. */
export async function readException(
  db: ReadableDb,
  tenant: string,
  id: string,
): Promise<KnownException | null> {
  const rows = await db.query<ExceptionRow>(`${COLUMNS} where e.tenant = $1 and e.id = $2`, [
    tenant,
    id,
  ]);
  const [known] = await withFacts(db, tenant, rows);
  return known ?? null;
}

/** A page of exceptions of all days, those before a place, latest first: which wait, or which were settled. */
export async function readExceptions(
  db: ReadableDb,
  tenant: string,
  settled: boolean,
  before: PagePlace | null,
  limit: number,
): Promise<readonly KnownException[]> {
  const rows = await db.query<ExceptionRow>(
    `${COLUMNS}
     where e.tenant = $1 and (s.exception is not null) = $2
       and (e.at_ms, e.id) < ($3::bigint, $4::text)
     order by e.at_ms desc, e.id desc limit $5`,
    [tenant, settled, before?.atMs ?? Number.MAX_SAFE_INTEGER, before?.id ?? '', limit],
  );
  return withFacts(db, tenant, rows);
}

/** How many exceptions wait for somebody. */
export async function countOpenExceptions(db: ReadableDb, tenant: string): Promise<number> {
  const rows = await db.query<{ open: number }>(
    `select count(*)::bigint as open from posting_exception e
     where e.tenant = $1 and not exists (select 1 from exception_settlement s
       where s.tenant = e.tenant and s.exception = e.id)`,
    [tenant],
  );
  return rows[0]?.open ?? 0;
}

interface Subject {
  readonly row: ExceptionRow;
  readonly body: EntryBody | null;
  readonly member: string | null;
  /** Another member it names; null where it names one or none. */
  readonly other: string | null;
  readonly programme: string | null;
}

async function withFacts(
  db: ReadableDb,
  tenant: string,
  rows: readonly ExceptionRow[],
): Promise<readonly KnownException[]> {
  const subjects = (await withTexts(db, tenant, rows)).map(subjectOf);
  const members = await knownMembers(
    db,
    tenant,
    subjects.flatMap(({ member, other }) => [member ?? [], other ?? []].flat()),
  );
  const accounts = await readAccounts(db, tenant, [...members.values()]);
  const given = await readGiven(db, tenant, rows);
  const back = await readBack(db, tenant, subjects, members);
  const memberOf = (ref: string | null): KnownMember | null =>
    ref === null ? null : (members.get(ref) ?? null);
  return subjects.map(({ row, body, member: ref, other, programme }) => {
    const member = memberOf(ref);
    const key = member === null || programme === null ? null : `${member.member} ${programme}`;
    const none = key === null ? null : { posted: 0, granted: 0 };
    const ways = waysOf(row, {
      params: row.params,
      body,
      member,
      other: memberOf(other),
      tillState: row.tillState,
      account: key === null ? null : (accounts.get(key) ?? none),
      given: given.get(row.id) ?? 0,
      backSince: madeUp(back.get(row.id), numberOf(row.params['back'])),
    });
    return { view: viewOf(row, member, memberOf(other), ways), ways, member, programme };
  });
}

function subjectOf(row: ExceptionRow & { readonly text: string | null }): Subject {
  const body = bodyOf(row.text);
  const { member, into, programme } = row.params;
  const named = body !== null && 'programme' in body ? body.programme : null;
  return {
    row,
    body,
    member: textOf(member) ?? textOf(into),
    other: textOf(member) === null ? null : textOf(into),
    programme: textOf(programme) ?? row.grantProgramme ?? named,
  };
}

/** Entries of tills alone: the server's own journal has another shape and no exceptions. */
function bodyOf(text: string | null): EntryBody | null {
  if (text === null) return null;
  const read = journalEntry.safeParse(JSON.parse(text));
  return read.success ? read.data.body : null;
}

function textOf(value: string | number | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

interface Back {
  readonly points: number;
  readonly own: number;
}

/** What later returns took with their own, `before` having gone back when the exception was noted. */
function madeUp(back: Back | undefined, before: number): number {
  return back === undefined ? 0 : Math.max(0, back.points - Math.max(back.own, before));
}

function numberOf(value: string | number | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function waysOf(row: ExceptionRow, facts: Omit<ExceptionFacts, 'code'>): readonly LawfulWay[] {
  if (row.way !== null || !isExceptionCode(row.code)) return [];
  return lawfulWays({ ...facts, code: row.code });
}

function viewOf(
  row: ExceptionRow,
  member: KnownMember | null,
  other: KnownMember | null,
  ways: readonly LawfulWay[],
): ExceptionView {
  const { id, code, params, till, atMs, way, settledBy, approvedBy, settledAtMs } = row;
  const isSettled = way !== null && settledBy !== null && settledAtMs !== null;
  return {
    id,
    code,
    params,
    till,
    tillName: row.tillName ?? till,
    atMs,
    member: labelOf(member ?? undefined),
    other: labelOf(other ?? undefined),
    ways: [...ways],
    settled: isSettled
      ? { way, points: row.points ?? 0, by: settledBy, approvedBy, atMs: settledAtMs }
      : null,
  };
}

/** What settling the other exceptions of the same entries gave, by exception. */
async function readGiven(
  db: ReadableDb,
  tenant: string,
  rows: readonly ExceptionRow[],
): Promise<ReadonlyMap<string, number>> {
  if (rows.length === 0) return new Map();
  const given = await db.query<{ readonly id: string; readonly points: number }>(
    `select u.id, sum(s.points)::bigint as points
     from unnest($2::text[], $3::text[], $4::integer[], $5::bigint[]) as u(id, till, inc, seq)
       join (exception_settlement s join posting_exception e
         on e.tenant = s.tenant and e.id = s.exception)
       on s.tenant = $1 and s.points > 0 and e.till = u.till and e.inc = u.inc and e.seq = u.seq
         and e.id <> u.id
     group by u.id`,
    [
      tenant,
      rows.map(({ id }) => id),
      rows.map(({ till }) => till),
      rows.map(({ inc }) => inc),
      rows.map(({ seq }) => seq),
    ],
  );
  return new Map(given.map(({ id, points }) => [id, points]));
}

/**
 * Points of the sale's earning that reversals took back so far, by exception of a claimed sale; of them, those
 * that returns took for what they brought back themselves.
 */
async function readBack(
  db: ReadableDb,
  tenant: string,
  subjects: readonly Subject[],
  members: ReadonlyMap<string, KnownMember>,
): Promise<ReadonlyMap<string, Back>> {
  const asked = subjects.flatMap(({ row, member, programme }) => {
    const of = textOf(row.params['of']);
    const owner = member === null ? undefined : members.get(member)?.member;
    if (of === null || owner === undefined || programme === null) return [];
    if (row.code !== 'return-of-claimed-sale' && row.code !== 'claim-of-returned-sale') return [];
    return [{ id: row.id, of, owner, programme }];
  });
  if (asked.length === 0) return new Map();
  const rows = await db.query<Back & { readonly id: string }>(
    `select u.id, -sum(l.points)::bigint as points,
       coalesce(sum(floor(o.points * r.refund_minor / s.total_minor)), 0)::bigint as own
     from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as u(id, source, owner, programme)
       join ledger l on l.tenant = $1 and l.of_source = u.source and l.of_type = 'earn'
         and l.programme = u.programme
       join member m on m.tenant = l.tenant and m.member = l.member and m.owner = u.owner
       left join sale_return r on r.tenant = l.tenant and r.of_tx = u.source::uuid
         and r.tx::text || ':earn' = l.source
       left join sale s on s.tenant = r.tenant and s.tx = r.of_tx and s.total_minor > 0
       left join lateral (
         select sum(e.points) as points from ledger e
           join member em on em.tenant = e.tenant and em.member = e.member and em.owner = u.owner
         where e.tenant = l.tenant and e.source = u.source and e.type = 'earn'
           and e.programme = u.programme) o on true
     group by u.id`,
    [
      tenant,
      asked.map(({ id }) => id),
      asked.map(({ of }) => of),
      asked.map(({ owner }) => owner),
      asked.map(({ programme }) => programme),
    ],
  );
  return new Map(rows.map(({ id, points, own }) => [id, { points, own }]));
}

interface Balance {
  readonly owner: string;
  readonly programme: string;
  readonly posted: number;
  readonly granted: number;
}

async function readAccounts(
  db: ReadableDb,
  tenant: string,
  members: readonly KnownMember[],
): Promise<ReadonlyMap<string, Balance>> {
  if (members.length === 0) return new Map();
  const rows = await db.query<Balance>(
    `select owner, programme, posted, granted from account
     where tenant = $1 and owner = any($2::text[])`,
    [tenant, [...new Set(members.map(({ member }) => member))]],
  );
  return new Map(rows.map((row) => [`${row.owner} ${row.programme}`, row]));
}
