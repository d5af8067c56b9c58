import type { ReactNode } from 'react';
import type { DayReport } from '#contract/day.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import styles from './four-numbers.module.css';
import { worthMinor } from './tie.ts';

/** Sales with a member, new members, rewards given, points owed: the four a manager asks first. */
export function FourNumbers({ report }: { readonly report: DayReport }): ReactNode {
  const { t, format } = useSpeech();
  const { totals } = report;
  const points = report.points[0];
  const share = totals.sales === 0 ? 0 : totals.salesWithMember / totals.sales;
  const given = totals.salesTotalMinor === 0 ? 0 : totals.discountMinor / totals.salesTotalMinor;
  return (
    <dl className={styles.numbers}>
      <Figure
        part="scan-rate"
        label={t('day.with-member')}
        value={format.percent(share)}
        note={t('day.with-member-note', { with: totals.salesWithMember, sales: totals.sales })}
      />
      <Figure
        part="new-members"
        label={t('day.new-members')}
        value={format.points(totals.newMembers)}
        note={t('day.new-members-note', {
          money: format.money(totals.salesTotalMinor),
          sales: totals.sales,
        })}
      />
      <Figure
        part="rewards-given"
        label={t('day.rewards')}
        value={format.money(totals.discountMinor)}
        note={t('day.rewards-note', { share: format.percent(given) })}
      />
      <Figure
        part="points-owed"
        label={t(report.source === 'server' ? 'day.owed' : 'day.owed-till')}
        value={format.points(points?.closing ?? 0)}
        note={t('day.owed-note', {
          money: format.money(points === undefined ? 0 : worthMinor(points.closing, points.worth)),
        })}
      />
    </dl>
  );
}

function Figure(props: {
  readonly part: string;
  readonly label: string;
  readonly value: string;
  readonly note: string;
}): ReactNode {
  return (
    <div className={styles.figure} data-part={props.part}>
      <dt className={styles.label}>{props.label}</dt>
      <dd className={styles.value}>
        <bdi>{props.value}</bdi>
      </dd>
      <dd className={styles.note}>{props.note}</dd>
    </div>
  );
}
