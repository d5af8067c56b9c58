import type { SyncOutput } from '#contract/sync.ts';
import type { Message } from '#contract/till-state.ts';
import { acceptGrant, type TillGrant } from '#journal/held-grant.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { askServer } from './ask-server.ts';
import { commit, programmeOf, saveSession, setSession, type Core } from './core.ts';
import type { HeldGrant } from './database.ts';
import { closeGrants, writeStep } from './grants.ts';
import { holdsOf } from './holds.ts';
import { rewardKey } from './offer-view.ts';
import type { LinkProblem } from './ports.ts';
import { grantHere } from './risk.ts';
import { refusal, removeReward, type Session } from './session.ts';
import type { Hold } from './session-shape.ts';
import { inUnitOf } from './unit-view.ts';

/** How long the server may take to set points aside; the sale goes on meanwhile. */
export const GRANT_TIMEOUT_MS = 3000;
/** How soon a question is asked again whose points other tills were asked to give back. */
const RECALLED_AGAIN_MS = 250;
/** How long a restored sale keeps its points before they are given back. */
const RESTORED_LEASE_MS = 600_000;

/** Points to be set aside for the open sale. */
export interface Reservation {
  /** Whose points: a member, or the holder of a voucher. */
  readonly holder: string;
  readonly programme: string;
  /** What they are for: a reward's id, or the code's own name. */
  readonly reward: string;
  readonly points: number;
  /** Whether the sale, as it is when the answer comes, still takes them. */
  readonly isWanted: (open: Session) => boolean;
  /** The sale with what was reserved on it. */
  readonly apply: (open: Session, hold: Hold) => Session;
}

/**
 * Sets exactly so many points aside: out of a grant this till holds, or by asking the server.
 *
 * The question is on disk before it leaves; the answer counts only once it is accepted in the
 * journal; and only then is what it pays for on the sale. An answer that comes too late, for another
 * sale or for a question this till has given up, is closed without having been accepted.
 */
export async function reservePoints(
  core: Core,
  wanted: Reservation,
): Promise<Result<null, Message>> {
  const { counter, ports } = core;
  const { holder: member, programme, reward, points } = wanted;
  const here = grantHere(core, { member, programme, points });
  if (here !== null && here.grant !== null && wanted.isWanted(counter.session)) {
    counter.notice = null;
    setSession(core, wanted.apply(counter.session, { request: here.request, grant: here.grant }));
    return ok(null);
  }
  if (!core.link.online) return err(refusal('offline'));
  const asked: HeldGrant = {
    ...newQuestion(core, { member, programme, points }),
    purpose: 'sale',
    sale: counter.session.saleId,
    reward,
  };
  const noted = commit(core, (writes) => writes.saveGrant(asked));
  if (!noted.ok) return noted;
  const key = rewardKey({ programme, reward });
  counter.requesting.set(key, programme);
  counter.asking.add(asked.request);
  core.changed();
  const answer = await askForGrant(core, asked, ports.clock.monoMs() + GRANT_TIMEOUT_MS);
  counter.asking.delete(asked.request);
  // Gone from the list meanwhile: the basket was cleared or the member left, and nobody wants it now.
  const stillAsked = counter.requesting.delete(key);
  const outcome = !answer.ok
    ? giveUp(core, asked)
    : answer.value.outcome === 'granted'
      ? accept(core, asked, answer.value, stillAsked ? wanted : null)
      : refused(core, asked, answer.value.code, answer.value.available);
  core.wakeSync();
  core.changed();
  return outcome;
}

/** A question for a grant that has not been asked yet. */
export function newQuestion(
  core: Core,
  { member, programme, points }: { member: string; programme: string; points: number },
): Omit<HeldGrant, 'purpose' | 'sale' | 'reward'> {
  return {
    request: core.ports.ids.uuid(),
    grant: null,
    member,
    programme,
    amount: points,
    spent: 0,
    state: 'asked',
    leaseLeftMs: 0,
  };
}

/**
 * Asks until the server gives, refuses, or the time is over.
 *
 * `recalled` means that other tills hold the points and were told to give them back, which takes a
 * moment: the same question is asked again. What this till itself holds of them it gives back by
 * the round that is woken.
 */
export async function askForGrant(
  core: Core,
  asked: TillGrant,
  untilMs: number,
): Promise<Result<SyncOutput<'grant'>, LinkProblem>> {
  const { server, timer, clock } = core.ports;
  const { request: requestId, member, programme, amount: want, purpose } = asked;
  for (;;) {
    const leftMs = Math.max(1, untilMs - clock.monoMs());
    const question = { requestId, member, programme, want, purpose };
    const answer = await askServer(server, timer, 'grant', question, leftMs);
    const recalled =
      answer.ok && answer.value.outcome === 'refused' && answer.value.code === 'recalled';
    if (!recalled || clock.monoMs() + RECALLED_AGAIN_MS >= untilMs) return answer;
    core.wakeSync();
    await new Promise<void>((resolve) => void timer.after(RECALLED_AGAIN_MS, resolve));
  }
}

/** No answer is not a no: the points may be set aside. The next HELLO brings them, and they are closed. */
function giveUp(core: Core, asked: HeldGrant): Result<null, Message> {
  commit(core, (writes) => writes.saveGrant({ ...asked, state: 'refused' }));
  core.greetAgain();
  return err(refusal('reward-server-silent'));
}

function refused(
  core: Core,
  asked: HeldGrant,
  code: Extract<SyncOutput<'grant'>, { outcome: 'refused' }>['code'],
  available: number,
): Result<null, Message> {
  commit(core, (writes) => writes.saveGrant({ ...asked, state: 'refused' }));
  // A server that is not ready says as much as one that is silent; what others hold is not there.
  if (code === 'recovering') return err(refusal('reward-server-silent'));
  const shown = code === 'recalled' ? 'not-enough' : code;
  const why = refusal(`reward-refused-${shown}`, { available });
  return err(inUnitOf(programmeOf(core, asked.programme), why));
}

function accept(
  core: Core,
  asked: HeldGrant,
  { grant, balance }: Extract<SyncOutput<'grant'>, { outcome: 'granted' }>,
  wanted: Reservation | null,
): Result<null, Message> {
  const { session } = core.counter;
  const { read } = core.ports.database;
  const fits = wanted !== null && session.saleId === asked.sale && wanted.isWanted(session);
  // A restore of the server takes questions back, too.
  const known = read.grantByRequest(asked.request) ?? asked;
  const never = read.isNeverAccepted(grant.grant);
  const { accepted, step } = acceptGrant(known, grant, { wanted: fits, never });
  if (accepted === null || wanted === null) {
    commit(core, (writes) => writeStep(core, writes, step));
    return err(refusal(fits ? 'reward-server-silent' : 'reward-too-late'));
  }
  const next = wanted.apply(session, { request: asked.request, grant: grant.grant });
  const written = commit(core, (writes) => {
    writeStep(core, writes, step);
    if (balance !== null) writes.saveBalance(balance);
    saveSession(writes, next);
  });
  if (!written.ok) return written;
  core.counter.session = next;
  core.counter.notice = null;
  endWithLease(core, asked.request, grant.leaseMs);
  return ok(null);
}

/** When the lease is over the till itself gives the points back, if the sale is still open with them. */
function endWithLease(core: Core, request: string, leaseMs: number): void {
  core.ports.timer.after(leaseMs, () => {
    const { session } = core.counter;
    const reward = session.rewards.find(({ hold }) => hold?.request === request);
    const code = session.codes.find(({ voucher }) => voucher?.hold.request === request);
    if (reward === undefined && code === undefined) return;
    closeGrants(core, [{ hold: reward?.hold ?? code?.voucher?.hold ?? null }], 'lease-over');
    const without = reward === undefined ? session : removeReward(session, reward);
    setSession(core, { ...without, codes: without.codes.filter((known) => known !== code) });
    core.notify('info', { code: 'reward-lease-over', params: {} });
    core.changed();
  });
}

/** Rewards of a restored sale begin a short lease anew: the old clock ended with its process. */
export function restartLeases(core: Core): void {
  for (const { request } of holdsOf(core.counter.session)) {
    const held = core.ports.database.read.grantByRequest(request);
    if (held?.purpose === 'sale') endWithLease(core, request, RESTORED_LEASE_MS);
  }
}
