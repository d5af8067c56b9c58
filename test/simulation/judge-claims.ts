import type { JournalEntry } from '#journal/entry.ts';
import type { ExceptionCode, PostingPlan } from '#journal/posting-writes.ts';
import type { StoredEntry } from '#journal/entry.ts';
import { PIECE_MILLI, POINTS_PER_PIECE } from './nobodys-sale.ts';
import { ownerOf, type ServerRows } from './server-rows.ts';
import { findSale } from './server-sales.ts';
import { Violation } from './violation.ts';

/** What tells a manager that the points of a sale and its goods are apart. */
const APART: readonly ExceptionCode[] = [
  'return-of-claimed-sale',
  'claim-of-returned-sale',
  'reversal-over-original',
];

/** A batch is posted: what it says of sales and claims must hold. */
export function checkClaims(rows: ServerRows, plan: PostingPlan): void {
  for (const { source, ofSource, type, ofType } of plan.writes.ledger) {
    if (type === 'earn') checkEarnings(rows, source);
    if (ofType === 'earn' && ofSource !== null) checkEarnings(rows, ofSource);
  }
  const noted = new Set(plan.exceptions.map(({ till, seq }) => `${till} ${seq}`));
  for (const { entry } of plan.writes.entries) {
    if (isClaim(entry) && !isGiven(rows, entry) && !noted.has(`${entry.till} ${entry.seq}`)) {
      throw new Violation('I8', `${entry.till}: claim of entry ${entry.seq} gave nothing`);
    }
  }
}

/** A sale's points are one member's, once, and never more than the sale earned, nor fewer than none. */
function checkEarnings(rows: ServerRows, sale: string): void {
  const earned = (rows.bySource.get(sale) ?? []).filter(({ type }) => type === 'earn');
  if (earned.length > 1) {
    const owners = earned.map(({ member }) => ownerOf(rows, member)).join(' and ');
    throw new Violation('I3', `${sale} was earned by ${owners}`);
  }
  const left = pointsLeft(rows, sale);
  const most = pointsOf(rows, sale);
  if (left < 0 || left > (most ?? left)) {
    throw new Violation('I5', `${sale} earned ${most ?? 'some'}, and ${left} of it is posted`);
  }
}

/** What is posted of a sale's points, less what was taken back. */
function pointsLeft(rows: ServerRows, sale: string): number {
  const earned = (rows.bySource.get(sale) ?? []).filter(({ type }) => type === 'earn');
  const reversed = (rows.byOriginal.get(sale) ?? []).filter(({ ofType }) => ofType === 'earn');
  return [...earned, ...reversed].reduce((sum, { points }) => sum + points, 0);
}

/** What a sale to nobody earns whoever claims it; null of any other, and of one that is not here. */
function pointsOf(rows: ServerRows, sale: string): number | null {
  const body = rows.archive.get(sale)?.find(({ entry }) => entry.body.kind === 'sale')?.entry.body;
  if (body?.kind !== 'sale' || body.member !== null) return null;
  return POINTS_PER_PIECE * piecesOf(body.snapshot.lines);
}

function piecesOf(lines: readonly { readonly quantityMilli: number }[]): number {
  return lines.reduce((sum, { quantityMilli }) => sum + quantityMilli, 0) / PIECE_MILLI;
}

/** Whether an entry is a claim, or what one earned. */
export function isClaim({ tx, body }: JournalEntry): boolean {
  return body.kind === 'claim' || (body.kind === 'earn' && body.source !== tx);
}

/** Whether a claim, or what it earned, is what the server counts. */
function isGiven(rows: ServerRows, { till, seq, body }: JournalEntry): boolean {
  if (body.kind === 'claim') {
    const claim = rows.claims.get(body.of);
    // A member who claims twice has claimed; what it earns the second time is looked at by itself.
    return claim !== undefined && ownerOf(rows, claim.member) === ownerOf(rows, body.member);
  }
  const source = body.kind === 'earn' ? body.source : '';
  return (rows.bySource.get(source) ?? []).some(
    (row) => row.type === 'earn' && row.till === till && row.seq === seq,
  );
}

/**
 * What claims gave in an earlier life of the server and give no more: this time another came first.
 *
 * `given` keeps the places of what claims gave in any life.
 */
export function lostClaims(
  rows: ServerRows,
  plan: PostingPlan,
  given: Set<string>,
): readonly { readonly member: string; readonly points: number }[] {
  return plan.writes.entries.flatMap(({ entry }) => {
    const { till, seq, body } = entry;
    if (body.kind !== 'earn' || !isClaim(entry)) return [];
    const place = `${till} ${seq}`;
    if (isGiven(rows, entry)) {
      given.add(place);
      return [];
    }
    return given.delete(place) ? [{ member: body.member, points: body.points }] : [];
  });
}

/**
 * After healing and rest: what a claim gave is what its goods are worth, or the manager is told.
 *
 * `isMissing`: some till's journal is not among these.
 */
export function checkClaimsFinally(
  rows: ServerRows,
  journals: readonly (readonly StoredEntry[])[],
  isMissing: boolean,
): void {
  const noted = new Set<string>();
  const apart = new Set<string>();
  for (const { till, seq, code, params } of rows.exceptions.values()) {
    noted.add(`${till} ${seq}`);
    if (APART.includes(code)) apart.add(String(params['of']));
  }
  for (const { entry } of journals.flat()) {
    if (isClaim(entry) && !isGiven(rows, entry) && !noted.has(`${entry.till} ${entry.seq}`)) {
      throw new Violation(
        'I8',
        `${entry.till}: nobody is told that claim ${entry.seq} gave nothing`,
      );
    }
  }
  for (const { of } of rows.claims.values()) {
    const worth = worthOf(rows, of);
    const left = pointsLeft(rows, of);
    if (worth === null || left === worth || apart.has(of)) continue;
    // A till that is given up may have told others of a return that the server never hears of.
    if (left < worth && isMissing) continue;
    throw new Violation('I8', `${of} is worth ${worth} points and has ${left}, and nobody is told`);
  }
}

/** Points that the goods of a sale to nobody are worth which did not come back. */
function worthOf(rows: ServerRows, sale: string): number | null {
  const most = pointsOf(rows, sale);
  const receipt = rows.sales.get(sale)?.receipt;
  if (most === null || receipt === undefined) return null;
  const back = findSale(rows, receipt).reduce((sum, { entry: { body } }) => {
    return body.kind === 'return' ? sum + POINTS_PER_PIECE * piecesOf(body.lines) : sum;
  }, 0);
  return Math.max(0, most - back);
}
