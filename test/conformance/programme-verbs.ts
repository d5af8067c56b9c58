import { businessDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { setBalance, spendingRefusal } from '#loyalty/ledger-points.ts';
import { previewSale } from '#loyalty/ledger-sale.ts';
import { rational, roundToInteger, subtract } from '#loyalty/rational.ts';
import { reviewTier, termOf, tierFor } from '#loyalty/tiers.ts';
import { type Fields, isFields, list, major, minor, names, number, text } from './fields.ts';
import type { Player } from './loyalty.ts';
import { requestOf, type Shown } from './orders.ts';
import { basketOf, lineOf, setMember } from './stated-basket.ts';
import { measuresFromNotation } from '#loyalty/notation/tiers.ts';
import { preview, type Verb } from './verbs.ts';

const nameOfTier = (player: Player, id: string | null): string | null =>
  player.main.tiers.find((tier) => tier.id === id)?.name['en'] ?? null;
function changeProgram(player: Player, program: Fields): Shown {
  player.program = program;
  player.load(null, [], {}, player.version + 1);
  return {};
}

/** Verbs about what a programme gives, and its tiers. */
export const programmeVerbs: Readonly<Record<string, Verb>> = {
  calculate_earn(player, step) {
    const tier = player.ledger.programmes
      .flatMap(({ tiers }) => tiers)
      .find(({ name }) => name['en'] === step['tier']);
    const held =
      tier === undefined ? {} : { p0: { tier: tier.id, since: '2026-01-01', through: null } };
    setMember(player, 'm', { segments: names(step, 'member_segments') ?? [], tiers: held });
    return preview(player, basketOf(player, step));
  },
  basis(player, step) {
    const rest = (whole: string, part: string): number =>
      major(
        roundToInteger(
          subtract(
            rational(minor(number(step, whole) ?? 0)),
            rational(minor(number(step, part) ?? 0)),
          ),
          'half-up',
        ),
      );
    const taxed = (amount: number | null): Fields => ({ taxes: [{ amount, included: true }] });
    const order = basketOf(player, { id: step['id'], variant: step['variant'] });
    const goods = lineOf(step['items_total'], taxed(number(step, 'items_tax')));
    const delivery = {
      ...lineOf(rest('order_total', 'items_total'), taxed(rest('order_tax', 'items_tax'))),
      type: 'delivery',
    };
    return preview(player, { ...order, lines: [goods, delivery] });
  },
  apply_promotion(player, step) {
    const shown = preview(player, { ...basketOf(player, step), lines: [lineOf(1)] });
    return { ...shown, ...(isFields(shown['breakdown']) ? shown['breakdown'] : {}) };
  },
  rule_applies(player, step) {
    const [rule] = list(player.program, 'rules');
    const order = {
      ...basketOf(player, { ...step, id: step['id'] }),
      lines: [{ sku: rule?.['product'], price: 100, qty: step['qty'] }],
    };
    const shown = preview(player, order);
    return { applies: Array.isArray(shown['applied']) && shown['applied'].length > 0 };
  },
  quote_redemption(player, step) {
    const account = player.account({});
    const points = typeof step['requested'] === 'number' ? player.points(step, 'requested') : 0;
    const atMs = player.nowMs;
    setMember(player, 'm', { enabled: step['account_enabled'] !== false });
    player.take(
      setBalance(player.ledger, {
        account,
        balance: player.points(step, 'balance'),
        source: player.source('balance'),
        atMs,
      }),
    );
    if (step['order_total'] === undefined) {
      const refusal = spendingRefusal(
        player.ledger,
        step['member'] === null ? null : account,
        points,
        atMs,
      );
      return { ok: refusal === null, error: refusal?.code.replaceAll('-', '_') };
    }
    const order = {
      ...basketOf(player, {}),
      id: text(step, 'id') ?? '',
      lines: [lineOf(step['order_total'])],
    };
    const claims = typeof step['requested'] === 'number' ? [{ points: step['requested'] }] : [];
    preview(player, { ...order, claims });
    const quoted = previewSale(
      player.ledger,
      requestOf({ ...order, claims }, player.ledger.programmes),
    );
    const available = quoted.offers.filter(({ state }) => state === 'available');
    const [best] = available;
    const [done] = quoted.redemptions;
    return {
      spend: player.show(done?.points ?? 0),
      discount: major(done?.valueMinor ?? 0),
      options: available.map(({ costPoints }) => player.show(costPoints)).toSorted((a, b) => a - b),
      best:
        best === undefined
          ? null
          : { spend: player.show(best.costPoints), discount: major(best.worthMinor) },
    };
  },
  tier_for(player, step) {
    const { id: _, do: __, ...measured } = step;
    const tier = tierFor(player.main, measuresFromNotation(measured, 'EUR'));
    return { tier: nameOfTier(player, tier) };
  },
  reach_threshold(player, step) {
    if (step['variant'] !== undefined) player.load(text(step, 'variant'), [], {});
    const day = businessDay(player.at(step), player.ledger.settings);
    const term = termOf(player.main.tierSettings, day);
    player.held = {
      tier: player.main.tiers.find(({ name }) => name['en'] === step['tier'])?.id ?? null,
      ...term,
    };
    return {
      tier: text(step, 'tier'),
      tier_from: term.since,
      tier_through: term.through,
      tier_ends_at: term.through === null ? null : `${addDays(term.through, 1)}T00:00:00`,
    };
  },
  tier_at(player, step) {
    const day = businessDay(player.at(step), player.ledger.settings);
    const { id: _, do: __, at: ___, ...measured } = step;
    player.held = reviewTier(
      player.main,
      player.held,
      measuresFromNotation(measured, 'EUR'),
      day,
    ).held;
    return { tier: nameOfTier(player, player.held.tier) };
  },
  set_tier(player, step) {
    const tier = player.main.tiers.find(({ name }) => name['en'] === step['tier'])?.id ?? null;
    player.held = { tier, since: '2025-01-01', through: '2025-12-31' };
    return {};
  },
  period_end(player, step) {
    const { id: _, do: __, ...measured } = step;
    const earned = measuresFromNotation(measured, 'EUR');
    const spend = { ...earned, 'spend-minor': minor(earned['earned-points'] ?? 0) };
    const day = businessDay(player.nowMs, player.ledger.settings);
    player.held = reviewTier(player.main, player.held, spend, day).held;
    return { tier: nameOfTier(player, player.held.tier) };
  },
  change_program: (player, step) =>
    changeProgram(player, { ...player.program, earn: step['earn'] }),
  disable_rule: (player) =>
    changeProgram(player, {
      ...player.program,
      earn: list(player.program, 'earn').map((of) => ({ ...of, enabled: false })),
    }),
  reprice(player, step) {
    const factor = number(step, 'factor') ?? 1;
    const order = player.order(step);
    return preview(player, {
      ...order,
      lines: order.lines.map((line) => ({ ...line, price: (number(line, 'price') ?? 0) * factor })),
    });
  },
  add_gift_card(player, step) {
    const order = player.order(step);
    const due = -Number(preview(player, order)['total']);
    const shown = preview(player, {
      ...order,
      lines: [...order.lines, { sku: 'GC', price: due, qty: 1 }],
    });
    return { ...shown, gift_card_value: due };
  },
};
