/**
 * The new value with every part that says the same as before replaced by the part there was.
 *
 * The core sends its whole state after each change. A screen that watches one part of it must be
 * able to tell by identity that this part did not change; where nothing did, `before` itself comes
 * back. For JSON values: records, arrays, text, numbers, booleans, null. Array items are compared
 * place by place.
 */
export function share<Value>(before: Value | null, next: Value): Value {
  return shareUnknown(before, next) as Value;
}

function shareUnknown(before: unknown, next: unknown): unknown {
  if (Object.is(before, next)) return before;
  if (Array.isArray(before) && Array.isArray(next)) return shareArray(before, next);
  if (isRecord(before) && isRecord(next)) return shareRecord(before, next);
  return next;
}

function shareArray(before: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  const shared = next.map((item, index) => shareUnknown(before[index], item));
  const isSame =
    before.length === next.length && shared.every((item, index) => Object.is(item, before[index]));
  return isSame ? before : shared;
}

type JsonRecord = Readonly<Record<string, unknown>>;

function shareRecord(before: JsonRecord, next: JsonRecord): JsonRecord {
  const names = Object.keys(next);
  const shared = Object.fromEntries(
    names.map((name) => [
      name,
      Object.hasOwn(before, name) ? shareUnknown(before[name], next[name]) : next[name],
    ]),
  );
  const isSame =
    Object.keys(before).length === names.length &&
    names.every((name) => Object.hasOwn(before, name) && Object.is(shared[name], before[name]));
  return isSame ? before : shared;
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
