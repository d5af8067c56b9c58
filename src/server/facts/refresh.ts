import type { PostingWrites } from '#journal/posting-writes.ts';
import { keptGoods } from '#loyalty/kept.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { SaleSnapshot } from '#loyalty/sale.ts';
import { tierRank } from '#loyalty/tiers.ts';
import type { WritableDb } from '#server/database/database.ts';
import type { Pipeline } from '#server/database/pipeline.ts';
import { touchFacts, touchMembers } from '#server/members/feed.ts';
import { addMeasures, type MeasureChange } from '#server/members/measures.ts';
import { noMeasures, tieredOf } from '#server/members/tier-rules.ts';
import { markTold, reviewTiers, type TierQuestion } from '#server/members/tiers.ts';
import type { ShopRules } from '#server/shop.ts';
import { budgeted, keptUses } from './asked.ts';
import { earnChanges, writeParts, type EarnChanges, type KnownTime } from './earn-changes.ts';
import { ALL_BELIEVED, believedAt, type Present } from './present.ts';
import { stepBack, type Undone } from './last-uses.ts';
import { countTerms, noteMemberships } from './memberships.ts';
import {
  loadBodies,
  saleChanges,
  usesOfSale,
  writeStandings,
  type SaleChange,
} from './sale-changes.ts';
import { noteSurveys } from './surveys.ts';
import { EVERYBODY, foldUses, type UseChange } from './use-fold.ts';
import { addUses } from './uses.ts';
import { ownersOfHolders, vouchersIn, writeVouchers } from './vouchers.ts';

/**
 * Brings what rules and tiers ask about members up to date with a batch that was just posted.
 *
 * Everything is a change to a counter: the work is bounded by the batch, except where a sale is
 * returned whole, which may look back through its member's sales. Call it when the batch's sales,
 * returns and claims were sent: what it sends at once is only about these, and the rest of the batch
 * must have been sent when the caller waits.
 */
export async function refreshFacts(
  db: WritableDb,
  tenant: string,
  writes: PostingWrites,
  shop: ShopRules,
  present: Present,
  line: Pipeline,
): Promise<void> {
  const { programmes } = shop;
  const changing = line.send(saleChanges(db, tenant, writes));
  await writeVouchers(db, tenant, vouchersIn(writes.entries), programmes);
  const holders = line.send(ownersOfHolders(db, tenant, writes.touched));
  const sales = await changing;
  const owners = await ownersOf(db, tenant, sales, writes);
  const times = await saleTimes(db, tenant, writes, sales);
  const earned = await earnChanges(db, tenant, writes, programmes, times);
  void line.send(writeParts(db, tenant, earned.parts));
  void line.send(writeStandings(db, tenant, sales));
  const early = await claimedEarly(db, tenant, sales, owners);
  const uses = [...earned.uses, ...saleUses(sales, owners), ...early];
  const counted = keptUses(uses, programmes);
  const counts = foldUses(
    counted.filter(({ owner }) => owner !== EVERYBODY),
    present,
  );
  void line.send(addUses(db, tenant, counts, present));
  const measures = [...gainChanges(earned), ...saleMeasures(sales, owners)];
  void line.send(addMeasures(db, tenant, measures, programmes));
  const members = await noteMemberships(db, tenant, sales, programmes);
  const paying = members.map((member) => owners.get(member) ?? member);
  await countTerms(db, tenant, paying, shop);
  const visits = visitsOf(sales, owners, present);
  const visitors = new Set(visits.keys());
  void line.send(addVisits(db, tenant, visits, present));
  await stepBack(db, tenant, undoneOf(sales, owners));
  const told = line.send(markTold(db, tenant, toldIn(writes)));
  const surveyed = line.send(noteSurveys(db, tenant, writes.entries, present));
  void line.send(reopenLots(db, tenant, writes));
  const questions = questionsOf(writes, sales, owners, measures, programmes);
  const lifted = await line.send(reviewTiers(db, tenant, questions, 'lift'));
  const changed = [
    ...new Set([
      ...counted.map(({ owner }) => owner).filter((owner) => owner !== EVERYBODY),
      ...measures.map(({ owner }) => owner),
      ...paying,
      ...visitors,
      ...lifted.owners,
      ...(await told),
      ...(await surveyed),
      ...(await holders),
    ]),
  ].toSorted();
  // A visit has moved the record's version already; posting has told tills of changed accounts.
  const silent = changed.filter((owner) => !visitors.has(owner));
  void line.send(bumpFacts(db, tenant, silent));
  const posted = new Set(writes.touched);
  const untold = changed.filter((owner) => !posted.has(owner));
  void line.send(touchMembers(db, tenant, untold));
  await addShared(db, tenant, counted, earned.given, programmes, present);
}

type Owners = ReadonlyMap<string, string>;

/** Whose the sales' members are now. */
async function ownersOf(
  db: WritableDb,
  tenant: string,
  sales: readonly SaleChange[],
  writes: PostingWrites,
): Promise<Owners> {
  const known = new Map<string, string>();
  for (const { member, owner } of writes.ledger) known.set(member, owner);
  const members = new Set<string>();
  for (const { before, after } of sales) {
    for (const member of [before?.member ?? null, after.member]) {
      if (member !== null && !known.has(member)) members.add(member);
    }
  }
  if (members.size === 0) return known;
  const rows = await db.query<{ member: string; owner: string }>(
    'select member, owner from member where tenant = $1 and member = any($2::text[])',
    [tenant, [...members]],
  );
  return new Map([...known, ...rows.map(({ member, owner }) => [member, owner] as const)]);
}

/** When the sales of the batch's earnings were; a batch may end between a sale and its earnings. */
async function saleTimes(
  db: WritableDb,
  tenant: string,
  writes: PostingWrites,
  sales: readonly SaleChange[],
): Promise<ReadonlyMap<string, KnownTime>> {
  const times = new Map<string, KnownTime>();
  for (const { tx, atMs, after } of sales) times.set(tx, { atMs, complete: after.complete });
  const missing = new Set<string>();
  for (const { type, source, ofSource } of writes.ledger) {
    const of = type === 'earn' ? source : ofSource;
    if (of !== null && !times.has(of)) missing.add(of);
  }
  if (missing.size === 0) return times;
  const rows = await db.query<KnownTime & { tx: string }>(
    `select tx, at_ms as "atMs", complete from sale where tenant = $1 and tx = any($2::uuid[])`,
    [tenant, [...missing]],
  );
  for (const { tx, atMs, complete } of rows) times.set(tx, { atMs, complete });
  return times;
}

function ownerIn(owners: Owners, member: string | null): string | null {
  return member === null ? null : (owners.get(member) ?? member);
}

function saleUses(sales: readonly SaleChange[], owners: Owners): readonly UseChange[] {
  return sales.flatMap((sale) => {
    const { before, after } = sale;
    const was = ownerIn(owners, before?.member ?? null);
    const is = ownerIn(owners, after.member);
    if (before !== null && was === is && before.complete === after.complete) return [];
    return [...usesOfSale(sale, before, was, -1), ...usesOfSale(sale, after, is, 1)];
  });
}

/** Instants of uses whose claim came before its sale: only now is it known when that was. */
async function claimedEarly(
  db: WritableDb,
  tenant: string,
  sales: readonly SaleChange[],
  owners: Owners,
): Promise<readonly UseChange[]> {
  const early = sales.filter(
    ({ before, claimed, after }) => before === null && claimed && !after.complete,
  );
  if (early.length === 0) return [];
  const claims = await db.query<{ tx: string }>(
    'select tx from claim where tenant = $1 and of_tx = any($2::uuid[])',
    [tenant, early.map(({ tx }) => tx)],
  );
  const bodies = await loadBodies(
    db,
    tenant,
    claims.map(({ tx }) => tx),
  );
  return [...bodies.values()].flat().flatMap((body): UseChange[] => {
    const sale = body.kind === 'earn' ? early.find(({ tx }) => tx === body.source) : undefined;
    const owner = ownerIn(owners, sale?.after.member ?? null);
    if (body.kind !== 'earn' || sale === undefined || owner === null) return [];
    const { day, atMs } = sale;
    const known = { owner, programme: body.programme, day, atMs, times: 0, points: 0 } as const;
    return Object.keys(body.breakdown).map((id) => ({ ...known, id }));
  });
}

function gainChanges(earned: EarnChanges): MeasureChange[] {
  return earned.gains.map((gain) => ({ ...gain, spendMinor: 0, units: 0, visits: 0 }));
}

function saleMeasures(sales: readonly SaleChange[], owners: Owners): MeasureChange[] {
  return sales.flatMap((sale) =>
    ([sale.before, sale.after] as const).flatMap((standing, index): MeasureChange[] => {
      const owner = ownerIn(owners, standing?.member ?? null);
      if (standing === null || owner === null || standing.complete) return [];
      const sign = index === 0 ? -1 : 1;
      const kept = keptGoods(sale.snapshot, standing.returned);
      const change = { ...noMeasures, owner, programme: null, day: sale.day, visits: sign };
      return [{ ...change, spendMinor: sign * kept.spendMinor, units: sign * kept.units }];
    }),
  );
}

function undoneOf(sales: readonly SaleChange[], owners: Owners): Undone[] {
  return sales.flatMap((sale): Undone[] => {
    const owner = ownerIn(owners, sale.before?.member ?? null);
    if (owner === null || sale.before?.complete === true || !sale.after.complete) return [];
    return [{ owner, sale }];
  });
}

interface Visits {
  readonly count: number;
  readonly lastMs: number | null;
}

/** How often members came, and when last, by owner; sorted, as locks are taken. */
function visitsOf(
  sales: readonly SaleChange[],
  owners: Owners,
  present: Present,
): ReadonlyMap<string, Visits> {
  const visits = new Map<string, Visits>();
  for (const sale of sales) {
    for (const [index, standing] of [sale.before, sale.after].entries()) {
      const owner = ownerIn(owners, standing?.member ?? null);
      if (standing === null || owner === null || standing.complete) continue;
      const { count, lastMs } = visits.get(owner) ?? { count: 0, lastMs: null };
      const atMs = believedAt(sale.atMs, present);
      visits.set(
        owner,
        index === 0
          ? { count: count - 1, lastMs }
          : { count: count + 1, lastMs: Math.max(lastMs ?? atMs, atMs) },
      );
    }
  }
  return new Map([...visits].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function addVisits(
  db: WritableDb,
  tenant: string,
  visits: ReadonlyMap<string, Visits>,
  { atMsMost }: Present,
): Promise<void> {
  if (visits.size === 0) return;
  await db.execute(
    `insert into member_fact as f (tenant, owner, visits, last_sale_at_ms, version)
     select $1, u.*, 1 from unnest($2::text[], $3::bigint[], $4::bigint[]) as u
     on conflict (tenant, owner) do update set visits = f.visits + excluded.visits,
       last_sale_at_ms = greatest(case when f.last_sale_at_ms <= $5 then f.last_sale_at_ms end,
         excluded.last_sale_at_ms),
       version = f.version + 1`,
    [
      tenant,
      [...visits.keys()],
      [...visits.values()].map(({ count }) => count),
      [...visits.values()].map(({ lastMs }) => lastMs),
      atMsMost,
    ],
  );
}

/** Members whose measures grew, on the days they grew, with the tier their sale showed. */
function questionsOf(
  writes: PostingWrites,
  sales: readonly SaleChange[],
  owners: Owners,
  measures: readonly MeasureChange[],
  programmes: readonly Programme[],
): readonly TierQuestion[] {
  const last = writes.entries.at(-1)?.entry;
  const tills = new Map<string, string>();
  for (const { owner, till } of writes.ledger) tills.set(owner, till);
  const showing = showingTiers(sales, owners);
  return tieredOf(programmes).flatMap((programme) => {
    const shown = highestShown(showing, programme);
    const asked = new Map<string, Set<string>>();
    const questions: TierQuestion[] = [];
    for (const { owner, day, programme: only } of measures) {
      if (only !== null && only !== programme.id) continue;
      const onDay = asked.get(day) ?? new Set();
      if (onDay.has(owner)) continue;
      asked.set(day, onDay.add(owner));
      questions.push({
        owner,
        programme,
        day,
        atMs: last?.atMs ?? 0,
        till: tills.get(owner) ?? last?.till ?? '',
        shown: shown.get(owner) ?? null,
      });
    }
    return questions;
  });
}

/** A member to whom a new sale showed tiers, by programme. */
interface Showing {
  readonly owner: string;
  readonly tiers: SaleSnapshot['tiers'];
}

/** The new sales that showed any: few do, and all of a batch are gone through. */
function showingTiers(sales: readonly SaleChange[], owners: Owners): readonly Showing[] {
  return sales.flatMap(({ before, after, snapshot: { tiers } }): Showing[] => {
    const owner = before === null ? ownerIn(owners, after.member) : null;
    return owner === null || Object.keys(tiers).length === 0 ? [] : [{ owner, tiers }];
  });
}

/** The highest tier of a programme that each member was shown, by owner. */
function highestShown(
  showing: readonly Showing[],
  programme: Programme,
): ReadonlyMap<string, string> {
  const shown = new Map<string, string>();
  for (const { owner, tiers } of showing) {
    const tier = tiers[programme.id] ?? null;
    if (tier !== null && tierRank(programme, tier) > tierRank(programme, shown.get(owner) ?? null))
      shown.set(owner, tier);
  }
  return shown;
}

/** Spent points that came back may lie in lots that a night had closed: it must look again. */
async function reopenLots(db: WritableDb, tenant: string, writes: PostingWrites): Promise<void> {
  const back = writes.ledger.filter((row) => row.type === 'reverse' && row.ofType === 'redeem');
  if (back.length === 0) return;
  await db.execute(
    `update ledger l set ended = false from member m,
       unnest($2::text[], $3::text[]) as u(owner, programme)
     where l.tenant = $1 and m.tenant = $1 and m.member = l.member and m.owner = u.owner
       and l.programme = u.programme and l.ended`,
    [tenant, back.map(({ owner }) => owner), back.map(({ programme }) => programme)],
  );
}

function toldIn(
  writes: PostingWrites,
): readonly { member: string; programme: string; source: string }[] {
  return writes.entries.flatMap(({ entry: { body } }) => (body.kind === 'told' ? [body] : []));
}

/** Gives the records of these members their next version. */
export async function bumpFacts(
  db: WritableDb,
  tenant: string,
  owners: readonly string[],
): Promise<void> {
  if (owners.length === 0) return;
  await db.execute(
    `insert into member_fact as f (tenant, owner, version) select $1, u.owner, 1 from unnest($2::text[]) as u(owner)
     on conflict (tenant, owner) do update set version = f.version + 1`,
    [tenant, owners],
  );
}

/** Adds to what all members share, last of all: every till of the tenant waits for these rows. */
export async function addShared(
  db: WritableDb,
  tenant: string,
  counted: readonly UseChange[],
  given: ReadonlyMap<string, number>,
  programmes: readonly Programme[],
  present: Present = ALL_BELIEVED,
): Promise<void> {
  const shared = counted.filter(({ owner }) => owner === EVERYBODY);
  await addUses(db, tenant, foldUses(shared, present), present);
  const limited = budgeted(programmes);
  const gifts = [...given].filter(([programme]) => limited.includes(programme)).toSorted();
  if (gifts.length > 0) {
    await db.execute(
      `insert into programme_given as g (tenant, programme, points)
       select $1, u.* from unnest($2::text[], $3::bigint[]) as u
       on conflict (tenant, programme) do update set points = g.points + excluded.points`,
      [tenant, gifts.map(([programme]) => programme), gifts.map(([, points]) => points)],
    );
  }
  if (shared.length > 0 || gifts.length > 0) await touchFacts(db, tenant);
}
