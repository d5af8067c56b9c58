import { holderOfCard } from '#loyalty/ledger-cards.ts';
import * as moves from '#loyalty/ledger-points.ts';
import { returnSale } from '#loyalty/ledger-return.ts';
import { previewSale, settleSale } from '#loyalty/ledger-sale.ts';
import { memberByIdentifier, stateOf } from '#loyalty/ledger.ts';
import { receiptBlocks } from '#loyalty/points-block.ts';
import { refundFigures, spendingFigures } from '#loyalty/quote-figures.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import type { Returning } from '#loyalty/refund.ts';
import { returningGoods } from '#loyalty/returning.ts';
import { money, points, whole } from './programme.ts';
import { scanned } from './scanned.ts';
import { quoteShown, shown } from './shown.ts';
import { type Fields, fields, list, names, NotTranslated, text } from './table.ts';
import { withRewards, type World } from './world.ts';

/** What a verb does, and what it shows of its own. */
export type Verb = (world: World, step: Fields) => Fields | void;
export type Verbs = Readonly<Record<string, Verb>>;

const quoteOf = (world: World, order: Fields): Quote => {
  const request = world.request(order);
  return previewSale(world.ledger, request);
};
export const preview = (world: World, order: Fields): Fields =>
  quoteShown(world, order, quoteOf(world, order));
/** Shows a step's basket with a change. */
export const changed = (world: World, step: Fields, change: Fields = {}) =>
  preview(world, { ...world.order(step), ...change });

function pay(world: World, order: Fields): Fields {
  const request = world.request(order);
  const done = settleSale(world.ledger, request);
  if (!done.ok) return { error: done.error.code };
  const { ledger, sale, quote } = done.value;
  world.ledger = ledger;
  world.load(order, { ...world.program, applies: 'future' });
  const next = previewSale(world.ledger, { ...request, id: `${request.id}-next`, claims: [] });
  world.load(order);
  const { claimable } = quoteShown(world, order, next);
  const block = Object.keys(receiptBlocks(ledger, sale)[0] ?? {});
  const names = { won: 'points_earned', spent: 'points_spent', balance: 'points_balance' };
  const receipt_shows = Object.entries(names).flatMap(([row, as]) =>
    block.includes(row) ? as : [],
  );
  return { ...quoteShown(world, order, quote), claimable, receipt_shows };
}
const payOrder: Verb = (world, step) => pay(world, world.order(step));

function giveBack(world: World, step: Fields, returning: Returning): Fields {
  const { source, atMs: nowMs } = world.moving({ do: 'return' });
  const saleId = text(step['order']);
  const done = returnSale(world.ledger, { saleId, source, returning, nowMs });
  if (!done.ok) return done.error.code === 'nothing-chosen' ? {} : { error: done.error.code };
  world.ledger = done.value.ledger;
  const { account } = world.moving({ member: world.ledger.sales.get(saleId)?.member });
  const short = stateOf(world.ledger, account, nowMs).balance < 0;
  const figures = shown(world, refundFigures(done.value.refund, world.main.id));
  return { ...figures, error_or_policy: short ? 'points_already_redeemed' : null };
}
const everything = { kind: 'everything' } as const;
const reverse: Verb = (world, { order }) =>
  world.take(moves.reverseSource(world.ledger, { source: text(order), atMs: world.nowMs }));

/** The first step that showed this. */
export const earlier = (world: World, key: string, value: unknown): unknown =>
  [...world.shown].find(([, step]) => step[key] === value)?.[0] ?? null;
/** The receipt of an order, and the first one that said the same. */
function print(world: World, { order }: Fields): Fields {
  const sale = world.ledger.sales.get(text(order));
  if (sale === undefined) throw new NotTranslated('a receipt of no sale');
  const blocks = receiptBlocks(world.ledger, sale);
  const own = blocks.find(({ programme }) => programme === world.main.id);
  const { won = 0, spent = 0, balance = 0 } = own ?? {};
  const rows = shown(world, { won, spent, balance });
  const receipt = JSON.stringify({ order, rows });
  return { receipt, rows, same_as: earlier(world, 'receipt', receipt) };
}

/** The open basket with the rewards that are held for it. */
const withHeld = (world: World): Fields => ({
  ...[...world.orders.values()].at(-1),
  ...{ id: 'held', lines: [{ price: 10, type: 'fee' }], claim: [...world.held] },
});
function holding(world: World): Fields {
  const { offers } = quoteOf(world, withHeld(world));
  const { account } = world.moving({ member: withHeld(world)['member'] });
  const { available } = stateOf(world.ledger, account, world.nowMs);
  const applied = offers.find(({ state }) => state === 'applied');
  return shown(world, { available: applied?.remainingPoints ?? available });
}

const quoteRedemption: Verb = (world, step) => {
  const { requested, balance, order_total, account_enabled, member, id } = step;
  const { account, source, atMs, points: have } = world.moving({ balance, member }, 'balance');
  world.member(account.holder, { enabled: account_enabled !== false });
  world.take(moves.setBalance(world.ledger, { account, balance: have, source, atMs }));
  if (order_total === undefined) {
    const holder = member === null ? null : account;
    const spent = points(requested, world.units());
    const refusal = moves.spendingRefusal(world.ledger, holder, spent, atMs);
    return { ok: refusal === null, error: refusal?.code };
  }
  const claim = typeof requested === 'number' ? [{ points: requested }] : [];
  const quote = quoteOf(world, { id, order_total, claim, member: account.holder });
  const spending = spendingFigures(quote, world.main.id);
  const one = ({ points: spend, valueMinor }: { points: number; valueMinor: number }): Fields =>
    shown(world, { spend, discountMinor: valueMinor });
  const { options } = shown(world, { options: spending.options });
  return { ...one(spending), options, best: spending.best && one(spending.best) };
};

const scan: Verb = (world, { code, code_of: owner }) => {
  if (owner !== undefined)
    return { selected_member: memberByIdentifier(world.ledger, `card-${text(owner)}`) };
  const order = [...world.orders.keys()].at(-1);
  const card = holderOfCard(world.ledger, text(code));
  if (order === undefined) return card.ok ? { holder: card.value } : { error: card.error.code };
  const codes = [...names(world.order({ order })['codes']), code];
  const done = changed(world, { order }, { codes });
  return { ...done, unknown_code: done['error'] === 'code-unknown' };
};

/** Verbs about baskets, receipts and what is open at the counter. */
export const basketVerbs: Verbs = {
  order: (world, step) => {
    const { pay: paid, at, member } = step;
    const happened = paid === undefined && at !== undefined && typeof member === 'string';
    return paid === true || happened ? pay(world, step) : preview(world, step);
  },
  pay: payOrder,
  abandon: changed,
  claim: (world, step) =>
    changed(world, step, { claim: [world.order(step)['claim'] ?? [], step['reward']].flat() }),
  enter_code: (world, step) =>
    changed(world, step, { codes: [...names(world.order(step)['codes']), step['code']] }),
  set_reward_qty: (world, { order, reward, qty }) =>
    changed(world, { order }, { claim: [{ reward, qty }] }),
  set_qty: (world, { order, sku, qty, then_code }) => {
    const { lines, codes } = world.order({ order });
    const counted = list(lines).map((of) => (of['sku'] === sku ? { ...of, qty } : of));
    return changed(
      world,
      { order },
      { lines: counted, codes: [...names(codes), ...names(then_code)] },
    );
  },
  set_reward_cap: (world, { order, reward, max_amount }) => {
    const capped = (of: Fields): Fields => (of['id'] === reward ? { ...of, max_amount } : of);
    world.program = withRewards(world.program, capped);
    return changed(world, { order });
  },
  reprice: (world, { order, factor }) => changed(world, { order }, { factor }),
  add_gift_card: (world, step) => {
    const price = -Number(changed(world, step)['due']);
    const lines = [...list(world.order(step)['lines']), { sku: 'GC', price }];
    return { ...changed(world, step, { lines }), gift_card_value: price };
  },
  scan,
  wedge_scan: (world, { code }) => scanned(text(code), world.orders.size === 0),
  refund: (world, { order, lines, full }) => {
    const sale = world.ledger.sales.get(text(order));
    const goods = list(lines).map(({ sku, qty = 1 }) => {
      return { sku: text(sku), quantityMilli: whole(qty, 1000) };
    });
    if (full === true || sale === undefined) return giveBack(world, { order }, everything);
    return giveBack(world, { order }, returningGoods(sale.snapshot, sale.refunds, goods));
  },
  refund_amount: (world, step) => {
    const amountMinor = money(step['net_amount'], world.units());
    return giveBack(world, step, { kind: 'amount', amountMinor });
  },
  cancel: (world, step) =>
    world.ledger.sales.has(text(step['order']))
      ? giveBack(world, step, everything)
      : reverse(world, step),
  clawback: reverse,
  hold_reward: (world, { reward }) => {
    world.held.add(reward);
    return holding(world);
  },
  release_reward: (world, { reward }) => {
    const late = world.redeemed.has(reward);
    if (!late) world.held.delete(reward);
    return { ...holding(world), ...(late ? { error: 'reward_already_redeemed' } : {}) };
  },
  redeem_held: (world, { reward }) => {
    const paid = pay(world, withHeld(world));
    world.held.clear();
    world.redeemed.add(reward);
    return { ...paid, ...holding(world), state: 'REDEEMED' };
  },
  print,
  reprint: (world, step) => ({ ...print(world, step), marked: 'COPY' }),
  quote_redemption: quoteRedemption,
  rule_applies: (world, step) => {
    const [rule] = list(world.program['rules']);
    const lines = [{ sku: rule?.['product'], price: 100, qty: step['qty'] }];
    return preview(world, { ...step, lines });
  },
  basis: (world, step) => preview(world, { member: 'm', ...step }),
  apply_promotion: (world, step) => {
    const done = preview(world, { member: 'm', ...step, basis: 1 });
    return { ...done, ...fields(done['breakdown']) };
  },
};
