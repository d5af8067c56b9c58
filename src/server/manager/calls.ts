import { randomUUID } from 'node:crypto';
import type { ExceptionView } from '#contract/manager.ts';
import type { ManagerCall } from '#contract/manager.ts';
import type { SyncInput, SyncOutput } from '#contract/sync.ts';
import type { Executor } from '#server/commands/executor.ts';
import type { Database } from '#server/database/database.ts';
import { readShop } from '#server/shop.ts';
import { approvalProof } from './approval.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { readEntries } from './entries.ts';
import { figureCallsOf } from './figure-calls.ts';
import { memberCallsOf } from './member-calls.ts';
import { countOpenExceptions, readExceptions } from './exceptions.ts';

/** Rows of one page of exceptions. */
const EXCEPTIONS_PAGE = 50;

/** Rows of one page of entries. */
const ENTRIES_PAGE = 50;

/** What the manager's calls work on. */
export interface ManagerEnvironment {
  readonly database: Database;
  readonly executor: Executor;
  nowMs(): number;
}

/** The till that asks. */
interface AskingTill {
  readonly tenant: string;
  readonly store: string;
}

/** What the manager's page asks, by name. */
export type ManagerCalls = {
  readonly [Call in ManagerCall]: (
    till: AskingTill,
    input: SyncInput<Call>,
  ) => Promise<SyncOutput<Call>>;
};

/** Makes the manager's calls. */
export function managerCallsOf(environment: ManagerEnvironment): ManagerCalls {
  const { database, executor } = environment;
  return {
    async 'manager.exceptions'({ tenant }, { ask }) {
      const place = readCursor(ask.cursor);
      const found = await readExceptions(database, tenant, ask.settled, place, EXCEPTIONS_PAGE + 1);
      const items: ExceptionView[] = found.slice(0, EXCEPTIONS_PAGE).map(({ view }) => view);
      const last = items.at(-1);
      const more = found.length > items.length && last !== undefined;
      return {
        outcome: 'answered',
        answer: {
          items,
          open: await countOpenExceptions(database, tenant),
          next: more ? writeCursor(last) : null,
        },
      };
    },
    async 'manager.entries'({ tenant, store }, { ask }) {
      const config = await readShop(database, tenant, store);
      if (config === null) throw new Error('A till of a store that is not there');
      const found = await readEntries(database, tenant, ask.filter, {
        before: readCursor(ask.cursor),
        limit: ENTRIES_PAGE + 1,
        config,
      });
      const rows = found.slice(0, ENTRIES_PAGE);
      const last = found.length > rows.length ? rows.at(-1) : undefined;
      const next = last === undefined ? null : writeCursor(last);
      return { outcome: 'answered', answer: { rows, next, source: 'server' } };
    },
    ...memberCallsOf(environment),
    ...figureCallsOf(environment),
    async 'manager.settle'(till, { by, ask }) {
      const { tenant, store } = till;
      const { exception, way, into } = ask;
      return executor.execute<'settle'>({
        kind: 'settle',
        nowMs: environment.nowMs(),
        tenant,
        store,
        by,
        exception,
        way,
        into,
        pinProof: await approvalProof(database, till, ask.pin),
        tx: randomUUID(),
      });
    },
  };
}
