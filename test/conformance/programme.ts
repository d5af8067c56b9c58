import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOfLocalDay } from '#loyalty/business-day.ts';
import { addDays, addMonths } from '#loyalty/calendar.ts';
import { minorPerMajor } from '#loyalty/money.ts';
import { multiply, rate, rational, roundToInteger } from '#loyalty/rational.ts';
import { readPhone } from '#till/phone.ts';
import {
  type Codecs,
  type Fields,
  fields,
  isFields,
  list,
  merged,
  named,
  names,
  NotTranslated,
  slug,
  tablesOf,
  translator,
  text,
} from './table.ts';

/** What amounts are counted in, and the whole that a word stands in. */
export interface Units {
  readonly currency: string;
  /** Digits after the point of the programme's points. */
  readonly scale: number;
  readonly whole: Fields;
}

/** Cases begin on this day where they name none. */
export const firstDay = '2026-01-01';

/** A decimal number as exact text. */
export function decimal(value: unknown): string {
  if (typeof value !== 'number') throw new NotTranslated(`${JSON.stringify(value)} is no number`);
  return value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 12 });
}
/** A number in whole units of which so many make one. */
export const whole = (value: unknown, perOne: number): number =>
  roundToInteger(multiply(rate(decimal(value)), rational(perOne)), 'half-up');
/** Money in minor units, points in the smallest unit. */
export const money = (value: unknown, { currency }: Pick<Units, 'currency'>): number =>
  whole(value, minorPerMajor(currency));
export const points = (value: unknown, { scale }: Pick<Units, 'scale'>): number =>
  whole(value, 10 ** scale);

/** An instant of a case: a day or a local time, read as UTC. */
export function instant(value: string): number {
  const [day = '', time = '00:00:00'] = value.split('T');
  return Date.parse(`${day}T${time.padEnd(8, ':00')}Z`);
}
const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
/** An instant as a step says it, some against the step's own. */
export function instantAt(value: unknown, nowMs: number): number {
  if (typeof value !== 'string' || value === 'now') return nowMs;
  const years = /^now\+(\d+)y$/.exec(value)?.[1];
  if (years !== undefined) return instant(addMonths(dayOf(nowMs), Number(years) * 12));
  if (/^\d+ \w+$/.test(value)) return Date.parse(`${value} ${firstDay.slice(0, 4)} UTC`);
  const near = { tomorrow: addDays(firstDay, 1), yesterday: addDays(firstDay, -1) }[value];
  return instant(near ?? value);
}
const when = (value: unknown, { whole: of }: Units): number => instantAt(value, Number(of['.now']));

const codecs: Codecs<Units> = {
  instant: when,
  dayEnd: (day) => endOfLocalDay(text(day), 'Etc/UTC'),
  notAfter: (value, units) => {
    const [end, now] = [when(value, units), when('now', units)];
    return end < now ? instantAt(addMonths(dayOf(end), -12), now) : now;
  },
  eachPoints: (value, units) =>
    Object.fromEntries(
      Object.entries(fields(value)).map(([rule, of]) => [rule, points(of, units)]),
    ),
  monthDay: (day) => text(day).slice(5),
  card: (ref) => `card-${text(ref)}`,
  qr: (code) => `qr:${text(code)}`,
  phone: (value, { whole: { country } }) => {
    const read = readPhone(text(value), country === 'US' ? 'US' : 'TR');
    return read.ok ? [read.value.e164] : [];
  },
  ...{ decimal, money, points, names, named, slug },
  values: (value) => Object.values(fields(value)),
  milli: (value) => whole(value, 1000),
  onePoint: (_, units) => points(1, units),
  unit: (_, units) => money(1, units),
  hundred: (_, units) => money(100, units),
  minorOf: (currency) => minorPerMajor(text(currency)),
  slugs: (value) => names(value).map(slug),
  tags: (value) => names(value).map((tag) => `tag:${tag}`),
  taxNames: (value) => list(value).flatMap(({ id }) => (id === undefined ? [] : `tax:${text(id)}`)),
  off: (percent) => [`off:${text(percent)}`],
  texts: (value) =>
    [value]
      .flat()
      .filter((en) => !isFields(en))
      .map((en) => ({ en })),
  day: (value) => text(value).slice(0, 10),
  days: (count) => ({ count, unit: 'day' }),
  months: (count) => ({ count, unit: 'month' }),
  not: (value) => value !== true,
  perYear: (most, units) => [{ most: points(most, units), count: 'points', per: 'year' }],
  forLife: (most, units) => [{ most: points(most, units), count: 'points', per: 'life' }],
  windows: (value) =>
    [value].flat().map((window) => ({ from: names(window)[0], to: names(window)[1] })),
  taxed: (value) => (names(value).includes('tax') ? 'excluded' : 'included'),
  activities: (value) => names(value).map((of) => (of === 'redemption' ? 'redeem' : 'earn')),
  worth: (value, units) =>
    typeof value === 'string'
      ? { kind: 'benefit', text: { en: value } }
      : { kind: 'fixed', amountMinor: money(value, units) },
};

const tables = tablesOf(readFileSync(join(import.meta.dirname, 'dictionary.txt'), 'utf8'));
/** Anything a case writes, as the product's document. */
export const translate = translator(tables, codecs);
/** What a row of a table says, without filling anything. */
export const saysOf = (table: string, word: string): readonly string[] =>
  (tables[table] ?? []).flatMap((row) => (row.word === word ? row.says : []));
/** The words of a table. */
export const wordsOf = (table: string): readonly string[] =>
  (tables[table] ?? []).map(({ word }) => word);

/** Fails on a key that a table does not have. */
export function onlyWords(table: string, of: Fields): void {
  const stray = Object.keys(of).find((word) => !wordsOf(table).includes(word));
  if (stray !== undefined) throw new NotTranslated(`${table}: no word for ${stray}`);
}

/** Tiers with their thresholds; where they are thresholds by name there is a basic one below. */
function tiersOf({ tiers, levels, metric: stated }: Fields): readonly Fields[] {
  const { metric = stated ?? 'earned', ...byName } = fields(tiers);
  const thresholds = Object.entries({ Basic: 0, ...byName }).map(([name, min]) => ({ name, min }));
  const unstated =
    stated === 'balance' && levels === undefined
      ? [{ name: 'Bronze' }, { name: 'Gold', min: 100 }]
      : [];
  const written = isFields(tiers) ? thresholds : list(tiers ?? levels ?? unstated);
  return written.map(({ min, ...tier }) => (min ? { ...tier, [text(metric)]: min } : tier));
}

/** The words of a programme with the rules that its tiers stand for, promotions in their order. */
function spelledOut(of: Fields): Fields {
  const { rules, promotions, gives, ...others } = of;
  const tiers = tiersOf(of);
  const ofTiers = tiers
    .filter((tier) => 'points_per_money' in tier || 'per' in tier)
    .map(({ name, points_per_money, per }) => {
      return { id: name, tier: name, per_money: { points: points_per_money, per } };
    });
  const inOrder = list(promotions).toSorted((a, b) =>
    text(a['created']).localeCompare(text(b['created'])),
  );
  const earns = [...list(rules).filter((rule) => !('unit_price' in rule)), ...ofTiers];
  const free = list(gives).flatMap(({ free: product }) =>
    product === undefined ? [] : { id: `free ${text(product)}`, product, cost_points: of['goal'] },
  );
  return {
    ...others,
    ...{ levels: undefined, tiers, free, gives: free.length === 0 ? gives : undefined },
    rules: earns,
    promotions: promotions && inOrder,
  };
}
/** A programme of a case as the product's document; `scale` is the digits of its points. */
export function programmeFrom(of: Fields, id: string, scale: number): Fields {
  const perCurrency = Object.keys(fields(of['earn_by_currency']));
  const currency = text(of['order_currency'] ?? perCurrency[0] ?? 'EUR');
  const inMoney =
    of['unit'] === 'money' || ['wallet', 'gift_card', 'cashback'].includes(text(of['kind']));
  const units = { currency, scale: inMoney ? 2 : scale, whole: of };
  const base = {
    ...{ id, name: { en: text(of['kind'] ?? 'loyalty') } },
    currencies: [...new Set([currency, ...perCurrency])],
    unit: inMoney ? { kind: 'money', currency } : { kind: 'points', scale },
    redemption: { ownSalePoints: 'current' },
    transfer: { allowed: true },
  };
  const said = translate('program', spelledOut(of), units);
  const { eachReward, ...document } = fields(merged(base, said));
  const silent = list(document['rules']).length === 0 && !('earn' in of);
  const plain = {
    ...named('plain'),
    ...translate('rule', { mode: 'per_money', points: 1 }, units),
  };
  const counted = silent && (list(document['tiers']).length > 0 || 'basis' in of);
  const usable =
    of['kind'] === 'coupons'
      ? list(document['rules']).flatMap((rule) => rule['conditions'] ?? [])
      : [];
  const rewards = list(document['rewards']).map((reward) =>
    merged(merged({ conditions: usable }, reward), fields(eachReward)),
  );
  const prices = list(of['rules'])
    .filter((rule) => 'unit_price' in rule)
    .map((rule, at) => ({ ...named(`price${at}`), ...translate('price', rule, units) }));
  const rules = counted ? [plain] : document['rules'];
  return { ...document, rules, rewards: [...rewards, ...prices] };
}

/** The programmes of a case as it states them: one, several, one repeated, or in variants. */
export function programsOf(program: Fields, variant: unknown): readonly Fields[] {
  const { variants, programs_repeat: repeat, each, programs, ...rest } = program;
  if (typeof repeat === 'number')
    return Array.from({ length: repeat }, () => ({ ...rest, ...fields(each) }));
  if (programs !== undefined) return list(programs).map((of) => ({ ...rest, ...of }));
  const { base, ...outer } = rest;
  if (typeof variant === 'string' && !(variant in fields(variants)))
    throw new NotTranslated(`no variant ${variant}`);
  const all: Fields = 'rewards' in fields(base) ? { ...outer, ...fields(base) } : rest;
  const chosen = fields(fields(variants)[text(variant)]);
  const onRules =
    'earn' in all && Object.keys(chosen).every((word) => wordsOf('rule').includes(word));
  return [
    {
      ...all,
      ...(onRules ? { earn: list(all['earn']).map((rule) => ({ ...rule, ...chosen })) } : chosen),
    },
  ];
}
