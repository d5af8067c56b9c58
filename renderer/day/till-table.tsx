import type { ReactNode } from 'react';
import type { DayReport } from '#contract/day.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import styles from './till-table.module.css';

/** The same day by till: what each sold, earned and redeemed. */
export function TillTable({ report }: { readonly report: DayReport }): ReactNode {
  const { t, format } = useSpeech();
  return (
    <section className={styles.card} data-part="by-till" tabIndex={0} aria-label={t('day.by-till')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('day.by-till')}</th>
            <th scope="col">{t('day.sales')}</th>
            <th scope="col">{t('day.total')}</th>
            <th scope="col">{t('day.earned')}</th>
            <th scope="col">{t('day.redeemed')}</th>
          </tr>
        </thead>
        <tbody>
          {report.byTill.map((till) => (
            <tr key={till.till} data-part="till-row" data-till={till.till}>
              <th scope="row">
                <bdi>{till.name}</bdi>
              </th>
              <td>{format.points(till.sales)}</td>
              <td>
                <bdi>{format.amount(till.salesTotalMinor)}</bdi>
              </td>
              <td>{format.points(till.earned)}</td>
              <td>{format.points(Math.abs(till.redeemed))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
