import type { ReactNode } from 'react';
import type { DayReport } from '#contract/day.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import styles from './points-equation.module.css';
import { tieOf } from './tie.ts';

/** Opening + movements = closing, with a tick, or with the difference in red and in words. */
export function PointsEquation({ report }: { readonly report: DayReport }): ReactNode {
  const { t, format } = useSpeech();
  const points = report.points[0];
  if (points === undefined) {
    return <p className={`${styles.equation} ${styles.none}`}>{t('day.no-programme')}</p>;
  }
  const tie = tieOf(points);
  const ties = tie.difference === 0;
  return (
    <section
      className={styles.equation}
      aria-label={t('day.equation')}
      data-part="equation"
      data-ties={ties}
    >
      <Term value={format.points(tie.opening)} label={t('day.opening')} />
      <Sign text="+" />
      <Term value={format.points(tie.earned)} label={t('day.earned')} />
      <Sign text="−" />
      <Term value={format.points(tie.redeemed)} label={t('day.redeemed')} />
      <Sign text="−" />
      <Term value={format.points(tie.expired)} label={t('day.expired')} />
      <Sign text={tie.other < 0 ? '−' : '+'} />
      <Term value={format.points(Math.abs(tie.other))} label={t('day.other')} />
      <Sign text="=" />
      <div className={ties ? `${styles.term} ${styles.ties}` : `${styles.term} ${styles.differs}`}>
        <p className={styles.value}>
          <bdi>{format.points(tie.closing)}</bdi>
          <Icon name={ties ? 'check' : 'warning'} />
        </p>
        <p className={styles.label}>
          {ties
            ? t(report.source === 'server' ? 'day.ties' : 'day.ties-till')
            : t('day.differs', { points: format.points(tie.difference) })}
        </p>
      </div>
    </section>
  );
}

function Term({ value, label }: { readonly value: string; readonly label: string }): ReactNode {
  return (
    <div className={styles.term}>
      <p className={styles.value}>
        <bdi>{value}</bdi>
      </p>
      <p className={styles.label}>{label}</p>
    </div>
  );
}

function Sign({ text }: { readonly text: string }): ReactNode {
  return <span className={styles.sign}>{text}</span>;
}
