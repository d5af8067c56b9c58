import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOfLocalDay } from '#loyalty/business-day.ts';
import { addDays, addMonths } from '#loyalty/calendar.ts';
import { minorPerMajor } from '#loyalty/money.ts';
import { multiply, rate, rational, roundToInteger } from '#loyalty/rational.ts';
import { idOf } from '#loyalty/short-forms.ts';
import { readPhone } from '#till/phone.ts';
import * as table from './table.ts';
import {
  type Fields,
  fields,
  isFields,
  list,
  merged,
  names,
  NotTranslated,
  text,
} from './table.ts';

/** What amounts are counted in, and the whole that a word stands in; `@` is about the step. */
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
const whole = (value: unknown, perOne: number): number =>
  roundToInteger(multiply(rate(decimal(value)), rational(perOne)), 'half-up');
/** Money in minor units, points in the smallest unit. */
export const money = (value: unknown, { currency }: Pick<Units, 'currency'>): number =>
  whole(value, minorPerMajor(currency));
export const points = (value: unknown, { scale }: Pick<Units, 'scale'>): number =>
  whole(value, 10 ** scale);

/** An instant of a case: a day or a local time, read as UTC; some are said against another. */
export function instant(value: unknown, nowMs = 0): number {
  if (typeof value !== 'string' || value === 'now') return nowMs;
  const years = /^now\+(\d+)y$/.exec(value)?.[1];
  if (years !== undefined) return instant(addMonths(dayOf(nowMs), Number(years) * 12));
  if (/^\d+ \w+$/.test(value)) return Date.parse(`${value} ${firstDay.slice(0, 4)} UTC`);
  const near = { tomorrow: addDays(firstDay, 1), yesterday: addDays(firstDay, -1) }[value];
  const [day = '', time = '00:00:00'] = (near ?? value).split('T');
  return Date.parse(`${day}T${time.padEnd(8, ':00')}Z`);
}
const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
const nowOf = (units: Units): number => Number(table.at(units.whole, '@.now'));

const codecs: table.Codecs<Units> = {
  ...{ decimal, money, points, names },
  instant: (value, units) => instant(value, nowOf(units)),
  dayEnd: (day) => endOfLocalDay(text(day), 'Etc/UTC'),
  notAfter: (value, units) => {
    const [end, now] = [instant(value, nowOf(units)), nowOf(units)];
    return end < now ? instant(addMonths(dayOf(end), -12)) : now;
  },
  later: (_, units) => instant(addDays(dayOf(nowOf(units)), 30)),
  eachPoints: (value, units) =>
    Object.fromEntries(
      Object.entries(fields(value)).map(([rule, of]) => [rule, points(of, units)]),
    ),
  day: (value) => text(value).slice(0, 10),
  monthDay: (day) => text(day).slice(5),
  phone: (value, { whole: { country } }) => {
    const read = readPhone(text(value), country === 'US' ? 'US' : 'TR');
    return read.ok ? [read.value.e164] : [];
  },
  card: (ref) => `card-${text(ref)}`,
  qr: (code) => `qr:${text(code)}`,
  off: (percent) => [`off:${text(percent)}`],
  free: (product) => `free ${text(product)}`,
  id: (name) => idOf(text(name)),
  ids: (value) => names(value).map(idOf),
  values: (value) => Object.values(fields(value)),
  milli: (value) => whole(value, 1000),
  onePoint: (_, units) => points(1, units),
  unit: (_, units) => money(1, units),
  hundred: (_, units) => money(100, units),
  minorOf: (currency) => minorPerMajor(text(currency)),
  tags: (value) => names(value).map((tag) => `tag:${tag}`),
  taxNames: (value) => list(value).flatMap(({ id }) => (id === undefined ? [] : `tax:${text(id)}`)),
  texts: (value) => [value].flat().flatMap((en) => (isFields(en) ? [] : [{ en }])),
  days: (count) => `${text(count)} days`,
  months: (count) => `${text(count)} months`,
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

const tables = table.tablesOf(readFileSync(join(import.meta.dirname, 'dictionary.txt'), 'utf8'));
/** Anything a case writes, as the product's document. */
export const translate = table.translator(tables, codecs);
/** What a row of a table says, without filling anything. */
export const saysOf = (name: string, word: string): readonly string[] =>
  (tables[name] ?? []).flatMap((row) => (row.word === word ? row.says : []));
/** The words of a table. */
export const wordsOf = (name: string): readonly string[] =>
  (tables[name] ?? []).map(({ word }) => word);
/** Those of something written that a table has. */
export const pick = (name: string, of: Fields): Fields =>
  Object.fromEntries(Object.entries(of).filter(([word]) => wordsOf(name).includes(word)));

/** Fails on a key that a table does not have. */
export function onlyWords(name: string, of: Fields): void {
  const stray = Object.keys(of).find((word) => !wordsOf(name).includes(word));
  if (stray !== undefined) throw new NotTranslated(`${name}: no word for ${stray}`);
}

/** Tiers with their thresholds; where they are thresholds by name there is a basic one below. */
function tiersOf({ tiers, levels, metric: stated = 'earned' }: Fields): readonly Fields[] {
  const { metric = stated, ...byName } = fields(tiers);
  const written = isFields(tiers)
    ? Object.entries({ Basic: 0, ...byName }).map(([name, min]) => ({ name, min }))
    : list(tiers ?? levels);
  return written.map(({ min, ...tier }) => (min ? { ...tier, [text(metric)]: min } : tier));
}

/** A programme of a case as the product's document; `scale` is the digits of its points. */
export function programmeFrom(written: Fields, id: string, scale: number): Fields {
  const { kind, order_currency, earn_by_currency, promotions } = written;
  const currencies = [order_currency ?? [], ...Object.keys(fields(earn_by_currency)), 'EUR'].flat();
  const currency = text(currencies[0]);
  const inMoney = written['unit'] === 'money' || saysOf('money', text(kind)).length > 0;
  const units = { currency, scale: inMoney ? 2 : scale, whole: written };
  const base = {
    ...{ id, name: { en: text(kind ?? 'loyalty') }, currencies: [...new Set(currencies)] },
    unit: inMoney ? { kind: 'money', currency } : { kind: 'points', scale },
    redemption: { ownSalePoints: 'current' },
    transfer: { allowed: true },
  };
  const inOrder = list(promotions).toSorted((a, b) =>
    text(a['created']).localeCompare(text(b['created'])),
  );
  const tiers = tiersOf(written);
  const of = { ...written, levels: undefined, tiers, promotions: promotions && inOrder };
  const said = fields(merged(base, translate('program', of, units)));
  const { eachReward, eachRule, capped, ...document } = said;
  const rules = fields(document['rules']);
  const plain = translate('rule', { mode: 'per_money', points: 1 }, units);
  const silent = Object.keys(rules).length === 0 && !('earn' in written);
  const counted = silent && (tiers.length > 0 || 'basis' in written);
  const conditions = Object.values(kind === 'coupons' ? rules : {})
    .map((rule) => fields(rule)['conditions'] ?? {})
    .reduce(merged, {});
  const rewards = Object.entries(fields(document['rewards'])).map(([name, reward]) => [
    name,
    {
      ...fields(merged(merged({ conditions }, reward), eachReward ?? {})),
      ...fields(fields(capped)[name]),
    },
  ]);
  const earning = Object.entries(counted ? { plain } : rules).map(([name, rule]) => [
    name,
    merged(rule, eachRule ?? {}),
  ]);
  return {
    ...document,
    rules: Object.fromEntries(earning),
    rewards: Object.fromEntries(rewards),
  };
}

/** The programmes of a case as it states them: one, several, one repeated, or in variants. */
export function programsOf(program: Fields, variant: unknown): readonly Fields[] {
  const { variants, programs_repeat: repeat = 1, each, programs, base, ...rest } = program;
  if (typeof variant === 'string' && !(variant in fields(variants)))
    throw new NotTranslated(`no variant ${variant}`);
  const chosen = fields(fields(variants)[text(variant)]);
  const one = {
    ...rest,
    ...('rewards' in fields(base) ? fields(base) : { base }),
    ...fields(each),
  };
  const all =
    programs === undefined
      ? Array.from({ length: Number(repeat) }, () => one)
      : list(programs).map((of) => ({ ...one, ...of }));
  const ofRules = Object.keys(chosen).every((word) => wordsOf('rule').includes(word));
  return all.map((of: Fields) =>
    ofRules && 'earn' in of
      ? { ...of, earn: list(of['earn']).map((rule) => ({ ...rule, ...chosen })) }
      : { ...of, ...chosen },
  );
}
