import type { StaffChange } from '#contract/sign-in.ts';
import { capsFit, RISK_POINTS_MAX, type ShopRules } from '#contract/shop-rules.ts';
import { countFrom, decimalFrom, decimalText } from './numbers.ts';

/** The longest a member is left in peace that somebody may write: ten years. */
export const SURVEY_DAYS_MAX = 3650;

export type RiskProgramme = ShopRules['programmes'][number];
/** The caps from the narrowest to the widest, as they are asked. */
export const capNames = ['perRedemption', 'perMember', 'perTillDay', 'budget'] as const;
export type CapName = (typeof capNames)[number];
type Caps = Readonly<Record<CapName, number>>;
export type TypedCaps = Readonly<Record<CapName, string>>;

/** What was typed and not yet saved; what is undefined stands as it is. */
export interface RulesDraft {
  readonly surveyDays: string | undefined;
  /** Null = off. */
  readonly caps: TypedCaps | null | undefined;
}

export const nothingTyped: RulesDraft = { surveyDays: undefined, caps: undefined };

/** Caps as they are typed. */
export function typedCaps(caps: Caps, { unit }: RiskProgramme, comma: boolean): TypedCaps {
  const text = (name: CapName): string => decimalText(caps[name], unit.scale, comma);
  return {
    perRedemption: text('perRedemption'),
    perMember: text('perMember'),
    perTillDay: text('perTillDay'),
    budget: text('budget'),
  };
}

/** What somebody who turns it on begins with: a reward a member, ten a till and day, fifty in all. */
export function usualCaps({ usual }: RiskProgramme): Caps {
  return { perRedemption: usual, perMember: usual, perTillDay: 10 * usual, budget: 50 * usual };
}

/** One typed cap in the smallest unit; NaN where it is none. */
export function capFrom(typed: string, { unit }: RiskProgramme): number {
  const points = decimalFrom(typed, unit.scale);
  return points >= 1 && points <= RISK_POINTS_MAX ? points : Number.NaN;
}

/** The typed caps; null where one of them is no number or they contradict each other. */
export function capsFrom(typed: TypedCaps, programme: RiskProgramme): Caps | null {
  const caps = {
    perRedemption: capFrom(typed.perRedemption, programme),
    perMember: capFrom(typed.perMember, programme),
    perTillDay: capFrom(typed.perTillDay, programme),
    budget: capFrom(typed.budget, programme),
  };
  if (Object.values(caps).some(Number.isNaN)) return null;
  return capsFit({ programme: programme.programme, ...caps }) ? caps : null;
}

/** Days as typed; NaN where they are none. */
export function daysFrom(typed: string): number {
  const days = countFrom(typed);
  return days <= SURVEY_DAYS_MAX ? days : Number.NaN;
}

/** What such a draft changes; null where something in it is wrong. */
export function rulesChanges(
  draft: RulesDraft,
  rules: ShopRules,
  programme: RiskProgramme | null,
): readonly StaffChange[] | null {
  const changes: StaffChange[] = [];
  if (draft.caps !== undefined && programme !== null) {
    const caps = draft.caps === null ? null : capsFrom(draft.caps, programme);
    if (caps === null && draft.caps !== null) return null;
    if (!sameCaps(caps, programme.caps)) {
      changes.push({ kind: 'offline-risk', programme: programme.programme, caps });
    }
  }
  if (draft.surveyDays !== undefined) {
    const everyDays = daysFrom(draft.surveyDays);
    if (Number.isNaN(everyDays)) return null;
    if (everyDays !== rules.survey.everyDays)
      changes.push({ kind: 'survey', rules: { everyDays } });
  }
  return changes;
}

function sameCaps(one: Caps | null, other: Caps | null): boolean {
  if (one === null || other === null) return one === other;
  return capNames.every((name) => one[name] === other[name]);
}

/** The most that may be lost, in minor units, rounded up; 0 where the points buy no money. */
export function lossMinor({ budget }: Caps, { worth }: RiskProgramme): number {
  const { numerator, denominator } = worth;
  return Math.ceil((budget * numerator) / denominator);
}
