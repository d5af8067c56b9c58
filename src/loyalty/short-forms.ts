import { type Fields, isFields, merged } from './parts.ts';

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

const withConditions =
  (every: unknown) =>
  (of: Fields): Fields => {
    const { conditions, ...all } = isFields(every) ? (merged(of, every) as Fields) : of;
    return conditions === undefined ? all : { ...all, conditions: byKind(conditions) };
  };
const withCriteria = (of: Fields): Fields =>
  'criteria' in of ? { ...of, criteria: byMetric(of['criteria']) } : of;

/**
 * A programme document in full: lists that are written as objects become lists.
 *
 * Rules, rewards and tiers may be written by name (the id is made of the name, and both may be
 * stated otherwise), conditions by kind, and the criteria of a tier as thresholds of which any is
 * enough: `{ criteria: { 'earned-points': 500 } }`. `everyRule` and `everyReward` say once what all
 * of them have, whatever each says. Anything else stays for the schema to judge, whose JSON Schema
 * describes the full form.
 */
export function spellOut(document: unknown): unknown {
  if (!isFields(document)) return document;
  const { everyRule, everyReward, ...full } = document;
  const rules = withConditions(everyRule);
  const lists = { rules, rewards: withConditions(everyReward), tiers: withCriteria };
  const spelled = Object.entries(lists).flatMap(([key, spell]) =>
    key in full ? [[key, byName(full[key], spell)] as const] : [],
  );
  return { ...full, ...Object.fromEntries(spelled) };
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
