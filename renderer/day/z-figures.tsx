import type { ReactNode } from 'react';
import type { ShiftFigures } from '#journal/entry.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import styles from './close-shift.module.css';

/** The closed shift: its number, its figures, and whether the drawer agrees. */
export function ZFigures(props: {
  readonly figures: ShiftFigures;
  readonly onDone: () => void;
}): ReactNode {
  const { t, format } = useSpeech();
  const { figures, onDone } = props;
  const difference =
    figures.countedMinor === null ? null : figures.countedMinor - figures.cashMinor;
  const rows: readonly (readonly [string, string])[] = [
    [t('z.sales'), format.points(figures.sales)],
    [t('z.with-member'), format.points(figures.salesWithMember)],
    [t('z.total'), format.money(figures.totalMinor)],
    [t('z.returns'), format.money(figures.returnsMinor)],
    [t('z.expected'), format.money(figures.cashMinor)],
    [
      t('z.counted'),
      figures.countedMinor === null ? t('z.not-counted') : format.money(figures.countedMinor),
    ],
    [t('z.earned'), format.points(figures.earned)],
    [t('z.redeemed'), format.points(Math.abs(figures.redeemed))],
    [t('z.reversed'), format.points(figures.reversed)],
  ];
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
      <dl className={styles.figures} tabIndex={0}>
        {rows.map(([label, value]) => (
          <div className={styles.row} key={label}>
            <dt>{label}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      <p className={styles.hint}>{t('z.not-fiscal')}</p>
      <Button look="filled" size="key" part="z-done" onPress={onDone}>
        {t('z.done')}
      </Button>
    </section>
  );
}
