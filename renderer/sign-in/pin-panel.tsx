import type { ReactNode } from 'react';
import type { StaffView } from '#contract/staff.ts';
import { useClock } from '#renderer/cashier/use-clock.ts';
import { useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { erasePin, submitPin, typePin } from './people.ts';
import styles from './pin-panel.module.css';

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
const secondMs = 1000;

/** The PIN of the chosen name: dots, what went wrong, and a pad that reads left to right everywhere. */
export function PinPanel({ person }: { readonly person: StaffView }): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const pin = useCounterUi((ui) => ui.people.pin);
  const isAsking = useCounterUi((ui) => ui.people.isAsking);
  const waitS = useWait(person);
  const key = (digit: string): ReactNode => (
    <Button
      key={digit}
      size="key"
      className={styles.digit}
      isDisabled={waitS > 0}
      onPress={() => typePin(counter, digit)}
      part={`pin-${digit}`}
    >
      {digit}
    </Button>
  );
  return (
    <section className={styles.panel} aria-label={t('pin.title')} data-part="pin">
      <h2 className={styles.title}>
        <bdi>{person.name}</bdi>
      </h2>
      <p
        className={styles.dots}
        dir="ltr"
        role="status"
        aria-label={t('pin.typed', { count: pin.length })}
        data-part="pin-dots"
        data-count={pin.length}
      >
        {'●'.repeat(Math.min(pin.length, 8)) || t('pin.title')}
      </p>
      <Problem waitS={waitS} />
      <div className={styles.pad} dir="ltr" role="group" aria-label={t('pad.name')}>
        {digits.map(key)}
        <Button
          size="key"
          icon="erase"
          label={t('pad.erase')}
          onPress={() => erasePin(counter)}
          part="pin-erase"
        />
        {key('0')}
        <Button
          size="key"
          look="filled"
          icon="check"
          label={t('pin.done')}
          isDisabled={pin === '' || isAsking || waitS > 0}
          onPress={() => submitPin(counter)}
          part="pin-done"
        />
      </div>
    </section>
  );
}

/** Seconds until a PIN of this person is looked at again, on the till's clock. */
function useWait({ waitMs }: StaffView): number {
  const till = useTill();
  return useClock((nowMs) => {
    const sinceMs = nowMs - (till.snapshot().state?.nowMs ?? nowMs);
    return Math.max(0, Math.ceil((waitMs - sinceMs) / secondMs));
  });
}

function Problem({ waitS }: { readonly waitS: number }): ReactNode {
  const { t } = useSpeech();
  const words = useWords();
  const problem = useCounterUi((ui) => ui.people.problem);
  if (waitS > 0) {
    return (
      <Note tone="warning" part="pin-wait" announce>
        {t('pin.wait', { minutes: Math.floor(waitS / 60), seconds: waitS % 60 })}
      </Note>
    );
  }
  // A wait that is over is no problem any more.
  if (problem === null || (typeof problem === 'object' && problem.code === 'pin-wait')) {
    return <p className={styles.hint}>{t('pin.hint')}</p>;
  }
  return (
    <Note tone="refusal" part="pin-problem" announce>
      {typeof problem === 'string' ? t(`problem.${problem}`) : words(problem, 'refusal')}
    </Note>
  );
}
