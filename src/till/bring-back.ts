import type { Message } from '#contract/till-state.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { enterCode } from './codes.ts';
import { setSession, type Core } from './core.ts';
import { toggleReward } from './rewards.ts';
import { isSameShopper, refusal, sameReward } from './session.ts';
import type { HadOnce, Session } from './session-shape.ts';

/** What a sale has, or had and is still being asked for again: both wait with it where it is set aside. */
export function hadBy({ rewards, codes, comingBack }: Session): HadOnce {
  const later = comingBack.rewards.filter((had) => !rewards.some((now) => sameReward(now, had)));
  const texts = codes.map(({ text }) => text);
  return {
    rewards: [
      ...rewards.map(({ programme, reward, sku }) => ({ programme, reward, sku })),
      ...later,
    ],
    codes: [...texts, ...comingBack.codes.filter((text) => !texts.includes(text))],
  };
}

/** What cannot be had any more is said, and the goods stay. */
export function sayAndGoOn(core: Core): (why: Message) => 'go-on' {
  return (why) => {
    core.notify('refusal', why);
    return 'go-on';
  };
}

/** Sales that are being asked for what they had, by till. */
const underWay = new WeakMap<Core, number>();

/**
 * Asks again for what the open sale had, one after the other.
 *
 * Rewards take the points of whoever is on the sale: once that is somebody else, or the sale is over,
 * nothing more is asked for. `refused` decides whether one that cannot be had any more ends it. What
 * was not asked for yet is kept with the sale, which may be set aside, or its till killed, meanwhile.
 */
export async function bringBack(
  core: Core,
  { codes, rewards }: HadOnce,
  refused: (why: Message) => 'go-on' | 'end',
): Promise<Result<null, Message>> {
  const { counter } = core;
  const { saleId } = counter.session;
  const had = { codes, rewards };
  keep(core, had);
  underWay.set(core, (underWay.get(core) ?? 0) + 1);
  try {
    return await askForEach(core, had, refused);
  } finally {
    const others = (underWay.get(core) ?? 1) - 1;
    underWay.set(core, others);
    if (others === 0 && counter.session.saleId === saleId) keep(core, { codes: [], rewards: [] });
  }
}

function keep(core: Core, had: HadOnce): void {
  const { session } = core.counter;
  const { codes, rewards } = session.comingBack;
  const isSame = codes.length === had.codes.length && rewards.length === had.rewards.length;
  if (!isSame) setSession(core, { ...session, comingBack: had });
}

/** After a start, once the server is there: goes on with what the last process was asking for. */
export async function goOnBringingBack(core: Core): Promise<void> {
  const { comingBack } = core.counter.session;
  if ((underWay.get(core) ?? 0) > 0 || comingBack.codes.length + comingBack.rewards.length === 0) {
    return;
  }
  await bringBack(core, comingBack, sayAndGoOn(core));
  core.changed();
}

async function askForEach(
  core: Core,
  { codes, rewards }: HadOnce,
  refused: (why: Message) => 'go-on' | 'end',
): Promise<Result<null, Message>> {
  const { counter } = core;
  const begun = counter.session;
  const asks = [
    ...codes.map((text) => ({
      async ask() {
        const isThere = counter.session.codes.some((code) => code.text === text);
        return isThere ? ok(null) : enterCode(core, text);
      },
      without: (left: HadOnce) => ({ ...left, codes: left.codes.filter((one) => one !== text) }),
    })),
    ...rewards.map((reward) => ({
      async ask() {
        const isThere = counter.session.rewards.some((known) => sameReward(known, reward));
        return isThere ? ok(null) : toggleReward(core, reward);
      },
      without: (left: HadOnce) => ({
        ...left,
        rewards: left.rewards.filter((one) => !sameReward(one, reward)),
      }),
    })),
  ];
  for (const { ask, without } of asks) {
    const had = isSameShopper(begun, counter.session) ? await ask() : null;
    const isSame = isSameShopper(begun, counter.session);
    if (isSame) keep(core, without(counter.session.comingBack));
    if (had?.ok === true) continue;
    if (had === null || !isSame) return err(refusal('too-late-to-bring-back'));
    if (refused(had.error) === 'end') return had;
  }
  return ok(null);
}
