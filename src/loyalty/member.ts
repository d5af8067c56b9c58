import type { LocalDate } from './calendar.ts';
import type { ProofLevel } from './proof.ts';

/** Where a member stands in one programme, as far as this till knows. */
export interface MemberStanding {
  readonly tier: string | null;
  /** Posted points that can be spent, in the smallest unit. */
  readonly available: number;
  /** Earned points that cannot be spent yet. */
  readonly pending: number;
  /** What this till may let the member spend now: less than `available` while offline. */
  readonly spendableHere: number;
  /** Whether the account may earn and redeem; a blocked one does neither. */
  readonly enabled: boolean;
  /** Until when a paid membership holds (exclusive instant); `null` without one. */
  readonly membershipUntilMs: number | null;
  /** Measures in the tier's window before this sale, keyed by metric; missing counts as 0. */
  readonly measures: Readonly<Record<string, number>>;
}

/**
 * What the engine needs to know of a member; no name, no phone.
 *
 * `ref` is random. `proof` is how the member was identified for this sale.
 */
export interface Member {
  readonly ref: string;
  readonly proof: ProofLevel;
  /** Whole years when known; `null` never fails or passes an age silently: it is "unknown". */
  readonly age: number | null;
  /** `MM-DD`; the year is not kept. */
  readonly birthday: string | null;
  readonly enrolledOn: LocalDate | null;
  readonly segments: readonly string[];
  /** Keyed by programme id. */
  readonly standings: Readonly<Record<string, MemberStanding>>;
}

/** The standing of a member who has never been seen in the programme. */
export const newStanding: MemberStanding = {
  tier: null,
  available: 0,
  pending: 0,
  spendableHere: 0,
  enabled: true,
  membershipUntilMs: null,
  measures: {},
};

/** The member's standing in a programme. */
export function standingIn(member: Member, programmeId: string): MemberStanding {
  return member.standings[programmeId] ?? newStanding;
}

/** A member with nothing but a reference and a proof: just enrolled, or unknown to this till. */
export function freshMember(ref: string, proof: ProofLevel): Member {
  return { ref, proof, age: null, birthday: null, enrolledOn: null, segments: [], standings: {} };
}
