import type { StaffReport, StaffRow } from '#contract/manager-figures.ts';
import { journalEntry, TILL_ITSELF, type JournalEntry } from '#journal/entry.ts';
import type { Applied } from '#server/commands/command.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import { SERVER_TILL } from '#server/commands/apply-opening.ts';
import { textsAfter } from '#server/posting/archive.ts';
import type { FigureDays } from './figure-days.ts';

/** Entries read from a journal at a time, and in all for one report. */
const READ = 500;
const READS_MAX = 2000;

type Sums = { -readonly [Key in keyof StaffRow]: StaffRow[Key] };

const nothing = (cashier: string): Sums => ({
  cashier,
  sales: 0,
  salesWithMember: 0,
  salesTotalMinor: 0,
  returns: 0,
  enrolments: 0,
  kudos: 0,
});

/**
 * What everybody did at the tills in these days, from the journals themselves: who did it stands in
 * each entry and nowhere else.
 */
export async function readStaff(
  db: ReadableDb,
  tenant: string,
  days: FigureDays,
): Promise<StaffReport> {
  const people = new Map<string, Sums>();
  const of = (cashier: string): Sums => {
    const known = people.get(cashier) ?? nothing(cashier);
    people.set(cashier, known);
    return known;
  };
  for (const journal of await journalsOf(db, tenant, days)) {
    let { after } = journal;
    for (let reads = 0; reads < READS_MAX && after < journal.last; reads += 1) {
      const texts = await textsAfter(db, tenant, journal, after, READ);
      for (const text of texts) {
        const entry = journalEntry.parse(JSON.parse(text));
        if (entry.day >= days.from && entry.day <= days.through) addEntry(of, entry);
      }
      if (texts.length === 0) break;
      after += texts.length;
    }
  }
  const kudos = await readKudos(db, tenant, days);
  for (const { cashier } of kudos) of(cashier).kudos += 1;
  return {
    people: [...people.values()].toSorted(
      (a, b) => b.sales - a.sales || (a.cashier < b.cashier ? -1 : 1),
    ),
    kudos: kudos.slice(0, KUDOS_SHOWN),
  };
}

function addEntry(of: (cashier: string) => Sums, { cashier, body }: JournalEntry): void {
  if (cashier === TILL_ITSELF) return;
  const sums = of(cashier);
  if (body.kind === 'sale') {
    sums.sales += 1;
    sums.salesWithMember += body.member === null ? 0 : 1;
    sums.salesTotalMinor += body.totalMinor;
  } else if (body.kind === 'return') sums.returns += 1;
  else if (body.kind === 'enrol') sums.enrolments += body.provisional ? 0 : 1;
}

interface JournalPart {
  readonly till: string;
  readonly inc: number;
  /** Before the first entry that may be of these days. */
  readonly after: number;
  readonly last: number;
}

/** Days before the first one in which a row of a journal may have begun that ends among them. */
const ROW_DAYS = 31;

/**
 * The part of each journal that has entries of these days: by the days its rows begin with, and by the
 * sales, returns and points of the days, should a clock have jumped in between.
 */
async function journalsOf(
  db: ReadableDb,
  tenant: string,
  { from, through }: FigureDays,
): Promise<readonly JournalPart[]> {
  return db.query<JournalPart>(
    `with parts as (
       select a.till, a.inc, max(a.last_seq) as last,
         greatest(coalesce(max(a.first_seq) filter (where a.day < $2::date), 1), 1) - 1 as after
       from archive a where a.tenant = $1 and a.day <= $3::date
       group by a.till, a.inc having max(a.day) >= $2::date - ${ROW_DAYS}
       union all
       select till, inc, max(seq), min(seq) - 1 from (
         select till, inc, seq from sale where tenant = $1 and day between $2::date and $3::date
         union all
         select till, inc, seq from sale_return
         where tenant = $1 and day between $2::date and $3::date
         union all
         select till, inc, seq from ledger where tenant = $1 and day between $2::date and $3::date
       ) as rows group by till, inc)
     select till, inc, max(last)::bigint as last, min(after)::bigint as after from parts
     where till <> $4 group by till, inc order by till, inc`,
    [tenant, from, through, SERVER_TILL],
  );
}

type Kudos = StaffReport['kudos'][number];

/** Most thank-yous that are counted, and listed. */
const KUDOS_MAX = 1000;
const KUDOS_SHOWN = 50;

async function readKudos(
  db: ReadableDb,
  tenant: string,
  { from, through }: FigureDays,
): Promise<readonly Kudos[]> {
  return db.query<Kudos>(
    `select id, cashier, reason, by_cashier as by, at_ms as "atMs" from kudos
     where tenant = $1 and day between $2::date and $3::date
     order by at_ms desc, id limit ${KUDOS_MAX}`,
    [tenant, from, through],
  );
}

/** Somebody thanks somebody. */
export interface KudosCommand {
  readonly kind: 'kudos';
  readonly tenant: string;
  readonly id: string;
  readonly cashier: string;
  readonly reason: Kudos['reason'];
  readonly by: string;
  readonly day: string;
  readonly nowMs: number;
}

/** Keeps a thank-you; the same one once. */
export async function applyKudos(db: WritableDb, command: KudosCommand): Promise<Applied<null>> {
  const { tenant, id, cashier, reason, by, day, nowMs } = command;
  const added = await db.execute(
    `insert into kudos (tenant, id, cashier, reason, by_cashier, day, at_ms)
     values ($1, $2, $3, $4, $5, $6::date, $7) on conflict do nothing`,
    [tenant, id, cashier, reason, by, day, nowMs],
  );
  return { result: null, changed: added > 0 };
}
