import { rowOfEntry, type PlainEntryRow } from '#contract/entry-row.ts';
import { MANAGER_PAGE_MAX, type EntryRow } from '#contract/manager.ts';
import { journalEntry } from '#journal/entry.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { serverEntry } from '#server/night/server-entry.ts';
import {
  textsOfTransactions,
  withTexts,
  type Place,
  type Transaction,
} from '#server/posting/archive.ts';
import { withNames } from './entry-names.ts';

interface Noted extends Place {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly member: string | null;
  readonly programme: string | null;
}

/** Exceptions whose place is where a journal ended, and no entry they are about. */
const WITHOUT_ENTRY: ReadonlySet<string> = new Set(['till-fenced', 'grant-written-off', 'fork']);

/**
 * Every journal entry behind an exception, oldest first: of the transaction it was noted for, of the
 * sale it speaks of, of the grant it names, and what settled it.
 */
export async function readExceptionEntries(
  db: ReadableDb,
  tenant: string,
  exception: string,
): Promise<readonly EntryRow[]> {
  const [noted] = await db.query<Noted>(
    `select e.code, e.params, e.till, e.inc, e.seq, s.member, s.programme
     from posting_exception e left join exception_settlement s
       on s.tenant = e.tenant and s.exception = e.id
     where e.tenant = $1 and e.id = $2`,
    [tenant, exception],
  );
  if (noted === undefined) return [];
  const own = await ownTransaction(db, tenant, noted);
  const named = await namedTransactions(db, tenant, noted, own?.tx ?? null);
  // The entry's own transaction is read from its sale on, where it has one.
  const without = own !== null && !named.some(({ tx }) => tx === own.tx) ? [own] : [];
  const texts = await textsOfTransactions(db, tenant, [...named, ...without]);
  const settled = await settlingRow(db, tenant, exception, noted);
  const rows = [...[...texts.values()].flat(), ...settled].flatMap((text) => rowOfText(text) ?? []);
  const inOrder = rows.toSorted((one, other) => one.atMs - other.atMs);
  return withNames(db, tenant, inOrder.slice(0, MANAGER_PAGE_MAX));
}

async function ownTransaction(
  db: ReadableDb,
  tenant: string,
  { code, till, inc, seq }: Noted,
): Promise<Transaction | null> {
  if (seq === 0 || WITHOUT_ENTRY.has(code)) return null;
  const [found] = await withTexts(db, tenant, [{ till, inc, seq }]);
  if (found === undefined || found.text === null) return null;
  const entry = journalEntry.safeParse(JSON.parse(found.text));
  return entry.success ? { till, inc, seq, tx: entry.data.tx } : null;
}

/** Where the sales, returns and claims begin that an exception names, or whose grant it names. */
async function namedTransactions(
  db: ReadableDb,
  tenant: string,
  { params }: Noted,
  own: string | null,
): Promise<readonly Transaction[]> {
  const { of, tx, member, grant } = params;
  const spent =
    typeof grant === 'string' && typeof member === 'string'
      ? await db.query<{ source: string }>(
          'select source from ledger where tenant = $1 and member = $2 and grant_ref = $3',
          [tenant, member, grant],
        )
      : [];
  const wanted = [own, of, tx, ...spent.map(({ source }) => source)];
  const txs = wanted.filter((one): one is string => typeof one === 'string');
  if (txs.length === 0) return [];
  return db.query<Transaction>(
    `select tx, till, inc, min(seq)::bigint as seq from (
       select tx, till, inc, seq from sale where tenant = $1 and tx = any($2::uuid[])
       union all select tx, till, inc, seq from sale_return where tenant = $1 and tx = any($2::uuid[])
       union all select tx, till, inc, seq from claim where tenant = $1 and tx = any($2::uuid[])) t
     group by tx, till, inc`,
    [tenant, [...new Set(txs)]],
  );
}

/** The correction that settled it, where one was posted. */
async function settlingRow(
  db: ReadableDb,
  tenant: string,
  exception: string,
  { member, programme }: Noted,
): Promise<readonly string[]> {
  if (member === null || programme === null) return [];
  const places = await db.query<Place>(
    `select till, inc, seq from ledger
     where tenant = $1 and member = $2 and programme = $3 and type = 'adjust' and source = $4`,
    [tenant, member, programme, `settle:${exception}`],
  );
  return (await withTexts(db, tenant, places)).flatMap(({ text }) => text ?? []);
}

/** A till's entry, or a row of the ledger that the server itself wrote. */
function rowOfText(text: string): PlainEntryRow | null {
  const json: unknown = JSON.parse(text);
  const ofTill = journalEntry.safeParse(json);
  if (ofTill.success) return rowOfEntry(ofTill.data);
  const own = serverEntry.safeParse(json);
  if (!own.success || own.data.body.kind !== 'ledger') return null;
  const { till, seq, atMs, day, body } = own.data;
  const { type: what, points, holder: member, programme } = body;
  const plain = { cashier: null, moneyMinor: null, receipt: null };
  return { ...plain, id: `${till}.${seq}`, what, atMs, day, till, member, programme, points };
}
