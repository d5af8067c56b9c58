import type { ReactNode } from 'react';
import type { DayReport } from '#contract/day.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import { hasLoyaltyNews, LoyaltyNews } from './loyalty-news.tsx';
import { Press } from '#renderer/ui/press.tsx';
import type { OpenEntries } from './day-page.tsx';
import styles from './needs-you.module.css';

/** What a person has to look at today; when there is nothing, it says so. */
export function NeedsYou(props: {
  readonly report: DayReport;
  readonly onException: (id: string) => void;
  readonly onOpen: OpenEntries;
}): ReactNode {
  const { report, onException, onOpen } = props;
  const { t, format } = useSpeech();
  const words = useWords();
  const tills = new Map(report.tills.map((till) => [till.till, till.name]));
  const unproven = report.totals.unprovenSales;
  const quiet = report.exceptions.length === 0 && unproven === 0 && !hasLoyaltyNews(report);
  return (
    <section
      className={styles.card}
      aria-labelledby="needs-title"
      data-part="needs-you"
      data-count={report.exceptions.length}
    >
      <h2 className={styles.heading} id="needs-title">
        {t('day.needs-you')}
      </h2>
      {quiet ? (
        <p className={styles.quiet}>
          <Icon name="check" />
          {t('day.needs-nobody')}
        </p>
      ) : (
        <ul className={styles.list} tabIndex={0} aria-labelledby="needs-title">
          {unproven === 0 ? null : (
            <li className={styles.item} data-tone="info">
              <Press
                className={styles.press ?? ''}
                data-part="unproven"
                onPress={() => onOpen('unproven')}
              >
                <span className={styles.what}>{t('day.unproven', { sales: unproven })}</span>
              </Press>
            </li>
          )}
          {report.exceptions.map((exception) => (
            <li key={exception.id} className={styles.item}>
              <Press
                className={styles.press ?? ''}
                data-part="needs-exception"
                onPress={() => onException(exception.id)}
              >
                <span className={styles.what}>
                  {words(
                    { code: `exception-${exception.code}`, params: exception.params },
                    'warning',
                  )}
                </span>
                <span className={styles.where}>
                  <bdi>{tills.get(exception.till) ?? exception.till}</bdi> ·{' '}
                  {format.time(exception.atMs)}
                </span>
              </Press>
            </li>
          ))}
          <LoyaltyNews report={report} />
        </ul>
      )}
    </section>
  );
}
