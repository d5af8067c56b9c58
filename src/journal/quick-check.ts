import type { z } from 'zod';

type Check = (value: unknown) => boolean;

/**
 * A schema as a plain yes or no over parsed JSON, several times as fast as parsing with it.
 *
 * A parse copies what it reads, to be able to say what is wrong and to change values on the way. A
 * journal's entries are nearly always right and nothing in them is changed: for those a yes is enough,
 * and the value itself is the result. A no says nothing; the schema then says why. Null where the schema
 * has something that is not known here, or that changes values: then it must do all the work itself.
 */
export function quickCheck<Schema extends z.ZodType>(
  schema: Schema,
): ((value: unknown) => value is z.output<Schema>) | null {
  const check = checkOf(schema);
  return check === null ? null : (value): value is z.output<Schema> => check(value);
}

function checkOf(schema: z.core.$ZodType): Check | null {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const own = ('check' in def ? [def] : []) as unknown as readonly RuleDef[];
  const rules = [...own, ...(def.checks ?? []).map(({ _zod }) => _zod.def as RuleDef)];
  // What nearly every value of an entry is: one question each, whatever number of rules.
  if (def.type === 'string') return def.coerce === true ? null : stringOf(rules);
  if (def.type === 'number') return def.coerce === true ? null : numberOf(rules);
  const shape = shapeOf(schema as z.core.$ZodTypes);
  return shape === null ? null : withRules(shape, rules);
}

type RuleDef = z.core.$ZodChecks['_zod']['def'];

function withRules(shape: Check, rules: readonly RuleDef[]): Check | null {
  const checks = rules.map(ruleOf).filter((rule) => rule !== null);
  return checks.length < rules.length ? null : [shape, ...checks].reduce(both);
}

function numberOf(rules: readonly RuleDef[]): Check | null {
  let [least, most, whole] = [-Infinity, Infinity, false];
  const others: RuleDef[] = [];
  for (const rule of rules) {
    if (rule.check === 'number_format' && rule.format === 'safeint') whole = true;
    else if (rule.check === 'greater_than' && rule.inclusive)
      least = Math.max(least, Number(rule.value));
    else if (rule.check === 'less_than' && rule.inclusive)
      most = Math.min(most, Number(rule.value));
    else others.push(rule);
  }
  const isKind = whole ? Number.isSafeInteger : Number.isFinite;
  return withRules(
    (value) => isKind(value) && (value as number) >= least && (value as number) <= most,
    others,
  );
}

function stringOf(rules: readonly RuleDef[]): Check | null {
  let [least, most] = [0, Infinity];
  const others: RuleDef[] = [];
  for (const rule of rules) {
    if (rule.check === 'min_length') least = Math.max(least, rule.minimum);
    else if (rule.check === 'max_length') most = Math.min(most, rule.maximum);
    else others.push(rule);
  }
  return withRules(
    (value) => typeof value === 'string' && value.length >= least && value.length <= most,
    others,
  );
}

function both(first: Check, second: Check): Check {
  return (value) => first(value) && second(value);
}

/** What kind of value it is, and what its parts are. */
function shapeOf({ _zod: { def } }: z.core.$ZodTypes): Check | null {
  switch (def.type) {
    case 'boolean':
      return def.coerce === true ? null : (value) => typeof value === 'boolean';
    case 'literal':
      return oneOf(def.values);
    case 'enum':
      return oneOf(Object.values(def.entries));
    case 'nullable':
      return orElse(null, checkOf(def.innerType));
    case 'optional':
      return orElse(undefined, checkOf(def.innerType));
    case 'array':
      return arrayOf(checkOf(def.element));
    case 'record':
      return recordOf(checkOf(def.keyType), checkOf(def.valueType));
    case 'object':
      return objectOf(def);
    case 'union':
      return 'discriminator' in def ? variantOf(def) : anyOf(def.options.map(checkOf));
    default:
      return null;
  }
}

function oneOf(values: readonly unknown[]): Check {
  const [only, ...others] = values;
  if (others.length === 0) return (value) => value === only;
  const known = new Set(values);
  return (value) => known.has(value);
}

function orElse(other: null | undefined, check: Check | null): Check | null {
  return check === null ? null : (value) => value === other || check(value);
}

function anyOf(checks: readonly (Check | null)[]): Check | null {
  const known = checks.filter((check) => check !== null);
  if (known.length < checks.length) return null;
  return (value) => known.some((check) => check(value));
}

function arrayOf(check: Check | null): Check | null {
  if (check === null) return null;
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (const item of value) if (!check(item)) return false;
    return true;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(keys: Check | null, values: Check | null): Check | null {
  if (keys === null || values === null) return null;
  return (value) => {
    if (!isObject(value)) return false;
    for (const key in value) {
      if (key === '__proto__' || !keys(key) || !values(value[key])) return false;
    }
    return true;
  };
}

interface Field {
  readonly key: string;
  /** Where it stands in the schema. */
  readonly place: number;
  readonly check: Check;
  /** 1 where it must be there, to be counted. */
  readonly needed: 0 | 1;
}

/**
 * Only objects that forbid other keys: whatever else a schema does with them, it changes the value.
 *
 * The value's own keys are gone through, and those that must be there are counted: each is looked up
 * once, and its value is where the engine just stands. Tills write them in the schema's order, in which
 * they are expected and need no looking up.
 */
function objectOf({ shape, catchall }: z.core.$ZodObjectDef): Check | null {
  if (catchall?._zod.def.type !== 'never') return null;
  const fields: Field[] = [];
  let neededCount = 0;
  for (const [place, [key, field]] of Object.entries(shape).entries()) {
    const check = checkOf(field);
    if (check === null) return null;
    const needed = check(undefined) ? 0 : 1;
    neededCount += needed;
    fields.push({ key, place, check, needed });
  }
  const byKey = new Map(fields.map((field) => [field.key, field]));
  return (value) => {
    if (!isObject(value)) return false;
    let found = 0;
    let next = 0;
    for (const key in value) {
      const expected = fields[next];
      const field = expected?.key === key ? expected : byKey.get(key);
      if (field === undefined || !field.check(value[key])) return false;
      found += field.needed;
      next = field.place + 1;
    }
    return found === neededCount;
  };
}

function variantOf(def: z.core.$ZodUnionDef & { readonly discriminator?: unknown }): Check | null {
  const { discriminator } = def;
  if (typeof discriminator !== 'string') return null;
  const variants = new Map<unknown, Check>();
  for (const option of def.options) {
    const own = (option as z.core.$ZodTypes)._zod.def;
    const check = checkOf(option);
    const named = own.type === 'object' ? own.shape[discriminator] : undefined;
    const name = (named as z.core.$ZodTypes | undefined)?._zod.def;
    if (check === null || name?.type !== 'literal') return null;
    for (const value of name.values) variants.set(value, check);
  }
  return (value) => isObject(value) && variants.get(value[discriminator])?.(value) === true;
}

/** What else holds of the value: its own format, open bounds, an array's length, rules in code. */
function ruleOf(def: RuleDef): Check | null {
  switch (def.check) {
    case 'greater_than':
      return (value) => Number(value) > Number(def.value);
    case 'less_than':
      return (value) => Number(value) < Number(def.value);
    case 'max_length':
      return (value) => Array.isArray(value) && value.length <= def.maximum;
    case 'min_length':
      return (value) => Array.isArray(value) && value.length >= def.minimum;
    case 'string_format': {
      const { pattern } = def;
      if (!(pattern instanceof RegExp) || pattern.global || pattern.sticky) return null;
      return (value) => pattern.test(String(value));
    }
    default:
      return 'fn' in def && typeof def.fn === 'function' ? custom(def.fn as Check) : null;
  }
}

function custom(rule: (value: unknown) => unknown): Check {
  return (value) => Boolean(rule(value));
}
