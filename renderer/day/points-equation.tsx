import type { ReactNode } from 'react';
import type { DayReport } from '#contract/day.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import styles from './points-equation.module.css';
import type { DrillPart, OpenEntries } from './day-page.tsx';
import { Press } from '#renderer/ui/press.tsx';
import type { DayFigure } from '#contract/manager.ts';
import { useProgrammes } from './programmes.tsx';
import { tieOf } from './tie.ts';

/** Opening + movements = closing, with a tick, or with the difference in red and in words. */
export function PointsEquation(props: {
  readonly report: DayReport;
  readonly onOpen: OpenEntries;
}): ReactNode {
  const { report, onOpen } = props;
  const { t } = useSpeech();
  const { figure } = useProgrammes();
  const points = report.points[0];
  if (points === undefined) {
    return <p className={`${styles.equation} ${styles.none}`}>{t('day.no-programme')}</p>;
  }
  const tie = tieOf(points);
  const { programme } = points;
  const written = (amount: number): string => figure(amount, programme);
  const ties = tie.difference === 0;
  return (
    <section
      className={styles.equation}
      aria-label={t('day.equation')}
      data-part="equation"
      data-ties={ties}
    >
      {report.source === 'till' ? (
        <Term value={written(tie.opening)} label={t('day.opening')} />
      ) : (
        <Moved
          figure="points"
          part={{ programme, before: true }}
          value={written(tie.opening)}
          label={t('day.opening')}
          onOpen={onOpen}
        />
      )}
      <Sign text="+" />
      <Moved
        figure="earned"
        part={{ programme }}
        value={written(tie.earned)}
        label={t('day.earned')}
        onOpen={onOpen}
      />
      <Sign text="−" />
      <Moved
        figure="redeemed"
        part={{ programme }}
        value={written(tie.redeemed)}
        label={t('day.redeemed')}
        onOpen={onOpen}
      />
      <Sign text="−" />
      <Moved
        figure="expired"
        part={{ programme }}
        value={written(tie.expired)}
        label={t('day.expired')}
        onOpen={onOpen}
      />
      <Sign text={tie.other < 0 ? '−' : '+'} />
      <Moved
        figure="other"
        part={{ programme }}
        value={written(Math.abs(tie.other))}
        label={t('day.other')}
        onOpen={onOpen}
      />
      <Sign text="=" />
      <div className={ties ? `${styles.term} ${styles.ties}` : `${styles.term} ${styles.differs}`}>
        <p className={styles.value}>
          <bdi>{written(tie.closing)}</bdi>
          <Icon name={ties ? 'check' : 'warning'} />
        </p>
        <p className={styles.label}>
          {ties
            ? t(report.source === 'server' ? 'day.ties' : 'day.ties-till')
            : t('day.differs', { points: written(tie.difference) })}
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

/** A movement: pressed, it opens its entries. */
function Moved(props: {
  readonly figure: DayFigure;
  readonly part: DrillPart;
  readonly value: string;
  readonly label: string;
  readonly onOpen: OpenEntries;
}): ReactNode {
  const { figure, part, value, label, onOpen } = props;
  return (
    <Press
      className={`${styles.term} ${styles.press}`}
      data-part={part.before === true ? 'moved-before' : `moved-${figure}`}
      onPress={() => onOpen(figure, part)}
    >
      <span className={styles.value}>
        <bdi>{value}</bdi>
      </span>
      <span className={styles.label}>{label}</span>
    </Press>
  );
}

function Sign({ text }: { readonly text: string }): ReactNode {
  return <span className={styles.sign}>{text}</span>;
}
