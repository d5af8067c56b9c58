import type { StoredEntry } from '#journal/entry.ts';
import type { ClaimRow, SaleRow } from '#journal/posting-rows.ts';
import type { ClaimWrite, PostingWrites, ReturnWrite, SaleWrite } from '#journal/posting-writes.ts';

/** What the server keeps of sales: maps of rows that are replaced, never changed. */
export interface SaleTables {
  readonly sales: Map<string, SaleWrite>;
  /** Transactions by receipt. */
  readonly receipts: Map<string, string>;
  /** By the sale they are of. */
  readonly claims: Map<string, ClaimWrite>;
  readonly refunds: Map<string, readonly ReturnWrite[]>;
  readonly returns: Set<string>;
  /** Entries of sales to nobody, of claims and of returns, by transaction. */
  readonly archive: Map<string, readonly StoredEntry[]>;
}

export function emptySales(): SaleTables {
  return {
    sales: new Map(),
    receipts: new Map(),
    claims: new Map(),
    refunds: new Map(),
    returns: new Set(),
    archive: new Map(),
  };
}

export function copySales(tables: SaleTables): SaleTables {
  return {
    sales: new Map(tables.sales),
    receipts: new Map(tables.receipts),
    claims: new Map(tables.claims),
    refunds: new Map(tables.refunds),
    returns: new Set(tables.returns),
    archive: new Map(tables.archive),
  };
}

/** Applies what a plan says of sales, as the SQL does. */
export function applySales(tables: SaleTables, writes: PostingWrites): void {
  const { sales, receipts, claims, refunds, returns, archive } = tables;
  for (const row of writes.sales) {
    sales.set(row.tx, row);
    receipts.set(row.receipt, row.tx);
    if (row.member === null) archive.set(row.tx, []);
  }
  for (const row of writes.returns) {
    returns.add(row.tx);
    refunds.set(row.of, [...(refunds.get(row.of) ?? []), row]);
    archive.set(row.tx, []);
  }
  for (const row of writes.claims) {
    claims.set(row.of, row);
    archive.set(row.tx, []);
  }
  for (const stored of writes.entries) {
    const { tx } = stored.entry;
    const before = archive.get(tx);
    if (before !== undefined) archive.set(tx, [...before, stored]);
  }
}

/** Sales as posting reads them. */
export function saleRows(tables: SaleTables, of: readonly string[]): Map<string, SaleRow> {
  const rows = new Map<string, SaleRow>();
  for (const tx of of) {
    const sale = tables.sales.get(tx);
    if (sale === undefined) continue;
    const { member, subtotalMinor, totalMinor } = sale;
    rows.set(tx, { tx, member, subtotalMinor, totalMinor });
  }
  return rows;
}

/** What was paid back of sales, in minor units, whether the sale is here or not. */
export function refundRows(tables: SaleTables, of: readonly string[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const tx of of) {
    const refunds = tables.refunds.get(tx);
    if (refunds === undefined) continue;
    sums.set(
      tx,
      refunds.reduce((sum, { refundMinor }) => sum + refundMinor, 0),
    );
  }
  return sums;
}

/** Claims as posting reads them: they are whose the member is today. */
export function claimRows(
  tables: SaleTables,
  of: readonly string[],
  ownerOf: (member: string) => string,
): Map<string, ClaimRow> {
  return new Map(
    of.flatMap((tx) => {
      const claim = tables.claims.get(tx);
      return claim === undefined ? [] : [[tx, { of: tx, owner: ownerOf(claim.member) }]];
    }),
  );
}

/** Entries of a sale and of what was done to it since, the sale's own first; empty where it is not known. */
export function findSale(tables: SaleTables, receipt: string): readonly StoredEntry[] {
  const sale = tables.sales.get(tables.receipts.get(receipt) ?? '');
  if (sale === undefined) return [];
  const claim = tables.claims.get(sale.tx);
  const done = [...(tables.refunds.get(sale.tx) ?? []), ...(claim === undefined ? [] : [claim])];
  const later = done.toSorted((a, b) =>
    a.till === b.till ? a.seq - b.seq : a.till < b.till ? -1 : 1,
  );
  return [sale, ...later].flatMap(({ tx }) => tables.archive.get(tx) ?? []);
}
