import type { Change, SyncOutput } from '#contract/sync.ts';
import { isOfThisLife, takeOpenGrants, takeWord } from '#journal/till-sync.ts';
import { assertNever, err, ok, type Result } from '#loyalty/result.ts';
import { commit, saveSession, setSession, wallMs, type Core } from './core.ts';
import type { TillWrites } from './database.ts';
import { erasedBy, forgetErased, giveBackErased, withoutErased } from './erasure.ts';
import { grantView, writeStep } from './grants.ts';
import { restAfterRecall } from './held-grants.ts';
import { compareClocks } from './clock-watch.ts';
import { dropRefusedRewards } from './rewards.ts';
import { followMerge, type Session } from './session.ts';
import { pepperStaff } from './staff.ts';

/** Why an answer could not be taken in. */
export interface ApplyProblem {
  readonly code: 'bad-answer' | 'not-saved' | 'stopped' | 'again';
  readonly detail: string;
}

/** How long this till's own facts wait for a record that includes them. */
const LOCAL_FACTS_KEPT_MS = 86_400_000;

/**
 * Takes in what the server says of our journal: how far it is, its balances, its open grants, in one
 * transaction, so that points are never counted both as acknowledged and as waiting.
 */
export function applyWord(core: Core, answer: SyncOutput<'push'>): Result<null, ApplyProblem> {
  const { read } = core.ports.database;
  const before = read.syncState();
  const step = takeWord(grantView(core, read), answer);
  switch (step.kind) {
    case 'taken': {
      const balances = answer.outcome === 'acknowledged' ? answer.balances : [];
      if (answer.outcome === 'acknowledged') compareClocks(core, answer.serverTimeMs);
      const taken = saved(core, (writes) => {
        writes.saveSyncState({ ...step.sync, contactAtMs: wallMs(core), stopped: null });
        writes.dropMovementsThrough(step.sync.ackSeq);
        for (const balance of balances) writes.saveBalance(balance);
        writeStep(core, writes, step.grants);
      });
      if (!taken.ok) return taken;
      restAfterRecall(core, step.grants.grants);
      if (step.sync.ackSeq !== before.ackSeq || balances.length > 0) core.changed();
      return step.greet ? again('open grants differ: asking for the list') : ok(null);
    }
    case 'rewind': {
      const rewound = saved(core, (writes) => writes.saveSyncState(step.sync));
      return rewound.ok ? again('the server has less') : rewound;
    }
    case 'new-life': {
      const begun = saved(core, (writes) => {
        writes.beginLife(step.epoch);
        writeStep(core, writes, step.grants);
      });
      return begun.ok ? again('the server was restored') : begun;
    }
    case 'stop':
      stopSyncing(core, step.why);
      return err({ code: 'stopped', detail: step.why });
    case 'nonsense':
      return err({ code: 'bad-answer', detail: step.detail });
    default:
      return assertNever(step, 'answer to a batch');
  }
}

function again(detail: string): Result<null, ApplyProblem> {
  return err({ code: 'again', detail });
}

function saved(core: Core, work: (writes: TillWrites) => void): Result<null, ApplyProblem> {
  const written = commit(core, work);
  return written.ok ? ok(null) : err({ code: 'not-saved', detail: written.error.code });
}

/** Takes in a page of the server's changes together with the cursor behind it. */
export function applyChanges(core: Core, page: SyncOutput<'pull'>): Result<null, ApplyProblem> {
  const { session } = core.counter;
  const { read } = core.ports.database;
  if (!isOfThisLife(read.syncState(), page)) return again('the server was restored');
  const open = takeOpenGrants(grantView(core, read), page.openGrants);
  const merged = page.changes.reduce<Session>(
    (open, change) =>
      change.kind === 'merge' ? followMerge(open, change.from, change.into) : open,
    session,
  );
  const isErased = erasedBy(read, page.changes);
  const next = isErased === null ? merged : withoutErased(merged, isErased);
  const nowMs = wallMs(core);
  const unmoved = read.syncState().cursor === page.cursor;
  if (unmoved && page.changes.length === 0 && page.more) {
    return err({ code: 'bad-answer', detail: 'pull: promises more and brings nothing' });
  }
  const takeIn = (writes: TillWrites): void => {
    for (const change of page.changes) applyChange(core, writes, change);
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
    writeStep(core, writes, open.grants);
    if (isErased !== null) giveBackErased(core, writes, isErased);
  };
  const isThere = (): boolean => !unmoved && read.syncState().cursor === page.cursor;
  const written = commit(core, takeIn, isThere);
  if (!written.ok) return err({ code: 'not-saved', detail: written.error.code });
  if (isErased !== null) forgetErased(core, session, isErased);
  if (page.changes.some(({ kind }) => kind === 'config')) {
    const config = core.ports.database.read.config();
    if (config !== null && config.version > core.config.version) core.config = config;
  }
  if (next !== session && core.counter.session === session) setSession(core, next);
  else if (page.changes.length > 0) core.changed();
  // Another programme, or who the member is now, may not carry what is on the sale.
  if (page.changes.length > 0) dropRefusedRewards(core);
  restAfterRecall(core, open.grants.grants);
  if (open.grants.bodies.length > 0 || isErased !== null) core.wakeSync();
  return open.greet ? again('open grants differ: asking for the list') : ok(null);
}

function applyChange(core: Core, writes: TillWrites, change: Change): void {
  switch (change.kind) {
    case 'member':
      writes.saveMember(change.record);
      return;
    case 'merge':
      writes.mergeMember(change.from, change.into);
      return;
    case 'config':
      if (change.config.version > (writes.config()?.version ?? 0)) {
        const { crypto } = core.ports;
        writes.saveConfig(pepperStaff(change.config, (hash) => crypto.pepperPin(hash)));
      }
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
