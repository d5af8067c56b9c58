import type { HandlersOf } from '#contract/rpc.ts';
import type { ShopperContract, ShopperScene, ShopperState } from '#contract/shopper.ts';
import type { TillState } from '#contract/till-state.ts';
import { assert } from '#loyalty/result.ts';
import type { Timer } from './ports.ts';
import {
  basketScene,
  joinedScene,
  joinScene,
  surveyScene,
  thanksScene,
  type Basket,
  type Thanks,
} from './shopper-scene.ts';
import type { Till } from './till.ts';

/** An untouched display goes dark this long after the sale, or after somebody was asked something. */
const DARK_AFTER_MS = 20_000;
/** A touched one waits this long after the last touch. */
const TOUCHED_DARK_AFTER_MS = 60_000;
/** So long before the time is up, it says so. Source: WCAG 2.2.1. */
const ENDS_SOON_MS = 20_000;
/** The thanks and the receipt's code stand so long before a question takes their place. */
const SURVEY_AFTER_MS = 6_000;

/** The second screen of one till. */
export interface ShopperDisplay {
  readonly handlers: HandlersOf<ShopperContract>;
  /** A page of it has come; the returned function says that it went. */
  connected(): () => void;
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
  till: Pick<Till, 'handlers' | 'onState' | 'shopper'>,
  timer: Timer,
): ShopperDisplay {
  const listeners = new Set<(state: ShopperState) => void>();
  let shop: ShopperState['shop'] | null = null;
  let scene: ShopperScene = { kind: 'idle' };
  /** The sale as its shopper last saw it or could have; null once it is over. */
  let open: Basket | null = null;
  /** The sale on which nobody touched what they were asked: dark until it changes. */
  let left: string | null = null;
  /** What stands behind the questions after a sale. */
  let thanked: Thanks | null = null;
  let sent = '';
  let cancelDark = (): void => {};
  let cancelSoon = (): void => {};
  let cancelSurvey = (): void => {};

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
  /** Asks once the thanks were seen; comes back to them after the last answer. */
  const askLater = (thanks: Thanks): void => {
    cancelSurvey();
    cancelSurvey = timer.after(SURVEY_AFTER_MS, () => {
      if (scene.kind === 'thanks' && till.shopper.beginSurvey(thanks.saleId)) ask(thanks);
    });
  };
  const ask = (thanks: Thanks): void => {
    const question = till.shopper.question(thanks.saleId);
    thanked = thanks;
    show(question === null ? { ...thanks, wasAsked: true } : surveyScene(thanks.saleId, question));
  };
  const keepLit = (): void => {
    cancelDark();
    cancelSoon();
  };
  const goDarkAfter = (delayMs: number): void => {
    keepLit();
    cancelDark = timer.after(delayMs, goDark);
    if (delayMs <= ENDS_SOON_MS) return;
    cancelSoon = timer.after(delayMs - ENDS_SOON_MS, () => {
      if (scene.kind === 'join') show({ ...scene, endsSoon: true });
    });
  };
  const goDark = (): void => {
    const { kind } = scene;
    thanked = null;
    till.shopper.endSurvey();
    left = kind === 'join' || kind === 'joined' ? JSON.stringify(open) : null;
    if (scene.kind === 'join') till.shopper.end(scene.ask, 'left');
    else if (scene.kind === 'joined') till.shopper.seen(scene.ask);
    show({ kind: 'dark' });
  };

  /** What somebody has to answer or to photograph stands before everything else of the same sale. */
  const attended = (): ShopperScene | null => {
    const ask = till.shopper.ask();
    if (ask !== null) {
      const isSame = scene.kind === 'join' && scene.ask === ask.id;
      return joinScene(ask, isSame && scene.kind === 'join' && scene.endsSoon);
    }
    const joined = till.shopper.joined();
    return joined === null ? null : joinedScene(joined);
  };

  const follow = (state: TillState): void => {
    const { storeName, timeZone, currency, market, language } = state.shop;
    shop = { storeName, timeZone, currency, market, language };
    const before = open;
    open = basketScene(state);
    const first = attended();
    if (first !== null || open !== null) {
      thanked = null;
      cancelSurvey();
      till.shopper.endSurvey();
    }
    if (first !== null) {
      left = null;
      if (scene.kind !== first.kind) goDarkAfter(DARK_AFTER_MS);
      show(first);
    } else if (open !== null) {
      if (left !== null && left === JSON.stringify(open)) return;
      left = null;
      keepLit();
      show(open);
    } else if (before !== null) {
      left = null;
      const thanks = thanksScene(state, before);
      if (thanks === null) keepLit();
      else {
        goDarkAfter(DARK_AFTER_MS);
        askLater(thanks);
      }
      show(thanks ?? { kind: 'idle' });
    } else if (scene.kind === 'join' || scene.kind === 'joined') {
      keepLit();
      show({ kind: 'idle' });
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
      'join.at': ({ ask, step }) => {
        till.shopper.at(ask, step);
        return null;
      },
      'join.phone': ({ ask, phone }) => till.shopper.checkPhone(ask, phone),
      'join.existing': ({ ask, phone }) => till.shopper.useExisting(ask, phone),
      'join.answer': (input) => till.shopper.answer(input),
      'join.decline': ({ ask }) => {
        till.shopper.end(ask, 'declined');
        return null;
      },
      'joined.seen': ({ ask }) => {
        till.shopper.seen(ask);
        return null;
      },
      'survey.answer': ({ saleId, question, answer }) => {
        if (scene.kind !== 'survey' || scene.saleId !== saleId || scene.question !== question) {
          return { taken: false };
        }
        assert(thanked !== null, 'a question stands before the thanks of its sale');
        if (answer === null) {
          till.shopper.endSurvey();
          show({ ...thanked, wasAsked: true });
          return { taken: true };
        }
        const taken = till.shopper.answerSurvey(saleId, question, answer);
        if (taken) ask(thanked);
        return { taken };
      },
      touch() {
        if (scene.kind === 'dark') {
          left = null;
          show(open ?? { kind: 'idle' });
        } else if (scene.kind !== 'basket' && scene.kind !== 'idle') {
          goDarkAfter(TOUCHED_DARK_AFTER_MS);
          // Whoever is busy with the code on the receipt is not asked meanwhile.
          if (scene.kind === 'thanks' && !scene.wasAsked) askLater(scene);
          if (scene.kind === 'join' && scene.endsSoon) show({ ...scene, endsSoon: false });
        }
        return null;
      },
    },
    connected: () => till.shopper.connected(),
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop() {
      stopFollowing();
      keepLit();
      cancelSurvey();
    },
  };
}
