import type { Message } from '#contract/till-state.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { QuotedOffer } from '#loyalty/quote-types.ts';
import { programmeOf, setSession, type Core } from './core.ts';
import { closeGrants } from './grants.ts';
import { quoteOf } from './pricing.ts';
import { reservePoints } from './reservations.ts';
import {
  applyReward,
  refusal,
  removeReward,
  sameReward,
  type RewardId,
  type SessionReward,
} from './session.ts';
import { isRequesting, offerRefusal } from './offer-view.ts';

/** Most rewards on one sale. */
const REWARDS_MAX = 16;

/** A reward as a person asks for it: without its programme where only one has it. */
export interface WantedReward {
  readonly reward: string;
  readonly programme: string | null;
  /** The product, where the reward leaves a choice. */
  readonly sku: string | null;
}

/** Puts a reward on the sale or takes it off again. */
export async function toggleReward(
  core: Core,
  wanted: WantedReward,
): Promise<Result<null, Message>> {
  const { session } = core.counter;
  const isWanted = ({ reward, programme }: RewardId): boolean =>
    reward === wanted.reward && (wanted.programme === null || programme === wanted.programme);
  const applied = session.rewards.find(isWanted);
  if (applied !== undefined) {
    takeOff(core, applied);
    return ok(null);
  }
  const offer = quoteOf(core, session).offers.find(isWanted);
  if (offer === undefined) return err(refusal('no-such-reward'));
  if (isRequesting(core, offer)) return err(refusal('reward-requesting'));
  const why = offerRefusal(core, offer, wanted.sku);
  if (why !== null) return err(why);
  if (session.rewards.length >= REWARDS_MAX) return err(refusal('too-many-rewards'));
  if (costsNobody(core, offer)) {
    const { reward, programme } = offer;
    const free = { reward, programme, points: 0, hold: null, sku: wanted.sku };
    setSession(core, applyReward(session, free));
    return ok(null);
  }
  return requestPoints(core, offer, wanted.sku);
}

/** Points that a promotion makes in the sale itself are nobody's: no grant holds them. */
function costsNobody(core: Core, { costPoints, programme }: QuotedOffer): boolean {
  return costPoints === 0 || programmeOf(core, programme)?.holder === 'sale';
}

/** Asks for exactly what the reward costs; only when its points are held is the reward on the sale. */
async function requestPoints(
  core: Core,
  { programme, reward, costPoints }: QuotedOffer,
  sku: string | null,
): Promise<Result<null, Message>> {
  const holder = core.counter.session.member?.member;
  if (holder === undefined) return err(refusal('no-member'));
  const done = await reservePoints(core, {
    holder,
    programme,
    reward,
    points: costPoints,
    isWanted: (open) =>
      open.member?.member === holder &&
      !open.rewards.some((known) => sameReward(known, { programme, reward })),
    apply: (open, hold) => applyReward(open, { reward, programme, points: costPoints, hold, sku }),
  });
  // The basket may have shrunk while the server was asked.
  if (done.ok) dropRefusedRewards(core);
  return done;
}

function takeOff(core: Core, applied: SessionReward): void {
  closeGrants(core, [applied], 'reward-removed');
  core.counter.notice = null;
  setSession(core, removeReward(core.counter.session, applied));
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
  setSession(core, dropped.reduce(removeReward, session));
}
