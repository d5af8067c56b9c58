import type { Grant } from '#contract/sync.ts';
import type { Message } from '#contract/till-state.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { QuotedOffer } from '#loyalty/quote-types.ts';
import { askServer } from './ask-server.ts';
import { commit, saveSession, setSession, type Core } from './core.ts';
import type { HeldGrant } from './database.ts';
import { closeGrants, closeNeverAccepted } from './grants.ts';
import { appendEntries } from './journal-writer.ts';
import { quoteOf } from './pricing.ts';
import { applyReward, refusal, removeReward, type SessionReward } from './session.ts';
import { offerRefusal } from './state.ts';

/** How long the server may take to set points aside; the sale goes on meanwhile. */
export const GRANT_TIMEOUT_MS = 3000;
/** How long a restored sale keeps its points before they are given back. */
const RESTORED_LEASE_MS = 600_000;
/** Most rewards on one sale. */
const REWARDS_MAX = 16;

/** Puts a reward on the sale or takes it off again. */
export async function toggleReward(core: Core, reward: string): Promise<Result<null, Message>> {
  const { session } = core.counter;
  const applied = session.rewards.find((known) => known.reward === reward);
  if (applied !== undefined) {
    takeOff(core, applied);
    return ok(null);
  }
  if (core.counter.requesting.has(reward)) return err(refusal('reward-requesting'));
  const offer = quoteOf(core, session).offers.find((known) => known.reward === reward);
  if (offer === undefined) return err(refusal('no-such-reward'));
  const why = offerRefusal(core, offer);
  if (why !== null) return err(why);
  if (session.rewards.length >= REWARDS_MAX) return err(refusal('too-many-rewards'));
  if (offer.costPoints === 0) {
    const free = { reward, programme: offer.programme, points: 0, hold: null };
    setSession(core, applyReward(session, free));
    return ok(null);
  }
  return requestPoints(core, offer);
}

function takeOff(core: Core, applied: SessionReward): void {
  closeGrants(core, [applied], 'reward-removed');
  core.counter.notice = null;
  setSession(core, removeReward(core.counter.session, applied.reward));
}

/**
 * Asks the server to set aside exactly what the reward costs.
 *
 * The question is on disk before it leaves; the answer counts only once it is accepted in the
 * journal; and only then is the reward on the sale. An answer that comes too late, for another sale
 * or for a question this till has given up, is closed without having been accepted.
 */
async function requestPoints(core: Core, offer: QuotedOffer): Promise<Result<null, Message>> {
  const { counter, ports } = core;
  const { session } = counter;
  const member = session.member?.member;
  if (member === undefined) return err(refusal('no-member'));
  const balance = ports.database.read
    .member(member)
    ?.balances.find(({ programme }) => programme === offer.programme);
  const asked: HeldGrant = {
    request: ports.ids.uuid(),
    grant: null,
    sale: session.saleId,
    member,
    programme: offer.programme,
    reward: offer.reward,
    amount: offer.costPoints,
    state: 'asked',
    balanceVersion: balance?.version ?? 0,
  };
  const noted = commit(core, (writes) => writes.saveGrant(asked));
  if (!noted.ok) return noted;
  counter.requesting.set(offer.reward, offer.programme);
  core.changed();
  const answer = await askServer(
    ports.server,
    ports.timer,
    'grant',
    { requestId: asked.request, member, programme: offer.programme, want: offer.costPoints },
    GRANT_TIMEOUT_MS,
  );
  // Gone from the list meanwhile: the basket was cleared or the member left, and nobody wants it now.
  const wanted = counter.requesting.delete(offer.reward);
  const outcome = !answer.ok
    ? giveUp(core, asked)
    : answer.value.outcome === 'granted'
      ? accept(core, asked, answer.value.grant, wanted)
      : refused(core, asked, answer.value.code, answer.value.available);
  core.wakeSync();
  core.changed();
  return outcome;
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
  code: string,
  available: number,
): Result<null, Message> {
  commit(core, (writes) => writes.saveGrant({ ...asked, state: 'refused' }));
  return err(refusal(`reward-refused-${code}`, { available }));
}

function accept(
  core: Core,
  asked: HeldGrant,
  grant: Grant,
  stillWanted: boolean,
): Result<null, Message> {
  const { session } = core.counter;
  const { read } = core.ports.database;
  const ours =
    grant.requestId === asked.request &&
    grant.member === asked.member &&
    grant.programme === asked.programme &&
    grant.amount === asked.amount;
  const wanted =
    stillWanted &&
    session.saleId === asked.sale &&
    session.member?.member === asked.member &&
    !session.rewards.some(({ reward }) => reward === asked.reward);
  if (!ours || !wanted || read.isNeverAccepted(grant.grant)) {
    commit(core, (writes) => {
      writes.saveGrant({ ...asked, state: 'refused' });
      if (!writes.isNeverAccepted(grant.grant)) closeNeverAccepted(core, writes, grant.grant);
    });
    return err(refusal(ours ? 'reward-too-late' : 'reward-server-silent'));
  }
  const next = applyReward(session, {
    reward: asked.reward,
    programme: asked.programme,
    points: asked.amount,
    hold: { request: asked.request, grant: grant.grant },
  });
  const accepted = commit(core, (writes) => {
    appendEntries(core, writes, core.ports.ids.uuid(), [
      {
        kind: 'grant-accept',
        grant: grant.grant,
        member: asked.member,
        programme: asked.programme,
        amount: asked.amount,
      },
    ]);
    writes.saveGrant({ ...asked, grant: grant.grant, state: 'accepted' });
    writes.reserve(asked.member, asked.programme, asked.amount, asked.balanceVersion);
    saveSession(writes, next);
  });
  if (!accepted.ok) return accepted;
  core.counter.session = next;
  core.counter.notice = null;
  endWithLease(core, asked.request, grant.leaseMs);
  // The basket may have shrunk while the server was asked.
  dropRefusedRewards(core);
  return ok(null);
}

/** When the lease is over the till itself gives the points back, if the sale is still open with them. */
function endWithLease(core: Core, request: string, leaseMs: number): void {
  core.ports.timer.after(leaseMs, () => {
    const applied = core.counter.session.rewards.find(({ hold }) => hold?.request === request);
    if (applied === undefined) return;
    takeOff(core, applied);
    core.notify('info', { code: 'reward-lease-over', params: {} });
    core.changed();
  });
}

/** Rewards of a restored sale begin a short lease anew: the old clock ended with its process. */
export function restartLeases(core: Core): void {
  for (const { hold } of core.counter.session.rewards) {
    if (hold !== null) endWithLease(core, hold.request, RESTORED_LEASE_MS);
  }
}

/**
 * Takes off rewards that the changed basket no longer carries, says so, and gives their points back.
 *
 * Called after each change of the basket; what is left is what the quote honours.
 */
export function dropRefusedRewards(core: Core): void {
  const { session } = core.counter;
  if (session.rewards.length === 0) return;
  const { refused: refusedClaims } = quoteOf(core, session);
  const dropped = session.rewards.filter(({ reward, programme }) =>
    refusedClaims.some(
      ({ claim }) =>
        claim.kind === 'reward' && claim.reward === reward && claim.programme === programme,
    ),
  );
  const [first] = dropped;
  if (first === undefined) return;
  closeGrants(core, dropped, 'reward-removed');
  core.notify('info', { code: 'reward-removed', params: {} });
  setSession(
    core,
    dropped.reduce((open, { reward }) => removeReward(open, reward), session),
  );
}
