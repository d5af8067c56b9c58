import { randomUUID } from 'node:crypto';
import { businessDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { errorText, type Log } from '#node/log.ts';
import type { Executor } from '#server/commands/executor.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { nightSteps } from './jobs.ts';

/** Nights that are caught up after the server was away; what is older is left out. */
export const NIGHTS_MAX = 62;

/** Days without a night after which a sale must say that the clock is right. */
const DOUBTED_AFTER_DAYS = 7;

/** What running nights needs. */
export interface NightEnvironment {
  readonly database: ReadableDb;
  readonly executor: Executor;
  readonly log: Log;
  nowMs(): number;
  /** True when the process is to end: the night is run again at its next start. */
  isStopped?(): boolean;
}

interface StoreClock {
  readonly tenant: string;
  readonly store: string;
  readonly timeZone: string;
  readonly cutOverHour: number;
}

interface StoreNights extends StoreClock {
  /** Latest day up to today whose night was run whole; null where none was. */
  readonly lastDay: string | null;
}

/**
 * Runs the nights that are due: for each store those of the business days that began since the last.
 *
 * A store that is new has that of today alone. One that fails is tried again with the next call, as
 * is one whose clock is in doubt.
 */
export async function runDueNights(environment: NightEnvironment): Promise<void> {
  const nowMs = environment.nowMs();
  for (const store of await readNights(environment.database, nowMs)) {
    const { tenant, store: name, lastDay } = store;
    const today = businessDay(nowMs, store);
    if (await isDoubted(environment.database, store, today)) {
      environment.log.error('nights wait for the clock or for a sale', {
        ...{ tenant, store: name, today, lastDay },
        reason: `no till sold anything in the last ${DOUBTED_AFTER_DAYS} days: put the date of this computer right; where it is right, nights go on with the next sale`,
      });
      continue;
    }
    for (const day of dueDays(store, nowMs)) {
      try {
        await runNight(environment, store, day);
      } catch (error) {
        const reason = errorText(error);
        environment.log.error('night not run', { tenant, store: name, day, reason });
        break;
      }
    }
  }
}

/** All stores with their last nights; those that ran while the clock stood ahead are not among them. */
async function readNights(db: ReadableDb, nowMs: number): Promise<readonly StoreNights[]> {
  const stores = await db.query<StoreClock>(
    `select tenant, store, config->>'timeZone' as "timeZone",
       (config->>'cutOverHour')::integer as "cutOverHour"
     from store order by tenant, store`,
  );
  const last = await db.query<Pick<StoreNights, 'lastDay'>>(
    `select (select max(n.day) from night n
             where n.tenant = u.tenant and n.store = u.store and n.day <= u.today) as "lastDay"
     from unnest($1::text[], $2::text[], $3::date[]) with ordinality as u(tenant, store, today, place)
     order by u.place`,
    [
      stores.map(({ tenant }) => tenant),
      stores.map(({ store }) => store),
      stores.map((store) => businessDay(nowMs, store)),
    ],
  );
  return stores.map((store, index) => ({ ...store, lastDay: last[index]?.lastDay ?? null }));
}

/**
 * Whether the clock may be wrong: many days passed without a night, and no till sold in the last of
 * them. What expires cannot be given back, and a shop that was closed sells again on its first day.
 */
async function isDoubted(
  db: ReadableDb,
  { tenant, lastDay }: StoreNights,
  today: string,
): Promise<boolean> {
  const since = addDays(today, -DOUBTED_AFTER_DAYS);
  if (lastDay === null || lastDay >= since) return false;
  const sales = await db.query(
    'select 1 from sale where tenant = $1 and day > $2::date and day <= $3::date limit 1',
    [tenant, since, today],
  );
  return sales.length === 0;
}

/** Nights that run one after another, never two at once. */
export interface Nights {
  /** Runs what is due; while it still runs, nothing. */
  run(): Promise<void>;
  /** Waits for the night that runs to end its page, and runs no more. */
  stop(): Promise<void>;
}

/** Makes the runner of a server process. */
export function createNights(environment: NightEnvironment): Nights {
  let running: Promise<void> | null = null;
  let stopped = false;
  const run = async (): Promise<void> => {
    try {
      await runDueNights({ ...environment, isStopped: () => stopped });
    } catch (error) {
      environment.log.error('nights not run', { reason: errorText(error) });
    }
    running = null;
  };
  return {
    async run() {
      if (stopped || running !== null) return;
      running = run();
      await running;
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}

/** The business days whose nights are due, oldest first. */
export function dueDays(store: StoreNights, nowMs: number): readonly string[] {
  const today = businessDay(nowMs, store);
  if (store.lastDay === null) return [today];
  const earliest = addDays(today, 1 - NIGHTS_MAX);
  const days: string[] = [];
  for (
    let day = addDays(store.lastDay, 1) > earliest ? addDays(store.lastDay, 1) : earliest;
    day <= today;
    day = addDays(day, 1)
  ) {
    days.push(day);
  }
  return days;
}

/** Runs one night, page by page, in the fixed order of its steps. */
async function runNight(
  environment: NightEnvironment,
  { tenant, store }: StoreNights,
  day: string,
): Promise<void> {
  const { executor, log } = environment;
  const startedMs = environment.nowMs();
  await executor.execute<'mature'>({ kind: 'mature', nowMs: startedMs });
  const night = { tenant, store, day } as const;
  for (const step of nightSteps) {
    for (let after: string | null = ''; after !== null;) {
      if (environment.isStopped?.() === true) return;
      after = await executor.execute<'night'>({
        kind: 'night',
        ...night,
        step,
        after,
        tx: randomUUID(),
      });
    }
  }
  await executor.execute<'night-done'>({ kind: 'night-done', ...night, nowMs: startedMs });
  log.info('night run', night);
}
