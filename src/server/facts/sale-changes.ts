import { journalEntry, type EntryBody } from '#journal/entry.ts';
import type { PostingWrites } from '#journal/posting-writes.ts';
import type { SaleSnapshot } from '#loyalty/sale.ts';
import type { WritableDb } from '#server/database/database.ts';
import { NOBODY, type UseChange } from './use-fold.ts';

/** How a sale stands: what the counters of its member hold of it. */
export interface SaleStanding {
  /** Whose it is: of its member, else of who claimed it; null while nobody's. */
  readonly member: string | null;
  readonly refundedMinor: number;
  readonly complete: boolean;
}

/** A sale whose standing changed with a batch. */
export interface SaleChange {
  readonly tx: string;
  readonly day: string;
  readonly atMs: number;
  readonly totalMinor: number;
  readonly snapshot: SaleSnapshot;
  /** Null where the sale is new. */
  readonly before: SaleStanding | null;
  readonly after: SaleStanding;
  /** Quantities that came back, by line. */
  readonly returnedMilli: ReadonlyMap<string, number>;
  readonly claimed: boolean;
}

interface KnownSale {
  readonly tx: string;
  readonly day: string;
  readonly atMs: number;
  readonly totalMinor: number;
  readonly member: string | null;
  readonly claimedBy: string | null;
  readonly refundedMinor: number;
  readonly complete: boolean;
}

interface SaleEvent {
  readonly of: string;
  readonly tx: string;
  readonly refundMinor: number;
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
      refundedMinor: 0,
      complete: false,
    })),
    ...known,
  ];
  return all.flatMap((sale): SaleChange[] => {
    const body = sold.get(sale.tx) ?? archived.get(sale.tx)?.find((item) => item.kind === 'sale');
    if (body === undefined || body.kind !== 'sale') return [];
    const later = bySale.get(sale.tx) ?? [];
    const returnedMilli = returnedBy(later, archived);
    const after: SaleStanding = {
      member: sale.member ?? later.find(({ claimedBy }) => claimedBy !== null)?.claimedBy ?? null,
      refundedMinor: later.reduce((sum, { refundMinor }) => sum + refundMinor, 0),
      complete:
        later.length > 0 &&
        body.snapshot.lines.length > 0 &&
        body.snapshot.lines.every(
          ({ id, quantityMilli }) => (returnedMilli.get(id) ?? 0) >= quantityMilli,
        ),
    };
    const before: SaleStanding | null = fresh.has(sale.tx)
      ? null
      : {
          member: sale.member ?? sale.claimedBy,
          refundedMinor: sale.refundedMinor,
          complete: sale.complete,
        };
    const { tx, day, atMs, totalMinor } = sale;
    const { snapshot } = body;
    const claimed = sale.member === null && after.member !== null;
    return [{ tx, day, atMs, totalMinor, snapshot, before, after, returnedMilli, claimed }];
  });
}

function returnedBy(
  events: readonly SaleEvent[],
  archived: ReadonlyMap<string, readonly EntryBody[]>,
): ReadonlyMap<string, number> {
  const returned = new Map<string, number>();
  for (const { tx, claimedBy } of events) {
    if (claimedBy !== null) continue;
    const body = archived.get(tx)?.find((item) => item.kind === 'return');
    if (body?.kind !== 'return') continue;
    for (const { line, quantityMilli } of body.lines) {
      returned.set(line, (returned.get(line) ?? 0) + quantityMilli);
    }
  }
  return returned;
}

async function loadSales(
  db: WritableDb,
  tenant: string,
  sales: readonly string[],
): Promise<readonly KnownSale[]> {
  return db.query<KnownSale>(
    `select tx, day, at_ms as "atMs", total_minor as "totalMinor", member,
       claimed_by as "claimedBy", refunded_minor as "refundedMinor", complete
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
    `select of_tx as of, tx, refund_minor as "refundMinor", null as "claimedBy"
     from sale_return where tenant = $1 and of_tx = any($2::uuid[])
     union all
     select of_tx, tx, 0, member from claim where tenant = $1 and of_tx = any($2::uuid[])
     order by 2`,
    [tenant, sales],
  );
}

/** The bodies that these transactions wrote, from the archive. */
export async function loadBodies(
  db: WritableDb,
  tenant: string,
  transactions: readonly string[],
): Promise<ReadonlyMap<string, readonly EntryBody[]>> {
  if (transactions.length === 0) return new Map();
  const rows = await db.query<{ tx: string; text: string }>(
    `select tx, text from archive where tenant = $1 and tx = any($2::uuid[]) and till <> '0'
     order by till, inc, seq`,
    [tenant, transactions],
  );
  return new Map(
    [...Map.groupBy(rows, ({ tx }) => tx)].map(([tx, texts]) => [
      tx,
      texts.map(({ text }) => journalEntry.parse(JSON.parse(text)).body),
    ]),
  );
}

/** Writes down how the sales stand now; new ones that nothing happened to stand as they were made. */
export async function writeStandings(
  db: WritableDb,
  tenant: string,
  changes: readonly SaleChange[],
): Promise<void> {
  const rows = changes.filter(
    ({ before, after, claimed }) =>
      before !== null || after.complete || after.refundedMinor !== 0 || claimed,
  );
  if (rows.length === 0) return;
  await db.execute(
    `update sale s set refunded_minor = u.refunded, complete = u.complete,
       claimed_by = case when s.member is null then u.member end
     from unnest($2::uuid[], $3::bigint[], $4::boolean[], $5::text[])
       as u(tx, refunded, complete, member)
     where s.tenant = $1 and s.tx = u.tx`,
    [
      tenant,
      rows.map(({ tx }) => tx),
      rows.map(({ after }) => after.refundedMinor),
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
