import { journalEntry, type EntryBody } from '#journal/entry.ts';
import type { PostingWrites } from '#journal/posting-writes.ts';
import { nothingReturned, type Returned } from '#loyalty/kept.ts';
import type { SaleSnapshot } from '#loyalty/sale.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import { textsOfTransactions, type Transaction } from '#server/posting/archive.ts';
import { NOBODY, type UseChange } from './use-fold.ts';

/** How a sale stands: what the counters of its member hold of it. */
export interface SaleStanding {
  /** Whose it is: of its member, else of who claimed it; null while nobody's. */
  readonly member: string | null;
  readonly returned: Returned;
  readonly complete: boolean;
}

/** A sale whose standing changed with a batch. */
export interface SaleChange {
  readonly tx: string;
  readonly day: string;
  readonly atMs: number;
  readonly snapshot: SaleSnapshot;
  /** Null where the sale is new. */
  readonly before: SaleStanding | null;
  readonly after: SaleStanding;
  readonly claimed: boolean;
}

interface KnownSale {
  readonly tx: string;
  readonly day: string;
  readonly atMs: number;
  readonly member: string | null;
  readonly claimedBy: string | null;
  readonly returned: Returned;
  readonly complete: boolean;
}

interface SaleEvent {
  readonly of: string;
  readonly tx: string;
  /** Null for a return. */
  readonly claimedBy: string | null;
}

type Body<Kind extends EntryBody['kind']> = Extract<EntryBody, { kind: Kind }>;

/**
 * The sales a batch concerns (its own, and those its returns and claims name), before and after.
 *
 * Call it when the batch's rows are in; `sale` still holds the standing before.
 */
export async function saleChanges(
  db: WritableDb,
  tenant: string,
  writes: PostingWrites,
): Promise<readonly SaleChange[]> {
  const fresh = new Set(writes.sales.map(({ tx }) => tx));
  const named = [...new Set([...writes.returns, ...writes.claims].map(({ of }) => of))];
  if (fresh.size === 0 && named.length === 0) return [];
  const older = named.filter((tx) => !fresh.has(tx));
  const known = older.length === 0 ? [] : await loadSales(db, tenant, older);
  const sold = new Map<string, Body<'sale'>>();
  for (const { entry } of writes.entries) {
    if (entry.body.kind === 'sale' && fresh.has(entry.tx) && !sold.has(entry.tx)) {
      sold.set(entry.tx, entry.body);
    }
  }
  const events = await loadEvents(db, tenant, [...fresh, ...known.map(({ tx }) => tx)]);
  const archived = await loadBodies(db, tenant, [
    ...known.map(({ tx }) => tx),
    ...events.filter(({ claimedBy }) => claimedBy === null).map(({ tx }) => tx),
  ]);
  const bySale = Map.groupBy(events, ({ of }) => of);
  const all: readonly KnownSale[] = [
    ...writes.sales.map((row) => ({
      ...row,
      claimedBy: null,
      returned: nothingReturned,
      complete: false,
    })),
    ...known,
  ];
  return all.flatMap((sale): SaleChange[] => {
    const body = sold.get(sale.tx) ?? archived.get(sale.tx)?.find((item) => item.kind === 'sale');
    if (body === undefined || body.kind !== 'sale') return [];
    const later = bySale.get(sale.tx) ?? [];
    const { snapshot } = body;
    const returned = later.length === 0 ? nothingReturned : returnedBy(snapshot, later, archived);
    const after: SaleStanding = {
      member: sale.member ?? later.find(({ claimedBy }) => claimedBy !== null)?.claimedBy ?? null,
      returned,
      complete:
        snapshot.lines.length > 0 &&
        snapshot.lines.every(
          ({ id, quantityMilli }) => (returned.milliByLine[id] ?? 0) >= quantityMilli,
        ),
    };
    const before: SaleStanding | null = fresh.has(sale.tx)
      ? null
      : {
          member: sale.member ?? sale.claimedBy,
          returned: sale.returned,
          complete: sale.complete,
        };
    const { tx, day, atMs } = sale;
    const claimed = sale.member === null && after.member !== null;
    return [{ tx, day, atMs, snapshot, before, after, claimed }];
  });
}

/** What came back of a sale, never more than was sold; money without goods apart. */
function returnedBy(
  { lines }: SaleSnapshot,
  events: readonly SaleEvent[],
  archived: ReadonlyMap<string, readonly EntryBody[]>,
): Returned {
  const milli = new Map<string, number>();
  let amountMinor = 0;
  for (const { tx, claimedBy } of events) {
    if (claimedBy !== null) continue;
    const body = archived.get(tx)?.find((item) => item.kind === 'return');
    if (body?.kind !== 'return') continue;
    if (body.lines.length === 0) amountMinor += body.refundMinor;
    for (const { line, quantityMilli } of body.lines) {
      milli.set(line, (milli.get(line) ?? 0) + quantityMilli);
    }
  }
  const milliByLine = Object.fromEntries(
    lines.flatMap(({ id, quantityMilli }) => {
      const back = Math.min(milli.get(id) ?? 0, quantityMilli);
      return back === 0 ? [] : [[id, back] as const];
    }),
  );
  return { milliByLine, amountMinor };
}

async function loadSales(
  db: WritableDb,
  tenant: string,
  sales: readonly string[],
): Promise<readonly KnownSale[]> {
  return db.query<KnownSale>(
    `select tx, day, at_ms as "atMs", member, claimed_by as "claimedBy", returned, complete
     from sale where tenant = $1 and tx = any($2::uuid[]) order by tx for update`,
    [tenant, sales],
  );
}

/** Returns and claims of these sales, in the order of their transactions. */
async function loadEvents(
  db: WritableDb,
  tenant: string,
  sales: readonly string[],
): Promise<readonly SaleEvent[]> {
  return db.query<SaleEvent>(
    `select of_tx as of, tx, null as "claimedBy"
     from sale_return where tenant = $1 and of_tx = any($2::uuid[])
     union all
     select of_tx, tx, member from claim where tenant = $1 and of_tx = any($2::uuid[])
     order by 2`,
    [tenant, sales],
  );
}

/** The bodies that these sales, returns and claims wrote, from the archive. */
export async function loadBodies(
  db: ReadableDb,
  tenant: string,
  transactions: readonly string[],
): Promise<ReadonlyMap<string, readonly EntryBody[]>> {
  if (transactions.length === 0) return new Map();
  const places = await db.query<Transaction>(
    `select tx, till, inc, seq from sale where tenant = $1 and tx = any($2::uuid[])
     union all select tx, till, inc, seq from sale_return where tenant = $1 and tx = any($2::uuid[])
     union all select tx, till, inc, seq from claim where tenant = $1 and tx = any($2::uuid[])`,
    [tenant, transactions],
  );
  const texts = await textsOfTransactions(db, tenant, places);
  return new Map(
    [...texts].map(([tx, own]) => [
      tx,
      own.map((text) => journalEntry.parse(JSON.parse(text)).body),
    ]),
  );
}

function hasReturns({ returned }: SaleStanding): boolean {
  return Object.keys(returned.milliByLine).length > 0;
}

/** Writes down how the sales stand now; new ones that nothing happened to stand as they were made. */
export async function writeStandings(
  db: WritableDb,
  tenant: string,
  changes: readonly SaleChange[],
): Promise<void> {
  const rows = changes.filter(
    ({ before, after, claimed }) =>
      before !== null || claimed || after.returned.amountMinor !== 0 || hasReturns(after),
  );
  if (rows.length === 0) return;
  await db.execute(
    `update sale s set returned = u.returned::jsonb, complete = u.complete,
       claimed_by = case when s.member is null then u.member end
     from unnest($2::uuid[], $3::text[], $4::boolean[], $5::text[])
       as u(tx, returned, complete, member)
     where s.tenant = $1 and s.tx = u.tx`,
    [
      tenant,
      rows.map(({ tx }) => tx),
      rows.map(({ after }) => JSON.stringify(after.returned)),
      rows.map(({ after }) => after.complete),
      rows.map(({ after }) => after.member),
    ],
  );
}

/** What a sale counts for as it stands: its rewards' uses, for its owner or for nobody. */
export function usesOfSale(
  sale: Pick<SaleChange, 'day' | 'atMs' | 'snapshot'>,
  standing: SaleStanding | null,
  owner: string | null,
  times: 1 | -1,
): readonly UseChange[] {
  if (standing === null || standing.complete) return [];
  const { day, atMs, snapshot } = sale;
  const common = { owner: owner ?? NOBODY, day, times, atMs } as const;
  const promotions = new Set<string>();
  const uses = snapshot.redemptions.map(({ programme, reward, points, holderKind }): UseChange => {
    if (holderKind === 'sale') promotions.add(programme);
    return { ...common, programme, id: reward, points: times * points };
  });
  for (const programme of promotions) {
    uses.push({ ...common, programme, id: '', points: 0, atMs: null });
  }
  return uses;
}
