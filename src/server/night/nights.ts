import { randomUUID } from 'node:crypto';
import { businessDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { errorText, type Log } from '#node/log.ts';
import type { Executor } from '#server/commands/executor.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { nightSteps } from './jobs.ts';

/** Nights that are caught up after the server was away; what is older is left out. */
export const NIGHTS_MAX = 62;

/** What running nights needs. */
export interface NightEnvironment {
  readonly database: ReadableDb;
  readonly executor: Executor;
  readonly log: Log;
  nowMs(): number;
  /** True when the process is to end: the night is run again at its next start. */
  isStopped?(): boolean;
}

interface StoreNights {
  readonly tenant: string;
  readonly store: string;
  readonly timeZone: string;
  readonly cutOverHour: number;
  /** Latest day whose night was run whole; null where none was. */
  readonly lastDay: string | null;
}

/**
 * Runs the nights that are due: for each store those of the business days that began since the last.
 *
 * A store that is new has that of today alone. One that fails is tried again with the next call.
 */
export async function runDueNights(environment: NightEnvironment): Promise<void> {
  const stores = await environment.database.query<StoreNights>(
    `select s.tenant, s.store, s.config->>'timeZone' as "timeZone",
       (s.config->>'cutOverHour')::integer as "cutOverHour",
       (select max(n.day) from night n where n.tenant = s.tenant and n.store = s.store) as "lastDay"
     from store s order by s.tenant, s.store`,
  );
  for (const store of stores) {
    for (const day of dueDays(store, environment.nowMs())) {
      try {
        await runNight(environment, store, day);
      } catch (error) {
        const { tenant } = store;
        environment.log.error('night not run', {
          tenant,
          store: store.store,
          day,
          reason: errorText(error),
        });
        break;
      }
    }
  }
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
