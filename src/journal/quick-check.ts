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
  const shape = shapeOf(schema as z.core.$ZodTypes);
  const rules = rulesOf(schema as z.core.$ZodTypes);
  if (shape === null || rules === null) return null;
  return [shape, ...rules].reduce(both);
}

function both(first: Check, second: Check): Check {
  return (value) => first(value) && second(value);
}

/** What kind of value it is, and what its parts are. */
function shapeOf({ _zod: { def } }: z.core.$ZodTypes): Check | null {
  switch (def.type) {
    case 'string':
      return def.coerce === true ? null : (value) => typeof value === 'string';
    case 'number':
      return def.coerce === true ? null : (value) => Number.isFinite(value);
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
  readonly check: Check;
  /** 1 where it must be there, to be counted. */
  readonly needed: 0 | 1;
}

/**
 * Only objects that forbid other keys: whatever else a schema does with them, it changes the value.
 *
 * The value's own keys are gone through, and those that must be there are counted: each is looked up
 * once, and its value is where the engine just stands.
 */
function objectOf({ shape, catchall }: z.core.$ZodObjectDef): Check | null {
  if (catchall?._zod.def.type !== 'never') return null;
  const fields = new Map<string, Field>();
  let neededCount = 0;
  for (const [key, field] of Object.entries(shape)) {
    const check = checkOf(field);
    if (check === null) return null;
    const needed = check(undefined) ? 0 : 1;
    neededCount += needed;
    fields.set(key, { check, needed });
  }
  return (value) => {
    if (!isObject(value)) return false;
    let found = 0;
    for (const key in value) {
      const field = fields.get(key);
      if (field === undefined || !field.check(value[key])) return false;
      found += field.needed;
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

/** What else holds of the value: its own format, bounds, rules in code. */
function rulesOf({ _zod: { def } }: z.core.$ZodTypes): readonly Check[] | null {
  const rules: Check[] = [];
  const all = [...('check' in def ? [def] : []), ...(def.checks ?? []).map(({ _zod }) => _zod.def)];
  for (const one of all) {
    const rule = ruleOf(one as z.core.$ZodChecks['_zod']['def']);
    if (rule === null) return null;
    rules.push(rule);
  }
  return rules;
}

function ruleOf(def: z.core.$ZodChecks['_zod']['def']): Check | null {
  switch (def.check) {
    case 'number_format':
      return def.format === 'safeint' ? (value) => Number.isSafeInteger(value) : null;
    case 'greater_than': {
      const { value: least, inclusive } = def;
      return (value) =>
        inclusive ? Number(value) >= Number(least) : Number(value) > Number(least);
    }
    case 'less_than': {
      const { value: most, inclusive } = def;
      return (value) => (inclusive ? Number(value) <= Number(most) : Number(value) < Number(most));
    }
    case 'max_length':
      return (value) => lengthOf(value) <= def.maximum;
    case 'min_length':
      return (value) => lengthOf(value) >= def.minimum;
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

function lengthOf(value: unknown): number {
  return typeof value === 'string' || Array.isArray(value) ? value.length : Number.NaN;
}
