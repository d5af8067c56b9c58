import type { ReactNode } from 'react';
import type { DayReport } from '#contract/day.ts';
import { show } from '#renderer/cashier/member-actions.ts';
import { useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import { CloseShift } from './close-shift.tsx';
import { DayChart } from './day-chart.tsx';
import styles from './day-screen.module.css';
import { FourNumbers } from './four-numbers.tsx';
import { NeedsYou } from './needs-you.tsx';
import { PointsEquation } from './points-equation.tsx';
import { TillTable } from './till-table.tsx';
import { useDay } from './use-day.ts';

/** The manager's day on one page: four numbers, the equation that ties, its shape, what needs somebody. */
export function DayScreen(): ReactNode {
  const { t } = useSpeech();
  const closing = useCounterUi((ui) => ui.panel.kind === 'close-shift');
  const { report, failed } = useDay(useTillState((state) => state.revision));
  return (
    <div className={styles.screen} data-part="day" data-source={report?.source ?? ''}>
      <DayBar report={report} failed={failed} />
      {report === null ? (
        <main className={styles.waiting}>
          <p role="status">{t(failed ? 'day.failed' : 'day.loading')}</p>
        </main>
      ) : (
        <main className={styles.page}>
          {closing ? null : <FourNumbers report={report} />}
          <PointsEquation report={report} />
          <div className={styles.lower}>
            <DayChart report={report} />
            <div className={styles.aside}>
              {closing ? (
                <CloseShift />
              ) : (
                <>
                  <NeedsYou report={report} />
                  {report.byTill.length === 0 ? null : <TillTable report={report} />}
                </>
              )}
            </div>
          </div>
        </main>
      )}
    </div>
  );
}

function DayBar(props: { readonly report: DayReport | null; readonly failed: boolean }): ReactNode {
  const { t, format } = useSpeech();
  const counter = useCounter();
  const shop = useTillState((state) => state.shop);
  const closing = useCounterUi((ui) => ui.panel.kind === 'close-shift');
  const { report, failed } = props;
  return (
    <header className={styles.bar}>
      <h1 className={styles.title}>{t('day.title')}</h1>
      <p className={styles.about}>
        {report === null ? null : <>{format.longDay(report.day)} · </>}
        <bdi>{shop.storeName}</bdi>
      </p>
      {report === null ? null : (
        <span className={styles.source} data-part="day-source" data-failed={failed}>
          <Icon name={report.source === 'server' ? 'online' : 'offline'} />
          {t(report.source === 'server' ? 'day.from-server' : 'day.from-till', {
            time: format.time(report.asOfMs),
          })}
        </span>
      )}
      <Button
        icon="receipt"
        part="close-shift"
        isDisabled={closing}
        onPress={() => counter.change({ panel: { kind: 'close-shift' }, entry: '' })}
      >
        {t('day.close')}
      </Button>
      <Button icon="back" part="day-back" onPress={() => show(counter, { kind: 'sell' })}>
        {t('day.back')}
      </Button>
    </header>
  );
}
