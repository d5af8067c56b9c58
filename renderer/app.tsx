import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { announceNews } from '#renderer/cashier/announce.ts';
import type { Counter } from '#renderer/cashier/counter.ts';
import { CounterScreen } from '#renderer/cashier/counter-screen.tsx';
import { handleKey } from '#renderer/cashier/keys.ts';
import { scanned, type } from '#renderer/cashier/sale-actions.ts';
import { CounterContext, useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { CoreLost } from '#renderer/till/core-lost.tsx';
import { LiveRegion } from '#renderer/cashier/live-region.tsx';
import { SpeechProvider } from '#renderer/i18n/speech-provider.tsx';
import { listenToKeyboard } from '#renderer/scan/keyboard.ts';
import { wedgeSettingsOf } from '#scan/calibration.ts';
import { defaultScanSettings } from '#scan/settings.ts';
import { languages } from '#renderer/settings/settings-store.ts';
import { useSettings, useTheme } from '#renderer/settings/use-settings.ts';
import type { TillClient } from '#renderer/till/till-client.ts';
import { TillContext, useTillSnapshot } from '#renderer/till/till-context.ts';
import { Unbroken } from '#renderer/till/unbroken.tsx';
import { Starting } from '#renderer/till/starting.tsx';

const loadDay = (): Promise<{ default: () => ReactNode }> =>
  import('#renderer/day/day-screen.tsx').then((day) => ({ default: day.DayScreen }));
const DayScreen = lazy(loadDay);
const fetchDayAfterMs = 3_000;
// Set-up and the programmes bring the whole engine along: no cashier waits for it.
const SetUp = lazy(() =>
  import('#renderer/setup/set-up.tsx').then((page) => ({ default: page.SetUp })),
);
const ProgrammesScreen = lazy(() =>
  import('#renderer/setup/programmes-screen.tsx').then((page) => ({
    default: page.ProgrammesScreen,
  })),
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
  useTheme(useSettings().theme);
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
          <Screen />
          <LiveRegion />
        </Unbroken>
      )}
      {isLost ? <CoreLost /> : null}
    </SpeechProvider>
  );
}

function Screen(): ReactNode {
  const screen = useCounterUi((ui) => ui.screen);
  if (screen === 'counter') return <CounterScreen />;
  return (
    <Suspense fallback={null}>{screen === 'day' ? <DayScreen /> : <ProgrammesScreen />}</Suspense>
  );
}

/** The page listens always, whatever has the focus and whichever screen is shown. */
function useKeyboard(): void {
  const counter = useCounter();
  const { scanner } = useSettings();
  // While a scanner is being learnt every key is for that.
  const learning = useCounterUi((ui) => ui.panel.kind === 'scanner');
  useEffect(() => announceNews(counter), [counter]);
  useEffect(() => {
    if (learning) return undefined;
    return listenToKeyboard(
      document,
      {
        onScan: (code) => scanned(counter, code),
        onKey: (event, inTextField) => handleKey(counter, event, inTextField),
        entry: () => counter.ui().entry,
        setEntry: (entry) => counter.change({ entry }),
        onLostText: (text) => {
          for (const character of text) type(counter, character);
        },
      },
      scanner === null ? undefined : wedgeSettingsOf(scanner, defaultScanSettings),
    );
  }, [counter, scanner, learning]);
}

/** Fetches the manager's page while nothing else happens: opening it needs no file any more. */
function useDayAtHand(): void {
  useEffect(() => {
    // A failure here is told when the page is opened, where somebody can act on it.
    const timer = setTimeout(() => void loadDay().catch(() => undefined), fetchDayAfterMs);
    return () => clearTimeout(timer);
  }, []);
}
