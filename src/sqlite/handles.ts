/** What SQLite can hold, as this project uses it: no floats are ever stored. */
export type SqlValue = string | number | null;

declare const readable: unique symbol;
declare const writable: unique symbol;

/** A connection one may ask. The brand keeps it from being taken for one that may write. */
export interface ReadableDb {
  readonly [readable]: true;
  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined;
  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[];
  /** True while what it reads may still be rolled back. */
  inTransaction(): boolean;
}

/** A connection inside an open transaction. Handed out by `write` only, so nothing writes outside one. */
export interface WritableDb extends ReadableDb {
  readonly [writable]: true;
  /** Returns how many rows changed. */
  run(sql: string, ...values: readonly SqlValue[]): number;
}
