import type { MemberKeys } from './member-keys.ts';

/** A value a statement may carry; arrays go to `unnest`. */
export type SqlValue =
  | string
  | number
  | boolean
  | null
  | readonly (string | number | boolean | null)[];

/** Reads. Integers come as numbers, dates as `2026-11-21`, JSON parsed, on every database alike. */
export interface ReadableDb {
  query<Row extends object>(text: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** The keys of members' personal data; those of a table see what this transaction sees. */
  readonly keys: MemberKeys;
}

/** Reads and writes inside one transaction. A function that writes takes one of these. */
export interface WritableDb extends ReadableDb {
  /** Runs a statement and returns how many rows it touched. */
  execute(text: string, values?: readonly SqlValue[]): Promise<number>;
}

/** One SQL text, two databases: PGlite in this process, or a PostgreSQL server. */
export interface Database extends ReadableDb {
  readonly kind: 'pglite' | 'postgres';
  /**
   * Runs `work` in one transaction. On PostgreSQL a transaction that lost a race is run again from
   * its start, so `work` must do nothing but SQL.
   */
  transaction<Value>(work: (db: WritableDb) => Promise<Value>): Promise<Value>;
  close(): Promise<void>;
}

/**
 * Another transaction changed what this one had read. Thrown inside `work`; the transaction is run
 * again. With a single connection it cannot happen twice.
 */
export class RaceLost extends Error {
  constructor(what: string) {
    super(`Another transaction was faster: ${what}`);
    this.name = 'RaceLost';
  }
}

/** No connection to the database could be had: nothing was done, and trying again later helps. */
export class DatabaseUnreachable extends Error {
  constructor(cause: unknown) {
    super('The database cannot be reached', { cause });
    this.name = 'DatabaseUnreachable';
  }
}

/** How often a transaction is tried before its failure is the caller's. */
export const TRANSACTION_TRIES_MAX = 6;

/** True where running the transaction again may succeed: serialisation failure, deadlock, lost race. */
export function mayRetry(error: unknown): boolean {
  if (error instanceof RaceLost) return true;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === '40001' || code === '40P01';
}

/** True where a row was there already that had to be new. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}

/** True where a statement failed for no reason of its own: one before it had failed the transaction. */
export function onlyFollows(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '25P02';
}

/** PostgreSQL type numbers whose text both drivers would otherwise read differently. */
export const INT8_TYPE = 20;
export const DATE_TYPE = 1082;

/** An 8-byte integer as a number; larger than that would be a bug here. */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error('An integer beyond 2^53 in the database');
  return value;
}
