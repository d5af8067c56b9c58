import type { Database, WritableDb } from '#server/database/database.ts';
import type { SyncOutput } from '#contract/sync.ts';
import { createShopCache } from '#server/shop.ts';
import { applyCommand, type AnyResult } from './apply.ts';
import { LogDamaged, LogUncertain, type CommandLog } from './command-log.ts';
import type { PushOptions } from './apply-push.ts';
import type { Command, CommandResults } from './command.ts';
import { createPushQueue } from './push-queue.ts';
import { createPushReceiver, type PushingTill, type PushInput } from './receive-push.ts';

/** Stores whose pushes one server process posts side by side on PostgreSQL; fewer than it has connections. */
const LANES_MAX = 6;

/** Runs write commands, one transaction each, and tells listeners when something changed. */
export interface Executor {
  execute<Kind extends Exclude<Command['kind'], 'push'>>(
    command: Extract<Command, { kind: Kind }>,
  ): Promise<CommandResults[Kind]>;
  /** Reads a push and posts it, together with others that wait; see `createPushQueue`. */
  push(till: PushingTill, input: PushInput, nowMs: number): Promise<SyncOutput<'push'>>;
  /** Calls back after each command that changed something; returns the function that stops it. */
  onChange(listener: () => void): () => void;
}

/** The outcome of a command is unknown until this server was started again. */
export class OutcomeUnknown extends Error {
  constructor(cause: unknown) {
    super('The database did not confirm what its log already holds', { cause });
    this.name = 'OutcomeUnknown';
  }
}

/** What an executor needs; with a log, PGlite is only a projection of it. */
export interface ExecutorOptions {
  readonly database: Database;
  readonly log: CommandLog | null;
  /** The log is ahead of the database: the process must end and start again. */
  onBroken(error: OutcomeUnknown): void;
}

/**
 * Makes the executor.
 *
 * With a log, a command's transaction is done except for its commit when the command goes to the
 * log with fsync; then it commits, then it is acknowledged. A crash in between leaves a command the
 * log has and the database lacks, and the next start runs it.
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { database, log } = options;
  const shops = createShopCache();
  const listeners = new Set<() => void>();
  let broken: OutcomeUnknown | null = null;

  const run = async (
    command: Command,
    chains: PushOptions['chains'] = new WeakMap(),
  ): Promise<{ readonly result: AnyResult; readonly changed: boolean }> => {
    if (broken !== null) throw broken;
    let tries = 0;
    let logged = false;
    try {
      return await database.transaction(async (db) => {
        tries += 1;
        const how = { shops, careful: tries > 1, chains };
        const applied = await applyCommand(db, command, how);
        if (applied.changed && log !== null) {
          const number = log.lastNumber + 1;
          await markApplied(db, number);
          log.append({ number, text: JSON.stringify(applied.record ?? command) });
          logged = true;
        }
        return applied;
      });
    } catch (error) {
      if (!logged && !(error instanceof LogUncertain)) throw error;
      broken = new OutcomeUnknown(error);
      options.onBroken(broken);
      throw broken;
    }
  };

  const answerOf = async (command: Command, chains?: PushOptions['chains']): Promise<AnyResult> => {
    const { result, changed } = await run(command, chains);
    if (changed) for (const listener of listeners) listener();
    return result;
  };
  const receive = createPushReceiver();
  const pushes = createPushQueue(
    async (command, chains) => (await answerOf(command, chains)) as CommandResults['push'],
    database.kind === 'pglite' ? 1 : LANES_MAX,
  );
  return {
    async execute<Kind extends Exclude<Command['kind'], 'push'>>(
      command: Extract<Command, { kind: Kind }>,
    ) {
      return (await answerOf(command)) as CommandResults[Kind];
    },
    push: async (till, input, nowMs) => pushes.post(await receive(till, input, nowMs)),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

async function markApplied(db: WritableDb, number: number): Promise<void> {
  const moved = await db.execute(
    'update server_state set applied_command = $1 where applied_command = $1 - 1',
    [number],
  );
  if (moved !== 1) throw new Error(`Command ${number} does not follow what the database has`);
}

/** Runs the commands of the log that the database lacks; returns how many. */
export async function replayLog(database: Database, log: CommandLog): Promise<number> {
  const shops = createShopCache();
  const state = await database.query<{ applied: number }>(
    'select applied_command as applied from server_state',
  );
  const applied = state[0]?.applied ?? 0;
  if (applied > log.lastNumber) {
    throw new LogDamaged(
      `The command log ends at ${log.lastNumber}, the database at ${applied}. Restore commands.db from a backup.`,
    );
  }
  let count = 0;
  for (const { number, text } of log.after(applied)) {
    const command = JSON.parse(text) as Command;
    let tries = 0;
    await database.transaction(async (db) => {
      tries += 1;
      await applyCommand(db, command, { shops, careful: tries > 1, chains: new WeakMap() });
      await markApplied(db, number);
    });
    count += 1;
  }
  return count;
}
