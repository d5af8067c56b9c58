import { addMonths, addDays } from '#loyalty/calendar.ts';
import {
  emptyLedger,
  type Ledger,
  newLedgerMember,
  spendable,
  withMember,
} from '#loyalty/ledger.ts';
import { markets } from '#loyalty/market.ts';
import * as notation from './notation/fields.ts';
import { type Fields, fields, isFields, list, number, text } from './notation/fields.ts';
import { programmeFromNotation } from './notation/programme.ts';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import { scaleOf, smallestToPoints } from '#loyalty/points.ts';
import type { ProgrammeProblem } from '#loyalty/programme-check.ts';
import type { Programme, ProgrammeDocument } from '#loyalty/programme.ts';
import { toNumber } from '#loyalty/rational.ts';
import { assert, type Result } from '#loyalty/result.ts';
import type { Order } from './orders.ts';

/** What a step showed, by the names expectations use. */
export type Shown = Readonly<Record<string, unknown>>;

/** A case asks for something this adapter has no translation for. */
export class NotTranslated extends Error {}

/** The value of a notation that a case must have written right. */
export function written<Value>(read: Result<Value, readonly ProgrammeProblem[]>): Value {
  if (read.ok) return read.value;
  throw new NotTranslated(
    read.error.map(({ path, message }) => `${path} ${message}`.trim()).join(),
  );
}

/** An instant of a case: a day or a local time, read as UTC. */
export function instant(value: string): number {
  const [day = '', time = '00:00:00'] = value.split('T');
  return Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`);
}

/** Cases begin on this day where they name none. */
const firstDay = '2026-01-01';
const currency = 'EUR';
const days: Readonly<Record<string, string>> = {
  tomorrow: addDays(firstDay, 1),
  yesterday: addDays(firstDay, -1),
};

/** Tiers of a case that names them in its expectations only: thresholds of our own. */
const unstated = [
  { name: 'Bronze', min: 0 },
  { name: 'Gold', min: 100 },
];

function documentOf(program: Fields, id: string): ProgrammeDocument {
  const untold = program['metric'] === 'balance' && !('tiers' in program) && !('levels' in program);
  return written(programmeFromNotation(untold ? { ...program, tiers: unstated } : program, id));
}

function documentsOf(program: Fields, variant: unknown): ProgrammeDocument[] {
  const { variants, programs_repeat: repeat, each, programs, ...rest } = program;
  if (typeof repeat === 'number')
    return Array.from({ length: repeat }, (_, index) =>
      documentOf(fields({ each }, 'each'), `p${index}`),
    );
  if (programs !== undefined)
    return list(program, 'programs').map((of, index) => documentOf(of, `p${index}`));
  const { base, ...outer } = rest;
  const whole = isFields(base) && 'rewards' in base ? { ...outer, ...base } : rest;
  const chosen = fields(fields({ variants }, 'variants'), String(variant));
  const onRules = 'min_amount' in chosen && 'earn' in whole;
  const varied = onRules
    ? { earn: list(whole, 'earn').map((of) => ({ ...of, ...chosen })) }
    : chosen;
  return [documentOf({ ...whole, ...varied }, 'p0')];
}

/** A program with every reward changed, in each of its programmes. */
export function withRewards(program: Fields, change: (of: Fields) => Fields): Fields {
  const changed = { rewards: change, programs: (of: Fields) => withRewards(of, change) };
  const lists = Object.entries(changed).filter(([key]) => key in program);
  return {
    ...program,
    ...Object.fromEntries(lists.map(([key, to]) => [key, list(program, key).map(to)])),
  };
}

/** The world of one case: the ledger, the clock, and what earlier steps named. */
export class World {
  program: Fields;
  ledger: Ledger;
  /** Ledgers of tills that are offline, by their number, and the one of the server. */
  readonly tills = new Map<number, Ledger>();
  server: Ledger;
  nowMs = instant(`${firstDay}T12:00:00`);
  readonly orders = new Map<string, Order>();
  /** Entries by the lot names of the case. */
  readonly lots = new Map<string, string>();
  readonly held = new Set<string>();
  readonly redeemed = new Set<string>();
  listed: readonly Fields[] = [];
  readonly shown = new Map<string, Shown>();
  version = 1;
  private sources = 0;

  constructor(program: Fields) {
    this.program = program;
    const clock = { timeZone: 'Etc/UTC', cutOverHour: 0, store: 'store', channel: 'pos' };
    const cash = number(program, 'cash_rounding');
    const cashRoundingMinor = cash === null ? 1 : this.minor(cash);
    this.ledger = emptyLedger({ ...clock, market: markets.US, cashRoundingMinor }, []);
    this.server = this.ledger;
    this.load({});
  }

  /** Loads the case's programmes as a step wants them; a new version leaves the old to old sales. */
  load(step: Fields, program = this.program, promotions: readonly ProgrammeDocument[] = []): void {
    const documents = [...documentsOf(program, step['variant']), ...promotions];
    const { version } = this;
    const loaded = documents.map((of) => written(parseProgramme({ ...of, version })).programme);
    const old = this.ledger.programmes.filter((programme) => programme.version < version);
    this.ledger = { ...this.ledger, programmes: [...old, ...loaded] };
  }

  /** Another programme from now on. */
  change(program: Fields): Shown {
    this.program = { ...this.program, ...program };
    this.version += 1;
    this.load({});
    return {};
  }

  /** The programme that "earned" and "balance" are about. */
  get main(): Programme {
    const current = this.ledger.programmes.filter(({ version }) => version === this.version);
    const found = current.find(({ holder }) => holder === 'member') ?? current[0];
    assert(found !== undefined, 'a case has a programme');
    return found;
  }

  minor(value: number | null): number {
    return notation.minor(value ?? 0, currency);
  }

  /** Numbers, at any depth, from minor units to the case's money. */
  money(value: unknown, of = currency): unknown {
    return eachNumber(value, (amount) => notation.major(amount, of));
  }

  /** Numbers, at any depth, from smallest units to the case's points. */
  points(value: unknown): unknown {
    const { unit } = this.main;
    return eachNumber(value, (amount) => toNumber(smallestToPoints(amount, unit)));
  }

  smallest(step: Fields, key = 'points', programme = this.main): number {
    return notation.smallest(number(step, key) ?? 0, scaleOf(programme.unit));
  }

  account(step: Fields, programme = this.main.id) {
    return spendable(text(step, 'member') ?? 'm', programme);
  }

  /** A movement of points as a step states it. */
  moving(step: Fields, key = 'points') {
    const source = text(step, 'order') ?? text(step, 'source') ?? this.source(String(step['do']));
    const points = this.smallest(step, key);
    return { account: this.account(step), points, source, atMs: this.nowMs };
  }

  at(step: Fields, key = 'at'): number {
    const value = text(step, key);
    if (value === null || value === 'now') return this.nowMs;
    const years = /^now\+(\d+)y$/.exec(value)?.[1];
    if (years !== undefined) return instant(addMonths(firstDay, Number(years) * 12));
    const short = /^\d+ \w+$/.test(value) ? new Date(`${value} 2026 UTC`).toISOString() : value;
    return instant((days[short] ?? short).replace('.000Z', ''));
  }

  source(prefix: string): string {
    this.sources += 1;
    return `${prefix}-${this.sources}`;
  }

  /** Keeps the new ledger and shows what is said of it, or the refusal. */
  take<Value extends Ledger | { readonly ledger: Ledger }>(
    result: Result<Value, { readonly code: string }>,
    show: (value: Value) => Shown = () => ({}),
  ): Shown {
    if (!result.ok) return { error: result.error.code };
    this.ledger = 'ledger' in result.value ? result.value.ledger : result.value;
    return show(result.value);
  }

  /** Makes a member known, and changes what is known. */
  member(ref: string, change: Partial<ReturnType<typeof newLedgerMember>> = {}): void {
    const known = this.ledger.members.get(ref) ?? newLedgerMember(ref, 0);
    this.ledger = withMember(this.ledger, { ...known, ...change });
  }

  order(step: Fields): Order {
    const order = this.orders.get(text(step, 'order') ?? '');
    if (order === undefined) throw new NotTranslated(`order ${text(step, 'order') ?? ''}`);
    return order;
  }
}

function eachNumber(value: unknown, change: (amount: number) => number): unknown {
  if (typeof value === 'number') return change(value);
  if (Array.isArray(value)) return value.map((item) => eachNumber(item, change));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, eachNumber(item, change)]),
  );
}
