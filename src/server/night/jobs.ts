import { businessDay, businessDayStart } from '#loyalty/business-day.ts';
import { dateParts } from '#loyalty/calendar.ts';
import type { Ledger } from '#loyalty/ledger.ts';
import { expireDue, nightJobs, runJob } from '#loyalty/ledger-night.ts';
import { closeWindow } from '#loyalty/ledger-window.ts';
import type { Programme } from '#loyalty/programme.ts';
import { assertNever } from '#loyalty/result.ts';
import { SERVER_TILL } from '#server/commands/apply-opening.ts';
import type { WritableDb } from '#server/database/database.ts';
import { termEnd } from '#server/facts/memberships.ts';
import { bumpFacts } from '#server/facts/refresh.ts';
import { touchMembers } from '#server/members/feed.ts';
import { membersBornOn } from '#server/members/sealed-profiles.ts';
import { tieredOf } from '#server/members/tier-rules.ts';
import { reviewTiers } from '#server/members/tiers.ts';
import { lockAccounts } from '#server/posting/accounts.ts';
import { waitsForTills } from '#server/posting/load.ts';
import { freeAtNight } from '#journal/expiry-plan.ts';
import { accountKey } from '#journal/posting-rows.ts';
import type { ShopRules } from '#server/shop.ts';
import { addedTo, book, type Added } from './book.ts';
import { loadLedger, type LoadedParts } from './load-ledger.ts';
import { writeOff } from './write-off.ts';
import { appendServerEntries, type ServerHead, type ServerRun } from './server-entry.ts';

/** The steps of a night, in the only order they run: the engine's, and what follows from its day. */
export const nightSteps = [...nightJobs, 'memberships', 'erased'] as const;

/** One step of a night. */
export type NightStep = (typeof nightSteps)[number];

/** Members that one command of a night deals with. */
export const NIGHT_PAGE = 200;

/** A page of a step: after whom it begins, and by whose rules. */
export interface NightPage {
  readonly run: ServerRun;
  readonly head: ServerHead;
  readonly shop: ShopRules;
  readonly after: string;
  /** Whose birthday it is, where that was found out before; see `NightCommand`. */
  readonly born: readonly string[] | null;
}

/** What a page of a step came to. */
export interface PageDone {
  /** The last member it looked at; null where the step is done. */
  readonly next: string | null;
  /** Whether it looked at anybody: only then can anything have changed. */
  readonly changed: boolean;
  /** Whose birthday it is: what only their keys could tell. */
  readonly born?: readonly string[];
}

/** Runs one page of a step. */
export async function runStep(db: WritableDb, step: NightStep, page: NightPage): Promise<PageDone> {
  switch (step) {
    case 'activate-pending':
      return giveBirthdays(db, page);
    case 'auto-redeem':
      return redeemByItself(db, page);
    case 'review-tiers-earned':
      return review(db, page, false);
    case 'expire-points':
      return expire(db, page);
    case 'review-tiers-balance':
      return review(db, page, true);
    case 'memberships':
      return turnMemberships(db, page);
    case 'erased':
      return writeOff(db, page, NIGHT_PAGE);
    default:
      return assertNever(step, 'runStep');
  }
}

/** The members at home in the store: those its tills enrolled; its first store has the rest. */
const AT_HOME = `
  coalesce((select t.store from terminal t where t.tenant = m.tenant and t.till = m.enrolled_till),
    (select min(s.store) from store s where s.tenant = m.tenant)) = $2`;

const ENROLLED = 'm.enrolled';

/** Members, and the vouchers and gift cards that have accounts of their own, whoever has them. */
const WITH_VOUCHERS = `(m.enrolled or exists (
  select 1 from voucher v where v.tenant = m.tenant and v.holder = m.member))`;

/**
 * Members at home, by a condition on `m`, a page of them. `$1` tenant, `$2` store, `$3` after. `kind`
 * says which rows of `member` are meant.
 */
async function members(
  db: WritableDb,
  { run, after }: NightPage,
  where: string,
  values: readonly (string | number | readonly string[])[],
  kind: typeof ENROLLED | typeof WITH_VOUCHERS = ENROLLED,
): Promise<readonly string[]> {
  const rows = await db.query<{ member: string }>(
    `select m.member from member m
     where m.tenant = $1 and ${AT_HOME} and m.member > $3 and m.owner = m.member
       and m.status = 'active' and ${kind} and (${where})
     order by m.member limit ${NIGHT_PAGE}`,
    [run.tenant, run.store, after, ...values],
  );
  return rows.map(({ member }) => member);
}

const NOTHING: PageDone = { next: null, changed: false };

/** Where the next page begins: nowhere after one that was not full. */
function doneWith(found: readonly string[]): PageDone {
  const next = found.length < NIGHT_PAGE ? null : (found.at(-1) ?? null);
  return { next, changed: found.length > 0 };
}

async function lockMembers(
  db: WritableDb,
  page: NightPage,
  owners: readonly string[],
): Promise<ReadonlyMap<string, { readonly free: number }>> {
  const there = await db.query<{ owner: string; programme: string }>(
    'select owner, programme from account where tenant = $1 and owner = any($2::text[])',
    [page.run.tenant, owners],
  );
  const pairs = new Map(there.map((pair) => [accountKey(pair.owner, pair.programme), pair]));
  const accounts = await lockAccounts(db, page.run.tenant, pairs);
  const recovering = await waitsForTills(db, page.run.tenant);
  return new Map(
    [...accounts].map(([key, { posted, granted }]) => [
      key,
      { free: freeAtNight({ posted, granted }, recovering) },
    ]),
  );
}

/** Runs the engine on the members of a page and books what it added. */
async function play(
  db: WritableDb,
  page: NightPage,
  owners: readonly string[],
  parts: LoadedParts,
  job: (ledger: Ledger) => Ledger,
): Promise<void> {
  if (owners.length === 0) return;
  const { run, head, shop } = page;
  const free = await lockMembers(db, page, owners);
  const ledger = await loadLedger(db, run.tenant, owners, shop, parts);
  const added = withinFree(addedTo(ledger, job(ledger)), free);
  await book(db, run, head, added, shop);
}

/**
 * Leaves to their tills what open grants hold: a point promised to a till does not end under it.
 *
 * What stays is dealt with in a night after the grant was closed.
 */
function withinFree(added: Added, free: ReadonlyMap<string, { readonly free: number }>): Added {
  const left = new Map([...free].map(([key, account]) => [key, account.free]));
  const refused = new Set<string>();
  const entries = added.entries.flatMap((entry) => {
    if (refused.has(entry.account.holder)) return [];
    if (entry.amount >= 0) return [entry];
    const key = accountKey(entry.account.holder, entry.account.programme);
    const most = left.get(key) ?? 0;
    const amount = entry.type === 'expire' ? Math.max(entry.amount, -most) : entry.amount;
    if (amount === 0 || -amount > most) {
      // The voucher's account is named after its member, so nothing is put on what was not paid.
      refused.add(`v-${entry.source}-${entry.account.holder}`);
      return [];
    }
    left.set(key, most + amount);
    return [{ ...entry, amount }];
  });
  const kept = new Set(entries.map(({ account }) => account.holder));
  return { entries, vouchers: added.vouchers.filter(({ holder }) => kept.has(holder)) };
}

async function giveBirthdays(db: WritableDb, page: NightPage): Promise<PageDone> {
  const gives = page.shop.programmes.some(({ enabled, rules }) =>
    rules.some((rule) => enabled && rule.enabled && rule.trigger.on === 'birthday'),
  );
  if (!gives) return NOTHING;
  const { year } = dateParts(page.run.day);
  const today = page.run.day.slice(5);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = today === '02-28' && !leap ? [today, '02-29'] : [today];
  const { after } = page;
  const named =
    page.born === null
      ? await membersBornOn(db, page.run.tenant, days, { after, most: NIGHT_PAGE })
      : { members: page.born, seen: null };
  const born = await members(db, page, 'm.member = any($4::text[])', [named.members]);
  await play(db, page, born, { forRules: true, birthday: today }, (ledger) =>
    runJob(ledger, 'activate-pending', page.run.atMs),
  );
  return { next: named.seen, changed: born.length > 0, born };
}

/** The windows of a programme that ended with the business day before. */
function windowClosed({ windows }: Programme, shop: ShopRules, run: ServerRun): boolean {
  const before = businessDay(businessDayStart(run.day, shop.settings) - 1, shop.settings);
  return windows !== null && windows.windows.some(({ to }) => to === before.slice(5));
}

async function redeemByItself(db: WritableDb, page: NightPage): Promise<PageDone> {
  const { run, shop } = page;
  const automatic = shop.programmes.filter(({ autoRedeem }) => autoRedeem !== null);
  const closing = shop.programmes.filter((programme) => windowClosed(programme, shop, run));
  const concerned = [...automatic, ...closing].map(({ id }) => id);
  if (concerned.length === 0) return NOTHING;
  const found = await members(
    db,
    page,
    `exists (select 1 from account a where a.tenant = $1 and a.owner = m.member
             and a.programme = any($4::text[]) and a.posted > a.granted)`,
    [concerned],
  );
  await play(db, page, found, { forRules: false }, (ledger) => {
    let next = runJob(ledger, 'auto-redeem', run.atMs);
    for (const programme of closing) {
      for (const member of found) {
        const closed = closeWindow(next, programme, member, run.atMs);
        if (closed.ok) next = closed.value.ledger;
      }
    }
    return next;
  });
  return doneWith(found);
}

function usesBalance(programme: Programme): boolean {
  return JSON.stringify(programme.tiers).includes('"metric":"balance"');
}

async function review(db: WritableDb, page: NightPage, byBalance: boolean): Promise<PageDone> {
  const { run, shop } = page;
  const programmes = tieredOf(shop.programmes).filter(
    (programme) => usesBalance(programme) === byBalance,
  );
  if (programmes.length === 0) return NOTHING;
  const found = await members(db, page, 'true', []);
  const { owners, moves } = await reviewTiers(
    db,
    run.tenant,
    programmes.flatMap((programme) =>
      found.map((owner) => ({
        owner,
        programme,
        day: run.day,
        atMs: run.atMs,
        till: SERVER_TILL,
        shown: null,
      })),
    ),
    'review',
  );
  await appendServerEntries(
    db,
    run,
    page.head,
    moves.map(({ owner, programme, source, from, to }) => ({
      kind: 'tier',
      member: owner,
      programme,
      source,
      from,
      to,
    })),
  );
  await bumpFacts(db, run.tenant, owners.toSorted());
  await touchMembers(db, run.tenant, owners);
  return doneWith(found);
}

const DAY_MS = 86_400_000;
const SHORTEST_DAYS = { day: 1, month: 28, year: 365 } as const;

/** Programmes whose idle accounts end, and what rules an account out at a glance. */
function idleOf(
  programmes: readonly Programme[],
  atMs: number,
): {
  readonly programmes: readonly string[];
  readonly activity: readonly string[];
  readonly beforeMs: number;
} {
  const idle = programmes.flatMap(({ id, expiry }) =>
    expiry.kind === 'inactivity' ? [{ id, ...expiry }] : [],
  );
  const days = idle.map(({ span }) => span.count * SHORTEST_DAYS[span.unit]);
  return {
    programmes: idle.map(({ id }) => id),
    activity: (['earn', 'redeem'] as const).filter((type) =>
      idle.every(({ activity }) => activity.includes(type)),
    ),
    beforeMs: atMs - Math.min(...days, 36_500) * DAY_MS,
  };
}

async function expire(db: WritableDb, page: NightPage): Promise<PageDone> {
  const { run, shop } = page;
  const idle = idleOf(shop.programmes, run.atMs);
  const found = await members(
    db,
    page,
    `exists (select 1 from member o join ledger l on l.tenant = o.tenant and l.member = o.member
             where o.tenant = $1 and o.owner = m.member and l.expires_at_ms <= $4 and not l.ended)
     or exists (select 1 from account a where a.tenant = $1 and a.owner = m.member
                and a.posted > 0 and a.programme = any($5::text[]))
       and not exists (select 1 from member o join ledger l on l.tenant = o.tenant and l.member = o.member
             where o.tenant = $1 and o.owner = m.member and l.programme = any($5::text[])
               and l.type = any($6::text[]) and l.effective_at_ms > $7)`,
    [run.atMs, idle.programmes, idle.activity, idle.beforeMs],
    WITH_VOUCHERS,
  );
  await play(db, page, found, { forRules: false }, (ledger) => expireDue(ledger, run.atMs));
  if (found.length > 0) await markEnded(db, page, found);
  return doneWith(found);
}

/** A lot that is over and empty is not looked at again. */
async function markEnded(
  db: WritableDb,
  { run, shop }: NightPage,
  owners: readonly string[],
): Promise<void> {
  const ledger = await loadLedger(db, run.tenant, owners, shop, { forRules: false });
  // What could not be closed yet, because a till holds it, is found again by a second look.
  const open = new Set(
    addedTo(ledger, expireDue(ledger, run.atMs)).entries.map(({ lotId }) => lotId),
  );
  await db.execute(
    `update ledger l set ended = true from member m
     where l.tenant = $1 and m.tenant = $1 and m.member = l.member and m.owner = any($2::text[])
       and l.expires_at_ms <= $3 and not l.ended
       and l.member || '/' || l.programme || '/' || l.type || '/' || l.source <> all($4::text[])`,
    [run.tenant, owners, run.atMs, [...open].flatMap((lot) => lot ?? [])],
  );
}

/** Paid terms that ended or ran on since tills were told. */
async function turnMemberships(db: WritableDb, page: NightPage): Promise<PageDone> {
  const { run, shop } = page;
  const found = await members(
    db,
    page,
    `exists (select 1 from membership s where s.tenant = $1 and s.owner = m.member
             and s.shown_until_ms <= $4)`,
    [run.atMs],
  );
  const rows = await db.query<{ owner: string; programme: string; paid: number }>(
    `select owner, programme, paid_until_ms as paid from membership
     where tenant = $1 and owner = any($2::text[]) and shown_until_ms <= $3
     order by owner, programme for update`,
    [run.tenant, found, run.atMs],
  );
  const turned = rows.map(({ owner, programme: id, paid }) => {
    const programme = shop.programmes.find((candidate) => candidate.id === id);
    const end = programme === undefined ? paid : termEnd(shop.settings, programme, paid, run.atMs);
    return { owner, programme: id, end: end === null || end <= run.atMs ? null : end };
  });
  if (turned.length > 0) {
    await db.execute(
      `update membership s set shown_until_ms = u.until_ms
       from unnest($2::text[], $3::text[], $4::bigint[]) as u(owner, programme, until_ms)
       where s.tenant = $1 and s.owner = u.owner and s.programme = u.programme`,
      [
        run.tenant,
        turned.map(({ owner }) => owner),
        turned.map(({ programme }) => programme),
        turned.map(({ end }) => end),
      ],
    );
    const owners = turned.map(({ owner }) => owner);
    await bumpFacts(db, run.tenant, [...new Set(owners)].toSorted());
    await touchMembers(db, run.tenant, owners);
  }
  return doneWith(found);
}
