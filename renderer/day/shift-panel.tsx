import type { ReactNode } from 'react';
import { back } from '#renderer/cashier/member-actions.ts';
import { eraseLast, type } from '#renderer/cashier/sale-actions.ts';
import { useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { NumberPad } from '#renderer/ui/number-pad.tsx';
import styles from './close-shift.module.css';

/** The drawer is counted: what for, what was typed, the pad, and the deeds that end it. */
export function ShiftPanel(props: {
  readonly part: string;
  readonly title: string;
  readonly hint: string;
  /** What was typed, by what it counts. */
  readonly amounts: ReactNode;
  /** The deeds. */
  readonly children: ReactNode;
}): ReactNode {
  const { part, title, hint, amounts, children } = props;
  const { t } = useSpeech();
  const words = useWords();
  const counter = useCounter();
  const notice = useCounterUi((ui) => ui.notice);
  return (
    <section className={styles.close} aria-label={title} data-part={part}>
      <header className={styles.head}>
        <div>
          <h2 className={styles.title}>{title}</h2>
          <p className={styles.hint}>{hint}</p>
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
      {amounts}
      <NumberPad onDigit={(digits) => type(counter, digits)} onErase={() => eraseLast(counter)} />
      <div className={styles.deeds}>{children}</div>
    </section>
  );
}

/** The one amount that is typed here. */
export function TypedAmount(props: {
  readonly label: string;
  readonly part: string;
  readonly amountMinor: number | null;
}): ReactNode {
  const { format } = useSpeech();
  const { label, part, amountMinor } = props;
  return (
    <p className={styles.counted}>
      <span>{label}</span>
      <bdi data-part={part}>{format.money(amountMinor ?? 0)}</bdi>
    </p>
  );
}
