/** An object of a document that is not known yet, or a part of one. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object, and that object; empty where it is none. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const fields = (value: unknown): Fields => (isFields(value) ? value : {});

/** One object or several, one name or several, as a list. */
export const list = (value: unknown): readonly Fields[] => [value].flat().filter(isFields);
export const names = (value: unknown): string[] => [value ?? []].flat().map(String);

/** A value as text. */
export const text = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

/** What stands at a path: `program.expiry`. */
export const standsAt = (of: unknown, path: string): unknown =>
  path.split('.').reduce((value: unknown, key) => fields(value)[key], of);

/** Two parts of a document as one; the second goes first, lists follow each other. */
export function merged(left: unknown, right: unknown): unknown {
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (!isFields(left) || !isFields(right)) return right;
  const both = Object.entries(right).map(([key, value]) => [key, merged(left[key], value)]);
  return { ...left, ...Object.fromEntries(both) };
}
