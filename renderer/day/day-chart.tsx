import { scaleBand, scaleLinear } from 'd3-scale';
import { type ReactNode, useState } from 'react';
import type { DayReport } from '#contract/day.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Press } from '#renderer/ui/press.tsx';
import type { OpenEntries } from './day-page.tsx';
import styles from './day-chart.module.css';
import { type Hour, withoutGaps } from './hours.ts';
import { useProgrammes } from './programmes.tsx';

const width = 600;
const height = 260;

/** The day's shape: points earned and redeemed by the store's hours, as a picture or as a table. */
export function DayChart(props: {
  readonly report: DayReport;
  readonly onOpen: OpenEntries;
}): ReactNode {
  const { report, onOpen } = props;
  const { t } = useSpeech();
  const [asTable, setAsTable] = useState(false);
  const hours = withoutGaps(report.byHour);
  // Hours of several days add up to a shape; their entries are one day's.
  const isOneDay = report.day === report.through;
  const quiet = hours.every((hour) => hour.sales === 0 && hour.earned === 0 && hour.redeemed === 0);
  return (
    <section className={styles.card} aria-labelledby="chart-title" data-part="chart">
      <h2 className={styles.heading} id="chart-title">
        {t('day.by-hour')}
      </h2>
      {quiet ? (
        <p className={styles.empty}>{t('day.empty')}</p>
      ) : (
        <>
          <div className={styles.body} tabIndex={asTable ? 0 : -1}>
            {asTable ? (
              <HourTable hours={hours} onOpen={isOneDay ? onOpen : null} />
            ) : (
              <HourBars hours={hours} onOpen={isOneDay ? onOpen : null} />
            )}
          </div>
          <footer className={styles.foot}>
            <span className={styles.key} data-series="earned">
              {t('day.earned')}
            </span>
            <span className={styles.key} data-series="redeemed">
              {t('day.redeemed')}
            </span>
            <Button
              look="quiet"
              part="chart-as-table"
              className={styles.twin}
              onPress={() => setAsTable(!asTable)}
            >
              {t(asTable ? 'day.as-chart' : 'day.as-table')}
            </Button>
          </footer>
        </>
      )}
    </section>
  );
}

/** Up to this many hours a bar is as wide as a finger needs; beyond, the table opens them. */
const barsPressedMax = 10;

function HourBars(props: {
  readonly hours: readonly Hour[];
  readonly onOpen: OpenEntries | null;
}): ReactNode {
  const { hours, onOpen } = props;
  const { t } = useSpeech();
  const { figure, text } = useProgrammes();
  const names = hours.map((hour) => String(hour.hour));
  const across = scaleBand(names, [0, width]).paddingInner(0.18);
  const most = Math.max(1, ...hours.map((hour) => hour.earned + Math.abs(hour.redeemed)));
  const up = scaleLinear([0, most], [0, height - 4]);
  const best = hours.reduce((top, hour) => (hour.earned > top.earned ? hour : top));
  return (
    <div className={styles.picture}>
      <svg
        className={styles.bars}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('day.chart-words', { hour: best.hour, points: text(best.earned) })}
      >
        {hours.map((hour) => {
          const x = across(String(hour.hour)) ?? 0;
          const earned = up(hour.earned);
          const redeemed = up(Math.abs(hour.redeemed));
          const base = height;
          return (
            <g key={hour.hour}>
              {earned + redeemed === 0 ? (
                <rect
                  className={styles.none}
                  x={x}
                  y={base - 3}
                  width={across.bandwidth()}
                  height={3}
                />
              ) : (
                <>
                  <rect
                    className={styles.redeemed}
                    x={x}
                    y={base - redeemed}
                    width={across.bandwidth()}
                    height={redeemed}
                  />
                  <rect
                    className={styles.earned}
                    x={x}
                    y={base - redeemed - earned - (redeemed === 0 ? 0 : 2)}
                    width={across.bandwidth()}
                    height={earned}
                    rx={5}
                  />
                </>
              )}
            </g>
          );
        })}
      </svg>
      <div className={styles.hours} aria-hidden="true">
        {hours.map((hour) => (
          <span key={hour.hour}>{hour.hour}</span>
        ))}
      </div>
      {onOpen === null || hours.length > barsPressedMax ? null : (
        <ul className={styles.presses}>
          {hours.map((hour) => (
            <li key={hour.hour}>
              <Press
                className={styles.press ?? ''}
                data-part="hour-bar"
                aria-label={`${clock(hour)}: ${t('day.earned')} ${figure(hour.earned)}, ${t('day.redeemed')} ${figure(Math.abs(hour.redeemed))}`}
                onPress={() => onOpen('all', { hour: hour.hour, name: clock(hour) })}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function HourTable(props: {
  readonly hours: readonly Hour[];
  readonly onOpen: OpenEntries | null;
}): ReactNode {
  const { hours, onOpen } = props;
  const { t, format } = useSpeech();
  const { figure } = useProgrammes();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('day.hour')}</th>
          <th scope="col">{t('day.sales')}</th>
          <th scope="col">{t('day.earned')}</th>
          <th scope="col">{t('day.redeemed')}</th>
        </tr>
      </thead>
      <tbody>
        {hours.map((hour) => (
          <tr key={hour.hour}>
            <th scope="row">
              {onOpen === null ? (
                clock(hour)
              ) : (
                <Button
                  part="hour-entries"
                  onPress={() => onOpen('all', { hour: hour.hour, name: clock(hour) })}
                >
                  {clock(hour)}
                </Button>
              )}
            </th>
            <td>{format.points(hour.sales)}</td>
            <td>{figure(hour.earned)}</td>
            <td>{figure(Math.abs(hour.redeemed))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function clock({ hour }: Hour): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
