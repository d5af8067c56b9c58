import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ShopperContract, ShopperScene, ShopperState } from '#contract/shopper.ts';
import { assertNever } from '#loyalty/result.ts';
import { SpeechProvider } from '#renderer/i18n/speech-provider.tsx';
import { type Language, languages } from '#renderer/settings/settings-store.ts';
import { useTheme } from '#renderer/settings/use-settings.ts';
import type { CoreClient } from '#renderer/till/core-client.ts';
import { Starting } from '#renderer/till/starting.tsx';
import { BasketScene } from './basket-scene.tsx';
import { Corner } from './corner.tsx';
import { DarkScene } from './dark-scene.tsx';
import { IdleScene } from './idle-scene.tsx';
import { JoinScene } from './join-scene.tsx';
import { JoinedScene } from './joined-scene.tsx';
import styles from './shopper-page.module.css';
import { SurveyScene } from './survey-scene.tsx';
import { ThanksScene } from './thanks-scene.tsx';

export type ShopperClient = CoreClient<ShopperContract>;

/** Touches are told at most this often. */
const touchEveryMs = 1_000;

/** The page that faces the shopper, over one display of one till. */
export function ShopperPage({ shopper }: { readonly shopper: ShopperClient }): ReactNode {
  const { state } = useSyncExternalStore(shopper.subscribe, shopper.snapshot);
  const wishes = useWishes(state?.scene ?? null);
  useTheme('light');
  useTouches(shopper);
  const machine = languages.find((language) => navigator.language.startsWith(language)) ?? 'en';
  return (
    <SpeechProvider
      language={wishes.language ?? state?.shop.language ?? machine}
      market={state?.shop.market ?? 'TR'}
      currency={state?.shop.currency ?? 'TRY'}
      timeZone={state?.shop.timeZone ?? 'UTC'}
    >
      {state === null ? <Starting /> : <Display shopper={shopper} state={state} wishes={wishes} />}
    </SpeechProvider>
  );
}

function Display(props: {
  readonly shopper: ShopperClient;
  readonly state: ShopperState;
  readonly wishes: Wishes;
}): ReactNode {
  const { shopper, state, wishes } = props;
  if (state.scene.kind === 'dark') return <DarkScene />;
  return (
    <div
      className={wishes.isLarge ? `${styles.page} ${styles.large}` : styles.page}
      data-part="display"
      data-scene={state.scene.kind}
      data-large={wishes.isLarge}
    >
      <main className={styles.scene}>
        <Scene shopper={shopper} state={state} wishes={wishes} />
      </main>
      <Corner wishes={wishes} />
    </div>
  );
}

function Scene(props: {
  readonly shopper: ShopperClient;
  readonly state: ShopperState;
  readonly wishes: Wishes;
}): ReactNode {
  const { shopper, state, wishes } = props;
  const { scene } = state;
  switch (scene.kind) {
    case 'idle':
    case 'dark':
      return <IdleScene shopName={state.shop.storeName} />;
    case 'basket':
      return (
        <BasketScene
          scene={scene}
          onReward={(reward) =>
            // Silence changes nothing that is shown: the till tells the next state itself.
            void shopper.call['reward.toggle']({ saleId: scene.saleId, reward }).catch(() => null)
          }
        />
      );
    case 'join':
      // Made anew for each question: what one shopper typed is gone before the next is asked.
      return (
        <JoinScene
          key={scene.ask}
          shopper={shopper}
          scene={scene}
          shop={state.shop}
          wishes={wishes}
        />
      );
    case 'joined':
      return (
        <JoinedScene
          scene={scene}
          onDone={() => {
            const { saleId, ask } = scene;
            void shopper.call['joined.seen']({ saleId, ask }).catch(() => null);
          }}
        />
      );
    case 'survey':
      return (
        <SurveyScene
          scene={scene}
          onAnswer={(answer) => {
            const { saleId, question } = scene;
            void shopper.call['survey.answer']({ saleId, question, answer }).catch(() => null);
          }}
        />
      );
    case 'thanks':
      return <ThanksScene scene={scene} />;
    default:
      return assertNever(scene, 'a scene of the display');
  }
}

/** How this shopper wants the screen; forgotten with the sale. */
export interface Wishes {
  readonly language: Language | null;
  readonly isLarge: boolean;
  readonly setLanguage: (language: Language) => void;
  readonly setLarge: (isLarge: boolean) => void;
}

function useWishes(scene: ShopperScene | null): Wishes {
  const [language, setLanguage] = useState<Language | null>(null);
  const [isLarge, setLarge] = useState(false);
  const saleId = scene !== null && 'saleId' in scene ? scene.saleId : null;
  const before = useRef<string | null>(null);
  useEffect(() => {
    // Chosen while nothing was sold, it is for the sale that begins now; after a sale it is nobody's.
    if (before.current !== null && before.current !== saleId) {
      setLanguage(null);
      setLarge(false);
    }
    before.current = saleId;
  }, [saleId]);
  return { language, isLarge, setLanguage, setLarge };
}

function useTouches(shopper: ShopperClient): void {
  useEffect(() => {
    let toldMs = -touchEveryMs;
    const tell = (): void => {
      if (performance.now() - toldMs < touchEveryMs) return;
      toldMs = performance.now();
      void shopper.call.touch(null).catch(() => null);
    };
    document.addEventListener('pointerdown', tell, { capture: true });
    document.addEventListener('keydown', tell, { capture: true });
    return () => {
      document.removeEventListener('pointerdown', tell, { capture: true });
      document.removeEventListener('keydown', tell, { capture: true });
    };
  }, [shopper]);
}
