import type { ConsentRecord, Identifier, MemberProfile } from '#contract/member.ts';
import type { SyncOutput } from '#contract/sync.ts';
import type { WritableDb } from '#server/database/database.ts';
import { bulkInsert, insertRows } from '#server/database/insert.ts';
import { displayName } from '#server/members/display-name.ts';
import { touchMembers } from '#server/members/feed.ts';
import { mergeMembers } from '#server/members/merge.ts';
import { firstRules } from '#server/shop.ts';
import { lockForMerge } from '#server/posting/load.ts';
import {
  planProfiles,
  type ProfiledMember,
  type ProfileRows,
} from '#server/members/profile-plan.ts';
import { exceptionInsert } from '#server/posting/apply.ts';
import type { Applied, ProfileCommand } from './command.ts';

const profiles = bulkInsert<MemberProfile>(
  'profile as p',
  [
    { name: 'member', type: 'text', value: (row) => row.member },
    { name: 'version', type: 'integer', value: (row) => row.version },
    { name: 'name', type: 'text', value: (row) => row.name },
    { name: 'phone', type: 'text', value: (row) => row.phone },
    { name: 'phone_takes_sms', type: 'boolean', value: (row) => row.phoneTakesSms },
    { name: 'language', type: 'text', value: (row) => row.language },
    { name: 'display_name', type: 'text', value: (row) => displayName(row.name) },
    { name: 'birthday', type: 'text', value: (row) => row.birthday ?? null },
  ],
  `on conflict (tenant, member) do update set version = excluded.version, name = excluded.name,
     phone = excluded.phone, phone_takes_sms = excluded.phone_takes_sms,
     language = excluded.language, display_name = excluded.display_name,
     birthday = excluded.birthday
   where p.version < excluded.version`,
);

const identifiers = bulkInsert<Identifier & { readonly member: string }>('identifier', [
  { name: 'hash', type: 'text', value: (row) => row.hash },
  { name: 'kind', type: 'text', value: (row) => row.kind },
  { name: 'masked', type: 'text', value: (row) => row.masked },
  { name: 'member', type: 'text', value: (row) => row.member },
]);

const consents = bulkInsert<ConsentRecord & { readonly member: string }>(
  'consent',
  [
    { name: 'member', type: 'text', value: (row) => row.member },
    { name: 'purpose', type: 'text', value: (row) => row.purpose },
    { name: 'given', type: 'boolean', value: (row) => row.given },
    { name: 'text_version', type: 'text', value: (row) => row.textVersion },
    { name: 'language', type: 'text', value: (row) => row.language },
    { name: 'at_ms', type: 'bigint', value: (row) => row.atMs },
    { name: 'till', type: 'text', value: (row) => row.till },
  ],
  'on conflict do nothing',
);

/** One tenant's profiles are taken one message at a time: they may join any two of its members. */
const PROFILE_LOCK = 7_031_963;

/** Takes profiles, consents and identifiers, and joins members that turn out to be one person. */
export async function applyProfile(
  db: WritableDb,
  command: ProfileCommand,
): Promise<Applied<SyncOutput<'profile'>>> {
  const { tenant } = command;
  await db.query('select pg_advisory_xact_lock($1, hashtext($2))', [PROFILE_LOCK, tenant]);
  let plan = planProfiles(await loadRows(db, command), command.profiles);
  if (plan.merges.length > 0) {
    await lockForMerge(db, tenant);
    plan = planProfiles(await loadRows(db, command), command.profiles);
  }
  await insertRows(db, profiles, tenant, plan.profiles);
  await insertRows(db, identifiers, tenant, plan.identifiers);
  await insertRows(
    db,
    consents,
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
  await insertRows(
    db,
    exceptionInsert,
    tenant,
    plan.merges
      .filter(({ twin }) => twin)
      .map(({ from, into }) => ({
        id: `twin.${from}`,
        code: 'twin-merged' as const,
        params: { from, into },
        till: command.till,
        inc: 1,
        seq: 0,
        day: command.day,
        atMs: command.nowMs,
      })),
  );
  await touchMembers(db, tenant, changed);
  return {
    result: { accepted: [...plan.accepted] },
    changed: plan.profiles.length > 0,
  };
}

async function loadRows(db: WritableDb, command: ProfileCommand): Promise<ProfileRows> {
  const hashes = command.profiles.flatMap((profile) => profile.identifiers.map(({ hash }) => hash));
  const held = await db.query<{ hash: string; member: string }>(
    'select hash, member from identifier where tenant = $1 and hash = any($2::text[])',
    [command.tenant, hashes],
  );
  const named = [
    ...command.profiles.map(({ member }) => member),
    ...held.map(({ member }) => member),
  ];
  const rows = await db.query<ProfiledMember>(
    `select m.member, m.owner, m.status, m.provisional, coalesce(p.version, 0) as "profileVersion"
     from member m left join profile p using (tenant, member)
     where m.tenant = $1 and m.member in (
       select unnest($2::text[])
       union select owner from member where tenant = $1 and member = any($2::text[]))
     order by m.member`,
    [command.tenant, named],
  );
  return {
    members: new Map(rows.map((row) => [row.member, row])),
    holders: new Map(held.map(({ hash, member }) => [hash, member])),
  };
}
