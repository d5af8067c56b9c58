import type { ConsentRecord, Identifier, MemberProfile } from '#contract/member.ts';
import type { SyncOutput } from '#contract/sync.ts';
import type { WritableDb } from '#server/database/database.ts';
import { bulkInsert, insertRows } from '#server/database/insert.ts';
import { touchMembers } from '#server/members/feed.ts';
import { mergeMembers } from '#server/members/merge.ts';
import { firstRules } from '#server/shop.ts';
import { lockForMerge, lockProfiles } from '#server/posting/locks.ts';
import {
  planProfiles,
  type PlannedProfile,
  type ProfiledMember,
  type ProfilePlan,
  type ProfileRows,
} from '#server/members/profile-plan.ts';
import { openProfile, sealProfiles, type SealedProfile } from '#server/members/sealed-profiles.ts';
import { exceptionInsert } from '#server/posting/apply.ts';
import type { Applied, LoggedProfile, ProfileCommand, SealedProfilesCommand } from './command.ts';

interface SealedRow extends SealedProfile {
  readonly hasBirthday: boolean;
}

const profiles = bulkInsert<SealedRow>(
  'profile as p',
  [
    { name: 'member', type: 'text', value: (row) => row.member },
    { name: 'version', type: 'integer', value: (row) => row.version },
    { name: 'sealed_for', type: 'text', value: (row) => row.member },
    { name: 'sealed_version', type: 'integer', value: (row) => row.version },
    { name: 'sealed', type: 'text', value: (row) => row.sealed },
    { name: 'has_birthday', type: 'boolean', value: (row) => row.hasBirthday },
  ],
  `on conflict (tenant, member) do update set version = excluded.version,
     sealed_for = excluded.sealed_for, sealed_version = excluded.sealed_version,
     sealed = excluded.sealed, has_birthday = excluded.has_birthday
   where p.version < excluded.version`,
);

const identifiers = bulkInsert<Identifier & { readonly member: string }>('identifier', [
  { name: 'hash', type: 'text', value: (row) => row.hash },
  { name: 'kind', type: 'text', value: (row) => row.kind },
  { name: 'masked', type: 'text', value: (row) => row.masked },
  { name: 'member', type: 'text', value: (row) => row.member },
]);

/** Answers to questions of consent, each once. */
export const consentInsert = bulkInsert<ConsentRecord & { readonly member: string }>(
  'consent',
  [
    { name: 'member', type: 'text', value: (row) => row.member },
    { name: 'purpose', type: 'text', value: (row) => row.purpose },
    { name: 'given', type: 'boolean', value: (row) => row.given },
    { name: 'text_version', type: 'text', value: (row) => row.textVersion },
    { name: 'language', type: 'text', value: (row) => row.language },
    { name: 'at_ms', type: 'bigint', value: (row) => row.atMs },
    { name: 'till', type: 'text', value: (row) => row.till },
    { name: 'channel', type: 'text', value: (row) => row.channel },
  ],
  'on conflict do nothing',
);

/**
 * Takes profiles, consents and identifiers, and joins members that turn out to be one person.
 *
 * What is written of a person is sealed under the member's key first; the log gets the sealed form.
 */
export async function applyProfile(
  db: WritableDb,
  command: ProfileCommand,
): Promise<Applied<SyncOutput<'profile'>>> {
  const { tenant, till, day, nowMs } = command;
  const wanted = await lockedPlan(db, tenant, command.profiles);
  const members = wanted.plan.profiles.map(({ member }) => member);
  const keys = await db.keys.ensure(tenant, members);
  // Whose key is destroyed was erased, whatever an older backup of the members says: nothing of
  // theirs is written, and nobody is merged with them.
  const erased = new Set(members.filter((member) => !keys.has(member)));
  const { plan, rows } =
    erased.size === 0
      ? wanted
      : await lockedPlan(
          db,
          tenant,
          command.profiles.filter(({ member }) => !erased.has(member)),
        );
  const sealed = sealProfiles(keys, tenant, plan.profiles);
  await write(db, command, sealed, plan);
  return {
    result: { accepted: [...wanted.plan.accepted] },
    changed: plan.profiles.length > 0,
    record: {
      ...{ kind: 'sealed-profiles', nowMs, tenant, till, day },
      ...{ profiles: logged(sealed, plan, rows), merges: plan.merges, twins: plan.twins },
    },
  };
}

/** Notes of each profile which of its identifiers find somebody else once the plan is written. */
function logged(
  sealed: readonly SealedProfile[],
  plan: ProfilePlan<Planned>,
  rows: ProfileRows,
): readonly LoggedProfile[] {
  const into = new Map(plan.merges.map((merge) => [merge.from, merge.into]));
  const ownerOf = (member: string): string => {
    let owner = rows.members.get(member)?.owner ?? member;
    for (let next = into.get(owner); next !== undefined; next = into.get(owner)) owner = next;
    return owner;
  };
  const found = new Map([
    ...rows.holders,
    ...plan.identifiers.map(({ hash, member }) => [hash, member] as const),
  ]);
  const contents = new Map(plan.profiles.map((profile) => [profile.member, profile.identifiers]));
  return sealed.map((profile) => {
    const owner = ownerOf(profile.member);
    const elsewhere = (contents.get(profile.member) ?? []).flatMap(({ hash }, place) =>
      ownerOf(found.get(hash) ?? owner) === owner ? [] : [place],
    );
    return elsewhere.length === 0 ? profile : { ...profile, elsewhere };
  });
}

/**
 * Takes what `applyProfile` put in the log. Of whoever was erased since, only the merges are left, and
 * what they had then nobody else gets.
 */
export async function applySealedProfiles(
  db: WritableDb,
  command: SealedProfilesCommand,
): Promise<Applied<SyncOutput<'profile'>>> {
  const { tenant, merges, twins = [] } = command;
  const keys = await db.keys.of(
    tenant,
    command.profiles.map(({ member }) => member),
  );
  const known = command.profiles.map(({ member, version, sealed, elsewhere = [] }) => {
    const content = openProfile(keys, tenant, { member, version, sealed });
    const { consents = [], birthday = null } = content ?? {};
    const identifiers = (content?.identifiers ?? []).filter(
      (_identifier, place) => !elsewhere.includes(place),
    );
    return { member, version, sealed, identifiers, consents, birthday };
  });
  const { plan } = await lockedPlan(db, tenant, known);
  await write(db, command, plan.profiles, { ...plan, merges, twins });
  return { result: { accepted: [...plan.accepted] }, changed: plan.profiles.length > 0 };
}

type Planned = PlannedProfile & Pick<MemberProfile, 'consents' | 'birthday'>;

/** A plan and what it was made of. */
interface MadePlan<Profile extends Planned> {
  readonly plan: ProfilePlan<Profile>;
  readonly rows: ProfileRows;
}

async function lockedPlan<Profile extends Planned>(
  db: WritableDb,
  tenant: string,
  wanted: readonly Profile[],
): Promise<MadePlan<Profile>> {
  const make = async (): Promise<MadePlan<Profile>> => {
    const rows = await loadRows(db, tenant, wanted);
    return { plan: planProfiles(rows, wanted), rows };
  };
  await lockProfiles(db, tenant);
  const made = await make();
  if (made.plan.merges.length === 0) return made;
  await lockForMerge(db, tenant);
  return make();
}

async function write(
  db: WritableDb,
  command: ProfileCommand | SealedProfilesCommand,
  sealed: readonly SealedProfile[],
  plan: ProfilePlan<Planned>,
): Promise<void> {
  const { tenant } = command;
  const withBirthday = new Set(
    plan.profiles.flatMap(({ member, birthday }) => (birthday ? [member] : [])),
  );
  await insertRows(
    db,
    profiles,
    tenant,
    sealed.map((row) => ({ ...row, hasBirthday: withBirthday.has(row.member) })),
  );
  await insertRows(db, identifiers, tenant, plan.identifiers);
  await insertRows(
    db,
    consentInsert,
    tenant,
    plan.profiles.flatMap(({ member, consents: given }) =>
      given.map((consent) => ({ ...consent, member })),
    ),
  );
  const changed = plan.profiles.map(({ member }) => member);
  await db.execute(
    'update member set changes = changes + 1 where tenant = $1 and member = any($2::text[])',
    [tenant, changed],
  );
  if (plan.merges.length > 0) {
    const shop = await firstRules(db, tenant);
    for (const merge of plan.merges) await mergeMembers(db, tenant, merge.from, merge.into, shop);
  }
  const place = { till: command.till, inc: 1, seq: 0, day: command.day, atMs: command.nowMs };
  await insertRows(db, exceptionInsert, tenant, [
    ...plan.merges
      .filter(({ twin }) => twin)
      .map(({ from, into }) => ({
        ...place,
        id: `twin.${from}`,
        code: 'twin-merged' as const,
        params: { from, into },
      })),
    ...plan.twins.map(({ newcomer, known }) => ({
      ...place,
      id: `number.${newcomer}.${known}`,
      code: 'same-number' as const,
      params: { member: newcomer, into: known },
    })),
  ]);
  await touchMembers(db, tenant, changed);
}

async function loadRows(
  db: WritableDb,
  tenant: string,
  wanted: readonly PlannedProfile[],
): Promise<ProfileRows> {
  const hashes = wanted.flatMap((profile) => profile.identifiers.map(({ hash }) => hash));
  const held = await db.query<{ hash: string; member: string }>(
    'select hash, member from identifier where tenant = $1 and hash = any($2::text[])',
    [tenant, hashes],
  );
  const named = [...wanted.map(({ member }) => member), ...held.map(({ member }) => member)];
  const rows = await db.query<ProfiledMember>(
    `select m.member, m.owner, m.status, m.provisional, coalesce(p.version, 0) as "profileVersion"
     from member m left join profile p using (tenant, member)
     where m.tenant = $1 and m.member in (
       select unnest($2::text[])
       union select owner from member where tenant = $1 and member = any($2::text[]))
     order by m.member`,
    [tenant, named],
  );
  return {
    members: new Map(rows.map((row) => [row.member, row])),
    holders: new Map(held.map(({ hash, member }) => [hash, member])),
  };
}
