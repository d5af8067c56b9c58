import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOfLocalDay } from '#loyalty/business-day.ts';
import { addDays, addMonths } from '#loyalty/calendar.ts';
import * as dialect from '#loyalty/dialect.ts';
import { type Fields, fields, isFields, list, merged, names, text } from '#loyalty/parts.ts';
import { minorPerMajor } from '#loyalty/money.ts';
import type { PointsUnit } from '#loyalty/points.ts';
import { translate as inDialect } from '#loyalty/translate.ts';
import { readPhone } from '#till/phone.ts';

type Units = dialect.DialectUnits;

/** Cases begin on this day where they name none. */
export const firstDay = '2026-01-01';

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
export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
const nowOf = (units: Units): number => Number(fields(units.whole['@'])['atMs']);

const codecs: dialect.Dialect['codecs'] = {
  instant: (value, units) => instant(value, nowOf(units)),
  dayEnd: (day) => endOfLocalDay(text(day), 'Etc/UTC'),
  notAfter: (value, units) => {
    const [end, now] = [instant(value, nowOf(units)), nowOf(units)];
    return end < now ? instant(addMonths(dayOf(end), -12)) : now;
  },
  monthDay: (day) => text(day).slice(5),
  phone: (value, { whole: { country } }) => {
    const read = readPhone(text(value), country === 'US' ? 'US' : 'TR');
    return read.ok ? [read.value.e164] : [];
  },
  free: (product) => `free ${text(product)}`,
  minorOf: (currency) => minorPerMajor(text(currency)),
  taxNames: (value) => list(value).flatMap(({ id }) => (id === undefined ? [] : text(id))),
  taxed: (value) => (names(value).includes('tax') ? 'excluded' : 'included'),
};

const file = readFileSync(join(import.meta.dirname, 'dictionary.txt'), 'utf8');
export const words = dialect.dialectOf(file, codecs);
/** Anything a case writes, as the product's document. */
export function translate(table: string, of: Fields, units: Units): Fields {
  const done = inDialect(words, table, of, units);
  if (done.ok) return done.value;
  const mistakes = done.error.map(({ table: name, message }) => `${name}: ${message}`);
  throw new Error(mistakes.join(', '));
}
/** Those of something written that a table has. */
export const pick = (table: string, of: Fields): Fields => dialect.partFor(words, table, of);

/** Tiers with their thresholds; where they are thresholds by name there is a basic one below. */
function tiersOf({ tiers, levels, metric: stated = 'earned' }: Fields): readonly Fields[] {
  const { metric = stated, ...byName } = fields(tiers);
  const written = isFields(tiers)
    ? Object.entries({ Basic: 0, ...byName }).map(([name, min]) => ({ name, min }))
    : list(tiers ?? levels);
  return written.map(({ min, ...tier }) => (min ? { ...tier, [text(metric)]: min } : tier));
}

/** A programme of a case as the product's document, counting in `points` where it does not count in money. */
export function programmeFrom(written: Fields, id: string, points: PointsUnit): Fields {
  const { kind, order_currency, earn_by_currency, promotions } = written;
  const named = [order_currency ?? [], ...Object.keys(fields(earn_by_currency)), 'EUR'];
  const currencies = [...new Set(names(named.flat()))];
  const [currency = ''] = currencies;
  const inMoney = dialect.saysOf(words, 'units', text(written['unit'] ?? kind)).length > 0;
  const unit = inMoney ? ({ kind: 'money', currency } as const) : points;
  const units = { currency, points: unit, whole: written };
  const created = (of: Fields): string => text(of['created']);
  const inOrder = list(promotions).toSorted((a, b) => created(a).localeCompare(created(b)));
  const tiers = tiersOf(written);
  const of = { ...written, levels: undefined, tiers, promotions: promotions && inOrder };
  const said = translate('program', of, units);
  const { rules = {}, rewards = {}, everyReward = {}, capped, ...document } = said;
  const silent = Object.keys(fields(rules)).length === 0 && !('earn' in written);
  const plain = translate('rule', { mode: 'per_money', points: 1 }, units);
  const counts = silent && (tiers.length > 0 || 'basis' in written);
  const coupons = Object.values(kind === 'coupons' ? fields(rules) : {});
  const usable = coupons.map((rule) => ({ conditions: fields(rule)['conditions'] ?? {} }));
  const caps = Object.entries(fields(capped)).filter(([name]) => name in fields(rewards));
  return {
    ...{ id, currencies, unit, ...document, rules: counts ? { plain } : rules },
    rewards: merged(rewards, Object.fromEntries(caps)),
    everyReward: usable.reduce(merged, everyReward),
  };
}

/** The programmes of a case as it states them: one, several, one repeated, or in variants. */
export function programsOf(program: Fields, variant: unknown): readonly Fields[] {
  const { variants, programs_repeat: repeat = 1, each, programs, base, ...rest } = program;
  if (typeof variant === 'string' && !(variant in fields(variants)))
    throw new Error(`no variant ${variant}`);
  const whole = 'rewards' in fields(base) ? fields(base) : { base };
  const one = { ...rest, ...whole, ...fields(each) };
  const repeated = Array.from({ length: Number(repeat) }, () => one);
  const all = programs === undefined ? repeated : list(programs).map((of) => ({ ...one, ...of }));
  const chosen = fields(fields(variants)[text(variant)]);
  const known = dialect.wordsOf(words, 'rule');
  const ofRules = Object.keys(chosen).every((word) => known.includes(word));
  return all.map((of: Fields) =>
    ofRules && 'earn' in of
      ? { ...of, earn: list(of['earn']).map((rule) => ({ ...rule, ...chosen })) }
      : { ...of, ...chosen },
  );
}
