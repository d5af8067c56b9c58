import type { CommandOutcome } from '#loyalty/commands-apply.ts';
import { spendable, type Ledger } from '#loyalty/ledger.ts';
import { messagesDue, type Milestone } from '#loyalty/milestones.ts';
import { minorPerMajor } from '#loyalty/money.ts';
import { smallestPerPoint } from '#loyalty/points.ts';
import { refundFigures } from '#loyalty/quote-figures.ts';
import { divide, rate, rational, toNumber } from '#loyalty/rational.ts';
import { decimal, saysOf, translate, wordsOf } from './programme.ts';
import { type Fields, fields, isFields, list, text } from './table.ts';
import type { World } from './world.ts';

/** Numbers, at any depth, in units of which so many make one of the case's. */
function inUnits(value: unknown, perOne: number): unknown {
  if (typeof value === 'number') return toNumber(divide(rate(decimal(value)), rational(perOne)));
  if (Array.isArray(value)) return value.map((item) => inUnits(item, perOne));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, inUnits(of, perOne)]));
}

/** What a use case gave, by the product's names as cases write them: `dueMinor` is money `due`. */
export function shown({ main }: World, of: object, currency = 'EUR'): Fields {
  const entries = Object.entries(of).map(([key, value]) => {
    const [, name = key, minor] = /^(.+?)(Minor)?$/.exec(key) ?? [];
    const perOne = minor === undefined ? smallestPerPoint(main.unit) : minorPerMajor(currency);
    const word = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return [word, inUnits(value, perOne)];
  });
  return Object.fromEntries(entries);
}

/** What stands at a path: of a list, in every element or one (`rows.-1`), or `rows[type=earn]`. */
function read(of: unknown, path: string): unknown {
  return path.split('.').reduce((value: unknown, step) => {
    const [, name = step, key = '', not, wanted] = /^(\w+)\[(\w+)(!?)=(.+)\]$/.exec(step) ?? [];
    const one = (item: unknown): unknown => (item === null ? null : fields(item)[name]);
    if (Array.isArray(value)) return /\d/.test(name) ? value.at(Number(name)) : value.map(one);
    if (not === undefined) return one(value);
    return list(one(value)).filter((item) => (text(item[key]) === wanted) === (not === ''));
  }, of);
}

const iso = (atMs: unknown): string | null =>
  typeof atMs === 'number' ? new Date(atMs).toISOString() : null;

/** How expectations write what stands at a path, by the names that tables use. */
const readers = (
  { main }: World,
  currency: string,
): Readonly<Record<string, (value: unknown) => unknown>> => ({
  points: (value) => inUnits(value ?? 0, smallestPerPoint(main.unit)),
  money: (value) => inUnits(value ?? 0, minorPerMajor(currency)),
  minus: (value) => inUnits(value ?? 0, -1),
  second: (atMs) => iso(atMs)?.slice(0, 19) ?? null,
  day: (atMs) => iso(atMs)?.slice(0, 10),
  through: (endMs) => (endMs === null ? null : iso(Number(endMs) - 1000)?.slice(0, 19)),
  short: (balance) => (Number(balance) < 0 ? 'points_already_redeemed' : null),
  known: (value) => value ?? undefined,
  is: (value) => value !== null,
  taxes: (value) => {
    const taxes = Object.entries(fields(value)).filter(([name]) => name.startsWith('tax:'));
    return Object.fromEntries(taxes.map(([name, amount]) => [name.slice(4), amount]));
  },
  promotion: (value) => Object.keys(fields(value)).find((rule) => rule !== 'base'),
  events: (value) =>
    list(value).map(({ kind, to }) => {
      const tier = main.tiers.find(({ id }) => id === to);
      return `tier_${text(kind)}:${text(tier?.name['en'])}`;
    }),
});

/** The words of a table with what they read; `$` in a word is whom it is about. */
export function readAll(
  table: string,
  of: Fields,
  world: World,
  ref = '',
  currency = 'EUR',
): Fields {
  const by = readers(world, currency);
  const read1 = wordsOf(table).map((word) => {
    const [path = '', ...how] = saysOf(table, word)[0]?.split('~') ?? [];
    return [word.replace('$', ref), how.reduce((value, name) => by[name]?.(value), read(of, path))];
  });
  return Object.fromEntries(read1.filter(([, value]) => value !== undefined));
}

/** What a command did, in the figures of the main programme. */
export function outcomeShown(world: World, outcome: CommandOutcome): Fields {
  const { refund, earnings, reason, voucherPoints: vouchersValueMinor = 0, ...done } = outcome;
  const plain = Object.entries(done).filter(([, value]) => typeof value !== 'object');
  const earned = earnings?.find(({ programme }) => programme === world.main.id)?.points ?? 0;
  return {
    ...shown(world, { ...Object.fromEntries(plain), vouchersValueMinor }),
    ...(earnings && shown(world, { earned })),
    ...(refund && shown(world, refundFigures(refund, world.main.id))),
    ...(reason && { reason: reason.code, error: reason.code }),
  };
}

/** Everything about an account, its member and an order, and what a step wrote. */
export function accountShown(world: World, ref: string, order: unknown, before: Ledger): Fields {
  const { main, ledger, nowMs: atMs, program } = world;
  const accountOf = (holder: string, programme = main.id): Fields =>
    world.ask({ ask: 'account', account: { holder, programme }, atMs });
  const account = accountOf(ref);
  const { rows: _, lastCredit: _credit, tier: _tier, ...plain } = account;
  const totals = world.ask({ ask: 'programme', programme: main.id, atMs });
  const written = {
    entries: ledger.entries.slice(before.entries.length),
    tierEvents: ledger.tierEvents.slice(before.tierEvents.length),
    vouchers: ledger.vouchers.slice(before.vouchers.length),
  };
  const of = { account, written };
  const people = Object.keys(fields(totals['balances'])).map((member) =>
    readAll(
      'member',
      { about: world.ask({ ask: 'member', member }), account: accountOf(member) },
      world,
      member,
    ),
  );
  const others = ledger.programmes.map(({ id, name, unit }) => [
    `${name['en']}_balance`,
    inUnits(accountOf(ref, id)['balance'], smallestPerPoint(unit)),
  ]);
  const milestones = list(program['milestones']).map(
    (each) => translate('milestone', each, world.units()) as unknown as Milestone,
  );
  return {
    ...shown(world, { ...plain, ...totals }),
    ...Object.assign({}, Object.fromEntries(others), ...people),
    ...readAll('account', of, world),
    ...readAll('issued', world.ask({ ask: 'source', source: text(order), atMs }), world),
    entry: readAll('entry', { ...written.entries[0] }, world),
    enrolled: true,
    sent: messagesDue(milestones, spendable(ref, main.id), before, ledger, atMs),
  };
}

/** A quote of a basket, for its programme and as a whole. */
export function quoteShown(world: World, order: Fields, answer: Fields): Fields {
  const { currency } = fields(answer['quote']);
  const all = readAll('quote', answer, world, text(order['id']), text(currency));
  const rows = { Won: all['earned'], Spent: all['spent'] };
  return {
    ...all,
    receipt_rows: Object.entries(rows).filter(([, of]) => of !== 0),
    allowed_or_explained: all['spent'] !== 0 || 'error' in all,
  };
}
