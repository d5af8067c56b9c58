import { type ReactNode, useState } from 'react';
import type { Message } from '#contract/till-state.ts';
import type { ShiftFigures } from '#journal/entry.ts';
import { back } from '#renderer/cashier/member-actions.ts';
import { tellFailure } from '#renderer/cashier/perform.ts';
import { eraseLast, type } from '#renderer/cashier/sale-actions.ts';
import { receivedMinor } from '#renderer/cashier/tender-amounts.ts';
import { useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { askForWord, wordNeeded } from '#renderer/sign-in/people.ts';
import { useTill, useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { NumberPad } from '#renderer/ui/number-pad.tsx';
import styles from './close-shift.module.css';
import { ZFigures } from './z-figures.tsx';

/** Count the drawer, then close: expected is shown only after the count, so that nobody counts to it. */
export function CloseShift(): ReactNode {
  const { t, format } = useSpeech();
  const words = useWords();
  const till = useTill();
  const counter = useCounter();
  const entry = useCounterUi((ui) => ui.entry);
  const notice = useCounterUi((ui) => ui.notice);
  const shift = useTillState((state) => state.shift);
  const [closed, setClosed] = useState<ShiftFigures | null>(null);
  const counted = receivedMinor(entry);
  if (closed !== null)
    return <ZFigures figures={closed} onDone={() => counter.change({ panel: { kind: 'sell' } })} />;
  const refused = async (refusal: Message, countedMinor: number | null): Promise<void> => {
    const right = wordNeeded(refusal);
    if (right === null) counter.change({ notice: { from: 'core', message: refusal } });
    else if (await askForWord(counter, right)) close(countedMinor);
  };
  const close = (countedMinor: number | null): void => {
    till.call['shift.close']({ countedMinor }).then(
      (answer) => {
        if (answer.outcome === 'closed') setClosed(answer.figures);
        else void refused(answer.refusal, countedMinor);
      },
      (error: unknown) => tellFailure(counter, error),
    );
  };
  return (
    <section className={styles.close} aria-label={t('day.close')} data-part="close-panel">
      <header className={styles.head}>
        <div>
          <h2 className={styles.title}>{t('close.title')}</h2>
          <p className={styles.hint}>
            {shift === null
              ? t('close.no-shift')
              : t('close.since', { time: format.time(shift.openedAtMs), sales: shift.sales })}
          </p>
        </div>
        <Button icon="back" part="back" onPress={() => back(counter)}>
          {t('ui.back')}
        </Button>
      </header>
      {notice === null ? null : (
        <Note tone="refusal" announce>
          {notice.from === 'core' ? words(notice.message, 'refusal') : t(notice.key, notice.values)}
        </Note>
      )}
      <p className={styles.counted}>
        <span>{t('close.counted')}</span>
        <bdi data-part="counted">{format.money(counted ?? 0)}</bdi>
      </p>
      <div className={styles.pad}>
        <NumberPad onDigit={(digits) => type(counter, digits)} onErase={() => eraseLast(counter)} />
      </div>
      <div className={styles.deeds}>
        <Button part="close-uncounted" isDisabled={shift === null} onPress={() => close(null)}>
          {t('close.uncounted')}
        </Button>
        <Button
          look="filled"
          size="key"
          part="close-commit"
          isDisabled={shift === null || counted === null}
          onPress={() => close(counted)}
        >
          {t('close.deed')}
        </Button>
      </div>
    </section>
  );
}
