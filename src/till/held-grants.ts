import { heldOf } from '#journal/grant-plan.ts';
import { acceptGrant, closeGrant, joinSteps, leftOf } from '#journal/held-grant.ts';
import { RISK_HOLDER } from '#journal/risk.ts';
import { mayRedeem } from '#loyalty/market.ts';
import type { Programme } from '#loyalty/programme.ts';
import { commit, type Core } from './core.ts';
import type { HeldGrant } from './database.ts';
import { inUseBy, writeStep } from './grants.ts';
import { shopMarket } from './market.ts';
import { missingRisk } from './risk.ts';
import { askForGrant, GRANT_TIMEOUT_MS, newQuestion } from './reservations.ts';

/** Of the dearest reward, how many a held grant is meant to pay. */
const REWARDS_HELD = 2;
/** Most grants a till holds for later: members it saw lately and those who are at home here. */
const HELD_MAX = 200;
/** After the server refused, how long until the same is asked again. */
const ASK_AGAIN_MS = 60_000;
/** A lease longer than this is one of a member who is at home here; it is renewed before it ends. */
const HOME_LEASE_LEAST_MS = 86_400_000;

interface HeldWish {
  readonly member: string;
  readonly programme: string;
  readonly points: number;
}

/** When a wish was refused, by monotonic time. Gone with the process: asking again harms nobody. */
const refusedAtMs = new WeakMap<Core, Map<string, number>>();

/**
 * Has the server set points aside that this till keeps, so that its members can spend them while the
 * server is away.
 *
 * One question per round: for the member on the sale as soon as they are seen, and at idle for those
 * who are at home here and whose grant is used up or soon over.
 */
export async function askAhead(core: Core): Promise<void> {
  // A reward that is being asked for comes first: what is set aside now would be missing there.
  if (core.counter.asking.size > 0) return;
  const member = nextWish(core);
  const wish = member ?? nextRisk(core);
  if (wish === null) return;
  const { clock } = core.ports;
  const question: HeldGrant = {
    ...newQuestion(core, wish),
    purpose: member === null ? 'risk' : 'held',
    sale: null,
    reward: null,
  };
  if (!commit(core, (writes) => writes.saveGrant(question)).ok) return;
  core.counter.asking.add(question.request);
  const answer = await askForGrant(core, question, clock.monoMs() + GRANT_TIMEOUT_MS);
  core.counter.asking.delete(question.request);
  if (!answer.ok || answer.value.outcome === 'refused') {
    commit(core, (writes) => writes.saveGrant({ ...question, state: 'refused' }));
    refusals(core).set(wishKey(wish), clock.monoMs());
    if (!answer.ok) core.greetAgain();
    return;
  }
  const { read } = core.ports.database;
  const { grant, balance } = answer.value;
  const known = read.grantByRequest(question.request) ?? question;
  const never = read.isNeverAccepted(grant.grant);
  const { accepted, step } = acceptGrant(known, grant, { wanted: true, never });
  const replaced = accepted?.purpose === 'held' ? heldBefore(core, accepted) : [];
  commit(core, (writes) => {
    writeStep(
      core,
      writes,
      joinSteps([step, ...replaced.map((held) => closeGrant(held, 'replaced'))]),
    );
    if (accepted?.purpose !== 'held') return;
    if (balance !== null) writes.saveBalance(balance);
  });
  core.wakeSync();
  core.changed();
}

/** What was just given back is wanted elsewhere: it is not asked for again at once. */
export function restAfterRecall(core: Core, closed: readonly HeldGrant[]): void {
  for (const { purpose, member, programme } of closed) {
    if (purpose !== 'held') continue;
    refusals(core).set(wishKey({ member, programme }), core.ports.clock.monoMs());
  }
}

/** Grants that a new one for the same points takes the place of. */
function heldBefore(core: Core, accepted: HeldGrant): readonly HeldGrant[] {
  const inUse = inUseBy(core.counter.session);
  return core.ports.database.read
    .openGrantsOf(accepted.member)
    .filter(({ programme }) => programme === accepted.programme)
    .filter((held) => held.purpose === 'held' && held.request !== accepted.request)
    .filter((held) => !inUse(held));
}

/** What the shop is ready to lose here, asked for once the till has nothing better to ask. */
function nextRisk(core: Core): HeldWish | null {
  const missing = missingRisk(core);
  if (missing === null) return null;
  const wish = { ...missing, member: RISK_HOLDER };
  const refusedMs = refusals(core).get(wishKey(wish));
  const isEarly = refusedMs !== undefined && core.ports.clock.monoMs() - refusedMs < ASK_AGAIN_MS;
  return isEarly ? null : wish;
}

function nextWish(core: Core): HeldWish | null {
  const { session } = core.counter;
  const { read } = core.ports.database;
  const open = read.openGrants().filter(({ purpose }) => purpose === 'held');
  if (session.member !== null && mayRedeem(shopMarket(core), session.member.proof)) {
    const { member } = session.member;
    if (open.length < HELD_MAX || open.some((held) => held.member === member)) {
      return wishOf(core, member, open);
    }
  }
  if (session.lines.length > 0 || session.member !== null) return null;
  for (const held of open) {
    if (held.leaseLeftMs < HOME_LEASE_LEAST_MS && held.spent === 0) continue;
    const wish = wishOf(core, held.member, open);
    if (wish !== null) return wish;
  }
  return null;
}

function wishOf(core: Core, member: string, open: readonly HeldGrant[]): HeldWish | null {
  const cached = core.ports.database.read.member(member);
  if (cached === null || cached.provisional || cached.status !== 'active') return null;
  const nowMs = core.ports.clock.monoMs();
  for (const programme of core.config.programmes) {
    const costs = costsOf(programme);
    if (costs.length === 0) continue;
    const points = REWARDS_HELD * Math.max(...costs);
    const balance = cached.balances.find((known) => known.programme === programme.id);
    const here = open
      .filter((held) => held.member === member && held.programme === programme.id)
      .reduce((sum, held) => sum + leftOf(held), 0);
    // The server gives a share of what is left, and the new grant replaces the old one: asking again
    // and again would cut it each time. Less than the cheapest reward more helps nobody.
    const gives = heldOf(points, balance?.available ?? 0);
    if (here >= points / 2 || gives < here + Math.min(...costs)) continue;
    const wish = { member, programme: programme.id, points };
    const refusedMs = refusals(core).get(wishKey(wish));
    if (refusedMs !== undefined && nowMs - refusedMs < ASK_AGAIN_MS) continue;
    return wish;
  }
  return null;
}

/** What rewards of a programme cost a member, those that cost points. */
function costsOf(programme: Programme): readonly number[] {
  if (programme.holder !== 'member') return [];
  return programme.rewards.flatMap(({ costPoints }) => (costPoints > 0 ? [costPoints] : []));
}

function wishKey({ member, programme }: Omit<HeldWish, 'points'>): string {
  return `${programme}/${member}`;
}

function refusals(core: Core): Map<string, number> {
  const known = refusedAtMs.get(core);
  if (known !== undefined) return known;
  const fresh = new Map<string, number>();
  refusedAtMs.set(core, fresh);
  return fresh;
}
