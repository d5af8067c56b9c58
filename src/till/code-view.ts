import type { VoucherRecord } from '#contract/facts.ts';
import type { CodeView, VoucherView } from '#contract/till-state.ts';
import { normaliseCode } from '#loyalty/card.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import type { Reward } from '#loyalty/reward.ts';
import { assertNever } from '#loyalty/result.ts';
import { codeKey, voucherRefusal } from './codes.ts';
import { programmeOf, type Core } from './core.ts';
import type { CachedMember } from './database.ts';
import { isRequesting } from './offer-view.ts';
import type { Session } from './session.ts';
import type { SessionCode } from './session-shape.ts';

/** The codes on the sale, each with what it does or why it does nothing. */
export function codeViews(core: Core, open: Session, quoted: Quote): CodeView[] {
  return open.codes.map((code): CodeView => {
    const { text, voucher } = code;
    const outcome = quoted.codes.find((known) => known.code === text);
    const opened = opensOf(core, code);
    const done = quoted.redemptions.filter(({ programme, holder }) =>
      voucher === null ? opened.includes(programme) : holder === voucher.record.holder,
    );
    const reason = outcome?.reason ?? null;
    const valueMinor = done.reduce((sum, redemption) => sum + redemption.valueMinor, 0);
    return {
      text,
      state: done.length > 0 ? 'applied' : (outcome?.state ?? 'accepted'),
      reason: reason === null ? null : { code: reason.code, params: { ...reason.params } },
      name:
        done[0]?.name ?? voucher?.record.name ?? programmeOf(core, opened[0] ?? '')?.name ?? null,
      valueMinor,
    };
  });
}

/** Programmes a code opens. */
export function opensOf(core: Core, { text, voucher }: SessionCode): readonly string[] {
  if (voucher !== null) return [voucher.record.programme];
  const code = normaliseCode(text);
  return core.config.programmes
    .filter(({ rules }) =>
      rules.some(({ conditions }) =>
        conditions.some(
          (condition) => condition.kind === 'code' && normaliseCode(condition.code) === code,
        ),
      ),
    )
    .map(({ id }) => id);
}

/** The member's own coupons and gift cards: what is used up or over is not shown. */
export function voucherViews(core: Core, open: Session, cached: CachedMember): VoucherView[] {
  if (cached.vouchers.length === 0) return [];
  const spent = new Set(
    core.ports.database.read.localFacts(cached.member).flatMap((fact) => fact.spent),
  );
  return cached.vouchers.flatMap((record): VoucherView[] => {
    const isOn = open.codes.some(({ voucher }) => voucher?.record.holder === record.holder);
    const why = voucherRefusal(core, record);
    if (!isOn && (spent.has(record.holder) || (why !== null && why.code !== 'code-not-eligible')))
      return [];
    const programme = programmeOf(core, record.programme);
    const reason = why ?? (core.link.online ? null : { code: 'offline', params: {} });
    return [
      {
        code: record.code,
        name: record.name ?? programme?.name ?? { en: record.code },
        worthMinor: worthOf(programme?.rewards ?? [], record),
        expiresAtMs: record.expiresAtMs,
        state: isOn
          ? 'applied'
          : isRequesting(core, codeKey(record))
            ? 'requesting'
            : reason === null
              ? 'available'
              : 'unavailable',
        reason: isOn ? null : reason,
      },
    ];
  });
}

/** What a voucher's points buy in money, whatever is in the basket; null where that decides. */
function worthOf(rewards: readonly Reward[], { available }: VoucherRecord): number | null {
  const [reward] = rewards.filter(({ enabled }) => enabled);
  if (reward === undefined) return null;
  const { value, costPoints } = reward;
  const times = costPoints === 0 ? 1 : Math.floor(Math.max(0, available) / costPoints);
  switch (value.kind) {
    case 'per-point':
      return times * value.valueMinor;
    case 'fixed':
      return value.amountMinor;
    case 'percent':
    case 'price':
    case 'product':
    case 'benefit':
    case 'donation':
      return null;
    default:
      return assertNever(value, 'worth of a voucher');
  }
}
