import { addDays } from '#loyalty/calendar.ts';
import { overdrawnAccounts } from '#loyalty/day-totals.ts';
import { nightJobs } from '#loyalty/ledger-night.ts';
import { append, entriesOf, spendable, stateOf } from '#loyalty/ledger.ts';
import { replay } from '#loyalty/lots.ts';
import { permutations } from '#test/loyalty/permutations.ts';
import { type Act, type Acts, basketActs, changed, earlier } from './baskets.ts';
import { instant, points } from './programme.ts';
import { shown } from './shown.ts';
import { fields, list, text } from './table.ts';

const sync: Act = (world, { member = 'm' }) => {
  const refused = [...world.tills.values(), world.ledger].filter(({ entries }) => {
    const received = append(world.server, entries);
    if (received.ok) world.server = received.value;
    return !received.ok;
  });
  const account = spendable(text(member), world.main.id);
  return {
    ...shown(world, { serverBalance: stateOf(world.server, account, world.nowMs).balance }),
    server_entries: entriesOf(world.server, account).length,
    exceptions: overdrawnAccounts(world.server, world.nowMs).length,
    sales_rejected: refused.length,
  };
};

const applyInAllOrders: Act = (world) => {
  const none = { lotId: null, ofEntryId: null, expiresAtMs: null };
  const entries = world.listed.map(({ id, type, points: of }, effectiveAtMs) => ({
    ...{ ...none, id: text(id), source: text(id), effectiveAtMs },
    type: type === 'redeem' ? ('redeem' as const) : ('earn' as const),
    amount: points(of, world.units()),
  }));
  const twice = permutations(entries).map((order) => [...order, ...order]);
  const balances = twice.map((order) => replay(order, world.nowMs).balance);
  return { ...shown(world, { balance: balances[0] }), all_equal: new Set(balances).size === 1 };
};

/** What no command and no question is: the clock, the case's own world, and several at once. */
export const acts: Acts = {
  ...basketActs,
  sync,
  entries: (world, step) => {
    world.listed = list(step['list']);
  },
  apply_in_all_orders: applyInAllOrders,
  debit: (world, step) => {
    const { policy } = fields(world.program['offline_redeem']);
    const { ledger } = world;
    if (step['till'] === undefined || policy !== 'allow') return world.act('debit', step);
    world.ledger = world.tills.get(step['till']) ?? ledger;
    const done = world.act('debit', step);
    world.tills.set(step['till'], world.ledger);
    world.ledger = ledger;
    return done;
  },
  lot_ends: (world, { lot }) => {
    const found = world.ledger.entries.find(({ source }) => source === lot);
    world.nowMs = found?.expiresAtMs ?? world.nowMs;
  },
  days_later: (world, { days = 1 }) => {
    world.nowMs = instant(addDays(world.day, Number(days)));
  },
  nightly_plan: () => ({
    order: nightJobs.map((job) =>
      job.replaceAll('-', '_').replace('review_tiers', 'recalculate_tiers'),
    ),
  }),
  enrolled_on_order: (world, { order }, { member }) => changed(world, { order }, { member }),
  term: (world, { member = 'm' }) => {
    const held = world.ledger.members.get(text(member))?.tiers[world.main.id];
    const through = held?.through ?? null;
    const ends = through === null ? null : `${addDays(through, 1)}T00:00:00`;
    return { tier_from: held?.since, tier_through: through, tier_ends_at: ends };
  },
  change_program: (world, { earn: rules }) => world.change({ earn: rules }),
  disable_rule: (world) => {
    const off = ['earn', 'rules'].filter((word) => word in world.program);
    const disabled = (word: string) =>
      list(world.program[word]).map((rule) => ({ ...rule, enabled: false }));
    world.change(Object.fromEntries(off.map((word) => [word, disabled(word)])));
  },
  metric: (world, step) => world.act(text(world.program['name']), step),
  allocate: (world, step) => world.act('allocate', step, 'JPY'),
  year_end: (world, step) => world.act('year_end', step, 'JPY'),
  same_member: (world, _, { member }) => ({ same_member_as: earlier(world, 'member', member) }),
};
