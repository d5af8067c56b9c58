import { OWN_ENTRIES_MAX, syncContract, type SyncOutput } from '#contract/sync.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { OpenProblem } from '#sqlite/inspect.ts';
import { openTillDatabase, type OpenOptions } from '#sqlite/open.ts';
import {
  finishRepair,
  isRepairable,
  repairDatabase,
  type RepairProblem,
  type ServerJournal,
} from '#sqlite/repair.ts';
import type { TillDatabase } from '#till/database.ts';
import type { Log, ServerLink } from '#till/ports.ts';

const ASK_TIMEOUT_MS = 20_000;

export interface RepairTillOptions extends OpenOptions {
  /** Signed as this till; asked only where the database is damaged. */
  readonly server: ServerLink;
  /** Resolves when the server has had its time to come up. */
  readonly serverStarted: () => Promise<unknown>;
  readonly wallMs: () => number;
  readonly log: Log;
}

/** Why a till has no database to work with. Nothing was changed. */
export type TillDatabaseProblem =
  | RepairProblem
  /** Damaged, and the server that has the other copy did not answer. */
  | { readonly code: 'repair-needs-server'; readonly damage: OpenProblem; readonly detail: string }
  /** Damaged, and the server takes nothing from this till any more. */
  | { readonly code: 'repair-refused'; readonly damage: OpenProblem; readonly state: string };

/**
 * Opens the till's database; a damaged one is put in quarantine and built again from the server's copy.
 *
 * Only where every entry that was ever written here is found again: a journal with a hole must not go
 * on as if it were whole. A till that is not damaged asks nobody.
 */
export async function openOrRepair(
  options: RepairTillOptions,
): Promise<Result<TillDatabase, TillDatabaseProblem>> {
  const { directory, identity, log } = options;
  finishRepair(directory);
  const opened = openTillDatabase(options);
  if (opened.ok || !isRepairable(opened.error)) return opened;
  const damage = opened.error;
  log.error('database-damaged', { code: damage.code });
  await options.serverStarted();
  const asked = await ownEntries(options, 0);
  if (!asked.ok) return err({ code: 'repair-needs-server', damage, detail: asked.error });
  const { state, inc, epoch, ackSeq, ackHash } = asked.value;
  if (state !== 'active' || inc !== identity.inc) {
    return err({ code: 'repair-refused', damage, state: state === 'active' ? 'fenced' : state });
  }
  const server: ServerJournal = {
    epoch,
    ackSeq,
    ackHash,
    async entriesAfter(seq) {
      const answer = seq === 0 ? asked : await ownEntries(options, seq);
      return answer.ok ? answer.value.entries : [];
    },
  };
  const stamp = new Date(options.wallMs()).toISOString().replaceAll(/[:.]/g, '-');
  const quarantineName = `till.quarantine-${stamp}`;
  const repaired = await repairDatabase({ ...options, server, quarantineName });
  if (!repaired.ok) {
    log.error('database-not-repaired', { code: repaired.error.code });
    return repaired;
  }
  const { headSeq, fetched } = repaired.value;
  log.warn('database-repaired', { damage: damage.code, headSeq, fetched, quarantineName });
  return openTillDatabase(options);
}

async function ownEntries(
  { server, identity }: RepairTillOptions,
  after: number,
): Promise<Result<SyncOutput<'own-entries'>, string>> {
  const input = { inc: identity.inc, after, limit: OWN_ENTRIES_MAX };
  const answer = await server.call('own-entries', input, ASK_TIMEOUT_MS);
  if (!answer.ok) return err(`${answer.error.code} ${answer.error.detail}`);
  const read = syncContract['own-entries'].output.safeParse(answer.value);
  return read.success ? ok(read.data) : err('bad-answer');
}
