import type { MemberProfile } from '#contract/member.ts';
import { openSealed, seal } from '#node/seal.ts';
import type { KeysByMember } from '#server/database/member-keys.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { displayName } from './display-name.ts';

/** What a profile says of a person, without whose and which version it is. */
export type ProfileContent = Omit<MemberProfile, 'member' | 'version'>;

/** A profile as it rests in the table and in the command log: nothing in it can be read without its key. */
export interface SealedProfile {
  readonly member: string;
  readonly version: number;
  readonly sealed: string;
}

function contextOf(tenant: string, member: string, version: number): string {
  return `profile/${tenant}/${member}/${version}`;
}

/** Seals profiles under their members' keys; one whose key was destroyed is left out. */
export function sealProfiles(
  keys: KeysByMember,
  tenant: string,
  profiles: readonly MemberProfile[],
): readonly SealedProfile[] {
  return profiles.flatMap(({ member, version, ...content }) => {
    const key = keys.get(member);
    if (key === undefined) return [];
    const context = contextOf(tenant, member, version);
    return [{ member, version, sealed: seal(key, context, JSON.stringify(content)) }];
  });
}

/** Opens a sealed profile; null where its key is gone. */
export function openProfile(
  keys: KeysByMember,
  tenant: string,
  { member, version, sealed }: SealedProfile,
): ProfileContent | null {
  const key = keys.get(member);
  const text =
    key === undefined ? null : openSealed(key, contextOf(tenant, member, version), sealed);
  // Only this server seals, and a changed text does not open: it is what the contract let in.
  return text === null ? null : (JSON.parse(text) as ProfileContent);
}

interface ProfileRow extends SealedProfile {
  readonly of: string;
}

const ROWS = `
  select p.member as "of", p.sealed_for as member, p.sealed_version as version, p.sealed
  from profile p where p.tenant = $1`;

async function open(
  db: ReadableDb,
  tenant: string,
  rows: readonly ProfileRow[],
): Promise<ReadonlyMap<string, ProfileContent>> {
  if (rows.length === 0) return new Map();
  const keys = await db.keys.of(tenant, [...new Set(rows.map(({ member }) => member))]);
  return new Map(
    rows.flatMap((row) => {
      const content = openProfile(keys, tenant, row);
      return content === null ? [] : [[row.of, content] as const];
    }),
  );
}

/** What is known of these members as persons. Who was erased, or never said anything, is not in it. */
export async function openProfiles(
  db: ReadableDb,
  tenant: string,
  members: readonly string[],
): Promise<ReadonlyMap<string, ProfileContent>> {
  if (members.length === 0) return new Map();
  const rows = await db.query<ProfileRow>(`${ROWS} and p.member = any($2::text[])`, [
    tenant,
    members,
  ]);
  return open(db, tenant, rows);
}

/** First names and initials, for lists of members; who gave none is not in it. */
export async function displayNames(
  db: ReadableDb,
  tenant: string,
  members: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const known = await openProfiles(db, tenant, [...new Set(members)]);
  return new Map(
    [...known].flatMap(([member, { name }]) => {
      const shown = displayName(name);
      return shown === null ? [] : [[member, shown] as const];
    }),
  );
}

/** Members opened at a time while one with the right birthday is looked for. */
const BIRTHDAY_PAGE = 500;
/** Most that one command of the night opens. */
const BIRTHDAYS_OPENED_MAX = 10_000;

/**
 * Members after one who have their birthday on one of these days (`MM-DD`), in order.
 *
 * `seen` is the last one looked at; null where there is nobody after that.
 */
export async function membersBornOn(
  db: ReadableDb,
  tenant: string,
  days: readonly string[],
  wanted: { readonly after: string; readonly most: number },
): Promise<{ readonly members: readonly string[]; readonly seen: string | null }> {
  const members: string[] = [];
  let seen = wanted.after;
  for (let opened = 0; opened < BIRTHDAYS_OPENED_MAX; opened += BIRTHDAY_PAGE) {
    const rows = await db.query<ProfileRow>(
      `${ROWS} and p.has_birthday and p.member > $2 order by p.member limit ${BIRTHDAY_PAGE}`,
      [tenant, seen],
    );
    const known = await open(db, tenant, rows);
    for (const { of } of rows) {
      if (members.length >= wanted.most) return { members, seen };
      seen = of;
      const birthday = known.get(of)?.birthday ?? null;
      if (birthday !== null && days.includes(birthday)) members.push(of);
    }
    if (rows.length < BIRTHDAY_PAGE) return { members, seen: null };
  }
  return { members, seen };
}
