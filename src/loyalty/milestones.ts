import type { AccountRef } from './entry.ts';
import { type Ledger, stateOf } from './ledger.ts';

/** A message that is due when something is reached. */
export type Milestone =
  | { readonly on: 'enrol'; readonly send: string }
  | { readonly on: 'balance'; readonly points: number; readonly send: string };

/** Messages due for a new member. */
export function messagesOnEnrol(milestones: readonly Milestone[]): string[] {
  return milestones.flatMap((milestone) => (milestone.on === 'enrol' ? [milestone.send] : []));
}

/**
 * The message due when a balance rises: that of the highest milestone crossed, and only that one.
 *
 * Nothing is due when a balance falls; reached again, a milestone is told again.
 */
export function messagesOnBalance(
  milestones: readonly Milestone[],
  before: number,
  after: number,
): string[] {
  let highest: Extract<Milestone, { on: 'balance' }> | null = null;
  for (const milestone of milestones) {
    if (milestone.on !== 'balance') continue;
    if (milestone.points <= before || milestone.points > after) continue;
    if (highest === null || milestone.points > highest.points) highest = milestone;
  }
  return highest === null ? [] : [highest.send];
}

/** Messages due to the holder of an account for what happened to a ledger in between. */
export function messagesDue(
  milestones: readonly Milestone[],
  account: AccountRef,
  before: Ledger,
  after: Ledger,
  atMs: number,
): string[] {
  const joined = after.members.has(account.holder) && !before.members.has(account.holder);
  const [then, now] = [before, after].map((of) => stateOf(of, account, atMs).balance);
  return [
    ...(joined ? messagesOnEnrol(milestones) : []),
    ...messagesOnBalance(milestones, then ?? 0, now ?? 0),
  ];
}
