import { businessDay } from './business-day.ts';
import { currentProgrammes, type Ledger, newLedgerMember, withMember } from './ledger.ts';
import { measuresFor } from './ledger-facts.ts';
import { type HeldTier, type Measures, reviewTier, type TierEvent } from './tiers.ts';

/** Measures of one programme that were counted elsewhere. */
export interface CountedMeasures {
  readonly programme: string;
  readonly measures: Measures;
}

/** Looks at a member's tiers now; a change is written down once. */
export function reviewMember(ledger: Ledger, ref: string, nowMs: number): Ledger {
  return review(ledger, ref, null, nowMs);
}

/** Looks at a member's tier of one programme by measures that were counted elsewhere. */
export function reviewCounted(
  ledger: Ledger,
  ref: string,
  counted: CountedMeasures,
  nowMs: number,
): Ledger {
  return review(ledger, ref, counted, nowMs);
}

function review(
  ledger: Ledger,
  ref: string,
  counted: CountedMeasures | null,
  nowMs: number,
): Ledger {
  const day = businessDay(nowMs, ledger.settings);
  let member = ledger.members.get(ref) ?? newLedgerMember(ref, nowMs);
  const told = new Set(ledger.tierEvents.map((event) => `${event.member}/${event.source}`));
  const events: (TierEvent & { readonly member: string })[] = [];
  for (const programme of currentProgrammes(ledger)) {
    if (programme.tiers.length === 0) continue;
    if (counted !== null && counted.programme !== programme.id) continue;
    const held: HeldTier = member.tiers[programme.id] ?? { tier: null, since: day, through: null };
    const measures = counted?.measures ?? measuresFor(ledger, programme, ref, nowMs);
    const { held: now, event } = reviewTier(programme, held, measures, day);
    member = { ...member, tiers: { ...member.tiers, [programme.id]: now } };
    const first = held.tier === null && event?.to === programme.tiers[0]?.id;
    if (event === null || first || told.has(`${ref}/${event.source}`)) continue;
    events.push({ ...event, member: ref });
  }
  return {
    ...withMember(ledger, member),
    tierEvents: [...ledger.tierEvents, ...events],
  };
}
