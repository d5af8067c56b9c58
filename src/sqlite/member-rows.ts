import {
  memberProfile,
  type AccountBalance,
  type Identifier,
  type MemberProfile,
  type MemberRecord,
} from '#contract/member.ts';
import type { CachedMember, LocalMovement, MemberFacts } from '#till/database.ts';
import type { ReadableDb, WritableDb } from './handles.ts';

interface MemberRow {
  readonly member: string;
  readonly version: number;
  readonly status: MemberRecord['status'];
  readonly merged_into: string | null;
  readonly provisional: number;
  readonly display_name: string | null;
  readonly language: string;
  readonly tier: string | null;
  readonly tier_progress: number;
  readonly facts: string;
  readonly masked: string | null;
}

const COLUMNS =
  'm.member, m.version, m.status, m.merged_into, m.provisional, m.display_name, m.language, m.tier, m.tier_progress, m.facts';

/** The member an identifier stands for: one statement over two primary keys. */
export function readMemberByIdentifier(db: ReadableDb, hash: string): CachedMember | null {
  const row = db.get<MemberRow>(
    `SELECT ${COLUMNS}, i.masked FROM identifier i JOIN member m ON m.member = i.member WHERE i.hash = ?`,
    hash,
  );
  return row === undefined ? null : cachedMember(db, row);
}

/** A member by reference, with its first identifier's masked form. */
export function readMember(db: ReadableDb, member: string): CachedMember | null {
  const row = db.get<MemberRow>(
    `SELECT ${COLUMNS}, (SELECT masked FROM identifier WHERE member = m.member ORDER BY kind DESC, hash LIMIT 1) AS masked
       FROM member m WHERE m.member = ?`,
    member,
  );
  return row === undefined ? null : cachedMember(db, row);
}

function cachedMember(db: ReadableDb, row: MemberRow): CachedMember {
  return {
    member: row.member,
    version: row.version,
    status: row.status,
    mergedInto: row.merged_into,
    provisional: row.provisional === 1,
    displayName: row.display_name,
    language: row.language,
    tier: row.tier,
    tierProgress: row.tier_progress,
    masked: row.masked,
    ...(JSON.parse(row.facts) as MemberFacts),
    balances: db.all<AccountBalance>(
      'SELECT programme, posted, pending, available, version FROM balance WHERE member = ?',
      row.member,
    ),
  };
}

/** What this till booked and the server has not acknowledged, summed per programme by triggers. */
export function readLocalMovements(db: ReadableDb, member: string): LocalMovement[] {
  return db.all<LocalMovement>(
    `SELECT programme, added, taken FROM movement_sum
      WHERE member = ? AND (added <> 0 OR taken <> 0)`,
    member,
  );
}

/**
 * Writes a record unless a newer one is there; its balances go by versions of their own.
 *
 * Name and identifiers given here that the server has not accepted yet survive a record without them.
 */
export function writeMember(db: WritableDb, record: MemberRecord): boolean {
  const waiting = db.get<{ json: string }>(
    'SELECT json FROM profile WHERE member = ? AND version > acknowledged',
    record.member,
  );
  const known = waiting === undefined ? null : readMember(db, record.member);
  const changed = db.run(
    `INSERT INTO member VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, status = excluded.status,
       merged_into = excluded.merged_into, provisional = excluded.provisional,
       display_name = excluded.display_name, language = excluded.language, tier = excluded.tier,
       tier_progress = excluded.tier_progress, facts = excluded.facts
     WHERE excluded.version >= member.version`,
    record.member,
    record.version,
    record.status,
    record.mergedInto,
    record.provisional ? 1 : 0,
    record.displayName ?? known?.displayName ?? null,
    record.language,
    record.tier,
    record.tierProgress,
    JSON.stringify(factsOf(record)),
  );
  for (const balance of record.balances) writeBalance(db, record.member, balance);
  if (changed === 0) return false;
  db.run('DELETE FROM identifier WHERE member = ?', record.member);
  for (const identifier of record.identifiers) writeIdentifier(db, record.member, identifier);
  if (waiting !== undefined) {
    const { identifiers } = memberProfile.parse(JSON.parse(waiting.json));
    for (const identifier of identifiers) writeIdentifier(db, record.member, identifier);
  }
  return true;
}

function factsOf(record: MemberRecord): MemberFacts {
  const { birthday, enrolledOn, segments, standings, visits } = record;
  const { lastSaleAtMs, uses, vouchers, news } = record;
  return { birthday, enrolledOn, segments, standings, visits, lastSaleAtMs, uses, vouchers, news };
}

/** Makes an identifier stand for a member, whoever it stood for before. */
export function writeIdentifier(db: WritableDb, member: string, identifier: Identifier): void {
  db.run(
    `INSERT INTO identifier VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET member = excluded.member, masked = excluded.masked`,
    identifier.hash,
    member,
    identifier.kind,
    identifier.masked,
  );
}

/** Writes a balance unless a newer one is there. */
export function writeBalance(db: WritableDb, member: string, balance: AccountBalance): void {
  db.run(
    `INSERT INTO balance VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET posted = excluded.posted, pending = excluded.pending,
       available = excluded.available, version = excluded.version
     WHERE excluded.version > balance.version`,
    member,
    balance.programme,
    balance.posted,
    balance.pending,
    balance.available,
    balance.version,
  );
}

/** Lowers what can be spent by what a grant took out, unless a later balance already shows it. */
export function reserve(
  db: WritableDb,
  member: string,
  programme: string,
  points: number,
  version: number,
): void {
  db.run(
    'UPDATE balance SET available = available - ? WHERE member = ? AND programme = ? AND version = ?',
    points,
    member,
    programme,
    version,
  );
}

/** Hands everything of one member to another, the old record staying as a signpost. */
export function mergeMember(db: WritableDb, from: string, into: string): void {
  db.run('UPDATE identifier SET member = ? WHERE member = ?', into, from);
  db.run('UPDATE movement SET member = ? WHERE member = ?', into, from);
  db.run('UPDATE local_fact SET member = ?, version = 0 WHERE member = ?', into, from);
  db.run("UPDATE member SET status = 'merged', merged_into = ? WHERE member = ?", into, from);
  db.run('DELETE FROM balance WHERE member = ?', from);
  db.run('UPDATE profile SET acknowledged = version WHERE member = ?', from);
}

/** Notes points booked here by the entry `seq`. */
export function addMovement(
  db: WritableDb,
  seq: number,
  member: string,
  programme: string,
  points: number,
): void {
  db.run('INSERT INTO movement VALUES (?, ?, ?, ?)', seq, member, programme, points);
}

/** Forgets movements the server's balances include by now. */
export function dropMovements(db: WritableDb, throughSeq: number): void {
  db.run('DELETE FROM movement WHERE seq <= ?', throughSeq);
}

/** A member's profile as kept here. */
export function readProfile(db: ReadableDb, member: string): MemberProfile | null {
  const row = db.get<{ json: string }>('SELECT json FROM profile WHERE member = ?', member);
  return row === undefined ? null : memberProfile.parse(JSON.parse(row.json));
}

/** Profiles the server has not accepted in their present version. */
export function readWaitingProfiles(db: ReadableDb, limit: number): MemberProfile[] {
  return db
    .all<{ json: string }>('SELECT json FROM profile WHERE version > acknowledged LIMIT ?', limit)
    .map(({ json }) => memberProfile.parse(JSON.parse(json)));
}

/** Keeps the newer of two versions of a profile. */
export function writeProfile(db: WritableDb, profile: MemberProfile): void {
  db.run(
    `INSERT INTO profile (member, version, json) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, json = excluded.json
     WHERE excluded.version > profile.version`,
    profile.member,
    profile.version,
    JSON.stringify(profile),
  );
}

/** The server has this version. */
export function acknowledgeProfile(db: WritableDb, member: string, version: number): void {
  db.run(
    'UPDATE profile SET acknowledged = max(acknowledged, ?) WHERE member = ?',
    version,
    member,
  );
}

/**
 * Lets whatever a restored server says replace what is here, and sends every profile again: it may
 * have forgotten both. The records stay, to be shown until then.
 */
export function forgetVersions(db: WritableDb): void {
  db.run('UPDATE member SET version = -1');
  db.run('UPDATE balance SET version = -1');
  db.run('UPDATE profile SET acknowledged = 0');
}
