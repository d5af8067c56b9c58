import type { PlainEntryRow } from '#contract/entry-row.ts';
import type { EntriesFilter, EntryRow } from '#contract/manager.ts';
import type { ShopConfig } from '#contract/shop.ts';
import { businessDayStart, hourOfDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { assertNever } from '#loyalty/result.ts';
import type { ReadableDb, SqlValue } from '#server/database/database.ts';
import { readExceptionEntries } from './exception-entries.ts';
import { withTexts, type Place } from '#server/posting/archive.ts';
import type { PagePlace } from './cursor.ts';
import { withNames } from './entry-names.ts';

interface Row extends Place {
  readonly id: string;
  readonly what: EntryRow['what'];
  readonly atMs: number;
  readonly day: string;
  readonly member: string | null;
  readonly programme: string | null;
  readonly points: number | null;
  readonly moneyMinor: number | null;
  readonly receipt: string | null;
}

const SALES = `
  select 'sale:' || tx as id, 'sale' as what, at_ms, day, till, inc, seq, member, null as programme,
    null::bigint as points, total_minor as money, receipt, discount_minor as discount, proof, tx::text as tx
  from sale where tenant = $1`;
const RETURNS = `
  select 'return:' || tx, 'return', at_ms, day, till, inc, seq, member, null, null::bigint,
    -refund_minor, receipt, 0::bigint, null, tx::text
  from sale_return where tenant = $1`;
const LEDGER = `
  select 'ledger:' || member || ':' || programme || ':' || type || ':' || source, type, at_ms, day, till,
    inc, seq, member, programme, points, null::bigint, null, 0::bigint, null, source
  from ledger where tenant = $1`;
const ENROLMENTS = `
  select 'enrol:' || member, 'enrol', enrolled_at_ms, enrolled_day, enrolled_till, 0, 0::bigint, member,
    null, null::bigint, null::bigint, null, 0::bigint, null, null
  from member where tenant = $1 and enrolled and not provisional and status <> 'merged'
    and enrolled_till <> '0'`;

const COLUMNS =
  'id, what, at_ms, day, till, inc, seq, member, programme, points, money, receipt, discount, proof, tx';

/** Which page, and by whose clock. */
export interface EntriesPage {
  readonly before: PagePlace | null;
  readonly limit: number;
  readonly config: ShopConfig;
}

type FigureFilter = Extract<EntriesFilter, { kind: 'figure' }>;

/** A condition with its values; `$` stands for the next parameter. */
interface Condition {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** What is read: from which tables, under which conditions, written by whom. */
interface Asked {
  readonly sources: readonly string[];
  readonly conditions: readonly Condition[];
  /** Null = anybody. */
  readonly cashier: string | null;
}

/** The entries behind a figure, an exception or a member, latest first, one page. */
export async function readEntries(
  db: ReadableDb,
  tenant: string,
  filter: EntriesFilter,
  page: EntriesPage,
): Promise<readonly EntryRow[]> {
  switch (filter.kind) {
    case 'exception':
      return page.before === null ? readExceptionEntries(db, tenant, filter.exception) : [];
    case 'member': {
      const own = await db.query<{ member: string }>(
        'select member from member where tenant = $1 and owner = $2',
        [tenant, filter.member],
      );
      const members = own.map(({ member }) => member);
      const among = { text: 'r.member = any($::text[])', values: [members] };
      const asked = { sources: [SALES, RETURNS, LEDGER], conditions: [among], cashier: null };
      return readMoves(db, tenant, asked, page);
    }
    case 'figure':
      return readMoves(
        db,
        tenant,
        {
          sources: sourcesOf(filter),
          conditions: [...conditionsOf(filter, page.config)],
          cashier: filter.cashier,
        },
        page,
      );
    default:
      return assertNever(filter, 'entries');
  }
}

/** Pages read while entries of one cashier are looked for. */
const READS_MAX = 20;

/** Rows that a cashier wrote are found among all: who wrote an entry stands in the entry alone. */
async function readMoves(
  db: ReadableDb,
  tenant: string,
  asked: Asked,
  page: EntriesPage,
): Promise<readonly EntryRow[]> {
  const found: PlainEntryRow[] = [];
  let { before } = page;
  for (let reads = 0; reads < READS_MAX && found.length < page.limit; reads += 1) {
    const rows = await readRows(db, tenant, asked, { ...page, before });
    const written = (await withTexts(db, tenant, rows)).map(plainRow);
    const { cashier } = asked;
    found.push(...written.filter((row) => cashier === null || row.cashier === cashier));
    const last = rows.at(-1);
    if (last === undefined || rows.length < page.limit) break;
    before = { atMs: last.atMs, id: last.id };
  }
  return withNames(db, tenant, found.slice(0, page.limit));
}

function plainRow({ text, inc: _inc, seq: _seq, ...row }: Row & { readonly text: string | null }) {
  const entry = text === null ? null : (JSON.parse(text) as { readonly cashier?: string });
  return { ...row, cashier: entry?.cashier ?? null };
}

async function readRows(
  db: ReadableDb,
  tenant: string,
  { sources, conditions }: Asked,
  page: EntriesPage,
): Promise<readonly Row[]> {
  const values: SqlValue[] = [
    tenant,
    page.before?.atMs ?? Number.MAX_SAFE_INTEGER,
    page.before?.id ?? '',
    page.limit,
  ];
  const texts = conditions.map(({ text, values: own }) => {
    const [head = '', ...rest] = text.split('$');
    return rest.reduce((sum, part, index) => {
      const value = own[index];
      if (value === undefined) throw new Error('A condition without its value');
      values.push(value);
      return `${sum}$${values.length}${part}`;
    }, head);
  });
  return db.query<Row>(
    `with moves (${COLUMNS}) as (${sources.join(' union all ')})
     select r.id, r.what, r.at_ms as "atMs", r.day, r.till, r.inc, r.seq, r.member,
       r.programme, r.points, r.money as "moneyMinor", r.receipt
     from moves r
     where (r.at_ms, r.id) < ($2::bigint, $3::text)
       ${texts.map((text) => `and ${text}`).join(' ')}
     order by r.at_ms desc, r.id desc limit $4`,
    values,
  );
}

function sourcesOf(filter: FigureFilter): readonly string[] {
  switch (filter.figure) {
    case 'sales':
    case 'with-member':
    case 'discounts':
    case 'unproven':
      return [SALES];
    case 'returns':
      return [RETURNS];
    case 'new-members':
      return [ENROLMENTS];
    case 'earned':
    case 'redeemed':
    case 'expired':
    case 'other':
    case 'points':
      return [LEDGER];
    case 'all':
      return [SALES, RETURNS, LEDGER, ENROLMENTS];
    default:
      return assertNever(filter.figure, 'entries of a figure');
  }
}

function* conditionsOf(filter: FigureFilter, config: ShopConfig): Generator<Condition> {
  yield { text: 'r.day between $::date and $::date', values: [filter.from, filter.through] };
  yield* ofFigure(filter.figure);
  yield* ofPart(filter, config);
}

function* ofFigure(figure: FigureFilter['figure']): Generator<Condition> {
  const only = (text: string): Condition => ({ text, values: [] });
  switch (figure) {
    case 'with-member':
      return yield only('r.member is not null');
    case 'discounts':
      return yield only('r.discount > 0');
    case 'unproven':
      return yield only(`r.member is not null and r.proof = 'declared'`);
    case 'earned':
      return yield only(`r.what = 'earn'`);
    case 'redeemed':
      return yield only(`r.what = 'redeem'`);
    case 'expired':
      return yield only(`r.what = 'expire'`);
    case 'other':
      return yield only(`r.what in ('reverse', 'adjust', 'transfer')`);
    case 'sales':
    case 'returns':
    case 'new-members':
    case 'points':
    case 'all':
      return;
    default:
      return assertNever(figure, 'entries of a figure');
  }
}

function* ofPart(filter: FigureFilter, config: ShopConfig): Generator<Condition> {
  const { till, store, programme, hour } = filter;
  if (till !== null) yield { text: 'r.till = $::text', values: [till] };
  if (store !== null) {
    yield {
      text: `r.till in (select t.till from terminal t where t.store = $::text)`,
      values: [store],
    };
  }
  if (programme !== null) yield { text: 'r.programme = $::text', values: [programme] };
  if (hour !== null) {
    const [from, to] = instantsOf(filter.from, hour, config);
    yield { text: 'r.at_ms >= $::bigint and r.at_ms < $::bigint', values: [from, to] };
  }
}

const QUARTER_MS = 900_000;

/** When an hour of the store's clock begins and ends within a business day. */
function instantsOf(day: string, hour: number, config: ShopConfig): readonly [number, number] {
  const clock = { timeZone: config.timeZone, cutOverHour: config.cutOverHour };
  const end = businessDayStart(addDays(day, 1), clock);
  let from: number | null = null;
  let to = end;
  for (let atMs = businessDayStart(day, clock); atMs < end; atMs += QUARTER_MS) {
    if (hourOfDay(atMs, clock) !== hour) continue;
    from ??= atMs;
    to = atMs + QUARTER_MS;
  }
  return [from ?? end, to];
}
