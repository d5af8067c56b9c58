import type { Grant } from '#contract/sync.ts';
import type { Message } from '#contract/till-state.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { askServer } from './ask-server.ts';
import { commit, saveSession, setSession, type Core } from './core.ts';
import type { HeldGrant } from './database.ts';
import { closeGrants, closeNeverAccepted } from './grants.ts';
import { appendEntries } from './journal-writer.ts';
import { rewardKey } from './offer-view.ts';
import { refusal, removeReward, type Session } from './session.ts';
import type { Hold } from './session-shape.ts';

/** How long the server may take to set points aside; the sale goes on meanwhile. */
export const GRANT_TIMEOUT_MS = 3000;
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
 * Asks the server to set aside exactly so many points.
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
  const { holder, programme, reward, points } = wanted;
  const balance = ports.database.read
    .member(holder)
    ?.balances.find((known) => known.programme === programme);
  const asked: HeldGrant = {
    request: ports.ids.uuid(),
    grant: null,
    sale: counter.session.saleId,
    member: holder,
    programme,
    reward,
    amount: points,
    state: 'asked',
    balanceVersion: balance?.version ?? 0,
  };
  const noted = commit(core, (writes) => writes.saveGrant(asked));
  if (!noted.ok) return noted;
  counter.requesting.set(rewardKey(asked), programme);
  core.changed();
  const answer = await askServer(
    ports.server,
    ports.timer,
    'grant',
    { requestId: asked.request, member: holder, programme, want: points, purpose: 'sale' },
    GRANT_TIMEOUT_MS,
  );
  // Gone from the list meanwhile: the basket was cleared or the member left, and nobody wants it now.
  const stillAsked = counter.requesting.delete(rewardKey(asked));
  const outcome = !answer.ok
    ? giveUp(core, asked)
    : answer.value.outcome === 'granted'
      ? accept(core, asked, answer.value.grant, stillAsked ? wanted : null)
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
  wanted: Reservation | null,
): Result<null, Message> {
  const { session } = core.counter;
  const { read } = core.ports.database;
  const ours =
    grant.requestId === asked.request &&
    grant.member === asked.member &&
    grant.programme === asked.programme &&
    grant.amount === asked.amount;
  const fits = wanted !== null && session.saleId === asked.sale && wanted.isWanted(session);
  if (!ours || !fits || read.isNeverAccepted(grant.grant)) {
    commit(core, (writes) => {
      writes.saveGrant({ ...asked, state: 'refused' });
      if (!writes.isNeverAccepted(grant.grant)) closeNeverAccepted(core, writes, grant.grant);
    });
    return err(refusal(ours ? 'reward-too-late' : 'reward-server-silent'));
  }
  const next = wanted.apply(session, { request: asked.request, grant: grant.grant });
  const accepted = commit(core, (writes) => {
    appendEntries(core, writes, core.ports.ids.uuid(), [
      {
        kind: 'grant-accept',
        grant: grant.grant,
        purpose: 'sale',
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
    endWithLease(core, request, RESTORED_LEASE_MS);
  }
}

/** Everything that is on hold for a sale. */
export function holdsOf(open: Session): readonly Hold[] {
  return [
    ...open.rewards.flatMap(({ hold }) => (hold === null ? [] : [hold])),
    ...open.codes.flatMap(({ voucher }) => (voucher === null ? [] : [voucher.hold])),
  ];
}
