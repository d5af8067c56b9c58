import type { HandlersOf } from '#contract/rpc.ts';
import type { ShopperContract, ShopperScene, ShopperState } from '#contract/shopper.ts';
import type { TillState } from '#contract/till-state.ts';
import { assert } from '#loyalty/result.ts';
import type { Timer } from './ports.ts';
import { basketScene, thanksScene } from './shopper-scene.ts';
import type { Till } from './till.ts';

/** An untouched display goes dark this long after the sale. */
const DARK_AFTER_MS = 20_000;
/** A touched one waits this long after the last touch. */
const TOUCHED_DARK_AFTER_MS = 60_000;

/** The second screen of one till. */
export interface ShopperDisplay {
  readonly handlers: HandlersOf<ShopperContract>;
  /** Called with the whole state after each change of it. Returns what removes the listener. */
  onState(listener: (state: ShopperState) => void): () => void;
  stop(): void;
}

/**
 * Follows a till and shows its shopper what is theirs.
 *
 * It sees only what the cashier's screen is told, and keeps of a sale only what it showed, until the
 * next sale begins or the display goes dark: nothing of one shopper is there for the next.
 */
export function createShopperDisplay(
  till: Pick<Till, 'handlers' | 'onState'>,
  timer: Timer,
): ShopperDisplay {
  const listeners = new Set<(state: ShopperState) => void>();
  let shop: ShopperState['shop'] | null = null;
  let scene: ShopperScene = { kind: 'idle' };
  let sent = '';
  let cancelDark = (): void => {};

  const tell = (): void => {
    if (shop === null) return;
    const state = { shop, scene };
    const text = JSON.stringify(state);
    if (text === sent) return;
    sent = text;
    for (const listener of listeners) listener(state);
  };
  const show = (next: ShopperScene): void => {
    scene = next;
    tell();
  };
  const goDarkAfter = (delayMs: number): void => {
    cancelDark();
    cancelDark = timer.after(delayMs, () => show({ kind: 'dark' }));
  };

  const follow = (state: TillState): void => {
    const { storeName, timeZone, currency, market, language } = state.shop;
    shop = { storeName, timeZone, currency, market, language };
    const open = basketScene(state);
    if (open !== null) {
      cancelDark();
      show(open);
    } else if (scene.kind === 'basket') {
      const thanks = thanksScene(state, scene);
      if (thanks !== null) goDarkAfter(DARK_AFTER_MS);
      show(thanks ?? { kind: 'idle' });
    } else {
      tell();
    }
  };
  const stopFollowing = till.onState(follow);

  return {
    handlers: {
      async state() {
        if (shop === null) follow(await till.handlers.state(null));
        assert(shop !== null, 'a till has a shop');
        return { shop, scene };
      },
      async 'reward.toggle'({ saleId, reward }) {
        // A tap that was meant for the sale before must not spend the next shopper's points.
        if (scene.kind !== 'basket' || scene.saleId !== saleId) return { taken: false };
        if (!scene.rewards.some((offer) => offer.reward === reward)) return { taken: false };
        const outcome = await till.handlers['reward.toggle']({ reward });
        return { taken: outcome.outcome === 'done' };
      },
      touch() {
        if (scene.kind === 'dark') show({ kind: 'idle' });
        else if (scene.kind === 'thanks') goDarkAfter(TOUCHED_DARK_AFTER_MS);
        return null;
      },
    },
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop() {
      stopFollowing();
      cancelDark();
    },
  };
}
