import { businessDay } from './business-day.ts';
import { capped } from './earn-caps.ts';
import {
  circumstancesReason,
  type Context,
  datesHold,
  isBirthday,
  makeContext,
} from './context.ts';
import { effectiveAt, expiresAt } from './expiry.ts';
import { useKey } from './facts.ts';
import type { SourceType } from './entry.ts';
import {
  append,
  currentProgrammes,
  type Ledger,
  type LedgerMember,
  memberByIdentifier,
  type NewEntry,
  newLedgerMember,
  resolveMember,
  spendable,
  withMember,
} from './ledger.ts';
import { factsFor, memberFor } from './ledger-facts.ts';
import { reviewMember } from './ledger-tiers.ts';
import { pointsToSmallest } from './points.ts';
import type { Programme } from './programme.ts';
import { rate } from './rational.ts';
import type { Reason } from './reason.ts';
import { err, ok, type Result } from './result.ts';
import type { Rule, Trigger } from './rule.ts';
import { Trace } from './trace.ts';
import { dateParts } from './calendar.ts';

/** Something that happened without a sale. */
export interface EventRequest {
  readonly member: string;
  readonly trigger: Trigger['on'];
  /** For `event`: its type, e.g. `review`. */
  readonly type: string | null;
  /** For `referral`: which moment. */
  readonly moment: 'register' | 'first' | 'every' | null;
  /** For `referral`: whether the member is the one who brought or who came. */
  readonly as: 'referrer' | 'referred' | null;
  /** Unique per event: the same source gives its points once. */
  readonly source: string;
  readonly nowMs: number;
}

/** An event that is not a referral. */
export function plainEvent(
  trigger: EventRequest['trigger'],
  member: string,
  source: string,
  nowMs: number,
  type: string | null = null,
): EventRequest {
  return { member, trigger, type, moment: null, as: null, source, nowMs };
}

/** What an event brought. */
export interface EventOutcome {
  readonly ledger: Ledger;
  readonly points: number;
  /** Why a rule that listens gave nothing; `null` when it did or none listens. */
  readonly reason: Reason | null;
}

function listens(rule: Rule, request: EventRequest): boolean {
  const { trigger } = rule;
  if (!rule.enabled || trigger.on !== request.trigger) return false;
  if (trigger.on === 'event') return trigger.type === request.type;
  if (trigger.on !== 'referral') return true;
  return trigger.moment === request.moment && (trigger.to === 'both' || trigger.to === request.as);
}

function pointsOf(rule: Rule, programme: Programme): number {
  const { effect } = rule;
  if (effect.kind === 'per-sale' || effect.kind === 'per-unit') {
    return pointsToSmallest(rate(effect.points), programme.unit, programme.earning.rounding);
  }
  return effect.kind === 'badge' ? effect.points : 0;
}

function limitedPoints(rule: Rule, programme: Programme, points: number, context: Context): number {
  return rule.limits.reduce((left, limit) => {
    if (limit.count !== 'points') return left;
    const used =
      context.facts.uses[useKey(programme.id, rule.limitGroup ?? rule.id, limit.of, limit.per)]
        ?.points ?? 0;
    return Math.min(left, Math.max(0, limit.most - used));
  }, points);
}

const sourceTypes: Readonly<Record<Trigger['on'], SourceType>> = {
  sale: 'sale',
  enrol: 'enrol',
  birthday: 'birthday',
  referral: 'referral',
  event: 'event',
  'tier-up': 'tier-up',
  'window-close': 'window-close',
};

/** Runs the rules that listen to an event; each gives its points once per source. */
export function recordEvent(ledger: Ledger, request: EventRequest): EventOutcome {
  const ref = resolveMember(ledger, request.member);
  const known = ledger.members.get(ref);
  if (known !== undefined && !known.enabled) {
    return { ledger, points: 0, reason: { code: 'account-blocked', params: {} } };
  }
  const { nowMs, source } = request;
  const context = makeContext({
    nowMs,
    currency: ledger.settings.market.currency,
    member: memberFor(ledger, ref, 'verified', nowMs),
    facts: factsFor(ledger, ref, nowMs),
    settings: ledger.settings,
    codes: new Set(),
  });
  const entries: NewEntry[] = [];
  let why: Reason | null = null;
  for (const programme of currentProgrammes(ledger)) {
    if (!programme.enabled || !datesHold(programme.dates, context.day)) continue;
    const breakdown: Record<string, number> = {};
    let sum = 0;
    for (const rule of programme.rules.filter((candidate) => listens(candidate, request))) {
      const refused = datesHold(rule.dates, context.day)
        ? circumstancesReason(rule, programme, context)
        : ({ code: 'dates', params: {} } as const);
      const points =
        refused === null ? limitedPoints(rule, programme, pointsOf(rule, programme), context) : 0;
      why ??= refused ?? (points === 0 ? { code: 'limit-used', params: { rule: rule.id } } : null);
      if (points === 0) continue;
      breakdown[rule.id] = points;
      sum += points;
    }
    const points = capped(sum, programme, context, new Trace());
    if (sum > 0 && points === 0) why = { code: 'limit-used', params: { cap: programme.id } };
    if (points === 0) continue;
    const effectiveAtMs = effectiveAt(programme.earning.pendingDays, nowMs, ledger.settings);
    entries.push({
      account: spendable(ref, programme.id),
      type: 'earn',
      amount: points,
      source,
      sourceType: sourceTypes[request.trigger],
      atMs: nowMs,
      effectiveAtMs,
      expiresAtMs: expiresAt(programme.expiry, effectiveAtMs, ledger.settings),
      breakdown,
      programmeVersion: programme.version,
    });
  }
  const before = ledger.entries.length;
  const written = append(ledger, entries);
  if (!written.ok || written.value.entries.length === before) {
    return {
      ledger,
      points: 0,
      reason: entries.length > 0 ? { code: 'code-used', params: {} } : why,
    };
  }
  const points = written.value.entries.slice(before).reduce((sum, { amount }) => sum + amount, 0);
  return { ledger: reviewMember(written.value, ref, nowMs), points, reason: null };
}

/** Who joins, and by which identifiers. */
export interface EnrolRequest {
  readonly ref: string;
  readonly identifiers: readonly string[];
  readonly birthday: string | null;
  readonly referredBy: string | null;
  readonly enabled: boolean;
  readonly nowMs: number;
}

/** A member found or made. */
export interface Enrolled {
  readonly ledger: Ledger;
  readonly member: string;
  /** False: the card or phone belongs to a member already. */
  readonly created: boolean;
}

/** Why nobody joined. */
export type EnrolRefusal =
  | { readonly code: 'self-referral' }
  | { readonly code: 'unknown-referrer' };

/** Joins a member, or finds the one these identifiers belong to instead of making a twin. */
export function enrolMember(ledger: Ledger, request: EnrolRequest): Result<Enrolled, EnrolRefusal> {
  const { ref, nowMs, referredBy } = request;
  for (const identifier of request.identifiers) {
    const found = memberByIdentifier(ledger, identifier);
    if (found !== null) return ok({ ledger, member: found, created: false });
  }
  const there = ledger.members.get(ref);
  if (there !== undefined)
    return ok({ ledger, member: resolveMember(ledger, ref), created: false });
  if (referredBy === ref) return err({ code: 'self-referral' });
  if (referredBy !== null && !ledger.members.has(referredBy))
    return err({ code: 'unknown-referrer' });
  const member: LedgerMember = {
    ...newLedgerMember(ref, nowMs),
    birthday: request.birthday,
    enabled: request.enabled,
    referredBy,
    identifiers: request.identifiers,
  };
  let next = recordEvent(
    withMember(ledger, member),
    plainEvent('enrol', ref, `enrol-${ref}`, nowMs),
  ).ledger;
  next = recordReferral(next, ref, 'register', `register-${ref}`, nowMs);
  return ok({ ledger: next, member: ref, created: true });
}

/** Rewards a referral at one of its moments: the one who brought, the one who came, or both. */
export function recordReferral(
  ledger: Ledger,
  referred: string,
  moment: 'register' | 'first' | 'every',
  source: string,
  nowMs: number,
): Ledger {
  const referrer = ledger.members.get(referred)?.referredBy ?? null;
  if (referrer === null) return ledger;
  const event = { trigger: 'referral' as const, type: null, moment, source, nowMs };
  const first = recordEvent(ledger, { ...event, member: referrer, as: 'referrer' }).ledger;
  return recordEvent(first, { ...event, member: referred, as: 'referred' }).ledger;
}

/** Birthday gifts of a day, once a year each; 29 February is honoured on the 28th otherwise. */
export function recordBirthdays(ledger: Ledger, nowMs: number): Ledger {
  const day = businessDay(nowMs, ledger.settings);
  let next = ledger;
  for (const { ref, birthday, mergedInto } of ledger.members.values()) {
    if (birthday === null || mergedInto !== null || !isBirthday(birthday, day, 0)) continue;
    const source = `birthday-${dateParts(day).year}`;
    next = recordEvent(next, plainEvent('birthday', ref, source, nowMs)).ledger;
  }
  return next;
}
