import type { Change } from '#contract/sync.ts';
import { closeGrant, joinSteps } from '#journal/held-grant.ts';
import type { Core } from './core.ts';
import type { TillReads, TillWrites } from './database.ts';
import { writeStep } from './grants.ts';
import type { Session } from './session-shape.ts';

const MERGES_MAX = 8;

/** Whether a reference stands for somebody whose data was erased. */
export type IsErased = (member: string) => boolean;

/**
 * Who is erased once these changes are taken in, under any reference they ever had here; null where
 * the changes erase nobody.
 */
export function erasedBy(read: TillReads, changes: readonly Change[]): IsErased | null {
  const erased = new Set<string>();
  const merged = new Map<string, string>();
  for (const change of changes) {
    if (change.kind === 'merge') merged.set(change.from, change.into);
    if (change.kind === 'member' && change.record.status === 'erased') {
      erased.add(change.record.member);
    }
  }
  if (erased.size === 0) return null;
  return (member) => {
    let at: string | null = member;
    for (let hops = 0; at !== null && hops <= MERGES_MAX; hops += 1) {
      if (erased.has(at)) return true;
      at = merged.get(at) ?? read.member(at)?.mergedInto ?? null;
    }
    return false;
  };
}

/** The open sale without somebody who was erased: the goods stay, undo does not bring them back. */
export function withoutErased(open: Session, isErased: IsErased): Session {
  const named = [open.member, ...open.past.map(({ member }) => member)];
  if (!named.some((known) => isErased(known?.member ?? ''))) return open;
  const gone = open.member !== null && isErased(open.member.member);
  return {
    ...open,
    past: [],
    member: gone ? null : open.member,
    rewards: gone ? [] : open.rewards,
    issuedCard:
      open.issuedCard !== null && isErased(open.issuedCard.member) ? null : open.issuedCard,
  };
}

/** Gives back, in the journal, what this till holds for people who were erased. */
export function giveBackErased(core: Core, writes: TillWrites, isErased: IsErased): void {
  const theirs = writes.openGrants().filter(({ member }) => isErased(member));
  writeStep(core, writes, joinSteps(theirs.map((held) => closeGrant(held, 'revoked'))));
}

/** Clears what the counter still remembers of them, and says so where they were on the sale. */
export function forgetErased(core: Core, before: Session, isErased: IsErased): void {
  const { counter } = core;
  if (counter.undo !== null && isErased(counter.undo.member.member)) counter.undo = null;
  if (before.member === null || !isErased(before.member.member)) return;
  counter.requesting.clear();
  core.notify('info', { code: 'member-erased', params: {} });
}
