import { dayTotals } from '#loyalty/day-totals.ts';
import { businessDay } from '#loyalty/business-day.ts';
import { cardBalances, holderOfCard, issueCard, replaceCard } from '#loyalty/ledger-cards.ts';
import { reverseSource, setBalance, spendingRefusal } from '#loyalty/ledger-points.ts';
import { returnSale } from '#loyalty/ledger-return.ts';
import { memberByIdentifier, stateOf } from '#loyalty/ledger.ts';
import { linesFromSums, repriced } from './notation/basket.ts';
import { fields, type Fields, list, names, number, smallest, text } from './notation/fields.ts';
import { receiptBlocks } from '#loyalty/points-block.ts';
import { spendingFigures } from './quote-figures.ts';
import type { Returning } from '#loyalty/refund.ts';
import { enrol } from './member-verbs.ts';
import { changed, type Order, orderOf, pay, preview, quoteOf } from './orders.ts';
import { issuedShown } from './shown.ts';
import { NotTranslated, type Shown, withRewards, type World } from './world.ts';

/** What each verb does; one that shows nothing of its own only changes the world. */
export type Verbs = Readonly<Record<string, (world: World, step: Fields) => Shown | void>>;

function giveBack(world: World, step: Fields, returning: Returning): Shown {
  const saleId = text(step, 'order') ?? '';
  const source = world.source('return');
  const done = returnSale(world.ledger, { saleId, source, returning, nowMs: world.nowMs });
  if (!done.ok && done.error.code === 'nothing-chosen') return {};
  return world.take(done, ({ ledger, refund, entries }) => {
    const own = (of: { readonly programme: string }): boolean => of.programme === world.main.id;
    const account = world.account({ member: ledger.sales.get(saleId)?.member });
    const { balance } = stateOf(ledger, account, world.nowMs);
    return {
      ...issuedShown(world, saleId),
      reversed_earn: world.points(refund.reversals.find(own)?.points ?? 0),
      returned_spend: world.points(refund.returns.find(own)?.points ?? 0),
      rollback_entries: entries.length,
      error_or_policy: balance < 0 ? 'points_already_redeemed' : null,
    };
  });
}

function reverse(world: World, step: Fields): Shown {
  const source = text(step, 'order') ?? '';
  const before = world.ledger.entries.length;
  return world.take(reverseSource(world.ledger, { source, atMs: world.nowMs }), ({ entries }) => ({
    entry: world.points(entries[before]?.amount ?? 0),
  }));
}

function print(world: World, step: Fields): Shown {
  const sale = world.ledger.sales.get(text(step, 'order') ?? '');
  if (sale === undefined) throw new NotTranslated('a receipt of no sale');
  const blocks = receiptBlocks(world.ledger, sale);
  const own = blocks.find(({ programme }) => programme === world.main.id);
  const { won, spent, balance } = own ?? { won: 0, spent: 0, balance: 0 };
  return { rows: world.points({ won, spent, balance }) };
}

/** The open basket, with the rewards that are held for it. */
function withHeld(world: World): Order {
  const [order] = [...world.orders.values()];
  if (order === undefined) throw new NotTranslated('a reward without a basket');
  const lines = [{ sku: 'fee', price: 10, type: 'fee' }];
  return { ...order, id: 'held', lines, claims: [...world.held] };
}

function holding(world: World): Shown {
  const applied = quoteOf(world, withHeld(world)).offers.find(({ state }) => state === 'applied');
  const { available } = stateOf(world.ledger, world.account({}), world.nowMs);
  return { available: world.points(applied?.remainingPoints ?? available) };
}

/** A basket that a step states by its sums. */
function stated(world: World, step: Fields): Order {
  const order = orderOf(world, { ...step, manual_discount: step['discount'] });
  return { ...order, lines: linesFromSums(step), member: 'm' };
}

function issue(world: World, step: Fields): Shown {
  const programmes = world.ledger.programmes.filter(({ holder }) => holder === 'bearer');
  const [programme = world.main] = programmes;
  const points = world.smallest(step, 'points', programme);
  const [code, source] = [text(step, 'code') ?? '', world.source('issue')];
  const card = { code, programme: programme.id, points, source, atMs: world.nowMs };
  return world.take(issueCard(world.ledger, card));
}

/** Verbs about baskets, receipts, cards and the day. */
export const saleVerbs: Verbs = {
  order: (world, step) => {
    const order = orderOf(world, step);
    const happened = step['pay'] === undefined && step['at'] !== undefined && order.member !== null;
    return step['pay'] === true || happened ? pay(world, order) : preview(world, order);
  },
  pay: (world, step) => pay(world, world.order(step)),
  replay: (world, step) => pay(world, world.order(step)),
  save_draft: (world, step) => changed(world, step),
  reopen_draft: (world, step) => changed(world, step),
  abandon: (world, step) => issuedShown(world, world.order(step).id),
  claim: (world, step) =>
    changed(world, step, ({ claims }) => ({ claims: [...claims, step['reward']] })),
  enter_code: (world, step) =>
    changed(world, step, ({ codes }) => ({ codes: [...codes, ...(names(step, 'code') ?? [])] })),
  set_reward_qty: (world, { order, reward, qty }) =>
    changed(world, { order }, () => ({ claims: [{ reward, qty }] })),
  set_qty: (world, step) =>
    changed(world, step, ({ lines, codes }) => ({
      lines: lines.map((of) => (of['sku'] === step['sku'] ? { ...of, qty: step['qty'] } : of)),
      codes: [...codes, ...(names(step, 'then_code') ?? [])],
    })),
  set_reward_cap: (world, step) => {
    world.program = withRewards(world.program, (of) =>
      of['id'] === step['reward'] ? { ...of, max_amount: step['max_amount'] } : of,
    );
    return changed(world, step);
  },
  add_gift_card: (world, step) => {
    const due = quoteOf(world, world.order(step)).dueMinor;
    const gift_card_value = world.money(-due);
    const card = { sku: 'GC', price: gift_card_value };
    const shown = changed(world, step, ({ lines }) => ({ lines: [...lines, card] }));
    return { ...shown, gift_card_value };
  },
  enrol_on_order: (world, step) => {
    const { member } = enrol(world, { id: step['id'], phone: step['phone'] });
    return changed(world, step, () => ({ member: String(member) }));
  },
  scan: (world, step) => {
    const owner = text(step, 'code_of');
    if (owner !== null)
      return { selected_member: memberByIdentifier(world.ledger, `card-${owner}`) };
    const [order] = [...world.orders.keys()];
    const card = holderOfCard(world.ledger, text(step, 'code') ?? '');
    if (order === undefined) return card.ok ? { holder: card.value } : { error: card.error.code };
    const codes = names(step, 'code') ?? [];
    const shown = changed(world, { order }, (of) => ({ codes: [...of.codes, ...codes] }));
    return {
      ...shown,
      unknown_code: shown['error'] === 'code-unknown',
      order_total: shown['total'],
    };
  },
  refund: (world, step) => {
    const sold = world.ledger.sales.get(text(step, 'order') ?? '')?.snapshot.lines ?? [];
    const lines = list(step, 'lines').map((line) => ({
      line: sold.find(({ sku }) => sku === line['sku'])?.id ?? '',
      quantityMilli: smallest(number(line, 'qty') ?? 1, 3),
    }));
    const everything = { kind: 'everything' } as const;
    return giveBack(world, step, step['full'] === true ? everything : { kind: 'lines', lines });
  },
  refund_amount: (world, step) => {
    const amountMinor = world.minor(number(step, 'net_amount'));
    return giveBack(world, step, { kind: 'amount', amountMinor });
  },
  cancel: (world, step) =>
    world.ledger.sales.has(text(step, 'order') ?? '')
      ? giveBack(world, step, { kind: 'everything' })
      : reverse(world, step),
  clawback: reverse,
  issue_card: issue,
  issue_voucher: issue,
  replace_card: (world, step) => {
    const [old, next] = [text(step, 'old') ?? '', text(step, 'new') ?? ''];
    return world.take(replaceCard(world.ledger, old, next), (ledger) => ({
      card_balance: world.points(cardBalances(ledger, world.main.id, world.nowMs)),
    }));
  },
  hold_reward: (world, step) => {
    world.held.add(text(step, 'reward') ?? '');
    return holding(world);
  },
  release_reward: (world, step) => {
    const reward = text(step, 'reward') ?? '';
    const late = world.redeemed.has(reward);
    if (!late) world.held.delete(reward);
    return late ? { ...holding(world), error: 'reward_already_redeemed' } : holding(world);
  },
  redeem_held: (world, step) => {
    const shown = pay(world, withHeld(world));
    world.held.clear();
    world.redeemed.add(text(step, 'reward') ?? '');
    return { ...shown, ...holding(world), state: 'REDEEMED' };
  },
  print,
  reprint: (world, step) => {
    const copy = print(world, step);
    const [first] = [...world.shown].filter(([, shown]) => shown['rows'] !== undefined);
    const same = JSON.stringify(copy['rows']) === JSON.stringify(first?.[1]['rows']);
    return { ...copy, same_as: same ? first?.[0] : null, marked: 'COPY' };
  },
  day_report: (world) => {
    const { ledger, nowMs } = world;
    const totals = dayTotals(ledger, businessDay(nowMs, ledger.settings));
    return {
      gross_sales: world.money(totals.grossMinor),
      loyalty_discount: world.money(totals.loyaltyDiscountMinor),
      net_sales: world.money(totals.netMinor),
      points_earned: world.points(totals.pointsEarned),
      points_redeemed: world.points(totals.pointsRedeemed),
    };
  },
  quote_redemption: (world, step) => {
    const { account, atMs, source } = world.moving({});
    world.member('m', { enabled: step['account_enabled'] !== false });
    const balance = world.smallest(step, 'balance');
    world.take(setBalance(world.ledger, { account, balance, source, atMs }));
    const points = number(step, 'requested');
    if (step['order_total'] === undefined) {
      const holder = step['member'] === null ? null : account;
      const spent = world.smallest(step, 'requested');
      const refusal = spendingRefusal(world.ledger, holder, spent, atMs);
      return { ok: refusal === null, error: refusal?.code };
    }
    const claims = points === null ? [] : [{ points }];
    const quote = quoteOf(world, { ...stated(world, step), claims });
    const { points: spent, valueMinor, options, best } = spendingFigures(quote, world.main.id);
    const shown = (of: number, worth: number): Shown => ({
      spend: world.points(of),
      discount: world.money(worth),
    });
    return {
      ...shown(spent, valueMinor),
      options: world.points(options),
      best: best === null ? null : shown(best.points, best.valueMinor),
    };
  },
  rule_applies: (world, step) => {
    const [rule] = list(world.program, 'rules');
    const line = { sku: rule?.['product'], price: 100, qty: step['qty'] };
    return preview(world, { ...stated(world, step), lines: [line] });
  },
  calculate_earn: (world, step) => {
    const found = world.ledger.programmes.flatMap(({ tiers }) => tiers);
    const tier = found.find(({ name }) => name['en'] === step['tier'])?.id ?? null;
    const segments = names(step, 'member_segments') ?? [];
    const tiers = tier === null ? {} : { p0: { tier, since: '2026-01-01', through: null } };
    world.member('m', { segments, tiers });
    return preview(world, stated(world, step));
  },
  basis: (world, step) => preview(world, stated(world, step)),
  apply_promotion: (world, step) => {
    const shown = preview(world, stated(world, { ...step, basis: 1 }));
    return { ...shown, ...fields(shown, 'breakdown') };
  },
  reprice: (world, step) =>
    changed(world, step, ({ lines }) => ({
      lines: repriced(lines, number(step, 'factor') ?? 1),
    })),
};
