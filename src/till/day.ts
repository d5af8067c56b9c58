import { dayReport, type DayReport, type KnownProgramme } from '#contract/day.ts';
import { journalEntry, type EntryBody, type JournalEntry } from '#journal/entry.ts';
import { businessDay, businessDayStart, hourOfDay, localTime } from '#loyalty/business-day.ts';
import { mainProgramme, programmesMax } from '#loyalty/programme.ts';
import { assertNever } from '#loyalty/result.ts';
import { askServer } from './ask-server.ts';
import { programmeOf, wallMs, type Core } from './core.ts';
import { worthOfPoint } from './points-worth.ts';
import { unitView } from './unit-view.ts';

/** How long the manager's page waits before it shows this till alone. */
const DAY_TIMEOUT_MS = 3000;
const PAGE = 1000;
/** Pages of one day: more than a till can sell. */
const PAGES_MAX = 1000;

/** Which days; null = today. A till alone reports the first of them, and itself. */
interface DayAsked {
  readonly day: string | null;
  readonly through?: string | null | undefined;
  readonly store?: string | null | undefined;
}

/** The business day the till is in now. */
export function today(core: Core): string {
  return businessDay(wallMs(core), core.config);
}

/**
 * The manager's day: the server's books; while it does not answer, this till alone, and the report
 * says which.
 */
export async function dayOf(core: Core, asked: DayAsked): Promise<DayReport> {
  const wanted = asked.day ?? today(core);
  if (core.link.online) {
    const { server, timer } = core.ports;
    const answer = await askServer(server, timer, 'day', { ...asked, day: wanted }, DAY_TIMEOUT_MS);
    if (answer.ok) return answer.value;
    core.ports.log.warn('day-from-till', { problem: answer.error.code });
  }
  return dayOfThisTill(core, wanted);
}

interface Figures {
  sales: number;
  salesWithMember: number;
  salesTotalMinor: number;
  returns: number;
  returnsMinor: number;
  earned: number;
  redeemed: number;
}

const zero = (): Figures => ({
  sales: 0,
  salesWithMember: 0,
  salesTotalMinor: 0,
  returns: 0,
  returnsMinor: 0,
  earned: 0,
  redeemed: 0,
});

interface PointsSums {
  earned: number;
  redeemed: number;
  reversed: number;
}

interface DaySums {
  /** The programme whose points the figures add up. */
  readonly main: string | null;
  readonly all: Figures;
  readonly byHour: Map<number, Figures>;
  readonly points: Map<string, PointsSums>;
  discountMinor: number;
  newMembers: number;
  unprovenSales: number;
}

/** The shop's programmes, its main one first: what figures are called and counted in. */
export function knownProgrammes(core: Core): readonly KnownProgramme[] {
  const { programmes } = core.config;
  const main = mainProgramme(programmes);
  const inOrder = main === null ? programmes : [main, ...programmes.filter((one) => one !== main)];
  return inOrder.map((one) => ({ programme: one.id, name: one.name, unit: unitView(one) }));
}

/** Adds up this till's own journal for one business day. Opening and balances are the server's to say. */
export function dayOfThisTill(core: Core, day: string): DayReport {
  const { read } = core.ports.database;
  const { till } = core.options.identity;
  const main = mainProgramme(core.config.programmes)?.id ?? null;
  const sums: DaySums = {
    main,
    all: zero(),
    byHour: new Map(),
    points: new Map(main === null ? [] : [[main, { earned: 0, redeemed: 0, reversed: 0 }]]),
    discountMinor: 0,
    newMembers: 0,
    unprovenSales: 0,
  };
  let after = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const rows = read.entriesOfDay(day, after, PAGE);
    for (const { text } of rows) add(core, sums, journalEntry.parse(JSON.parse(text)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) break;
    after = last.seq;
  }
  const sync = read.syncState();
  const name = core.config.tills.find((known) => known.till === till)?.name ?? till;
  return dayReport.parse({
    day,
    source: 'till',
    asOfMs: wallMs(core),
    currency: core.config.currency,
    through: day,
    store: core.options.identity.store,
    stores: [{ store: core.options.identity.store, name: core.config.storeName }],
    compare: { before: null, weekAgo: null },
    totals: {
      ...sums.all,
      discountMinor: sums.discountMinor,
      newMembers: sums.newMembers,
      unprovenSales: sums.unprovenSales,
    },
    points: [...sums.points]
      .slice(0, programmesMax)
      .map(([programme, moved]) => pointsOf(core, programme, moved)),
    byTill: [{ till, name, ...sums.all }],
    byHour: hoursInOrder(core, day, sums.byHour),
    openExceptions: 0,
    exceptions: [],
    names: Object.fromEntries(
      [...sums.points.keys()].flatMap((programme) => {
        const known = programmeOf(core, programme);
        return known === undefined ? [] : [[programme, known.name]];
      }),
    ),
    tierMoves: [],
    budgets: [],
    renewals: [],
    tills: [{ till, name, lastContactMs: sync.contactAtMs, ackSeq: sync.ackSeq }],
  } satisfies DayReport);
}

/** Offline the books begin at zero: only this till's movements are known, and they add up. */
function pointsOf(core: Core, programme: string, moved: PointsSums): DayReport['points'][number] {
  const known = programmeOf(core, programme);
  const closing = moved.earned - moved.redeemed + moved.reversed;
  return {
    programme,
    opening: 0,
    earned: moved.earned,
    redeemed: moved.redeemed,
    expired: 0,
    reversed: moved.reversed,
    other: 0,
    closing,
    sumOfBalances: closing,
    worth: known === undefined ? { numerator: 0, denominator: 1 } : worthOfPoint(known),
  };
}

function hoursInOrder(
  core: Core,
  day: string,
  byHour: ReadonlyMap<number, Figures>,
): DayReport['byHour'] {
  const first = localTime(businessDayStart(day, core.config), core.config.timeZone).hour;
  return Array.from({ length: 24 }, (_, index) => (first + index) % 24).flatMap((hour) => {
    const figures = byHour.get(hour);
    return figures === undefined ? [] : [{ hour, ...figures }];
  });
}

function add(core: Core, sums: DaySums, { body, atMs }: JournalEntry): void {
  const hour = hourOfDay(atMs, core.config);
  const ofHour = sums.byHour.get(hour) ?? zero();
  if (addFigures(sums.all, body, sums.main)) {
    addFigures(ofHour, body, sums.main);
    sums.byHour.set(hour, ofHour);
  }
  if (body.kind === 'sale') {
    sums.discountMinor += body.discountMinor;
    if (body.snapshot.claimable.length > 0) sums.unprovenSales += 1;
  }
  if (body.kind === 'enrol') sums.newMembers += body.provisional ? 0 : 1;
  addPoints(sums.points, body);
}

/** Adds what an entry does to counts and money. False where it does nothing to them. */
function addFigures(figures: Figures, body: EntryBody, main: string | null): boolean {
  switch (body.kind) {
    case 'sale':
      figures.sales += 1;
      figures.salesWithMember += body.member === null ? 0 : 1;
      figures.salesTotalMinor += body.totalMinor;
      return true;
    case 'return':
      figures.returns += 1;
      figures.returnsMinor += body.refundMinor;
      return true;
    case 'earn':
      if (body.programme !== main) return false;
      figures.earned += body.points;
      return true;
    case 'redeem':
      if (body.programme !== main) return false;
      figures.redeemed += body.points;
      return true;
    case 'reverse':
    case 'claim':
    case 'enrol':
    case 'grant-accept':
    case 'grant-close':
    case 'shift-open':
    case 'shift-close':
    case 'issue':
    case 'told':
    case 'reprint':
    case 'clock-jump':
    case 'sign-in':
    case 'sign-out':
    case 'pin-wrong':
    case 'drawer-open':
    case 'void':
    case 'survey-asked':
    case 'survey-answer':
      return false;
    default:
      return assertNever(body, 'day figures');
  }
}

function addPoints(points: Map<string, PointsSums>, body: EntryBody): void {
  if (body.kind !== 'earn' && body.kind !== 'redeem' && body.kind !== 'reverse') return;
  const sums = points.get(body.programme) ?? { earned: 0, redeemed: 0, reversed: 0 };
  if (body.kind === 'earn') sums.earned += body.points;
  else if (body.kind === 'redeem') sums.redeemed += body.points;
  else sums.reversed += body.points;
  points.set(body.programme, sums);
}
