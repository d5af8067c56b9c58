import type { Change, SyncOutput } from '#contract/sync.ts';
import { assertNever, err, ok, type Result } from '#loyalty/result.ts';
import { commit, saveSession, setSession, wallMs, type Core } from './core.ts';
import type { TillWrites } from './database.ts';
import { reconcileGrants } from './grants.ts';
import { followMerge, type Session } from './session.ts';

/** Why an answer could not be taken in. */
export interface ApplyProblem {
  readonly code: 'bad-answer' | 'not-saved' | 'stopped';
  readonly detail: string;
}

/** How long this till's own facts wait for a record that includes them. */
const LOCAL_FACTS_KEPT_MS = 86_400_000;

type Acknowledgement = Extract<SyncOutput<'push'>, { outcome: 'acknowledged' }>;

/**
 * Takes in an acknowledgement: how far the server is, its balances, its open grants, in one
 * transaction, so that points are never counted both as acknowledged and as waiting.
 *
 * The hash is compared with our own journal: an acknowledgement of something else is a fork.
 */
export function applyAcknowledgement(
  core: Core,
  answer: Acknowledgement,
): Result<null, ApplyProblem> {
  const { read } = core.ports.database;
  if (answer.ackSeq > read.head().seq || read.hashAt(answer.ackSeq) !== answer.ackHash) {
    stopSyncing(core, 'fork');
    return err({ code: 'stopped', detail: 'acknowledged a journal that is not ours' });
  }
  const before = read.syncState();
  const written = commit(core, (writes) => {
    writes.saveSyncState({
      ackSeq: answer.ackSeq,
      ackHash: answer.ackHash,
      durableSeq: answer.durableSeq,
      epoch: answer.epoch,
      contactAtMs: wallMs(core),
      stopped: null,
    });
    writes.dropMovementsThrough(answer.ackSeq);
    for (const { member, ...balance } of answer.balances) writes.saveBalance(member, balance);
    reconcileGrants(core, writes, answer.openGrants.list ?? []);
  });
  if (!written.ok) return err({ code: 'not-saved', detail: written.error.code });
  if (answer.ackSeq !== before.ackSeq || answer.balances.length > 0) core.changed();
  return ok(null);
}

/** Takes in a page of the server's changes together with the cursor behind it. */
export function applyChanges(core: Core, page: SyncOutput<'pull'>): Result<null, ApplyProblem> {
  const { session } = core.counter;
  const next = page.changes.reduce<Session>(
    (open, change) =>
      change.kind === 'merge' ? followMerge(open, change.from, change.into) : open,
    session,
  );
  const nowMs = wallMs(core);
  const unmoved = core.ports.database.read.syncState().cursor === page.cursor;
  if (unmoved && page.changes.length === 0 && page.more) {
    return err({ code: 'bad-answer', detail: 'pull: promises more and brings nothing' });
  }
  const written = commit(core, (writes) => {
    for (const change of page.changes) applyChange(writes, change);
    if (next !== session) saveSession(writes, next);
    // Everything the server had acknowledged before this page was asked for is in its facts now.
    if (!page.more) {
      writes.dropLocalFactsThrough(writes.syncState().ackSeq, nowMs - LOCAL_FACTS_KEPT_MS);
    }
    writes.saveSyncState({
      cursor: page.cursor,
      contactAtMs: nowMs,
      ...(page.more ? {} : { pulledAtMs: nowMs }),
    });
  });
  if (!written.ok) return err({ code: 'not-saved', detail: written.error.code });
  const config = core.ports.database.read.config();
  if (config !== null && config.version > core.config.version) core.config = config;
  if (next !== session && core.counter.session === session) setSession(core, next);
  else if (page.changes.length > 0) core.changed();
  return ok(null);
}

function applyChange(writes: TillWrites, change: Change): void {
  switch (change.kind) {
    case 'member':
      writes.saveMember(change.record);
      return;
    case 'merge':
      writes.mergeMember(change.from, change.into);
      return;
    case 'config':
      if (change.config.version > (writes.config()?.version ?? 0)) writes.saveConfig(change.config);
      return;
    case 'facts': {
      const { asOfMs, programmes } = change;
      writes.saveProgrammesKnown({ asOfMs, programmes });
      return;
    }
    default:
      return assertNever(change, 'server change');
  }
}

/** The server no longer takes this till's entries. They stay here, and the counter says so. */
export function stopSyncing(core: Core, why: string): void {
  const written = commit(core, (writes) => writes.saveSyncState({ stopped: why }));
  if (!written.ok) core.ports.log.error('stop-not-saved', { why });
  core.changed();
}
