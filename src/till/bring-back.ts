import type { Message } from '#contract/till-state.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { enterCode } from './codes.ts';
import type { Core } from './core.ts';
import { toggleReward } from './rewards.ts';
import { isSameShopper, refusal, sameReward } from './session.ts';
import type { RewardRef } from './session-shape.ts';

/** Codes and rewards a sale had, by name: what they held was given back. */
export interface HadOnce {
  readonly codes: readonly string[];
  readonly rewards: readonly RewardRef[];
}

/**
 * Asks again for what the open sale had, one after the other.
 *
 * Rewards take the points of whoever is on the sale: once that is somebody else, or the sale is over,
 * nothing more is asked for. `refused` decides whether one that cannot be had any more ends it.
 */
export async function bringBack(
  core: Core,
  { codes, rewards }: HadOnce,
  refused: (why: Message) => 'go-on' | 'end',
): Promise<Result<null, Message>> {
  const { counter } = core;
  const begun = counter.session;
  const asks = [
    ...codes.map((text) => async () => {
      const isThere = counter.session.codes.some((code) => code.text === text);
      return isThere ? ok(null) : enterCode(core, text);
    }),
    ...rewards.map((reward) => async () => {
      const isThere = counter.session.rewards.some((known) => sameReward(known, reward));
      return isThere ? ok(null) : toggleReward(core, reward);
    }),
  ];
  for (const ask of asks) {
    const had = isSameShopper(begun, counter.session) ? await ask() : null;
    if (had?.ok === true) continue;
    if (had === null || !isSameShopper(begun, counter.session)) {
      return err(refusal('too-late-to-bring-back'));
    }
    if (refused(had.error) === 'end') return had;
  }
  return ok(null);
}
