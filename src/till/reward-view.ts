import type { BasketView } from '#contract/till-state.ts';
import type { Quote, QuotedRedemption } from '#loyalty/quote-types.ts';
import { opensOf } from './code-view.ts';
import { programmeOf, type Core } from './core.ts';
import { sameReward, type Session } from './session.ts';
import { unitView } from './unit-view.ts';

/** What is taken off, paid or handed out now, whoever brought it: a tap, a code or the shop. */
export function rewardViews(core: Core, open: Session, quoted: Quote): BasketView['rewards'] {
  return quoted.redemptions.map((done) => {
    const { reward, programme, name, points, valueMinor, stage, added, holderKind } = done;
    const product = core.config.products.find(({ sku }) => sku === added?.sku);
    return {
      reward,
      programme,
      name,
      points: holderKind === 'member' ? points : 0,
      unit: unitView(programmeOf(core, programme)),
      valueMinor,
      stage,
      removable: open.rewards.some((known) => sameReward(known, done)),
      code: codeOf(core, open, done),
      added: added === null ? null : { name: product?.name ?? name, units: done.units },
    };
  });
}

function codeOf(core: Core, open: Session, done: QuotedRedemption): string | null {
  const by = open.codes.find((code) =>
    code.voucher === null
      ? done.holderKind === 'sale' && opensOf(core, code).includes(done.programme)
      : code.voucher.record.holder === done.holder,
  );
  return by?.text ?? null;
}
