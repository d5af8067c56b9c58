import { shopConfig, type ShopConfig } from '#contract/shop.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import { touchConfig } from '#server/members/feed.ts';

/** A tenant's store and what its tills must know. */
export interface ShopCommand {
  readonly kind: 'shop';
  readonly nowMs: number;
  readonly tenant: string;
  readonly store: string;
  /** Key of the identifier HMAC, hex; kept from the first time on. */
  readonly identifierKey: string;
  readonly config: ShopConfig;
}

/**
 * Takes a store's configuration where it says something new; true where it did.
 *
 * The version is the server's to give: it grows with every change, whoever made it.
 */
export async function applyShop(db: WritableDb, command: ShopCommand): Promise<boolean> {
  const { tenant, store, config } = command;
  await db.execute(
    'insert into tenant (tenant, identifier_key) values ($1, $2) on conflict do nothing',
    [tenant, command.identifierKey],
  );
  const changed = await db.execute(
    `insert into store as s (tenant, store, version, config) values ($1, $2, 1, $3::jsonb - 'version' - 'tills')
     on conflict (tenant, store) do update set version = s.version + 1, config = excluded.config
     where s.config <> excluded.config`,
    [tenant, store, JSON.stringify(config)],
  );
  if (changed > 0) await touchConfig(db, tenant, store);
  return changed > 0;
}

/** Gives a store's configuration the next version: its tills changed. */
export async function renewShop(db: WritableDb, tenant: string, store: string): Promise<void> {
  await db.execute('update store set version = version + 1 where tenant = $1 and store = $2', [
    tenant,
    store,
  ]);
  await touchConfig(db, tenant, store);
}

interface ShopRow {
  readonly version: number;
  readonly config: Record<string, unknown>;
  readonly tills: readonly { readonly till: string; readonly name: string }[];
}

/** A store's configuration with the tills it has now; null where there is no such store. */
export async function readShop(
  db: ReadableDb,
  tenant: string,
  store: string,
): Promise<ShopConfig | null> {
  const rows = await db.query<ShopRow>(
    `select s.version, s.config, coalesce((select json_agg(json_build_object('till', t.till, 'name', t.name)
                                                order by t.enrolled_at_ms, t.till)
                                from terminal t where t.tenant = s.tenant and t.store = s.store), '[]') as tills
     from store s where s.tenant = $1 and s.store = $2`,
    [tenant, store],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return shopConfig.parse({ ...row.config, version: row.version, tills: row.tills });
}

/** The programmes a store runs; read once per configuration version. */
export interface ProgrammeCache {
  programmesOf(
    db: ReadableDb,
    tenant: string,
    store: string,
    version: number,
  ): Promise<ShopConfig['programmes']>;
}

/** Most stores whose programmes are kept. */
const CACHED_STORES_MAX = 200;

/** Makes a cache; a new version of a store's configuration is another key. */
export function createProgrammeCache(): ProgrammeCache {
  const kept = new Map<string, ShopConfig['programmes']>();
  return {
    async programmesOf(db, tenant, store, version) {
      const key = `${tenant} ${store} ${version}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const programmes = (await readShop(db, tenant, store))?.programmes ?? [];
      if (kept.size >= CACHED_STORES_MAX) kept.clear();
      kept.set(key, programmes);
      return programmes;
    },
  };
}
