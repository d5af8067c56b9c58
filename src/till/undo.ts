import type { Message, TillState } from '#contract/till-state.ts';
import { err, type Result } from '#loyalty/result.ts';
import { rescueIssuedCard } from './card-issue.ts';
import { bringBack } from './bring-back.ts';
import { holding } from './codes.ts';
import { programmeOf, setSession, wallMs, type Core } from './core.ts';
import { closeGrants, type Holding } from './grants.ts';
import { linesBefore, remembering } from './history.ts';
import { attachedNow } from './members.ts';
import { dropRefusedRewards } from './rewards.ts';
import { refusal, sameReward, type Session } from './session.ts';
import type { SessionChange } from './session-shape.ts';
import { setSessionWithVoids } from './voids.ts';
import { words } from './words.ts';

/** The last change, in a word and with its name; null where nothing can be taken back. */
export function undoableView(core: Core): TillState['undoable'] {
  const change = core.counter.session.past.at(-1);
  if (change === undefined) return null;
  const name = change.name ?? rewardName(core, change);
  const params = name === null ? {} : { name: words(name) };
  return { change: { code: `undo-${change.what}`, params }, atMs: change.atMs };
}

function rewardName(core: Core, change: SessionChange): SessionChange['name'] {
  const now = core.counter.session.rewards;
  const differs =
    change.what === 'reward-applied'
      ? now.find((reward) => !change.rewards.some((before) => sameReward(before, reward)))
      : change.rewards.find((before) => !now.some((reward) => sameReward(before, reward)));
  if (differs === undefined || !change.what.startsWith('reward-')) return null;
  const rewards = programmeOf(core, differs.programme)?.rewards ?? [];
  return rewards.find(({ id }) => id === differs.reward)?.name ?? null;
}

/** Does something to the open sale's rewards that takes a while, and remembers the way back. */
export async function rememberingRewards(
  core: Core,
  deed: () => Promise<Result<null, Message>>,
): Promise<Result<null, Message>> {
  const before = core.counter.session;
  const done = await deed();
  const now = core.counter.session;
  if (!done.ok || now.saleId !== before.saleId || now.rewards === before.rewards) return done;
  // Goods that came meanwhile have their own way back.
  const next = remembering({ ...now, rewards: before.rewards }, now, wallMs(core));
  if (next.past !== now.past) setSession(core, next);
  return done;
}

/**
 * Takes back the last change of the open sale.
 *
 * Lines, member and codes are as they were at once; rewards that come back ask for their points
 * anew, because what they held was given back when they left.
 */
export async function undoLast(core: Core): Promise<Result<null, Message>> {
  const { session } = core.counter;
  const change = session.past.at(-1);
  if (change === undefined) return err(refusal('nothing-to-undo'));
  const isOther = change.member !== undefined;
  const member = change.member === undefined ? session.member : attachedNow(core, change.member);
  if (isOther) rescueIssuedCard(core, member?.member ?? null);
  core.counter.notice = null;
  const next = withoutLater(core.counter.session, change, member);
  const undone = setSessionWithVoids(core, next);
  if (!undone.ok) return undone;
  if (isOther) core.counter.requesting.clear();
  closeGrants(core, goneFrom(session, next), 'reward-removed');
  core.counter.lastTx = null;
  core.counter.undo = null;
  core.changed();
  dropRefusedRewards(core);
  return bringBack(core, change, () => 'end');
}

/** The sale with the change undone, but for what has to be asked for. */
function withoutLater(session: Session, change: SessionChange, member: Session['member']): Session {
  const isOther = change.member !== undefined;
  return {
    ...session,
    lines: linesBefore(session, change),
    member,
    rewards: session.rewards.filter(
      (reward) => !isOther && change.rewards.some((before) => sameReward(before, reward)),
    ),
    codes: session.codes.filter(({ text }) => change.codes.includes(text)),
    past: session.past.slice(0, -1),
  };
}

/** What was on the sale and has points on hold for nothing now. */
function goneFrom(before: Session, now: Session): readonly Holding[] {
  return [
    ...before.rewards.filter((reward) => !now.rewards.includes(reward)),
    ...before.codes.filter((code) => !now.codes.includes(code)).map(holding),
  ];
}
