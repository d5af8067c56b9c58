import { previewSale, settleSale } from '#loyalty/ledger-sale.ts';
import { spendable, stateOf } from '#loyalty/ledger.ts';
import { receiptBlocks } from '#loyalty/points-block.ts';
import { spendingFigures } from '#loyalty/quote-figures.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import { saysOf, wordsOf } from './programme.ts';
import { scanned } from './scanned.ts';
import { quoteShown, readAll, shown } from './shown.ts';
import { type Fields, fields, list, names, text } from './table.ts';
import { withRewards, type World } from './world.ts';

/** A deed of a verb, what the deeds before it showed, and what it shows of its own. */
export type Act = (world: World, step: Fields, done: Fields) => Fields | void;
export type Acts = Readonly<Record<string, Act>>;

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
  const [block = {}] = receiptBlocks(ledger, sale);
  const receipt_shows = wordsOf('block').filter((word) =>
    saysOf('block', word).some((row) => row in block),
  );
  return { ...quoteShown(world, order, quote), claimable, receipt_shows };
}
const payOrder: Act = (world, step) => pay(world, world.order(step));

/** The first step that showed this. */
export const earlier = (world: World, key: string, value: unknown): unknown =>
  [...world.shown].find(([, step]) => step[key] === value)?.[0] ?? null;
/** The receipt of an order, and the first one that said the same. */
function print(world: World, step: Fields): Fields {
  const rows = world.act('receipt', step);
  const receipt = JSON.stringify({ order: step['order'], rows });
  return { receipt, rows, same_as: earlier(world, 'receipt', receipt) };
}

/** The open basket with the rewards that are held for it. */
const withHeld = (world: World): Fields => ({
  ...[...world.orders.values()].at(-1),
  ...{ id: 'held', lines: [{ price: 10, type: 'fee' }], claim: [...world.held] },
});
function holding(world: World): Fields {
  const { offers } = quoteOf(world, withHeld(world));
  const account = spendable(text(withHeld(world)['member'] ?? 'm'), world.main.id);
  const { available } = stateOf(world.ledger, account, world.nowMs);
  const applied = offers.find(({ state }) => state === 'applied');
  return shown(world, { available: applied?.remainingPoints ?? available });
}

const quoteRedemption: Act = (world, { requested, order_total, member = 'm', id }) => {
  const claim = typeof requested === 'number' ? [{ points: requested }] : [];
  const quote = quoteOf(world, { id, order_total, claim, member });
  const { best, ...spending } = spendingFigures(quote, world.main.id);
  const way = (of: object): Fields => readAll('spending', { ...of }, world);
  return { ...way(spending), best: best && way(best) };
};

const scan: Act = (world, { code }) => {
  const order = [...world.orders.keys()].at(-1);
  if (order === undefined) return world.act('card', { code });
  const done = changed(
    world,
    { order },
    { codes: [...names(world.order({ order })['codes']), code] },
  );
  return { ...done, unknown_code: done['error'] === 'code-unknown' };
};

/** Verbs about baskets, receipts and what is open at the counter. */
export const basketActs: Acts = {
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
  cancel: (world, step) =>
    world.act(world.ledger.sales.has(text(step['order'])) ? 'return_goods' : 'reverse', step),
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
  copied: () => ({ marked: 'COPY' }),
  quote_redemption: quoteRedemption,
  rule_applies: (world, step) => {
    const [rule] = list(world.program['rules']);
    const lines = [{ sku: rule?.['product'], price: 100, qty: step['qty'] }];
    return preview(world, { ...step, lines });
  },
  preview: (world, step) => preview(world, { member: 'm', ...step }),
  apply_promotion: (world, step) => {
    const done = preview(world, { member: 'm', ...step, basis: 1 });
    return { ...done, ...fields(done['breakdown']) };
  },
};
