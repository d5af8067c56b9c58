import { openKeyFile, type KeyFile } from '#node/key-file.ts';
import { newKey } from '#node/seal.ts';
import type { SqlValue } from './database.ts';

/** Keys of members by member. */
export type KeysByMember = ReadonlyMap<string, Uint8Array>;

/**
 * The keys that members' personal data is sealed under.
 *
 * They are beside the database and its log, not in them: destroying one makes whatever it sealed
 * unreadable, wherever a copy of that lies.
 */
export interface MemberKeys {
  /** Those of them that there are. */
  of(tenant: string, members: readonly string[]): Promise<KeysByMember>;
  /** The same, made where there was none. Whose key was destroyed gets no other. */
  ensure(tenant: string, members: readonly string[]): Promise<KeysByMember>;
  /** Destroys keys for good. */
  destroy(tenant: string, members: readonly string[]): Promise<void>;
  /** Everybody in a tenant whose key was destroyed, in order. */
  destroyed(tenant: string): Promise<readonly string[]>;
}

/** Keys in a file, for the embedded database. */
export function fileKeys(file: KeyFile): MemberKeys {
  const owner = (tenant: string, member: string): string => `${tenant}/${member}`;
  const read = (tenant: string, members: readonly string[]): KeysByMember =>
    new Map(
      members.flatMap((member) => {
        const key = file.read(owner(tenant, member));
        return key === null || key === undefined ? [] : [[member, key] as const];
      }),
    );
  return {
    of: async (tenant, members) => read(tenant, members),
    async ensure(tenant, members) {
      const missing = members.filter((member) => file.read(owner(tenant, member)) === undefined);
      if (missing.length > 0) {
        file.add(new Map(missing.map((member) => [owner(tenant, member), newKey()])));
      }
      return read(tenant, members);
    },
    destroy: async (tenant, members) =>
      file.destroy(members.map((member) => owner(tenant, member))),
    async destroyed(tenant) {
      const before = owner(tenant, '');
      return file
        .destroyed()
        .flatMap((each) => (each.startsWith(before) ? [each.slice(before.length)] : []));
    },
  };
}

/** Keys in memory, for a database in memory. */
export function memoryKeys(): MemberKeys {
  return fileKeys(openKeyFile(null));
}

type Query = <Row extends object>(
  text: string,
  values: readonly SqlValue[],
) => Promise<readonly Row[]>;

/** Keys in a table of their own, for a server that several processes share. */
export function tableKeys(query: Query): MemberKeys {
  const of = async (tenant: string, members: readonly string[]): Promise<KeysByMember> => {
    if (members.length === 0) return new Map();
    const rows = await query<{ member: string; key: string }>(
      `select member, key from member_key
       where tenant = $1 and member = any($2::text[]) and key is not null`,
      [tenant, members],
    );
    return new Map(rows.map(({ member, key }) => [member, Buffer.from(key, 'base64')]));
  };
  return {
    of,
    async ensure(tenant, members) {
      const known = await of(tenant, members);
      const missing = members.filter((member) => !known.has(member)).toSorted();
      if (missing.length === 0) return known;
      await query(
        `insert into member_key (tenant, member, key)
         select $1, u.member, u.key from unnest($2::text[], $3::text[]) as u(member, key)
         on conflict do nothing`,
        [tenant, missing, missing.map(() => Buffer.from(newKey()).toString('base64'))],
      );
      return of(tenant, members);
    },
    async destroy(tenant, members) {
      await query(
        `insert into member_key (tenant, member, key)
         select $1, u.member, null from unnest($2::text[]) as u(member)
         on conflict (tenant, member) do update set key = null`,
        [tenant, members.toSorted()],
      );
    },
    async destroyed(tenant) {
      const rows = await query<{ member: string }>(
        'select member from member_key where tenant = $1 and key is null order by member',
        [tenant],
      );
      return rows.map(({ member }) => member);
    },
  };
}
