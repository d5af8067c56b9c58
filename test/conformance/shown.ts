import { accountStatement } from '#loyalty/account-statement.ts';
import type { CommandOutcome } from '#loyalty/commands-apply.ts';
import { currentProgrammes, type Ledger, spendable, stateOf } from '#loyalty/ledger.ts';
import { messagesOnBalance, messagesOnEnrol } from '#loyalty/milestones.ts';
import { minorPerMajor } from '#loyalty/money.ts';
import { smallestPerPoint } from '#loyalty/points.ts';
import { refundFigures } from '#loyalty/quote-figures.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import { askLedger, type LedgerQuestion } from '#loyalty/questions.ts';
import { saleStatement } from '#loyalty/sale-statement.ts';
import { divide, rate, rational, toNumber } from '#loyalty/rational.ts';
import { decimal, saysOf, wordsOf } from './programme.ts';
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
    return [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      inUnits(value, perOne),
    ];
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

const second = (atMs: unknown): string | null =>
  typeof atMs === 'number' ? new Date(atMs).toISOString().slice(0, 19) : null;

/** How expectations write what stands at a path, by the names that tables use. */
const readers = (world: World, currency: string): Readonly<Record<string, Reader>> => ({
  points: (value) => inUnits(value ?? 0, smallestPerPoint(world.main.unit)),
  money: (value) => inUnits(value ?? 0, minorPerMajor(currency)),
  minus: (value) => inUnits(value ?? 0, -1),
  second,
  day: (atMs) => second(atMs)?.slice(0, 10),
  lastSecond: (day) => (typeof day === 'string' ? `${day}T23:59:59` : null),
  short: (balance) => (Number(balance) < 0 ? 'points_already_redeemed' : null),
  none: (value) => value ?? undefined,
  taxes: (value) => {
    const taxes = Object.entries(fields(value)).filter(([name]) => name.startsWith('tax:'));
    return Object.fromEntries(taxes.map(([name, amount]) => [name.slice(4), amount]));
  },
  promotion: (value) => Object.keys(fields(value)).find((rule) => rule !== 'base'),
  events: (value) => list(value).map(({ kind, to }) => `tier_${text(kind)}:${world.tierName(to)}`),
});
type Reader = (value: unknown) => unknown;

/** The words of a table with what they read. */
export function readAll(table: string, of: Fields, world: World, currency = 'EUR'): Fields {
  const by = readers(world, currency);
  const words = wordsOf(table).map((word) => {
    const [path = '', ...how] = saysOf(table, word)[0]?.split('~') ?? [];
    return [word, how.reduce((value, name) => by[name]?.(value), read(of, path))];
  });
  return Object.fromEntries(words);
}

/** What a command did, in the figures of the main programme. */
export function outcomeShown(world: World, outcome: CommandOutcome): Fields {
  const { refund, earnings, reason, voucherPoints: vouchersValueMinor = 0, ...done } = outcome;
  const plain = Object.entries(done).filter(([, value]) => typeof value !== 'object');
  const claimed = earnings?.find(({ programme }) => programme === world.main.id)?.points ?? 0;
  return {
    ...shown(world, { ...Object.fromEntries(plain), vouchersValueMinor }),
    ...(earnings && shown(world, { earned: claimed })),
    ...(refund && shown(world, refundFigures(refund, world.main.id))),
    ...(reason && { reason: reason.code, error: reason.code }),
  };
}

/** The answer to a question that always has one. */
function told({ ledger }: World, question: LedgerQuestion): Fields {
  const answer = askLedger(ledger, question);
  return answer.ok ? answer.value : {};
}

/** What expectations call by the name of a member. */
function aboutShown(world: World, ref: string): [string, unknown][] {
  const { main, ledger, nowMs } = world;
  const { lastCredit } = accountStatement(ledger, spendable(ref, main.id), nowMs);
  const { mergedInto, takenOver } = told(world, { ask: 'member', member: ref });
  return [
    [`${ref}_usable_through`, lastCredit?.usableThrough ?? null],
    [`${ref}_archived`, mergedInto !== null],
    [`cards_usable_for_${ref}`, takenOver],
  ];
}

/** Messages that are due for what changed of a member. */
function sentShown({ main, ledger, nowMs, milestones }: World, ref: string, before: Ledger) {
  const account = spendable(ref, main.id);
  const [then, now] = [before, ledger].map((of) => stateOf(of, account, nowMs).balance);
  const joined = ledger.members.has(ref) && !before.members.has(ref);
  return [
    ...(joined ? messagesOnEnrol(milestones) : []),
    ...messagesOnBalance(milestones, then ?? 0, now ?? 0),
  ];
}

/** Everything about an account and its member, and what a step wrote. */
export function accountShown(world: World, ref: string, before: Ledger): Fields {
  const { main, ledger, nowMs } = world;
  const account = accountStatement(ledger, spendable(ref, main.id), nowMs);
  const { rows: _, lastCredit: _credit, tier: _tier, ...plain } = account;
  const totals = told(world, { ask: 'programme', programme: main.id, atMs: nowMs });
  const written = {
    entries: ledger.entries.slice(before.entries.length),
    tierEvents: ledger.tierEvents.slice(before.tierEvents.length),
    vouchers: ledger.vouchers.slice(before.vouchers.length),
  };
  const byProgramme = currentProgrammes(ledger).map(({ id, name, unit }) => {
    const { balance } = stateOf(ledger, spendable(ref, id), nowMs);
    return [`${name['en']}_balance`, inUnits(balance, smallestPerPoint(unit))];
  });
  const entry = readAll('entry', { ...written.entries[0] }, world);
  return {
    ...shown(world, { ...plain, ...totals }),
    ...Object.fromEntries(byProgramme),
    ...Object.fromEntries(
      Object.keys(fields(totals['balances'])).flatMap((of) => aboutShown(world, of)),
    ),
    ...readAll('account', { account, written }, world),
    ...{ entry, enrolled: true, sent: sentShown(world, ref, before) },
  };
}

/** What an order issued and wrote. */
export const issuedShown = (world: World, id: unknown): Fields =>
  readAll('issued', told(world, { ask: 'source', source: text(id), atMs: world.nowMs }), world);

/** A quote of a basket, for its programme and as a whole. */
export function quoteShown(world: World, order: Fields, quote: Quote): Fields {
  const { main, ledger, nowMs } = world;
  const sale = saleStatement(ledger, quote, main, text(order['member'] ?? 'm'), nowMs);
  const { tier, ...all } = readAll('quote', { quote, sale }, world, quote.currency);
  const rows = { Won: all['earned'], Spent: all['spent'] };
  return {
    ...{ ...all, ...(tier !== null && { tier }) },
    receipt_rows: Object.entries(rows).filter(([, of]) => of !== 0),
    [`claimable_on_${text(order['id'])}`]: all['claimable'],
    allowed_or_explained: sale.spent > 0 || sale.refusal !== null,
  };
}
