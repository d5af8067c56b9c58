import type { EntryBody } from '#journal/entry.ts';
import type { LedgerWrite, PostingWrites } from '#journal/posting-writes.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { WritableDb } from '#server/database/database.ts';
import { loadBodies } from './sale-changes.ts';
import { NOBODY, type UseChange } from './use-fold.ts';

type Body<Kind extends EntryBody['kind']> = Extract<EntryBody, { kind: Kind }>;

/** What an earning was made of, beside its points. */
export type Detail = Pick<Body<'earn'>, 'member' | 'programme' | 'source' | 'breakdown'> & {
  readonly qualifyingPoints: number | null;
  /** True for points put on a voucher: nobody's uses. */
  readonly bearer: boolean;
};

/** Points that count towards a tier, gained or lost on a day. */
export interface Gain {
  readonly owner: string;
  readonly programme: string;
  readonly day: string;
  readonly atMs: number;
  readonly earned: number;
  readonly qualifying: number;
}

/** What a batch's earnings and their reversals change. */
export interface EarnChanges {
  readonly uses: readonly UseChange[];
  readonly gains: readonly Gain[];
  /** Rows whose qualifying part is not all of them. */
  readonly parts: readonly { readonly row: LedgerWrite; readonly qualifying: number }[];
  /** Points each programme gave. */
  readonly given: ReadonlyMap<string, number>;
}

interface Original {
  readonly member: string;
  readonly owner: string;
  readonly programme: string;
  readonly source: string;
  readonly day: string;
  readonly points: number;
  readonly qualifying: number | null;
  readonly reversed: number;
  /** Qualifying points taken back, where a row of this batch counts as all of its points. */
  readonly lost: number;
}

/** When the sale of an earning was, and whether it still stands. */
export interface KnownTime {
  readonly atMs: number;
  readonly complete: boolean;
}

/** What an entry that earns is made of; null for others. */
export function detailOf(body: EntryBody): Detail | null {
  if (body.kind === 'earn') {
    return { ...body, qualifyingPoints: body.qualifyingPoints ?? null, bearer: false };
  }
  if (body.kind !== 'issue') return null;
  return { ...body, breakdown: {}, qualifyingPoints: null, bearer: true };
}

interface Earned {
  readonly member: string;
  readonly programme: string;
  readonly source: string;
}

function keyOf(of: Earned): string {
  return `${of.member} ${of.programme} ${of.source}`;
}

/** What earnings were made of. A sale has few: they are looked through, and no key is put together. */
class Details {
  readonly #bySource = new Map<string, Detail[]>();

  /** Of two with one key the later one counts. */
  add(detail: Detail): void {
    const there = this.#bySource.get(detail.source);
    if (there === undefined) this.#bySource.set(detail.source, [detail]);
    else there.push(detail);
  }

  of({ member, programme, source }: Earned): Detail | undefined {
    return this.#bySource
      .get(source)
      ?.findLast((one) => one.member === member && one.programme === programme);
  }
}

/** The uses an earning is: of the programme, of each rule, and of each rule's group. */
export function usesOfEarning(
  detail: Detail,
  of: Pick<Original, 'owner' | 'day' | 'points'> & { readonly saleAtMs: number | null },
  times: 1 | -1,
  programmes: readonly Programme[],
): UseChange[] {
  const { programme, breakdown } = detail;
  const owner = detail.bearer ? NOBODY : of.owner;
  const common = { owner, programme, day: of.day, times, atMs: null } as const;
  const atMs = times > 0 ? of.saleAtMs : null;
  const rules = programmes.find(({ id }) => id === programme)?.rules ?? [];
  return [
    { ...common, id: '', points: times * of.points },
    ...Object.entries(breakdown).flatMap(([id, points]): UseChange[] => {
      const group = rules.find((rule) => rule.id === id)?.limitGroup ?? null;
      const use = { ...common, id, points: times * points };
      const own = { ...use, atMs };
      return group === null ? [own] : [own, { ...use, id: group }];
    }),
  ];
}

/**
 * What the batch's posted earnings and reversals change; the ledger's rows are in.
 *
 * An earning that was taken back whole is a use no more, as if it had never been.
 */
export async function earnChanges(
  db: WritableDb,
  tenant: string,
  writes: PostingWrites,
  programmes: readonly Programme[],
  sales: ReadonlyMap<string, KnownTime>,
): Promise<EarnChanges> {
  const details = new Details();
  for (const { entry } of writes.entries) {
    const detail = detailOf(entry.body);
    if (detail !== null) details.add(detail);
  }
  const uses: UseChange[] = [];
  const gains: Gain[] = [];
  const parts: { row: LedgerWrite; qualifying: number }[] = [];
  const given = new Map<string, number>();
  for (const row of writes.ledger) {
    if (row.type !== 'earn') continue;
    given.set(row.programme, (given.get(row.programme) ?? 0) + row.points);
    const detail = details.of(row);
    if (detail === undefined) continue;
    const sale = sales.get(row.source);
    const saleAtMs = sale === undefined || sale.complete ? null : sale.atMs;
    uses.push(...usesOfEarning(detail, { ...row, saleAtMs }, 1, programmes));
    const qualifying = detail.qualifyingPoints ?? row.points;
    if (qualifying !== row.points) parts.push({ row, qualifying });
    if (!detail.bearer) gains.push(gainOf(row, row.points, qualifying));
  }
  const reversals = writes.ledger.filter((row) => row.type === 'reverse' && row.ofType === 'earn');
  if (reversals.length === 0) return { uses, gains, parts, given };
  const batch = writes.entries.map(({ entry }) => entry.body);
  const said = await qualifyingSaid(db, tenant, batch, reversals);
  const originals = await loadOriginals(db, tenant, reversals, parts);
  await loadDetails(db, tenant, originals, details);
  for (const original of originals) {
    const detail = details.of(original);
    if (detail === undefined) continue;
    const mine = reversals.filter((row) => isOf(row, original));
    const lostBefore = original.lost - mine.reduce((sum, { points }) => sum + points, 0);
    let left = (original.qualifying ?? original.points) + lostBefore;
    for (const [index, row] of mine.entries()) {
      const last = index === mine.length - 1 && original.points + original.reversed === 0;
      const lost = last ? left : Math.min(left, -(said.get(keyOf(row)) ?? row.points));
      left -= lost;
      if (lost !== -row.points) parts.push({ row, qualifying: -lost });
      if (!detail.bearer) gains.push(gainOf(row, row.points, -lost));
    }
    if (original.points + original.reversed === 0) {
      uses.push(...usesOfEarning(detail, { ...original, saleAtMs: null }, -1, programmes));
    }
  }
  return { uses, gains, parts, given };
}

/**
 * The qualifying part that each reversal states, by its key; null where it states none. A reversal
 * that waited for its earning was brought by an earlier push: its entry is in the archive.
 */
async function qualifyingSaid(
  db: WritableDb,
  tenant: string,
  batch: readonly EntryBody[],
  reversals: readonly LedgerWrite[],
): Promise<ReadonlyMap<string, number | null>> {
  const said = new Map<string, number | null>();
  const note = (body: EntryBody): void => {
    if (body.kind !== 'reverse') return;
    const key = keyOf({ ...body, source: `${body.source}:${body.of.type}` });
    said.set(key, body.qualifyingPoints ?? null);
  };
  for (const body of batch) note(body);
  const waited = reversals.filter((row) => !said.has(keyOf(row)));
  const returns = new Set(waited.map(({ source }) => source.slice(0, source.lastIndexOf(':'))));
  const bodies = await loadBodies(db, tenant, [...returns]);
  for (const body of [...bodies.values()].flat()) note(body);
  return said;
}

function gainOf(row: LedgerWrite, earned: number, qualifying: number): Gain {
  const { owner, programme, day, atMs } = row;
  return { owner, programme, day, atMs, earned, qualifying };
}

function isOf(row: LedgerWrite, original: Original): boolean {
  return (
    row.owner === original.owner &&
    row.programme === original.programme &&
    row.ofSource === original.source
  );
}

/** The earnings these rows take back, with all that was taken back of them so far. */
async function loadOriginals(
  db: WritableDb,
  tenant: string,
  reversals: readonly LedgerWrite[],
  parts: readonly { readonly row: LedgerWrite; readonly qualifying: number }[],
): Promise<readonly Original[]> {
  const rows = await db.query<Original>(
    `select l.member, m.owner, l.programme, l.source, l.day, l.points, l.qualifying,
       coalesce(sum(r.points), 0)::bigint as reversed,
       coalesce(sum(coalesce(r.qualifying, r.points)), 0)::bigint as lost
     from ledger l join member m using (tenant, member)
     left join (ledger r join member rm using (tenant, member))
       on r.tenant = l.tenant and r.of_source = l.source and r.of_type = 'earn'
         and r.programme = l.programme and rm.owner = m.owner
     where l.tenant = $1 and l.type = 'earn' and l.source = any($2::text[])
     group by l.member, m.owner, l.programme, l.source, l.day, l.points, l.qualifying`,
    [tenant, [...new Set(reversals.map(({ ofSource }) => ofSource ?? ''))]],
  );
  return rows
    .filter((original) => reversals.some((row) => isOf(row, original)))
    .map((original) => ({
      ...original,
      qualifying:
        parts.find(({ row }) => row.type === 'earn' && keyOf(row) === keyOf(original))
          ?.qualifying ?? original.qualifying,
    }));
}

/** Adds what the taken-back earnings were made of where this batch does not say it, from the archive. */
async function loadDetails(
  db: WritableDb,
  tenant: string,
  originals: readonly Original[],
  details: Details,
): Promise<void> {
  const missing = originals.filter((original) => details.of(original) === undefined);
  if (missing.length === 0) return;
  const sources = [...new Set(missing.map(({ source }) => source))];
  const claims = await db.query<{ tx: string }>(
    'select tx from claim where tenant = $1 and of_tx = any($2::uuid[])',
    [tenant, sources],
  );
  const bodies = await loadBodies(db, tenant, [...sources, ...claims.map(({ tx }) => tx)]);
  for (const body of [...bodies.values()].flat()) {
    const detail = detailOf(body);
    if (detail !== null) details.add(detail);
  }
}

/** Notes the qualifying part of rows where it is not all of them. */
export async function writeParts(
  db: WritableDb,
  tenant: string,
  parts: EarnChanges['parts'],
): Promise<void> {
  if (parts.length === 0) return;
  await db.execute(
    `update ledger l set qualifying = u.qualifying
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
       as u(member, programme, type, source, qualifying)
     where l.tenant = $1 and l.member = u.member and l.programme = u.programme
       and l.type = u.type and l.source = u.source`,
    [
      tenant,
      parts.map(({ row }) => row.member),
      parts.map(({ row }) => row.programme),
      parts.map(({ row }) => row.type),
      parts.map(({ row }) => row.source),
      parts.map(({ qualifying }) => qualifying),
    ],
  );
}
