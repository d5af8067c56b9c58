import type { FollowUp, MemberDetail } from '#contract/manager-members.ts';
import { programmesMax } from '#loyalty/programme.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { openProfiles } from '#server/members/sealed-profiles.ts';
import { readFollowUps } from './follow-ups.ts';
import { readMembers, type MemberBooks } from './members.ts';

/** Everything a manager may need of one member, found by any of its references; null where nobody is. */
export async function readMemberDetail(
  db: ReadableDb,
  books: MemberBooks,
  member: string,
): Promise<MemberDetail | null> {
  const { tenant } = books;
  const owners = await db.query<{ owner: string; enrolledOn: string }>(
    `select m.owner, o.enrolled_day as "enrolledOn" from member m
       join member o on o.tenant = m.tenant and o.member = m.owner
     where m.tenant = $1 and m.member = $2`,
    [tenant, member],
  );
  const found = owners[0];
  if (found === undefined) return null;
  const { owner, enrolledOn } = found;
  const [row] = await readMembers(db, books, [owner]);
  if (row === undefined) return null;
  const profile = (await openProfiles(db, tenant, [owner])).get(owner);
  const theirs = [tenant, owner] as const;
  const identifiers = await db.query<MemberDetail['identifiers'][number]>(
    `select kind, masked from identifier where tenant = $1 and member = $2
     order by kind, hash limit 64`,
    theirs,
  );
  const balances = await db.query<MemberDetail['balances'][number]>(
    `select programme, posted, (pending + held)::bigint as pending,
       (posted - granted)::bigint as available
     from account where tenant = $1 and owner = $2 order by programme limit ${programmesMax}`,
    theirs,
  );
  const tiers = await db.query<MemberDetail['tiers'][number]>(
    `select programme, tier from held_tier
     where tenant = $1 and owner = $2 and tier is not null order by programme limit ${programmesMax}`,
    theirs,
  );
  const consents = await db.query<MemberDetail['consents'][number]>(
    `select distinct on (c.purpose) c.purpose, c.given, c.text_version as "textVersion", c.language,
       c.at_ms as "atMs", c.till, c.channel
     from consent c join member m on m.tenant = c.tenant and m.member = c.member
     where c.tenant = $1 and m.owner = $2 order by c.purpose, c.at_ms desc, c.till limit 16`,
    theirs,
  );
  const followUps: readonly FollowUp[] = await readFollowUps(db, tenant, owner);
  return {
    ...row,
    fullName: profile?.name ?? null,
    language: profile?.language ?? null,
    enrolledOn,
    identifiers: [...identifiers],
    balances: [...balances],
    tiers: [...tiers],
    consents: [...consents],
    followUps: [...followUps],
  };
}
