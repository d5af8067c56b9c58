import { shopConfig, type ShopConfig } from '#contract/shop.ts';
import type { QuoteSettings } from '#loyalty/context.ts';
import { markets } from '#loyalty/market.ts';
import { mainProgramme } from '#loyalty/programme.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import { recountFor } from '#server/facts/shared.ts';
import { touchConfig } from '#server/members/feed.ts';
import { lockForMerge } from '#server/posting/locks.ts';

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
  // A sale posted while all are counted would be counted twice, or never.
  await lockForMerge(db, tenant);
  const before = await programmesOf(db, tenant);
  const changed = await db.execute(
    `insert into store as s (tenant, store, version, config) values ($1, $2, 1, $3::jsonb - 'version' - 'tills')
     on conflict (tenant, store) do update set version = s.version + 1, config = excluded.config
     where s.config <> excluded.config`,
    [tenant, store, JSON.stringify(config)],
  );
  if (changed > 0) {
    await touchConfig(db, tenant, store);
    await recountFor(db, tenant, before, await programmesOf(db, tenant));
  }
  return changed > 0;
}

/** The programmes of all stores of a tenant; of one that several run, the latest version. */
export async function programmesOf(
  db: ReadableDb,
  tenant: string,
): Promise<ShopConfig['programmes']> {
  const stores = await db.query<{ store: string }>(
    'select store from store where tenant = $1 order by store',
    [tenant],
  );
  const latest = new Map<string, ShopConfig['programmes'][number]>();
  for (const { store } of stores) {
    for (const programme of (await readShop(db, tenant, store))?.programmes ?? []) {
      const there = latest.get(programme.id);
      if (there === undefined || there.version < programme.version) {
        latest.set(programme.id, programme);
      }
    }
  }
  return [...latest.values()];
}

/** Most versions of a configuration between a backup and the day it is put back. */
export const VERSIONS_LOST_MOST = 10_000;

/** The last version a programme may have had in a life of the server that was lost; 0 where none was. */
export function lastLostVersion(configVersion: number): number {
  return configVersion - (configVersion % VERSIONS_LOST_MOST);
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

/** The main programme of a store, whose points figures and lists are about; '' where it has none. */
export async function readMainProgramme(
  db: ReadableDb,
  { tenant, store }: { readonly tenant: string; readonly store: string },
): Promise<string> {
  const config = await readShop(db, tenant, store);
  return (config === null ? null : mainProgramme(config.programmes))?.id ?? '';
}

/** What a store's programmes are decided by. */
export interface ShopRules {
  readonly programmes: ShopConfig['programmes'];
  readonly settings: QuoteSettings;
}

/** The engine's settings of a store, as far as the server decides anything. */
export function rulesOf(store: string, config: ShopConfig): ShopRules {
  const { timeZone, cutOverHour, programmes } = config;
  const market = markets[config.market];
  const settings = { timeZone, cutOverHour, store, channel: 'store', market, cashRoundingMinor: 1 };
  return { programmes, settings };
}

/** The rules of a tenant's first store: for what concerns members and no store. */
export async function firstRules(db: ReadableDb, tenant: string): Promise<ShopRules> {
  const rows = await db.query<{ store: string }>(
    'select store from store where tenant = $1 order by store limit 1',
    [tenant],
  );
  const store = rows[0]?.store ?? '';
  const config = await readShop(db, tenant, store);
  if (config === null) throw new Error('A tenant without a store');
  return rulesOf(store, config);
}

/** The rules a store runs by; read once per configuration version. */
export interface ShopCache {
  rulesOf(db: ReadableDb, tenant: string, store: string, version: number): Promise<ShopRules>;
}

/** Most stores whose rules are kept. */
const CACHED_STORES_MAX = 200;

/** Makes a cache; a new version of a store's configuration is another key. */
export function createShopCache(): ShopCache {
  const kept = new Map<string, ShopRules>();
  return {
    async rulesOf(db, tenant, store, version) {
      const key = `${tenant} ${store} ${version}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const config = await readShop(db, tenant, store);
      if (config === null) throw new Error('A till of a store that is not there');
      const rules = rulesOf(store, config);
      if (kept.size >= CACHED_STORES_MAX) kept.clear();
      kept.set(key, rules);
      return rules;
    },
  };
}

/** The rules a store runs by now. */
export async function currentRules(
  db: ReadableDb,
  cache: ShopCache,
  { tenant, store }: { readonly tenant: string; readonly store: string },
): Promise<ShopRules> {
  const rows = await db.query<{ version: number }>(
    'select version from store where tenant = $1 and store = $2',
    [tenant, store],
  );
  return cache.rulesOf(db, tenant, store, rows[0]?.version ?? 0);
}
