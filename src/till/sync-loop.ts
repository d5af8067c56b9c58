import {
  PUSH_ENTRIES_MAX,
  type SyncCall,
  type SyncInput,
  type SyncOutput,
} from '#contract/sync.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { askServer } from './ask-server.ts';
import { commit, wallMs, type Core } from './core.ts';
import { goOnBringingBack } from './bring-back.ts';
import { lookAgain } from './resume-return.ts';
import type { LinkProblem } from './ports.ts';
import { nextBatch } from '#journal/till-sync.ts';
import { closeUnused, endLeases } from './grants.ts';
import { askAhead } from './held-grants.ts';
import { pushAhead } from './push-ahead.ts';
import { applyChanges, applyWord } from './sync-apply.ts';

/** How long one message of the loop may take. Long: a slow server is better than none. */
const MESSAGE_TIMEOUT_MS = 10_000;
/** How often the server's changes are read while nothing happens here. */
const IDLE_WAIT_MS = 3000;
const BACK_OFF_FIRST_MS = 500;
const BACK_OFF_MOST_MS = 15_000;
/** How often a till that was stopped asks whether a person has put it right. */
const STOPPED_WAIT_MS = 60_000;
/** How often in a row the server may send the loop back to HELLO at once; then it backs off. */
const AGAINS_MAX = 5;
/** How often leases of held grants are counted down: not with every round, it is written each time. */
const LEASE_LOOK_MS = 60_000;
const PROFILES_MAX = 100;
const CHANGES_MAX = 500;
/** Rounds of one kind before the loop starts over; nothing runs forever on a server's word. */
const ROUNDS_MAX = 10_000;

/** What ended a round early. */
type RoundProblem =
  | LinkProblem
  | { readonly code: 'stopped' | 'not-saved' | 'again'; readonly detail: string };

/** Sends the journal, reads the server's changes, one thing at a time. */
export interface SyncLoop {
  start(): void;
  /** There is something new: go as soon as the wait allows it. */
  wake(): void;
  /** Say HELLO in the next round, whatever was said before. */
  greetAgain(): void;
  stop(): void;
  /** Resolves when the round that is running, if any, is over. */
  settled(): Promise<void>;
}

/**
 * HELLO, PUSH, PROFILE, PULL, wait, and again.
 *
 * Every message is safe to repeat, so a lost answer needs no memory: the next round asks the same
 * again. The till sells on whatever happens here.
 */
export function createSyncLoop(core: Core): SyncLoop {
  const { timer, clock, ids, log } = core.ports;
  let running: Promise<void> | null = null;
  let cancelWait: (() => void) | null = null;
  let waitingSinceMs = 0;
  let failures = 0;
  let agains = 0;
  let greeted = false;
  let greetDue = false;
  let woken = false;
  let stopped = true;
  let stopPokes: (() => void) | null = null;
  let leasesSeenMs = clock.monoMs();

  const schedule = (delayMs: number): void => {
    cancelWait?.();
    if (stopped) return;
    waitingSinceMs = clock.monoMs();
    cancelWait = timer.after(delayMs, () => {
      cancelWait = null;
      running = round()
        .catch((error: unknown) => {
          // A bug here must not end the till: it sells on, and this is tried again later.
          log.error('sync-failed', { error: String(error).slice(0, 200) });
          schedule(STOPPED_WAIT_MS);
        })
        .finally(() => {
          running = null;
        });
    });
  };

  const lookAtLeases = (): void => {
    const elapsedMs = clock.monoMs() - leasesSeenMs;
    if (elapsedMs < LEASE_LOOK_MS) return;
    leasesSeenMs += elapsedMs;
    endLeases(core, elapsedMs);
  };

  const round = async (): Promise<void> => {
    woken = false;
    greetDue = false;
    lookAtLeases();
    closeUnused(core);
    const outcome = await talk(core, greeted, () => stopped);
    if (stopped) return;
    if (outcome.ok) {
      failures = 0;
      agains = 0;
      // After a restore the server waits until a HELLO says that all profiles are back, too.
      greeted = !greetDue && outcome.value.settled;
      online(core);
      schedule(woken ? 0 : IDLE_WAIT_MS);
      return;
    }
    greeted = false;
    const { code, detail } = outcome.error;
    if (code === 'again' && (agains += 1) <= AGAINS_MAX) return schedule(0);
    log.warn('sync', { code, detail });
    if (code === 'stopped') {
      offline(core, core.ports.database.read.syncState().stopped ?? 'stopped');
      return schedule(STOPPED_WAIT_MS);
    }
    failures += 1;
    offline(core, code === 'again' ? 'bad-answer' : code);
    const [random = 0] = ids.randomBytes(1);
    schedule(backOffMs(failures, random / 255));
  };

  const wake = (): void => {
    woken = true;
    if (running !== null || cancelWait === null) return;
    if (failures === 0) return schedule(0);
    // While the server is away a busy counter must not hammer it: once per first back-off, no more.
    const leftMs = BACK_OFF_FIRST_MS - (clock.monoMs() - waitingSinceMs);
    if (leftMs <= 0) schedule(0);
  };

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      schedule(0);
      stopPokes = core.ports.server.onPoke?.(wake) ?? null;
    },
    greetAgain() {
      greeted = false;
      greetDue = true;
    },
    wake,
    stop() {
      stopped = true;
      stopPokes?.();
      stopPokes = null;
      cancelWait?.();
      cancelWait = null;
    },
    settled: async () => {
      await running;
    },
  };
}

/** Doubles up to the limit; the random half keeps a hundred tills from coming back in step. */
function backOffMs(failures: number, random: number): number {
  const full = Math.min(BACK_OFF_FIRST_MS * 2 ** Math.min(failures - 1, 10), BACK_OFF_MOST_MS);
  return Math.ceil(full / 2 + (full / 2) * random);
}

/** One round: greet where that is due, send everything, read everything. */
async function talk(
  core: Core,
  greeted: boolean,
  cancelled: () => boolean,
): Promise<Result<{ readonly settled: boolean }, RoundProblem>> {
  const settled = greeted || core.ports.database.read.waitingProfiles(1).length === 0;
  if (!greeted) {
    const hello = await sayHello(core, settled);
    if (!hello.ok) return hello;
    online(core);
  }
  const pushed = await pushAll(core, cancelled);
  if (!pushed.ok) return pushed;
  const profiles = await sendProfiles(core);
  if (!profiles.ok) return profiles;
  const pulled = await pullAll(core, cancelled);
  if (!pulled.ok) return pulled;
  if (!cancelled()) await askAhead(core);
  return ok({ settled });
}

function online(core: Core): void {
  if (core.link.online && core.link.problem === null) return;
  core.link.online = true;
  core.link.problem = null;
  core.changed();
  lookAgain(core).catch((error: unknown) =>
    core.ports.log.error('return-not-looked-at', { error: String(error).slice(0, 200) }),
  );
  goOnBringingBack(core).catch((error: unknown) =>
    core.ports.log.error('sale-not-brought-back', { error: String(error).slice(0, 200) }),
  );
}

function offline(core: Core, problem: string): void {
  if (!core.link.online && core.link.problem === problem) return;
  if (problem === 'wrong-key') core.notify('warning', { code: 'wrong-server-key', params: {} });
  core.link.online = false;
  core.link.problem = problem;
  core.changed();
}

function ask<Call extends SyncCall>(
  core: Core,
  name: Call,
  input: SyncInput<Call>,
): Promise<Result<SyncOutput<Call>, LinkProblem>> {
  return askServer(core.ports.server, core.ports.timer, name, input, MESSAGE_TIMEOUT_MS);
}

async function sayHello(core: Core, settled: boolean): Promise<Result<null, RoundProblem>> {
  const { read } = core.ports.database;
  const head = read.head();
  const answer = await ask(core, 'hello', {
    inc: core.options.identity.inc,
    headSeq: head.seq,
    headHash: head.hash,
    epochSeen: read.syncState().epoch,
    settled,
    app: core.options.app,
    wallMs: wallMs(core),
  });
  return answer.ok ? applyWord(core, answer.value) : answer;
}

async function pushAll(core: Core, cancelled: () => boolean): Promise<Result<null, RoundProblem>> {
  const { read } = core.ports.database;
  const { inc } = core.options.identity;
  return pushAhead<RoundProblem>(
    {
      next(after) {
        const sync = read.syncState();
        const at = after === null ? sync : { ...sync, ackSeq: after.seq, ackHash: after.hash };
        return nextBatch(at, inc, read.entriesAfter(at.ackSeq, PUSH_ENTRIES_MAX));
      },
      send({ texts, ...batch }) {
        const headSignature = core.ports.crypto.sign(batch.headHash);
        return ask(core, 'push', { ...batch, entries: [...texts], headSignature });
      },
      take(answer, batch) {
        const taken = applyWord(core, answer);
        if (taken.ok && read.syncState().ackSeq < batch.from) {
          return err({ code: 'bad-answer', detail: 'push: acknowledged nothing' });
        }
        return taken;
      },
      cancelled,
    },
    ROUNDS_MAX,
  );
}

async function sendProfiles(core: Core): Promise<Result<null, RoundProblem>> {
  const profiles = core.ports.database.read.waitingProfiles(PROFILES_MAX);
  if (profiles.length === 0) return ok(null);
  const answer = await ask(core, 'profile', { profiles: [...profiles] });
  if (!answer.ok) return answer;
  const written = commit(core, (writes) => {
    for (const { member, version } of answer.value.accepted) {
      writes.acknowledgeProfile(member, version);
    }
  });
  return written.ok ? ok(null) : err({ code: 'not-saved', detail: written.error.code });
}

async function pullAll(core: Core, cancelled: () => boolean): Promise<Result<null, RoundProblem>> {
  for (let count = 0; count < ROUNDS_MAX && !cancelled(); count += 1) {
    const { cursor } = core.ports.database.read.syncState();
    const answer = await ask(core, 'pull', { cursor, limit: CHANGES_MAX });
    if (!answer.ok) return answer;
    const applied = applyChanges(core, answer.value);
    if (!applied.ok) return applied;
    if (!answer.value.more) return ok(null);
  }
  return ok(null);
}
