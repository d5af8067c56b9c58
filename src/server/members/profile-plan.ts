import type { Identifier, MemberProfile } from '#contract/member.ts';

/** A member as profiles see it. */
export interface ProfiledMember {
  readonly member: string;
  readonly owner: string;
  readonly status: 'active' | 'blocked' | 'merged' | 'erased';
  readonly provisional: boolean;
  /** Version of the profile that is there; 0 where there is none. */
  readonly profileVersion: number;
}

/** What a plan reads of a profile. */
export type PlannedProfile = Pick<MemberProfile, 'member' | 'version' | 'identifiers'>;

/** What is there: the members that profiles name and those that hold their identifiers. */
export interface ProfileRows {
  readonly members: ReadonlyMap<string, ProfiledMember>;
  /** Identifier hash to the member that has it. */
  readonly holders: ReadonlyMap<string, string>;
}

/** Everything of `from` goes to `into`. `twin`: both had joined properly, so a person should know. */
export interface MergeWrite {
  readonly from: string;
  readonly into: string;
  readonly twin: boolean;
}

/** Two who gave one number or card and stay apart; it stays with the one who had it. */
export interface TwinWrite {
  readonly newcomer: string;
  readonly known: string;
}

/** What profiles change. Merges come last, in order. */
export interface ProfilePlan<Profile extends PlannedProfile> {
  readonly profiles: readonly Profile[];
  readonly identifiers: readonly (Identifier & { readonly member: string })[];
  readonly merges: readonly MergeWrite[];
  /** For a person to look at: nothing of theirs is joined. */
  readonly twins: readonly TwinWrite[];
  readonly accepted: readonly { readonly member: string; readonly version: number }[];
}

/**
 * Decides what profiles change: the newer version wins, one identifier finds one member.
 *
 * A card that somebody else has means that both are one person. The provisional one goes into the
 * other; of two that had joined, the newcomer goes into the one that was here. A number that two who
 * had joined gave means less: anybody can say it, and a merge would let the newcomer's card spend what
 * the other has. Nor is a blocked member merged into one who is not: that would unblock the card for
 * whoever joins with it. A profile of a member nobody announced yet is not accepted: the till sends it again
 * after its journal.
 */
export function planProfiles<Profile extends PlannedProfile>(
  rows: ProfileRows,
  profiles: readonly Profile[],
): ProfilePlan<Profile> {
  const members = new Map(rows.members);
  const holders = new Map(rows.holders);
  const written = new Map<string, Profile>();
  const identifiers = new Map<string, Identifier & { member: string }>();
  const merges: MergeWrite[] = [];
  const twins: TwinWrite[] = [];
  const accepted: { member: string; version: number }[] = [];

  const merge = (from: string, into: string, twin: boolean): void => {
    merges.push({ from, into, twin });
    for (const [key, row] of members) {
      if (row.owner === from) members.set(key, { ...row, owner: into, status: 'merged' });
    }
  };
  const ownerOf = (member: string): string => members.get(member)?.owner ?? member;
  const take = (identifier: Identifier, member: string): void => {
    const owner = ownerOf(member);
    const holder = holders.get(identifier.hash);
    if (holder === undefined) {
      holders.set(identifier.hash, owner);
      identifiers.set(identifier.hash, { ...identifier, member: owner });
      return;
    }
    const other = ownerOf(holder);
    if (other === owner) return;
    const mine = members.get(owner);
    const theirs = members.get(other);
    if (mine === undefined || theirs === undefined)
      throw new Error('An identifier of a member not loaded');
    const bothJoined = !mine.provisional && !theirs.provisional;
    const [from, into] = theirs.provisional && !mine.provisional ? [theirs, mine] : [mine, theirs];
    const unblocks = from.status === 'blocked' && into.status !== 'blocked';
    if (unblocks || (identifier.kind === 'phone' && bothJoined)) {
      twins.push({ newcomer: owner, known: other });
    } else merge(from.member, into.member, bothJoined);
  };

  for (const profile of profiles) {
    const row = members.get(profile.member);
    if (row === undefined) continue;
    accepted.push({ member: profile.member, version: profile.version });
    if (row.status === 'erased' || profile.version <= row.profileVersion) continue;
    members.set(profile.member, { ...row, profileVersion: profile.version });
    written.set(profile.member, profile);
    for (const identifier of profile.identifiers) take(identifier, profile.member);
  }
  return {
    profiles: [...written.values()],
    identifiers: [...identifiers.values()],
    merges,
    twins,
    accepted,
  };
}
