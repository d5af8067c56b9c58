import type { Programme } from '#loyalty/programme.ts';
import { reviewTier, tierFor, tierRank, type HeldTier, type TierEvent } from '#loyalty/tiers.ts';
import { isDuplicate, RaceLost, type WritableDb } from '#server/database/database.ts';
import { inPipeline } from '#server/database/pipeline.ts';
import { bulkInsert, insertRows, type InsertColumn } from '#server/database/insert.ts';
import { readMeasures } from './measures.ts';

/** A member whose tier in a programme is looked at, and by what. */
export interface TierQuestion {
  readonly owner: string;
  readonly programme: Programme;
  /** Business day of the sale or the night. */
  readonly day: string;
  readonly atMs: number;
  /** The till whose sale it is; the server's own reference for a night. */
  readonly till: string;
  /** The highest tier the till showed with the sale; null where it showed none. */
  readonly shown: string | null;
}

interface HeldRow extends HeldTier {
  readonly owner: string;
  readonly programme: string;
}

/** A change of tier as it is written down. */
export interface MoveRow extends TierEvent {
  readonly owner: string;
  readonly programme: string;
  readonly atMs: number;
  readonly till: string;
  readonly told: boolean;
}

const HOLD_COLUMNS: readonly InsertColumn<HeldRow>[] = [
  { name: 'owner', type: 'text', value: (row) => row.owner },
  { name: 'programme', type: 'text', value: (row) => row.programme },
  { name: 'tier', type: 'text', value: (row) => row.tier },
  { name: 'since', type: 'date', value: (row) => row.since },
  { name: 'through', type: 'date', value: (row) => row.through },
];

const firstHolds = bulkInsert<HeldRow>('held_tier', HOLD_COLUMNS);

const holds = bulkInsert<HeldRow>(
  'held_tier',
  HOLD_COLUMNS,
  `on conflict (tenant, owner, programme) do update set tier = excluded.tier,
     since = excluded.since, through = excluded.through`,
);

const moves = bulkInsert<MoveRow>(
  'tier_move',
  [
    { name: 'owner', type: 'text', value: (row) => row.owner },
    { name: 'programme', type: 'text', value: (row) => row.programme },
    { name: 'source', type: 'text', value: (row) => row.source },
    { name: 'kind', type: 'text', value: (row) => row.kind },
    { name: 'from_tier', type: 'text', value: (row) => row.from },
    { name: 'to_tier', type: 'text', value: (row) => row.to },
    { name: 'day', type: 'date', value: (row) => row.day },
    { name: 'at_ms', type: 'bigint', value: (row) => row.atMs },
    { name: 'till', type: 'text', value: (row) => row.till },
    { name: 'told', type: 'boolean', value: (row) => row.told },
  ],
  'on conflict do nothing',
);

/** Whose tiers changed, and how. */
export interface Reviewed {
  readonly owners: readonly string[];
  readonly moves: readonly MoveRow[];
}

/**
 * Looks at tiers and writes down what changed; returns whose did.
 *
 * With a sale (`lift`) nobody falls: losing a tier is for the night's review, after its last day.
 * A move is written once however often it is found; joining the lowest tier is none.
 */
export async function reviewTiers(
  db: WritableDb,
  tenant: string,
  questions: readonly TierQuestion[],
  how: 'lift' | 'review',
): Promise<Reviewed> {
  if (questions.length === 0) return { owners: [], moves: [] };
  const inOrder = questions.toSorted((a, b) =>
    a.day === b.day ? a.atMs - b.atMs : a.day < b.day ? -1 : 1,
  );
  // The measures after the tiers are locked: whoever changed a tier before had counted something.
  const [loaded, measured] = await inPipeline((line) =>
    Promise.all([
      line.send(loadHeld(db, tenant, inOrder)),
      line.send(readMeasures(db, tenant, inOrder)),
    ]),
  );
  const held = new Map(loaded);
  const written = new Map<string, HeldRow>();
  const moved: MoveRow[] = [];
  for (const [index, { owner, programme, day, atMs, till, shown }] of inOrder.entries()) {
    const key = `${owner} ${programme.id}`;
    const before = held.get(key) ?? {
      owner,
      programme: programme.id,
      tier: null,
      since: day,
      through: null,
    };
    const measures = measured[index] ?? {};
    const rises =
      tierRank(programme, tierFor(programme, measures)) > tierRank(programme, before.tier);
    if (how === 'lift' && !rises) continue;
    const review = reviewTier(programme, before, measures, day);
    const after: HeldRow = { ...before, ...review.held };
    if (!sameTier(before, after)) {
      held.set(key, after);
      written.set(key, after);
    }
    const { event } = review;
    const joined = before.tier === null && event?.to === programme.tiers[0]?.id;
    if (event === null || joined) continue;
    const told = shown !== null && tierRank(programme, shown) >= tierRank(programme, event.to);
    moved.push({ ...event, owner, programme: programme.id, atMs, till, told });
  }
  await writeHolds(db, tenant, sorted([...written.values()]), loaded);
  await insertRows(db, moves, tenant, sorted(moved));
  return { owners: [...new Set([...written.values()].map(({ owner }) => owner))], moves: moved };
}

/** A first tier that somebody else wrote meanwhile was found by what this one could not see yet. */
async function writeHolds(
  db: WritableDb,
  tenant: string,
  rows: readonly HeldRow[],
  loaded: ReadonlyMap<string, HeldRow>,
): Promise<void> {
  const isKnown = (row: HeldRow): boolean => loaded.has(`${row.owner} ${row.programme}`);
  await insertRows(db, holds, tenant, rows.filter(isKnown));
  try {
    await insertRows(
      db,
      firstHolds,
      tenant,
      rows.filter((row) => !isKnown(row)),
    );
  } catch (error) {
    throw isDuplicate(error) ? new RaceLost('tier') : error;
  }
}

function sameTier(left: HeldTier, right: HeldTier): boolean {
  return left.tier === right.tier && left.since === right.since && left.through === right.through;
}

function sorted<Row extends { readonly owner: string; readonly programme: string }>(
  rows: readonly Row[],
): readonly Row[] {
  const key = (row: Row): string => `${row.owner} ${row.programme}`;
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

async function loadHeld(
  db: WritableDb,
  tenant: string,
  questions: readonly TierQuestion[],
): Promise<ReadonlyMap<string, HeldRow>> {
  const rows = await db.query<HeldRow>(
    `select owner, programme, tier, since, through from held_tier
     where tenant = $1 and (owner, programme) in (select * from unnest($2::text[], $3::text[]))
     order by owner, programme for update`,
    [tenant, questions.map(({ owner }) => owner), questions.map(({ programme }) => programme.id)],
  );
  return new Map(rows.map((row) => [`${row.owner} ${row.programme}`, row]));
}

/** Notes that members were told of changes of tier; returns whose news it was. */
export async function markTold(
  db: WritableDb,
  tenant: string,
  told: readonly { readonly member: string; readonly programme: string; readonly source: string }[],
): Promise<readonly string[]> {
  if (told.length === 0) return [];
  const rows = await db.query<{ owner: string }>(
    `update tier_move t set told = true
     from unnest($2::text[], $3::text[], $4::text[]) as u(member, programme, source), member m
     where m.tenant = $1 and m.member = u.member and t.tenant = $1 and t.owner = m.owner
       and t.programme = u.programme and t.source = u.source and not t.told
     returning t.owner`,
    [
      tenant,
      told.map(({ member }) => member),
      told.map(({ programme }) => programme),
      told.map(({ source }) => source),
    ],
  );
  return [...new Set(rows.map(({ owner }) => owner))];
}

/** Gives the tiers of a merged member to the one it belongs to now: the higher of two stays. */
export async function moveTiers(
  db: WritableDb,
  tenant: string,
  from: string,
  into: string,
  programmes: readonly Programme[],
): Promise<void> {
  const rows = await db.query<HeldRow>(
    `select owner, programme, tier, since, through from held_tier
     where tenant = $1 and owner in ($2, $3) for update`,
    [tenant, from, into],
  );
  const better = rows.filter(({ owner, programme, tier }) => {
    if (owner !== from) return false;
    const mine = rows.find((row) => row.owner === into && row.programme === programme);
    const document = programmes.find(({ id }) => id === programme);
    if (mine === undefined || document === undefined) return mine === undefined;
    return tierRank(document, tier) > tierRank(document, mine.tier);
  });
  await insertRows(
    db,
    holds,
    tenant,
    better.map((row) => ({ ...row, owner: into })),
  );
  await db.execute('delete from held_tier where tenant = $1 and owner = $2', [tenant, from]);
  await db.execute(
    `insert into tier_move (tenant, owner, programme, source, kind, from_tier, to_tier, day, at_ms, till, told)
     select tenant, $3, programme, source, kind, from_tier, to_tier, day, at_ms, till, told
     from tier_move where tenant = $1 and owner = $2 on conflict do nothing`,
    [tenant, from, into],
  );
  await db.execute('delete from tier_move where tenant = $1 and owner = $2', [tenant, from]);
}
