import type { MemberLabel } from '#contract/manager-parts.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { displayNames } from '#server/members/sealed-profiles.ts';

interface LabelRow {
  readonly member: string;
  readonly owner: string;
  readonly name: string | null;
  readonly status: 'active' | 'blocked' | 'merged' | 'erased';
  readonly provisional: boolean;
}

/** What lists say of a member, and how it stands. */
export interface KnownMember extends MemberLabel {
  readonly status: LabelRow['status'];
  readonly provisional: boolean;
}

/**
 * Members by every reference that was asked for; one that was merged is its owner.
 *
 * The short name, else the end of a card or number; never a whole name or number.
 */
export async function knownMembers(
  db: ReadableDb,
  tenant: string,
  members: readonly string[],
): Promise<ReadonlyMap<string, KnownMember>> {
  const wanted = [...new Set(members)];
  if (wanted.length === 0) return new Map();
  const rows = await db.query<LabelRow>(
    `select m.member, m.owner, o.status, o.provisional, (select i.masked from identifier i
       where i.tenant = o.tenant and i.member = o.member order by i.kind, i.hash limit 1) as name
     from member m join member o on o.tenant = m.tenant and o.member = m.owner
     where m.tenant = $1 and m.member = any($2::text[])`,
    [tenant, wanted],
  );
  const names = await displayNames(
    db,
    tenant,
    rows.map(({ owner }) => owner),
  );
  return new Map(
    rows.map(({ member, owner, name, status, provisional }) => [
      member,
      { member: owner, name: names.get(owner) ?? name, status, provisional },
    ]),
  );
}

/** The part of a known member that crosses the wire; null where nobody is known. */
export function labelOf(known: KnownMember | undefined): MemberLabel | null {
  return known === undefined ? null : { member: known.member, name: known.name };
}
