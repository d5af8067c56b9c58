import { rowOfEntry, type PlainEntryRow } from '#contract/entry-row.ts';
import type { DayFigure, EntriesFilter, EntryRow } from '#contract/manager.ts';
import type { SyncInput, SyncOutput } from '#contract/sync.ts';
import { journalEntry, type JournalEntry } from '#journal/entry.ts';
import { hourOfDay } from '#loyalty/business-day.ts';
import { assertNever } from '#loyalty/result.ts';
import type { Core } from './core.ts';

type FigureFilter = Extract<EntriesFilter, { kind: 'figure' }>;
type Answer = Extract<SyncOutput<'manager.entries'>, { outcome: 'answered' }>['answer'];

/** Rows of one page. */
const PAGE = 50;
/** Entries read at a time, and how many times: more than a till can write in a day. */
const READ = 1000;
const READS_MAX = 1000;

/** In front of the place where this till's own next page begins: no other list goes on from there. */
const OWN = 'till:';

/** Whether a page follows one of this till's own. */
export function isOwnCursor(cursor: string | null): boolean {
  return cursor?.startsWith(OWN) ?? false;
}

/**
 * The entries behind a figure of one day in this till's own journal, latest first.
 *
 * For the page while nobody else can be asked; null for what a till alone cannot know: other days'
 * ends, other tills, members, exceptions, and what follows a page that was not its own.
 */
export function ownEntries(
  core: Core,
  { filter, cursor }: SyncInput<'manager.entries'>['ask'],
): Answer | null {
  const { till } = core.options.identity;
  if (filter.kind !== 'figure' || filter.from !== filter.through) return null;
  if (filter.till !== null && filter.till !== till) return null;
  if (cursor !== null && !isOwnCursor(cursor)) return null;
  const found = entriesOf(core, filter.from).filter((entry) => isOf(core, filter, entry));
  const rows = found.toReversed().map(rowOfEntry);
  const start = cursor === null ? 0 : rows.findIndex(({ id }) => `${OWN}${id}` === cursor) + 1;
  const page = rows.slice(start, start + PAGE);
  const more = rows.length > start + PAGE;
  const name = core.config.tills.find((known) => known.till === till)?.name ?? till;
  const last = page.at(-1);
  return {
    rows: page.map((row) => withNames(row, name)),
    next: more && last !== undefined ? `${OWN}${last.id}` : null,
    source: 'till',
  };
}

function entriesOf(core: Core, day: string): readonly JournalEntry[] {
  const { read } = core.ports.database;
  const entries: JournalEntry[] = [];
  let after = 0;
  for (let reads = 0; reads < READS_MAX; reads += 1) {
    const rows = read.entriesOfDay(day, after, READ);
    for (const { text } of rows) entries.push(journalEntry.parse(JSON.parse(text)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < READ) break;
    after = last.seq;
  }
  return entries;
}

function isOf(core: Core, filter: FigureFilter, entry: JournalEntry): boolean {
  const { cashier, programme, hour } = filter;
  if (cashier !== null && entry.cashier !== cashier) return false;
  if (hour !== null && hourOfDay(entry.atMs, core.config) !== hour) return false;
  const { body } = entry;
  if (programme !== null && !('programme' in body && body.programme === programme)) return false;
  return isFigure(filter.figure, body);
}

function isFigure(figure: DayFigure, body: JournalEntry['body']): boolean {
  switch (figure) {
    case 'sales':
      return body.kind === 'sale';
    case 'with-member':
      return body.kind === 'sale' && body.member !== null;
    case 'discounts':
      return body.kind === 'sale' && body.discountMinor > 0;
    case 'unproven':
      return body.kind === 'sale' && body.snapshot.claimable.length > 0;
    case 'returns':
      return body.kind === 'return';
    case 'new-members':
      return body.kind === 'enrol' && !body.provisional;
    case 'earned':
      return body.kind === 'earn';
    case 'redeemed':
      return body.kind === 'redeem';
    case 'expired':
      return false;
    case 'other':
      return body.kind === 'reverse';
    case 'points':
      return ['earn', 'redeem', 'reverse'].includes(body.kind);
    case 'all':
      return ['sale', 'return', 'enrol', 'earn', 'redeem', 'reverse'].includes(body.kind);
    default:
      return assertNever(figure, 'own entries');
  }
}

/** A till alone shows no member's name: it is on the member's own screen, behind a card. */
function withNames({ member, ...row }: PlainEntryRow, tillName: string): EntryRow {
  return { ...row, tillName, member: member === null ? null : { member, name: null } };
}
