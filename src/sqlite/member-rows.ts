import {
  memberProfile,
  type AccountBalance,
  type Identifier,
  type MemberBalance,
  type MemberProfile,
  type MemberRecord,
} from '#contract/member.ts';
import { cardPrefix } from '#loyalty/card.ts';
import type { CachedMember, LocalMovement, MemberFacts } from '#till/database.ts';
import { moveLocalFacts } from './fact-rows.ts';
import { moveGrants } from './grant-rows.ts';
import type { ReadableDb, WritableDb } from './handles.ts';
import type { MemberSeal } from './member-keys.ts';

interface MemberRow {
  readonly member: string;
  readonly version: number;
  readonly status: MemberRecord['status'];
  readonly merged_into: string | null;
  readonly provisional: number;
  readonly sealed: string | null;
  readonly language: string;
  readonly tier: string | null;
  readonly tier_progress: number;
  readonly facts: string;
  readonly masked: string | null;
}

const COLUMNS =
  'm.member, m.version, m.status, m.merged_into, m.provisional, m.sealed, m.language, m.tier, m.tier_progress, m.facts';

/** The member an identifier stands for: one statement over two primary keys. */
export function readMemberByIdentifier(
  db: ReadableDb,
  persons: MemberSeal,
  hash: string,
): CachedMember | null {
  const row = db.get<MemberRow>(
    `SELECT ${COLUMNS}, i.masked FROM identifier i JOIN member m ON m.member = i.member WHERE i.hash = ?`,
    hash,
  );
  return row === undefined ? null : cachedMember(db, persons, row);
}

/** A member by reference, with its first identifier's masked form. */
export function readMember(
  db: ReadableDb,
  persons: MemberSeal,
  member: string,
): CachedMember | null {
  const row = db.get<MemberRow>(
    `SELECT ${COLUMNS}, (SELECT masked FROM identifier WHERE member = m.member ORDER BY kind DESC, hash LIMIT 1) AS masked
       FROM member m WHERE m.member = ?`,
    member,
  );
  return row === undefined ? null : cachedMember(db, persons, row);
}

/** What is sealed in a row of `member`. */
type Person = Pick<MemberRecord, 'displayName' | 'birthday'>;

const NOBODY: Person = { displayName: null, birthday: null };

function openPerson(persons: MemberSeal, { member, sealed }: MemberRow): Person {
  const text = sealed === null ? null : persons.open('member', member, sealed);
  return text === null ? NOBODY : (JSON.parse(text) as Person);
}

function sealPerson(persons: MemberSeal, member: string, person: Person): string | null {
  const isEmpty = person.displayName === null && person.birthday === null;
  return isEmpty ? null : persons.seal('member', member, JSON.stringify(person));
}

function cachedMember(db: ReadableDb, persons: MemberSeal, row: MemberRow): CachedMember {
  return {
    member: row.member,
    version: row.version,
    status: row.status,
    mergedInto: row.merged_into,
    provisional: row.provisional === 1,
    language: row.language,
    tier: row.tier,
    tierProgress: row.tier_progress,
    masked: row.masked,
    ...(JSON.parse(row.facts) as Omit<MemberFacts, 'birthday'>),
    ...openPerson(persons, row),
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
 * Name and identifiers given here that the server has not accepted yet survive a record without them,
 * unless it says that the member was erased: then everything that names a person goes, and its key.
 */
export function writeMember(db: WritableDb, persons: MemberSeal, record: MemberRecord): boolean {
  const erased = record.status === 'erased';
  const waiting = erased ? null : readWaitingProfile(db, persons, record.member);
  const known = waiting === null ? null : readMember(db, persons, record.member);
  const { displayName, birthday } = record;
  const person = { displayName: displayName ?? known?.displayName ?? null, birthday };
  const changed = db.run(
    `INSERT INTO member VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, status = excluded.status,
       merged_into = excluded.merged_into, provisional = excluded.provisional,
       sealed = excluded.sealed, language = excluded.language, tier = excluded.tier,
       tier_progress = excluded.tier_progress,
       facts = json_set(excluded.facts, '$.surveyedAtMs', nullif(max(
         coalesce(excluded.facts ->> '$.surveyedAtMs', 0),
         coalesce(member.facts ->> '$.surveyedAtMs', 0)), 0))
     WHERE excluded.version >= member.version`,
    record.member,
    record.version,
    record.status,
    record.mergedInto,
    record.provisional ? 1 : 0,
    sealPerson(persons, record.member, erased ? NOBODY : person),
    record.language,
    record.tier,
    record.tierProgress,
    JSON.stringify(factsOf(record)),
  );
  const { member } = record;
  for (const balance of record.balances) writeBalance(db, { member, ...balance });
  if (changed === 0) return false;
  db.run('DELETE FROM identifier WHERE member = ?', record.member);
  for (const identifier of record.identifiers) writeIdentifier(db, record.member, identifier);
  for (const identifier of waiting?.identifiers ?? []) {
    writeIdentifier(db, record.member, identifier);
  }
  if (erased) forgetPerson(db, persons, record.member);
  return true;
}

/** Notes that this till has asked a member about the shop, before the server can say so. */
export function writeSurveyed(db: WritableDb, member: string, atMs: number): void {
  db.run(
    `UPDATE member SET facts = json_set(facts, '$.surveyedAtMs', ?) WHERE member = ?`,
    atMs,
    member,
  );
}

/** The member and everybody who was merged into it. */
const SAME_PERSON = `
  WITH RECURSIVE same(member) AS (
    VALUES (?) UNION SELECT m.member FROM member m JOIN same s ON m.merged_into = s.member)
  SELECT member FROM same LIMIT 64`;

/** What was sealed for a person goes, with the keys; so does paper that shows their card. */
function forgetPerson(db: WritableDb, persons: MemberSeal, member: string): void {
  for (const same of db.all<{ member: string }>(SAME_PERSON, member)) {
    db.run('DELETE FROM profile WHERE member = ?', same.member);
    db.run('DELETE FROM identifier WHERE member = ?', same.member);
    db.run('UPDATE member SET sealed = NULL WHERE member = ?', same.member);
    db.run(
      `DELETE FROM print_job WHERE instr(document, '"content":"${cardPrefix}') > 0 AND sale IN (
         SELECT tx FROM journal WHERE kind IN ('enrol', 'sale')
           AND instr(text, '"member":"' || ? || '"') > 0)`,
      same.member,
    );
    persons.forget(same.member);
  }
}

function factsOf(record: MemberRecord): Omit<MemberFacts, 'birthday'> {
  const { enrolledOn, segments, standings, visits } = record;
  const { lastSaleAtMs, surveyedAtMs = null, uses, vouchers, news } = record;
  const facts = { enrolledOn, segments, standings, visits, lastSaleAtMs, uses, vouchers, news };
  return { ...facts, surveyedAtMs };
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
export function writeBalance(db: WritableDb, balance: MemberBalance): void {
  db.run(
    `INSERT INTO balance VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET posted = excluded.posted, pending = excluded.pending,
       available = excluded.available, version = excluded.version
     WHERE excluded.version > balance.version`,
    balance.member,
    balance.programme,
    balance.posted,
    balance.pending,
    balance.available,
    balance.version,
  );
}

/** Hands everything of one member to another, the old record staying as a signpost. */
export function mergeMember(db: WritableDb, from: string, into: string): void {
  db.run('UPDATE identifier SET member = ? WHERE member = ?', into, from);
  db.run('UPDATE movement SET member = ? WHERE member = ?', into, from);
  moveLocalFacts(db, from, into);
  moveGrants(db, from, into);
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
export function readProfile(
  db: ReadableDb,
  persons: MemberSeal,
  member: string,
): MemberProfile | null {
  const row = db.get<ProfileRow>('SELECT member, sealed FROM profile WHERE member = ?', member);
  return row === undefined ? null : openProfile(persons, row);
}

interface ProfileRow {
  readonly member: string;
  readonly sealed: string;
}

/** Null where the key is gone: then there is nothing to be known of the person any more. */
function openProfile(persons: MemberSeal, { member, sealed }: ProfileRow): MemberProfile | null {
  const text = persons.open('profile', member, sealed);
  return text === null ? null : memberProfile.parse(JSON.parse(text));
}

function readWaitingProfile(
  db: ReadableDb,
  persons: MemberSeal,
  member: string,
): MemberProfile | null {
  const row = db.get<ProfileRow>(
    'SELECT member, sealed FROM profile WHERE member = ? AND version > acknowledged',
    member,
  );
  return row === undefined ? null : openProfile(persons, row);
}

/** Profiles the server has not accepted in their present version. */
export function readWaitingProfiles(
  db: ReadableDb,
  persons: MemberSeal,
  limit: number,
): MemberProfile[] {
  return db
    .all<ProfileRow>(
      'SELECT member, sealed FROM profile WHERE version > acknowledged LIMIT ?',
      limit,
    )
    .flatMap((row) => openProfile(persons, row) ?? []);
}

/** Keeps the newer of two versions of a profile. */
export function writeProfile(db: WritableDb, persons: MemberSeal, profile: MemberProfile): void {
  const sealed = persons.seal('profile', profile.member, JSON.stringify(profile));
  // Whoever was erased stays so, whatever another till still hears of them.
  if (sealed === null) return;
  db.run(
    `INSERT INTO profile (member, version, sealed) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, sealed = excluded.sealed
     WHERE excluded.version > profile.version`,
    profile.member,
    profile.version,
    sealed,
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
