import type { HandlersOf } from '#contract/rpc.ts';
import { tillContract, type TillContract } from '#contract/till.ts';
import { lockIfIdle, touched } from './auto-lock.ts';
import type { Core } from './core.ts';
import { refusal } from './session.ts';
import { signedIn } from './staff.ts';

type Handlers = HandlersOf<TillContract>;

/** What a locked till still does. */
const ALWAYS: ReadonlySet<string> = new Set(['sign-in', 'sign-in.lock']);
/** What the page asks by itself: nobody touched the screen. */
const UNASKED: ReadonlySet<string> = new Set(['state', 'products', 'day', 'receipt.view']);

/**
 * The same calls, of which a locked till refuses every one that can be refused; what only shows
 * something is answered. Any call of a person's counts as a touch.
 *
 * Which calls can be refused is what their own output says, so that a new one is not forgotten here.
 */
export function refusingWhenLocked(core: Core, handlers: Handlers): Handlers {
  const locked = { outcome: 'refused', refusal: refusal('locked') } as const;
  const guarded = Object.entries(handlers).map(([name, handler]) => {
    const { output } = tillContract.calls[name as keyof TillContract['calls']];
    const canRefuse = !ALWAYS.has(name) && output.safeParse(locked).success;
    const answer = handler as (input: unknown) => unknown;
    return [
      name,
      (input: unknown) => {
        // After the machine's sleep the watch comes later than whoever taps first.
        lockIfIdle(core);
        if (canRefuse && signedIn(core) === null) return locked;
        if (!UNASKED.has(name)) touched(core);
        return answer(input);
      },
    ];
  });
  return Object.fromEntries(guarded) as Handlers;
}
