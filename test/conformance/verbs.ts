import { answerIn } from '#loyalty/answer-in.ts';
import { addDays } from '#loyalty/calendar.ts';
import { saysOf, wordsOf } from '#loyalty/dialect.ts';
import type { LotEntry } from '#loyalty/entry.ts';
import { nightJobs } from '#loyalty/ledger-night.ts';
import { append, spendable } from '#loyalty/ledger.ts';
import { replay } from '#loyalty/lots.ts';
import { type Fields, fields, list, merged, names, text } from '#loyalty/parts.ts';
import { permutations } from '#test/loyalty/permutations.ts';
import { dayOf, instant, translate, words } from './programme.ts';
import { scanned } from './scanned.ts';
import { accountShown, quoteShown, told } from './shown.ts';
import { World } from './world.ts';

/** A deed of a verb, what the deeds before it showed, and what it shows of its own. */
export type Act = (world: World, step: Fields, done: Fields) => Fields | void;

const quoteOf = (world: World, order: Fields): Fields =>
  world.ask({ ask: 'quote', ...world.sale(order), programme: world.main.id });
const preview = (world: World, order: Fields): Fields =>
  quoteShown(world, order, quoteOf(world, order));

function pay(world: World, order: Fields): Fields {
  const seen = preview(world, order);
  const { error } = world.run({ command: 'settle-sale', ...world.sale(order) });
  if (error !== undefined) return { error };
  const { claimable: _, ...paid } = seen;
  const receipt = world.ask({ ask: 'receipt', sale: text(order['id']), programme: world.main.id });
  return { ...paid, receipt_shows: Object.keys(told('block', receipt, world)) };
}

/** Shows a step's basket with a change. */
const edited =
  (change: (order: Fields, step: Fields, done: Fields) => Fields): Act =>
  (world, step, done) => {
    const order = world.order(step);
    return preview(world, { ...order, ...change(order, step, done) });
  };
/** The first step that showed this. */
const earlier = (world: World, key: string, value: unknown): unknown =>
  [...world.shown].find(([, step]) => step[key] === value)?.[0] ?? null;

/** The open basket with the rewards that are held for it. */
const withHeld = (world: World): Fields => ({
  ...[...world.orders.values()].at(-1),
  ...{ id: `held-${world.ledger.sales.size}`, lines: [{ price: 10, type: 'fee' }] },
  claim: [...world.held],
});
const holding =
  (change: (world: World, reward: unknown) => Fields | void): Act =>
  (world, { reward }) => {
    const done = change(world, reward);
    const { sale } = quoteOf(world, withHeld(world));
    const available = fields(sale)['availableLeft'];
    return { ...done, ...answerIn({ available }, world.units()) };
  };

/** What no command and no question is: baskets at the counter, the clock, several at once. */
export const acts: Readonly<Record<string, Act>> = {
  order: (world, step) => {
    const { at, member, pay: paid = at !== undefined && typeof member === 'string' } = step;
    return paid === true ? pay(world, step) : preview(world, step);
  },
  pay: (world, step) => pay(world, world.order(step)),
  abandon: edited(() => ({})),
  claim: edited(({ claim }, { reward }) => ({ claim: [claim ?? [], reward].flat() })),
  enter_code: edited(({ codes }, { code }) => ({ codes: [...names(codes), code] })),
  set_reward_qty: edited((_, { reward, qty }) => ({ claim: [{ reward, qty }] })),
  set_qty: edited(({ lines, codes }, { sku, qty, then_code }) => ({
    lines: list(lines).map((of) => (of['sku'] === sku ? { ...of, qty } : of)),
    codes: [...names(codes), ...names(then_code)],
  })),
  reprice: edited((_, { factor }) => ({ factor })),
  enrolled_on_order: edited((_, _step, { member }) => ({ member })),
  set_reward_cap: (world, { order, reward, max_amount }) => {
    const reward_caps = { [text(reward)]: max_amount };
    world.program = fields(merged(world.program, { reward_caps }));
    return preview(world, world.order({ order }));
  },
  add_gift_card: edited(({ lines }, _, { due }) => ({
    lines: [...list(lines), { sku: 'GC', price: -Number(due) }],
  })),
  scan: (world, { code }) => {
    const open = [...world.orders.values()].at(-1);
    if (open === undefined) return world.act('card', { code });
    const done = preview(world, { ...open, codes: [...names(open['codes']), code] });
    return { ...done, unknown_code: done['error'] === 'code-unknown' };
  },
  wedge_scan: (world, { code }) => scanned(text(code), world.orders.size === 0),
  cancel: (world, step) =>
    world.act(world.ledger.sales.has(text(step['order'])) ? 'return_goods' : 'reverse', step),
  hold_reward: holding((world, reward) => void world.held.add(reward)),
  release_reward: holding(({ held }, reward) =>
    held.delete(reward) ? {} : { error: 'reward_already_redeemed' },
  ),
  redeem_held: holding((world) => {
    const paid = pay(world, withHeld(world));
    world.held.clear();
    return { ...paid, state: 'REDEEMED' };
  }),
  /** The receipt of an order, and the first one that said the same. */
  print: (world, step) => {
    const { ok: _, ...rows } = world.act('receipt', step);
    const receipt = JSON.stringify({ order: step['order'], rows });
    return { receipt, rows, same_as: earlier(world, 'receipt', receipt) };
  },
  breakdown: (_, _step, { breakdown }) => fields(breakdown),
  copied: () => ({ marked: 'COPY' }),
  quote_redemption: (world, { requested, ...of }) => {
    const claim = typeof requested === 'number' ? [{ points: requested }] : [];
    const { spending } = quoteOf(world, { member: 'm', ...of, claim });
    return answerIn(fields(spending), world.units());
  },
  rule_applies: (world, step) => {
    const [rule] = list(world.program['rules']);
    const lines = [{ sku: rule?.['product'], price: 100, qty: step['qty'] }];
    return preview(world, { ...step, lines });
  },
  preview: (world, step) => preview(world, { member: 'm', ...step }),
  sync: (world, { member = 'm' }) => {
    const refused = [...world.ledgers.values()].filter(({ entries }) => {
      const received = append(world.server, entries);
      world.server = received.ok ? received.value : world.server;
      return !received.ok;
    });
    const [atMs, account] = [world.nowMs, spendable(text(member), world.main.id)];
    const { overdrawn } = world.ask({ ask: 'exceptions', atMs }, world.server);
    const there = world.ask({ ask: 'account', account, atMs }, world.server);
    return told('server', { account: there, overdrawn, refused }, world);
  },
  entries: (_, step) => ({ listed: step['list'] }),
  apply_in_all_orders: (world) => {
    const { listed } = [...world.shown.values()].at(-1) ?? {};
    const entries = list(listed).map((of) => translate('listed', of, world.units()) as LotEntry);
    const twice = permutations(entries).map((order) => [...order, ...order]);
    const balances = twice.map((order) => replay(order, world.nowMs).balance);
    const all_equal = new Set(balances).size === 1;
    return { ...answerIn({ balance: balances[0] }, world.units()), all_equal };
  },
  lot_ends: (world, { lot }) => {
    const found = world.ledger.entries.find(({ source }) => source === lot);
    world.nowMs = found?.expiresAtMs ?? world.nowMs;
  },
  days_later: (world, { days = 1 }) => {
    world.nowMs = instant(addDays(dayOf(world.nowMs), Number(days)));
  },
  nightly_plan: (world) => translate('night_plan', { order: [...nightJobs] }, world.units()),
  change_program: (world, { earn }) => world.change({ earn, disabled: undefined }),
  disable_rule: (world) => world.change({ disabled: true }),
  same_member: (world, _, { member }) => ({ same_member_as: earlier(world, 'member', member) }),
};

/** The world that a case begins in. */
export function begin(of: Fields): World {
  const decimals = /"(?:cost_|preview_)?(?:points|earned|spent|balance)":-?\d+\.\d/;
  const scale = decimals.test(JSON.stringify(of)) ? 2 : 0;
  const world = new World(fields(of['program']), { kind: 'points', scale });
  translate('case', of, world.units());
  return world;
}

/** Performs one step and shows everything about whom and what it concerned. */
export function perform(world: World, step: Fields): Fields {
  const verb = text(step['do'] ?? 'order');
  if (!wordsOf(words, 'verbs').includes(verb)) throw new Error(`no verb ${verb}`);
  const said = saysOf(words, 'verbs', verb);
  const deeds = said.filter((word) => word[0] !== '+').map((deed) => deed.split('?'));
  const keys = ['+id', '+do', '+at', '+member', '+variant', ...said];
  const unknown = Object.keys(step).filter((key) => !keys.includes(`+${key}`));
  if (unknown.length > 0) throw new Error(`keys ${unknown.join(', ')}`);
  world.nowMs = instant(step['at'], world.nowMs);
  const { policy } = fields(world.program['offline_redeem']);
  world.till = policy === 'allow' ? step['till'] : undefined;
  const before = world.ledger;
  if (step['variant'] !== undefined) world.load(step);
  const shown = deeds.reduce((done: Fields, [name = '', word = '']) => {
    const wanted = word === '' || word in step || (word[0] === '!' && !(word.slice(1) in step));
    if (!wanted || done['error'] !== undefined) return done;
    const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
    return { ...done, ...(act ? act(world, step, done) : world.act(name, step)) };
  }, {});
  const id = step['order'] ?? step['id'];
  const ref = step['member'] ?? shown['member'] ?? world.orders.get(id)?.['member'] ?? 'm';
  const all = { ...accountShown(world, text(ref), text(id), before), ...shown };
  if (verb !== 'order' && step['variant'] !== undefined) world.ledger = before;
  return all;
}

/** What was shown by a word of expectations, or by the one that says the same; codes in words. */
export function found(key: string, wanted: unknown, shown: Fields): unknown {
  const kind = { object: '[]', number: '#' }[String(typeof wanted)] ?? '';
  const others = [...saysOf(words, 'same', `${key}${kind}`), ...saysOf(words, 'same', key)];
  const value = shown[others.find((other) => other in shown) ?? key];
  if (!['error', 'reason'].includes(key) || typeof value !== 'string') return value;
  const code = value.replaceAll('-', '_');
  return saysOf(words, key, code)[0] ?? code;
}
