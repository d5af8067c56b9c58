import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shopFromAnswers } from '#contract/setup-shop.ts';
import { createExecutor, type Executor } from '#server/commands/executor.ts';
import type { Database } from '#server/database/database.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPostgres } from '#server/database/postgres.ts';
import { hashPin } from '#node/pin.ts';
import { managerProof, PIN_TRIES_MAX } from '#server/setup/manager-pin.ts';
import { readShop } from '#server/shop.ts';
import { boutiqueAnswers } from '#test/contract/setup-answers.ts';
import { createPostgresDatabase, needsPostgres, startPostgres } from './support/databases.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 9);
const where = { tenant: 'main', store: 'main', nowMs: NOW_MS } as const;

const postgres = await startPostgres();

describe('set-up on PostgreSQL, through two servers at once', needsPostgres(postgres), () => {
  const databases: Database[] = [];
  const executors: Executor[] = [];

  beforeAll(async () => {
    const url = await createPostgresDatabase(postgres?.url ?? '');
    for (let server = 0; server < 2; server += 1) {
      const database = openPostgres(url, () => undefined);
      if (server === 0) await migrate(database);
      databases.push(database);
      executors.push(createExecutor({ database, log: null, onBroken: () => undefined }));
    }
  });
  afterAll(async () => {
    for (const database of databases) await database.close();
    await postgres?.stop();
  });

  const each = <Value>(work: (executor: Executor, server: number) => Promise<Value>) =>
    Promise.all(executors.map(work));

  it('makes one shop, whichever server is first', async () => {
    const pin = await hashPin('4711');
    const done = await each((executor, server) => {
      const shop = shopFromAnswers(boutiqueAnswers({ storeName: `Shop ${server}` }));
      if (!shop.ok) throw new Error('the answers are right');
      const { config } = shop.value;
      const cashiers = config.cashiers.map((person) => ({
        ...person,
        pin: person.role === 'manager' ? pin : null,
      }));
      const identifierKey = String(server).repeat(64);
      return executor.execute<'set-up'>({
        kind: 'set-up',
        ...where,
        identifierKey,
        config: { ...config, cashiers },
      });
    });
    expect(done.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'refused']);
    const stores = await databases[0]?.query('select 1 from store');
    expect(stores).toHaveLength(1);
  });

  it('counts wrong PINs together, and changes programmes by the right one', async () => {
    const [database] = databases;
    if (database === undefined) throw new Error('there are two');
    const config = await readShop(database, 'main', 'main');
    if (config === null) throw new Error('the shop is there');
    const change = async (executor: Executor, pin: string, nowMs: number): Promise<string> => {
      const done = await executor.execute<'programmes'>({
        kind: 'programmes',
        ...where,
        nowMs,
        pinProof: (await managerProof(database, 'main', 'main', pin)) ?? [],
        choice: { preset: 'stamps', knobs: { stamps: 8 } },
        programmes: config.programmes.map((programme) => ({ ...programme, id: 'stamps' })),
        products: [],
        dropSkus: [],
      });
      return done.outcome === 'done' ? 'done' : (done.problems[0]?.code ?? '');
    };
    const wrong: string[] = [];
    while (!wrong.includes('pin-locked')) {
      wrong.push(...(await each((executor) => change(executor, '0815', NOW_MS))));
    }
    expect(wrong.filter((code) => code === 'pin-wrong')).toHaveLength(PIN_TRIES_MAX - 1);
    const [executor] = executors;
    if (executor === undefined) throw new Error('there are two');
    expect(await change(executor, '4711', NOW_MS)).toBe('pin-locked');
    expect(await change(executor, '4711', NOW_MS + 300_001)).toBe('done');
    const after = await readShop(database, 'main', 'main');
    expect(after?.programmes.map(({ id, version }) => [id, version])).toEqual([
      ['stamps', 1],
      ['boutique', 2],
    ]);
  });
});
