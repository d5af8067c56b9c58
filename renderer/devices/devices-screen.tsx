import { type ReactNode, useEffect, useRef, useState } from 'react';
import { assertNever } from '#loyalty/result.ts';
import { show } from '#renderer/cashier/member-actions.ts';
import { useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import screen from '#renderer/setup/setup-screen.module.css';
import styles from './devices-screen.module.css';
import { DevicesText, useSay } from './devices-text.tsx';
import { DrawerStep } from './drawer-step.tsx';
import { PaperStep } from './paper-step.tsx';
import { PoleStep } from './pole-step.tsx';
import { PrinterStep } from './printer-step.tsx';
import { ReportStep } from './report-step.tsx';
import { ScannerStep } from './scanner-step.tsx';
import { type Step, steps } from './steps.ts';
import { DevicesContext, useDevices, useDevicesFromTill } from './use-devices.ts';

/** Which devices this till has: found, paired, tried and remembered, one question at a time. */
export function DevicesScreen(): ReactNode {
  const market = useTillState((state) => state.shop.market);
  const devices = useDevicesFromTill();
  if (devices === null) return null;
  return (
    <DevicesText market={market}>
      <DevicesContext value={devices}>
        <Wizard />
      </DevicesContext>
    </DevicesText>
  );
}

function Wizard(): ReactNode {
  const say = useSay();
  const [at, setAt] = useState(0);
  const step = steps[at] ?? 'report';
  const heading = useHeading(step);
  return (
    <div className={screen.screen} data-part="devices" data-step={step}>
      <Bar />
      <nav className={styles.steps} aria-label={say('steps')}>
        {steps.map((each, index) => (
          <span key={each} className={styles.step} aria-current={index === at ? 'step' : undefined}>
            <Button look="quiet" part={`devices-${each}`} onPress={() => setAt(index)}>
              {say(`step.${each}`)}
            </Button>
          </span>
        ))}
      </nav>
      <main className={screen.page}>
        <h1 className={styles.title} ref={heading} tabIndex={-1}>
          {say(`head.${step}`)}
        </h1>
        <div className={screen.body} key={step}>
          <OneStep step={step} />
        </div>
      </main>
      <footer className={screen.foot}>
        {at === 0 ? (
          <span />
        ) : (
          <Button icon="back" size="key" part="devices-before" onPress={() => setAt(at - 1)}>
            {say('before')}
          </Button>
        )}
        <Refusal />
        {at === steps.length - 1 ? (
          <Leave />
        ) : (
          <Button look="filled" size="key" part="devices-next" onPress={() => setAt(at + 1)}>
            {say('next')}
          </Button>
        )}
      </footer>
    </div>
  );
}

function OneStep({ step }: { readonly step: Step }): ReactNode {
  switch (step) {
    case 'printer':
      return <PrinterStep />;
    case 'paper':
      return <PaperStep />;
    case 'drawer':
      return <DrawerStep />;
    case 'scanner':
      return <ScannerStep />;
    case 'pole':
      return <PoleStep />;
    case 'report':
      return <ReportStep />;
    default:
      return assertNever(step, 'step');
  }
}

function useToTill(): () => void {
  const counter = useCounter();
  return () => show(counter, { kind: 'sell' });
}

function Bar(): ReactNode {
  const say = useSay();
  const leave = useToTill();
  return (
    <header className={screen.bar}>
      <p className={screen.brand}>{say('title')}</p>
      <Button icon="back" part="devices-back" onPress={leave}>
        {say('back')}
      </Button>
    </header>
  );
}

function Leave(): ReactNode {
  const say = useSay();
  const leave = useToTill();
  return (
    <Button look="filled" size="key" part="devices-done" onPress={leave}>
      {say('done')}
    </Button>
  );
}

/** Why the last wish was not done. */
function Refusal(): ReactNode {
  const say = useSay();
  const { t } = useSpeech();
  const words = useWords();
  const { refusal } = useDevices();
  // What the till itself refused, such as its drawer to somebody who may not.
  const notice = useCounterUi((ui) => ui.notice);
  if (refusal === null && notice === null) return <span />;
  return (
    <Note tone="refusal" part="devices-refusal" announce>
      {refusal !== null
        ? say(`refused.${refusal}`)
        : notice?.from === 'core'
          ? words(notice.message, 'refusal')
          : notice === null
            ? null
            : t(notice.key, notice.values)}
    </Note>
  );
}

/** A new step begins at its heading for a screen reader. */
function useHeading(step: Step): React.RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [step]);
  return heading;
}
