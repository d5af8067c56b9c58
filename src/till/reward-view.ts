import type { BasketView } from '#contract/till-state.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import type { Core } from './core.ts';
import { sameReward, type Session } from './session.ts';

/** Most rewards that are shown as lines of the basket. */
const REWARDS_SHOWN_MAX = 32;

/** What is taken off, paid or handed out now, whoever brought it: a tap, a code or the shop. */
export function rewardViews(core: Core, open: Session, quoted: Quote): BasketView['rewards'] {
  return quoted.redemptions.slice(0, REWARDS_SHOWN_MAX).map((done) => {
    const { reward, programme, name, points, valueMinor, stage, added, holderKind } = done;
    const product = core.config.products.find(({ sku }) => sku === added?.sku);
    return {
      reward,
      programme,
      name,
      points: holderKind === 'member' ? points : 0,
      valueMinor,
      stage,
      removable: open.rewards.some((known) => sameReward(known, done)),
      added: added === null ? null : { name: product?.name ?? name, units: done.units },
    };
  });
}
