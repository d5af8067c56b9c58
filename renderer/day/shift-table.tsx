import type { ReactNode } from 'react';
import type { ShiftFigures } from '#journal/entry.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import styles from './close-shift.module.css';

/** The figures of a shift; what was counted only where it is closed. */
export function ShiftTable(props: {
  readonly figures: ShiftFigures;
  readonly isClosed: boolean;
}): ReactNode {
  const { t, format } = useSpeech();
  const { figures, isClosed } = props;
  const counted: readonly (readonly [string, string])[] = isClosed
    ? [
        [
          t('z.counted'),
          figures.countedMinor === null ? t('z.not-counted') : format.money(figures.countedMinor),
        ],
      ]
    : [];
  const rows: readonly (readonly [string, string])[] = [
    [t('z.sales'), format.points(figures.sales)],
    [t('z.with-member'), format.points(figures.salesWithMember)],
    [t('z.total'), format.money(figures.totalMinor)],
    [t('z.returns'), format.money(figures.returnsMinor)],
    [t('z.expected'), format.money(figures.cashMinor)],
    ...counted,
    [t('z.drawer'), format.points(figures.drawerOpenings)],
    [t('z.earned'), format.points(figures.earned)],
    [t('z.redeemed'), format.points(Math.abs(figures.redeemed))],
    [t('z.reversed'), format.points(figures.reversed)],
  ];
  return (
    <dl>
      {rows.map(([label, value]) => (
        <div className={styles.row} key={label}>
          <dt>{label}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
