import type { EntryBody, JournalEntry } from '#journal/entry.ts';
import { type EntryRow, journalEntryKinds } from './manager.ts';

/** A journal entry as a row of a list; names are for whoever knows them. */
export interface PlainEntryRow extends Omit<EntryRow, 'tillName' | 'member'> {
  readonly member: string | null;
}

/** What a journal entry says, for the till that shows its own and for the centre alike. */
export function rowOfEntry({
  till,
  inc,
  seq,
  atMs,
  day,
  cashier,
  body,
}: JournalEntry): PlainEntryRow {
  return {
    id: `${till}.${inc}.${seq}`,
    what: journalEntryKinds.find((kind) => kind === body.kind) ?? 'other',
    atMs,
    day,
    till,
    cashier,
    member: 'member' in body ? body.member : null,
    programme: 'programme' in body ? body.programme : null,
    points: pointsOf(body),
    moneyMinor: moneyOf(body),
    receipt: 'receipt' in body ? body.receipt : null,
  };
}

/** Change of the balance; what a grant only sets aside is none. */
function pointsOf(body: EntryBody): number | null {
  if (body.kind === 'earn' || body.kind === 'issue' || body.kind === 'reverse') return body.points;
  return body.kind === 'redeem' ? -body.points : null;
}

function moneyOf(body: EntryBody): number | null {
  if (body.kind === 'sale') return body.totalMinor;
  return body.kind === 'return' ? -body.refundMinor : null;
}
