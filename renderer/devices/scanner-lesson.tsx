import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { ScannerLesson as Lesson } from '#contract/device.ts';
import { calibrationText, type CalibrationResult } from '#scan/calibration.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import { learnFromKeyboard } from '#renderer/scan/learn-scanner.ts';
import { changeSettings } from '#renderer/settings/settings-store.ts';
import { play } from '#renderer/sound/sounds.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { QrCode } from '#renderer/ui/qr-code.tsx';
import { useSay } from './devices-text.tsx';
import styles from './parts.module.css';
import { useDevices } from './use-devices.ts';

/**
 * Pairs whichever scanner reads the code: one that sends bytes teaches the drivers, one that types
 * teaches this page. Nobody needs to know which kind theirs is.
 */
export function ScannerLesson(): ReactNode {
  const say = useSay();
  const till = useTill();
  const { lesson } = useDevices().view;
  const [asked, setAsked] = useState(false);
  const [typed, setTyped] = useState<CalibrationResult | null>(null);
  const stop = useCallback((): void => {
    setAsked(false);
    till.call['devices.learn']({ on: false }).catch(() => undefined);
  }, [till]);
  const waiting = asked && (lesson === null || lesson === 'waiting');
  useKeyboardLesson(waiting, setTyped, stop);
  // Whoever leaves the step ends the waiting.
  useEffect(
    () => () => void till.call['devices.learn']({ on: false }).catch(() => undefined),
    [till],
  );
  const start = (): void => {
    setTyped(null);
    // The answer before it is not this one's: only `waiting` is believed until then.
    void till.call['devices.learn']({ on: true }).then(
      () => setAsked(true),
      () => undefined,
    );
  };
  const shown = typed === null && lesson !== null && lesson !== 'waiting' ? lesson : null;
  return (
    <>
      <h2 className={styles.heading}>{say('scanner.pair')}</h2>
      <div className={styles.code}>
        <QrCode text={calibrationText} label={say('scanner.code')} />
        <p className={styles.lead}>{say(waiting ? 'scanner.waiting' : 'scanner.how')}</p>
        <Button
          icon="scan"
          part={waiting ? 'scanner-stop' : 'scanner-start'}
          onPress={waiting ? stop : start}
        >
          {say(waiting ? 'scanner.stop' : 'scanner.start')}
        </Button>
      </div>
      {waiting ? null : (
        <>
          <TypedNote result={typed} />
          <SentNote lesson={shown} />
        </>
      )}
    </>
  );
}

/** While a scan is waited for every key may be a scanner's. */
function useKeyboardLesson(
  waiting: boolean,
  onTyped: (result: CalibrationResult) => void,
  stop: () => void,
): void {
  const counter = useCounter();
  useEffect(() => {
    if (!waiting) return undefined;
    // The page's own listener stands back, as it does for the keyboard scanner's own panel.
    counter.change({ panel: { kind: 'scanner' } });
    const end = learnFromKeyboard(document, {
      onResult(result) {
        play(result.kind === 'calibrated' ? 'member' : 'refused');
        if (result.kind === 'calibrated') changeSettings({ scanner: result.calibration });
        onTyped(result);
        stop();
      },
      onLeave: stop,
    });
    return () => {
      end();
      // Whoever left for the till meanwhile is there already.
      if (counter.ui().panel.kind === 'scanner') counter.change({ panel: { kind: 'settings' } });
    };
  }, [waiting, counter, onTyped, stop]);
}

function TypedNote({ result }: { readonly result: CalibrationResult | null }): ReactNode {
  const say = useSay();
  if (result === null) return null;
  if (result.kind === 'refused') {
    return (
      <Note tone="warning" part="lesson-refused" announce>
        {say(`scanner.${result.reason}`)}
      </Note>
    );
  }
  const { keyboard, prefix, suffix } = result.calibration;
  if (keyboard === null) return null;
  return (
    <Note tone="ok" part="lesson-typed" announce>
      {say('scanner.learned-keyboard', {
        layout: say(`scanner.layout-${keyboard.layout}`),
        ms: keyboard.paceMs,
      })}
      {prefix + suffix === '' ? null : ` ${say('scanner.affixes')}`}
    </Note>
  );
}

function SentNote({ lesson }: { readonly lesson: Lesson | null }): ReactNode {
  const say = useSay();
  if (lesson === null) return null;
  if (lesson.kind === 'nothing') {
    return (
      <Note tone="info" part="lesson-nothing" announce>
        {say('scanner.nothing')}
      </Note>
    );
  }
  if (lesson.kind === 'refused') {
    return (
      <Note tone="warning" part="lesson-refused" announce>
        {say(`scanner.${lesson.reason}`)}
      </Note>
    );
  }
  const { affixes, dropsGroupSeparator } = lesson;
  return (
    <>
      <Note tone="ok" part="lesson-learned" announce>
        {say('scanner.learned', { device: affixes.device })}
        {affixes.prefix + affixes.suffix === '' ? null : ` ${say('scanner.affixes')}`}
      </Note>
      {dropsGroupSeparator ? <Note tone="warning">{say('scanner.drops-gs')}</Note> : null}
    </>
  );
}
