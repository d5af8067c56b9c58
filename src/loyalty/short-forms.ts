import { type Fields, fields, isFields, merged } from './parts.ts';

/** What a person may write shorter than the programme document has it. */

/** A name as an id: `10 off next` is `10-off-next`. */
export const idOf = (name: string): string => name.replaceAll(/[^\w-]/g, '-');

/** `{ gold: {…} }` as `[{ id: 'gold', name: { en: 'gold' }, … }]`; a list stays. */
function byName(value: unknown, spell: (of: Fields) => Fields): unknown {
  const spelled = (of: unknown): unknown => (isFields(of) ? spell(of) : of);
  if (Array.isArray(value)) return value.map(spelled);
  if (!isFields(value)) return value;
  return Object.entries(value).map(([name, of]) =>
    isFields(of) ? { id: idOf(name), name: { en: name }, ...spell(of) } : of,
  );
}

/** `{ amount: { minMinor: 5 } }` as `[{ kind: 'amount', minMinor: 5 }]`; a list stays. */
function byKind(value: unknown): unknown {
  if (!isFields(value)) return value;
  return Object.entries(value).map(([kind, of]) => (isFields(of) ? { kind, ...of } : of));
}

/** `{ 'spend-minor': 35000 }` as any of these thresholds; what is a tree already stays. */
function byMetric(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byMetric);
  if (!isFields(value) || 'metric' in value) return value;
  const leaves = Object.entries(value).map(([metric, of]) =>
    ['allOf', 'anyOf'].includes(metric) ? { [metric]: byMetric(of) } : { metric, atLeast: of },
  );
  return leaves.length === 1 ? leaves[0] : { anyOf: leaves };
}

/** `{ year: { points: 100 } }` as `[{ per: 'year', count: 'points', most: 100 }]`; a list stays. */
function byPeriod(value: unknown): unknown {
  if (!isFields(value)) return value;
  return Object.entries(value).flatMap(([per, of]) =>
    Object.entries(fields(of)).map(([count, most]) => ({ per, count, most })),
  );
}

/** An amount of money or a text as what a reward is worth; anything in full stays. */
function worth(value: unknown): unknown {
  if (typeof value === 'number') return { kind: 'fixed', amountMinor: value };
  return typeof value === 'string' ? { kind: 'benefit', text: { en: value } } : value;
}

/** `['02-01', '05-31']` as `{ from: '02-01', to: '05-31' }`. */
const window = (value: unknown): unknown =>
  Array.isArray(value) ? { from: value[0], to: value[1] } : value;

/** An object with what is written short under a key in full, where the key is there. */
const full = (of: Fields, key: string, spell: (value: unknown) => unknown): Fields =>
  key in of ? { ...of, [key]: spell(of[key]) } : of;
const fullIn = (of: Fields, key: string, inner: string, spell: (value: unknown) => unknown) =>
  full(of, key, (value) => (isFields(value) ? full(value, inner, spell) : value));

const entry =
  (every: unknown) =>
  (of: Fields): Fields => {
    const all = isFields(every) ? fields(merged(of, every)) : of;
    return full(full(full(all, 'conditions', byKind), 'limits', byPeriod), 'value', worth);
  };
const tier = (of: Fields): Fields => full(of, 'criteria', byMetric);

/**
 * A programme document in full: lists that are written as objects become lists.
 *
 * Rules, rewards and tiers may be written by name (the id is made of the name, and both may be
 * stated otherwise), conditions by kind, and the criteria of a tier as thresholds of which any is
 * enough: `{ criteria: { 'earned-points': 500 } }`. Limits may be written by their period, a window
 * as a pair of days, the value of a reward as its money or its text. `everyRule` and `everyReward` say once what all
 * of them have, whatever each says. Anything else stays for the schema to judge, whose JSON Schema
 * describes the full form.
 */
export function spellOut(document: unknown): unknown {
  if (!isFields(document)) return document;
  const { everyRule, everyReward, ...written } = document;
  const lists = { rules: entry(everyRule), rewards: entry(everyReward), tiers: tier };
  const spelled = Object.entries(lists).reduce(
    (all: Fields, [key, spell]) => full(all, key, (value) => byName(value, spell)),
    fullIn(written, 'caps', 'limits', byPeriod),
  );
  return fullIn(spelled, 'windows', 'windows', (value) =>
    Array.isArray(value) ? value.map(window) : value,
  );
}

/** Where a mistake at a path of the full document stands in the one that was written. */
export function writtenPath(document: unknown, path: readonly PropertyKey[]): string {
  let at: unknown = document;
  const steps = path.map(String).map((step) => {
    const key = isFields(at) && !(step in at) ? (Object.keys(at)[Number(step)] ?? step) : step;
    at = isFields(at) ? at[key] : Array.isArray(at) ? at[Number(key)] : undefined;
    return key;
  });
  return steps.join('.');
}
