import type { StoreClock, LocalTime } from './business-day.ts';
import { businessDay, localTime } from './business-day.ts';
import { dayNumber, isLeapYear, dateParts, type LocalDate } from './calendar.ts';
import { normaliseCode } from './card.ts';
import type { Condition } from './conditions.ts';
import { type Facts, useKey } from './facts.ts';
import type { Limit } from './fields.ts';
import type { MarketProfile } from './market.ts';
import { type Member, standingIn } from './member.ts';
import type { Programme } from './programme.ts';
import { reason, type Reason } from './reason.ts';
import { assertNever } from './result.ts';

/** Where a sale takes place. */
export interface QuoteSettings extends StoreClock {
  readonly store: string;
  readonly channel: string;
  readonly market: MarketProfile;
  /** Cash is rounded to this many minor units; 1 is no rounding. */
  readonly cashRoundingMinor: number;
}

/** Everything around the basket that conditions look at. */
export interface Context {
  readonly nowMs: number;
  readonly day: LocalDate;
  readonly time: LocalTime;
  readonly currency: string;
  readonly member: Member | null;
  readonly facts: Facts;
  readonly settings: QuoteSettings;
  /** Codes entered, normalised. */
  readonly codes: ReadonlySet<string>;
  /** In a refund: rules and rewards whose circumstances held at the sale, as `programme/id`. */
  readonly held: ReadonlySet<string> | null;
}

/** Computes day and time once. */
export function makeContext(
  from: Omit<Context, 'day' | 'time' | 'held'> & { readonly held?: ReadonlySet<string> | null },
): Context {
  const time = localTime(from.nowMs, from.settings.timeZone);
  return { held: null, ...from, day: businessDay(from.nowMs, from.settings), time };
}

/** A condition that looks at the circumstances and not at the basket. */
type Circumstance = Exclude<Condition, { kind: 'amount' | 'quantity' | 'contains' }>;

/** Whether a condition looks at the basket; those are looked at again after a return. */
export function isBasketCondition(
  condition: Condition,
): condition is Extract<Condition, { kind: 'amount' | 'quantity' | 'contains' }> {
  return (
    condition.kind === 'amount' || condition.kind === 'quantity' || condition.kind === 'contains'
  );
}

function inList(value: string | null, list: readonly string[]): boolean {
  return list.some((candidate) => candidate === value);
}

/** Whether `day` is at most so many days from a birthday `MM-DD`; 29 February is honoured on the 28th. */
export function isBirthday(birthday: string, day: LocalDate, daysAround: number): boolean {
  const { year } = dateParts(day);
  return [year - 1, year, year + 1].some((candidate) => {
    const monthDay = birthday === '02-29' && !isLeapYear(candidate) ? '02-28' : birthday;
    return Math.abs(dayNumber(`${candidate}-${monthDay}`) - dayNumber(day)) <= daysAround;
  });
}

function visitMatches(condition: Extract<Condition, { kind: 'visit' }>, visit: number): boolean {
  const every = condition.every === null || visit % condition.every === 0;
  return every && (condition.at === null || visit === condition.at);
}

/** Within so many days (inclusive) after the last sale. */
function cameBack(withinDays: number, context: Context): boolean {
  const last = context.facts.lastSaleAtMs;
  if (last === null) return false;
  const days = dayNumber(context.day) - dayNumber(businessDay(last, context.settings));
  return days <= withinDays;
}

function timeReason(condition: Circumstance, context: Context): Reason | null {
  if (condition.kind === 'weekday') {
    const weekday = ((dayNumber(context.day) + 3) % 7) + 1;
    return condition.in.includes(weekday) ? null : reason('weekday');
  }
  if (condition.kind === 'hours') {
    const inside = context.time.hour >= condition.from && context.time.hour < condition.to;
    return inside ? null : reason('hours', { from: condition.from, to: condition.to });
  }
  if (condition.kind !== 'dates') return null;
  return datesHold(condition, context.day) ? null : reason('dates');
}

/** Whether a business day lies within inclusive dates. */
export function datesHold(
  dates: { readonly from: LocalDate | null; readonly to: LocalDate | null },
  day: LocalDate,
): boolean {
  return (dates.from === null || dates.from <= day) && (dates.to === null || day <= dates.to);
}

function memberReason(
  condition: Circumstance,
  programme: Programme,
  context: Context,
): Reason | null {
  const { member, facts } = context;
  if (member === null) return reason('member-needed');
  const standing = standingIn(member, programme.id);
  switch (condition.kind) {
    case 'tier':
      return inList(standing.tier, condition.in) ? null : reason('tier-needed');
    case 'segment':
      return member.segments.some((name) => condition.anyOf.includes(name))
        ? null
        : reason('segment-needed');
    case 'age':
      return member.age !== null && member.age >= condition.min
        ? null
        : reason('age-needed', { min: condition.min });
    case 'visit':
      return visitMatches(condition, facts.visits + 1) ? null : reason('visit');
    case 'first-sale':
      return facts.visits === 0 ? null : reason('first-sale');
    case 'birthday':
      return member.birthday !== null &&
        isBirthday(member.birthday, context.day, condition.daysAround)
        ? null
        : reason('birthday');
    case 'membership': {
      const until = standing.membershipUntilMs;
      const active = until !== null && context.nowMs < until;
      return active === condition.active ? null : reason('membership-needed');
    }
    case 'comeback':
      return cameBack(condition.withinDays, context) ? null : reason('comeback-over');
    default:
      return null;
  }
}

/** Whether one circumstance holds; `null` is yes. */
export function circumstanceReason(
  condition: Circumstance,
  programme: Programme,
  id: string,
  context: Context,
): Reason | null {
  switch (condition.kind) {
    case 'code':
      return context.codes.has(normaliseCode(condition.code)) ? null : reason('code-needed');
    case 'store':
      return inList(context.settings.store, condition.in) ? null : reason('store');
    case 'channel':
      return inList(context.settings.channel, condition.in) ? null : reason('channel');
    case 'currency':
      return inList(context.currency, condition.in) ? null : reason('currency');
    case 'weekday':
    case 'hours':
    case 'dates':
      return timeReason(condition, context);
    case 'interval': {
      const last = context.facts.lastUsedAtMs[`${programme.id}/${id}`];
      const waitMs = condition.minutes * 60_000;
      if (last === undefined || context.nowMs - last >= waitMs) return null;
      return reason('too-soon', { minutes: Math.ceil((last + waitMs - context.nowMs) / 60_000) });
    }
    case 'tier':
    case 'segment':
    case 'age':
    case 'visit':
    case 'first-sale':
    case 'birthday':
    case 'membership':
    case 'comeback':
      return memberReason(condition, programme, context);
    default:
      return assertNever(condition, 'circumstanceReason');
  }
}

/** Whether a limit on times is used up; limits on points reduce and are looked at when earning. */
export function limitReason(
  limits: readonly Limit[],
  programme: Programme,
  id: string,
  context: Context,
): Reason | null {
  for (const limit of limits) {
    if (limit.count !== 'times' || limit.per === 'sale') continue;
    const used = context.facts.uses[useKey(programme.id, id, limit.of, limit.per)];
    if (used !== undefined && used.times >= limit.most) {
      return reason('limit-used', { per: limit.per, most: limit.most });
    }
  }
  return null;
}

/** Whether the programme takes part in this sale at all. */
export function programmeApplies(programme: Programme, context: Context): boolean {
  if (!programme.enabled || !programme.currencies.includes(context.currency)) return false;
  if (!datesHold(programme.dates, context.day)) return false;
  if (programme.stores !== null && !programme.stores.includes(context.settings.store)) return false;
  if (programme.channels !== null && !programme.channels.includes(context.settings.channel)) {
    return false;
  }
  if (programme.mostUses === null) return true;
  const uses = context.facts.uses[useKey(programme.id, '', 'programme', 'life')];
  return (uses?.times ?? 0) < programme.mostUses;
}

/** Whether all circumstances of a rule or reward hold; `null` is yes. */
export function circumstancesReason(
  of: {
    readonly id: string;
    readonly conditions: readonly Condition[];
    readonly limits: readonly Limit[];
    readonly limitGroup?: string | null;
  },
  programme: Programme,
  context: Context,
): Reason | null {
  if (context.held !== null) {
    return context.held.has(`${programme.id}/${of.id}`) ? null : reason('dates');
  }
  for (const condition of of.conditions) {
    if (isBasketCondition(condition)) continue;
    const why = circumstanceReason(condition, programme, of.id, context);
    if (why !== null) return why;
  }
  return limitReason(of.limits, programme, of.limitGroup ?? of.id, context);
}
