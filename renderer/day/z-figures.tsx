import type { ReactNode } from 'react';
import { cashDifferenceMinor, type ShiftFigures } from '#journal/entry.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import styles from './close-shift.module.css';
import { ShiftTable } from './shift-table.tsx';

/** The closed shift: its number, its figures, and whether the drawer agrees. */
export function ZFigures(props: {
  readonly figures: ShiftFigures;
  readonly onDone: () => void;
}): ReactNode {
  const { t, format } = useSpeech();
  const { figures, onDone } = props;
  const difference = cashDifferenceMinor(figures);
  return (
    <section
      className={styles.close}
      aria-label={t('z.title', { number: figures.number })}
      data-part="z-report"
      data-number={figures.number}
    >
      <h2 className={styles.title}>{t('z.title', { number: figures.number })}</h2>
      {difference === null ? null : (
        <Note tone={difference === 0 ? 'ok' : 'warning'} part="z-difference">
          {difference === 0
            ? t('z.agrees')
            : t(difference > 0 ? 'z.over' : 'z.short', {
                money: format.money(Math.abs(difference)),
              })}
        </Note>
      )}
      {difference === null || difference === 0 || figures.floatMinor !== undefined ? null : (
        <p className={styles.hint} data-part="z-float-unknown">
          {t('z.float-unknown')}
        </p>
      )}
      <div className={styles.figures} tabIndex={0} role="group" aria-label={t('day.close')}>
        <ShiftTable figures={figures} isClosed />
      </div>
      <p className={styles.hint}>{t('z.not-fiscal')}</p>
      <Button look="filled" size="key" part="z-done" onPress={onDone}>
        {t('z.done')}
      </Button>
    </section>
  );
}
