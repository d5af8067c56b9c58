import { expect } from 'vitest';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme, type ProgrammeDocument } from '#loyalty/programme.ts';
import type { ShopConfig } from '#contract/shop.ts';
import { createLog } from '#node/log.ts';
import type { Database } from '#server/database/database.ts';
import { DEMO_STORE, DEMO_TENANT, demoShop } from '#server/demo/demo.ts';
import { runDueNights } from '#server/night/nights.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import { IDENTIFIER_KEY, openShopServer, type ShopServer, type WireTill } from './shop-server.ts';

const name = { en: 'Name' };

/** A server with one till, whose nights run when they are told to. */
export interface NightShop {
  readonly server: ShopServer;
  readonly till: WireTill;
  /** Gives a store one programme, a point per sale, with what is changed of it and of the shop. */
  setShop(
    change: Partial<ProgrammeDocument>,
    shop?: Partial<ShopConfig> & { readonly store?: string },
  ): Promise<void>;
  /** A sale at noon of a day, with its points. */
  sell(member: string, day: string, points: number, expiresAtMs: number | null): Promise<void>;
  /** Runs what is due at an instant; answers the errors that were logged. */
  nightsAt(instant: string): Promise<readonly string[]>;
  /** The night before a day, whatever was run already, and only that one. */
  nightOf(day: string): Promise<void>;
  posted(member: string): Promise<number>;
}

/** Midnight in the shop. */
export const midnight = (day: string): number => Date.parse(`${day}T00:00:00+03:00`);

export async function openNightShop(database: Database): Promise<NightShop> {
  const server = await openShopServer(database);
  const till = await server.join();
  let next = 1;

  const nightsAt: NightShop['nightsAt'] = async (instant) => {
    server.nowMs = Date.parse(instant);
    const lines: string[] = [];
    await runDueNights({
      database,
      executor: server.executor,
      log: createLog({ write: (line) => lines.push(line), nowMs: () => 0 }),
      nowMs: () => server.nowMs,
    });
    return lines.filter((line) => line.includes('"error"'));
  };
  return {
    server,
    till,
    async setShop(change, { store = DEMO_STORE, ...shop } = {}) {
      const rules: ProgrammeDocument['rules'] = [
        { id: 'base', name, effect: { kind: 'per-sale', points: '1' } },
      ];
      const programmes = [programme.parse({ ...pointsPreset, rules, ...change })];
      await server.executor.execute<'shop'>({
        kind: 'shop',
        nowMs: 0,
        tenant: DEMO_TENANT,
        store,
        identifierKey: IDENTIFIER_KEY,
        config: { ...demoShop(), ...shop, programmes },
      });
    },
    async sell(member, day, points, expiresAtMs) {
      const tx = txOf((next += 1));
      const from = till.journal.head.seq + 1;
      const at = { tx, day, atMs: Date.parse(`${day}T12:00:00+03:00`) };
      till.journal.append(at, body.enrol(member), body.sale(next, member), {
        ...body.earn(member, tx, points, at.atMs),
        expiresAtMs,
      });
      expect((await till.push(from)).outcome).toBe('acknowledged');
    },
    nightsAt,
    async nightOf(day) {
      await database.query('delete from night');
      expect(await nightsAt(`${day}T06:00:00Z`)).toEqual([]);
    },
    async posted(member) {
      const rows = await database.query<{ posted: number }>(
        `select posted from account where owner = $1 and programme = 'points'`,
        [member],
      );
      return rows[0]?.posted ?? 0;
    },
  };
}
