/**
 * Outcomes that are values.
 *
 * An expected refusal ("not enough points") is data: a member of a closed union, returned.
 * A throw is a bug or a broken machine.
 */
export type Result<Value, Refusal> = Ok<Value> | Err<Refusal>;

export interface Ok<Value> {
  readonly ok: true;
  readonly value: Value;
}

export interface Err<Refusal> {
  readonly ok: false;
  readonly error: Refusal;
}

/** Wraps a value that was asked for and given. */
export function ok<Value>(value: Value): Ok<Value> {
  return { ok: true, value };
}

/** Wraps an expected refusal. */
export function err<Refusal>(error: Refusal): Err<Refusal> {
  return { ok: false, error };
}

/** States what must hold here; a failure is a bug, never an expected refusal. */
export function assert(condition: boolean, because: string): asserts condition {
  if (!condition) throw new Error(`This must hold and does not: ${because}`);
}

/** Ends a `switch` over a closed union: a new member that was not handled does not compile. */
export function assertNever(value: never, where: string): never {
  throw new Error(`${where} met a value it does not know: ${JSON.stringify(value)}`);
}
