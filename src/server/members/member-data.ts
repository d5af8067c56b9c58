import { EXPORT_ROWS_MAX, type MemberExport } from '#contract/member-data.ts';
import type { AccountBalance, ConsentRecord } from '#contract/member.ts';
import { programmesMax } from '#loyalty/programme.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { openProfiles } from './sealed-profiles.ts';

interface PersonRow {
  readonly member: string;
  readonly status: MemberExport['status'];
  readonly market: string | null;
  readonly enrolledOn: string;
}

/**
 * Everything that is held about a person, under all references; null where nobody is known by it.
 *
 * Card and telephone numbers are kept as keyed hashes: of a card only its end can be said, a number is
 * in the profile.
 */
export async function memberData(
  db: ReadableDb,
  tenant: string,
  member: string,
  nowMs: number,
): Promise<MemberExport | null> {
  const persons = await db.query<PersonRow>(
    `select m.member, m.status, m.market, m.enrolled_day as "enrolledOn" from member m
     where m.tenant = $1 and m.owner = (select owner from member where tenant = $1 and member = $2)
       and not exists (select 1 from voucher v where v.tenant = m.tenant and v.holder = m.member)
     order by m.owner <> m.member, m.member limit 64`,
    [tenant, member],
  );
  const owner = persons[0];
  if (owner === undefined) return null;
  const members = persons.map((person) => person.member);
  const theirs = [tenant, members] as const;
  const known = await openProfiles(db, tenant, members);
  const identifiers = await db.query<MemberExport['identifiers'][number]>(
    'select kind, masked from identifier where tenant = $1 and member = any($2::text[]) order by kind, hash limit 256',
    theirs,
  );
  const consents = await db.query<ConsentRecord>(
    `select purpose, given, text_version as "textVersion", language, at_ms as "atMs", till, channel
     from consent where tenant = $1 and member = any($2::text[]) order by at_ms, purpose limit 1000`,
    theirs,
  );
  const balances = await db.query<AccountBalance>(
    `select programme, posted, (pending + held)::bigint as pending,
       (posted - granted)::bigint as available, version
     from account where tenant = $1 and owner = any($2::text[]) order by programme limit ${programmesMax}`,
    theirs,
  );
  const tiers = await db.query<MemberExport['tiers'][number]>(
    `select programme, tier, since from held_tier
     where tenant = $1 and owner = any($2::text[]) and tier is not null order by programme limit ${programmesMax}`,
    theirs,
  );
  const ledger = await ledgerOf(db, theirs);
  const sales = await salesOf(db, theirs);
  return {
    format: 'regulars-member-1',
    exportedAtMs: nowMs,
    member: owner.member,
    formerly: members.slice(1),
    status: owner.status,
    enrolledOn: owner.enrolledOn,
    market: owner.market,
    profiles: members.flatMap((each) => {
      const profile = known.get(each);
      if (profile === undefined) return [];
      const { name, phone, birthday = null, language } = profile;
      return [{ name, phone, birthday, language }];
    }),
    identifiers: [...identifiers],
    consents: [...consents],
    balances: [...balances],
    tiers: [...tiers],
    ledger: ledger.slice(-EXPORT_ROWS_MAX),
    sales: sales.slice(-EXPORT_ROWS_MAX),
    isCut: Math.max(ledger.length, sales.length) > EXPORT_ROWS_MAX,
  };
}

type Theirs = readonly [tenant: string, members: readonly string[]];

/** The newest rows, oldest first; one more than an export carries where there are more. */
async function ledgerOf(db: ReadableDb, theirs: Theirs): Promise<MemberExport['ledger']> {
  const rows = await db.query<MemberExport['ledger'][number]>(
    `select programme, type, points, day, source, till from ledger
     where tenant = $1 and member = any($2::text[])
     order by at_ms desc, source desc, type limit ${EXPORT_ROWS_MAX + 1}`,
    theirs,
  );
  return rows.toReversed();
}

async function salesOf(db: ReadableDb, theirs: Theirs): Promise<MemberExport['sales']> {
  const rows = await db.query<MemberExport['sales'][number]>(
    `select day, receipt, total_minor as "totalMinor", currency, till from sale
     where tenant = $1 and (member = any($2::text[]) or claimed_by = any($2::text[]))
     order by at_ms desc, tx limit ${EXPORT_ROWS_MAX + 1}`,
    theirs,
  );
  return rows.toReversed();
}
