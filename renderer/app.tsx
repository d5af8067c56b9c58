import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { assertNever } from '#loyalty/result.ts';
import { announceNews } from '#renderer/cashier/announce.ts';
import type { Counter, CounterUi } from '#renderer/cashier/counter.ts';
import { CounterScreen } from '#renderer/cashier/counter-screen.tsx';
import { handleKey } from '#renderer/cashier/keys.ts';
import { pressPrinted } from '#renderer/cashier/screen-keys.ts';
import { scanned, type } from '#renderer/cashier/sale-actions.ts';
import { CounterContext, useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { CoreLost } from '#renderer/till/core-lost.tsx';
import { ShownRevision } from '#renderer/till/shown-revision.tsx';
import { LiveRegion } from '#renderer/cashier/live-region.tsx';
import { SpeechProvider } from '#renderer/i18n/speech-provider.tsx';
import { listenToKeyboard } from '#renderer/scan/keyboard.ts';
import { wedgeSettingsOf } from '#scan/calibration.ts';
import { defaultScanSettings } from '#scan/settings.ts';
import { languages } from '#renderer/settings/settings-store.ts';
import { useSettings, useScreenSize, useTheme } from '#renderer/settings/use-settings.ts';
import { peopleMode, restoreHere, typedHere, typePin } from '#renderer/sign-in/people.ts';
import { PeopleScreen } from '#renderer/sign-in/people-screen.tsx';
import { usePeopleMode } from '#renderer/sign-in/use-people.ts';
import type { TillClient } from '#renderer/till/till-client.ts';
import { TillContext, useTill, useTillSnapshot } from '#renderer/till/till-context.ts';
import { Unbroken } from '#renderer/till/unbroken.tsx';
import { Starting } from '#renderer/till/starting.tsx';
import styles from './app.module.css';

const loadDay = (): Promise<{ default: () => ReactNode }> =>
  import('#renderer/day/day-screen.tsx').then((day) => ({ default: day.DayScreen }));
const DayScreen = lazy(loadDay);
const fetchDayAfterMs = 3_000;
/** Well under the shortest time after which a till locks itself, a minute. */
const tellActivityMs = 15_000;
// Set-up and the programmes bring the whole engine along: no cashier waits for it.
const SetUp = lazy(() =>
  import('#renderer/setup/set-up.tsx').then((page) => ({ default: page.SetUp })),
);
const StaffScreen = lazy(() =>
  import('#renderer/sign-in/staff-screen.tsx').then((page) => ({ default: page.StaffScreen })),
);
const ProgrammesScreen = lazy(() =>
  import('#renderer/setup/programmes-screen.tsx').then((page) => ({
    default: page.ProgrammesScreen,
  })),
);

const ShopRulesScreen = lazy(() =>
  import('#renderer/setup/shop-rules-screen.tsx').then((page) => ({
    default: page.ShopRulesScreen,
  })),
);
const DevicesScreen = lazy(() =>
  import('#renderer/devices/devices-screen.tsx').then((page) => ({ default: page.DevicesScreen })),
);
const PaperScreen = lazy(() =>
  import('#renderer/devices/paper-screen.tsx').then((page) => ({ default: page.PaperScreen })),
);

/** The whole page, over one till and one counter. */
export function App(props: { readonly till: TillClient; readonly counter: Counter }): ReactNode {
  return (
    <TillContext value={props.till}>
      <CounterContext value={props.counter}>
        <Root />
      </CounterContext>
    </TillContext>
  );
}

/** The counter, or, while there is no shop, its set-up. */
function Root(): ReactNode {
  const needsSetUp = useTillSnapshot(({ core }) => core === 'set-up');
  const { theme, pitchMm } = useSettings();
  useTheme(theme);
  useScreenSize(pitchMm);
  if (!needsSetUp) return <Page />;
  return (
    <Suspense fallback={null}>
      <SetUp />
    </Suspense>
  );
}

function Page(): ReactNode {
  const shop = useTillSnapshot(({ state }) => state?.shop ?? null);
  const isLost = useTillSnapshot(({ core }) => core === 'lost');
  const chosen = useSettings();
  useKeyboard();
  useDayAtHand();
  const machine = languages.find((language) => navigator.language.startsWith(language)) ?? 'en';
  return (
    <SpeechProvider
      language={chosen.language ?? shop?.language ?? machine}
      market={shop?.market ?? 'TR'}
      currency={shop?.currency ?? 'TRY'}
      timeZone={shop?.timeZone ?? 'UTC'}
    >
      {shop === null ? (
        <Starting />
      ) : (
        <Unbroken>
          <Covered />
          <LiveRegion />
          <ShownRevision />
        </Unbroken>
      )}
      {isLost ? <CoreLost /> : null}
    </SpeechProvider>
  );
}

/** The screen, or the names over it: it keeps what is typed there, but nothing on it can be reached. */
function Covered(): ReactNode {
  const mode = usePeopleMode();
  useActivity();
  return (
    <>
      <div className={styles.under} inert={mode !== null}>
        <Screen />
      </div>
      {mode === null ? null : <PeopleScreen mode={mode} />}
    </>
  );
}

function Screen(): ReactNode {
  const screen = useCounterUi((ui) => ui.screen);
  if (screen === 'counter') return <CounterScreen />;
  return (
    <Suspense fallback={null}>
      <OtherScreen screen={screen} />
    </Suspense>
  );
}

function OtherScreen(props: {
  readonly screen: Exclude<CounterUi['screen'], 'counter'>;
}): ReactNode {
  switch (props.screen) {
    case 'day':
      return <DayScreen />;
    case 'programmes':
      return <ProgrammesScreen />;
    case 'shop-rules':
      return <ShopRulesScreen />;
    case 'staff':
      return <StaffScreen />;
    case 'devices':
      return <DevicesScreen />;
    case 'paper':
      return <PaperScreen />;
    default:
      return assertNever(props.screen, 'screen');
  }
}

/** The page listens always, whatever has the focus and whichever screen is shown. */
function useKeyboard(): void {
  const counter = useCounter();
  const { scanner } = useSettings();
  // While a scanner is being learnt every key is for that.
  const learning = useCounterUi((ui) => ui.panel.kind === 'scanner');
  useEffect(() => announceNews(counter), [counter]);
  // A reader that is not a keyboard sends its codes to the core, and the core says which key it was.
  useEffect(
    () => counter.till.on('screen-key', ({ key }) => pressPrinted(counter, key)),
    [counter],
  );
  useEffect(() => {
    if (learning) return undefined;
    return listenToKeyboard(
      document,
      {
        onScan: (code) =>
          code.kind === 'screen-key' ? pressPrinted(counter, code.key) : scanned(counter, code),
        onKey: (event, inTextField) => handleKey(counter, event, inTextField),
        entry: () => (peopleMode(counter) === null ? counter.ui().entry : typedHere(counter)),
        setEntry: (entry) =>
          peopleMode(counter) === null ? counter.change({ entry }) : restoreHere(counter, entry),
        onLostText: (text) => {
          const isPin = peopleMode(counter) !== null;
          for (const character of text) (isPin ? typePin : type)(counter, character);
        },
      },
      scanner === null ? undefined : wedgeSettingsOf(scanner, defaultScanSettings),
    );
  }, [counter, scanner, learning]);
}

/** Tells the core that somebody is here, so that it does not lock itself; now and then is enough. */
function useActivity(): void {
  const till = useTill();
  useEffect(() => {
    let toldMs = 0;
    const tell = (): void => {
      if (performance.now() - toldMs < tellActivityMs) return;
      toldMs = performance.now();
      // Silence is told elsewhere; a till that does not hear this does not lock either.
      till.call['sign-in.active'](null).catch(() => undefined);
    };
    const stop = new AbortController();
    const options = { capture: true, passive: true, signal: stop.signal };
    document.addEventListener('pointerdown', tell, options);
    document.addEventListener('keydown', tell, options);
    return () => stop.abort();
  }, [till]);
}

/** Fetches the manager's page while nothing else happens: opening it needs no file any more. */
function useDayAtHand(): void {
  useEffect(() => {
    // A failure here is told when the page is opened, where somebody can act on it.
    const timer = setTimeout(() => void loadDay().catch(() => undefined), fetchDayAfterMs);
    return () => clearTimeout(timer);
  }, []);
}
