import { type ReactNode, useState } from 'react';
import type { DayReport } from '#contract/day.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cx } from '#renderer/ui/cx.ts';
import type { OpenEntries } from './day-page.tsx';
import { useSay } from './manager-words.ts';
import styles from './part-table.module.css';
import { useProgrammes } from './programmes.tsx';

type By = 'till' | 'programme';

/** The same days by till or by programme; each row opens its entries. */
export function PartTable(props: {
  readonly report: DayReport;
  readonly onOpen: OpenEntries;
}): ReactNode {
  const { report, onOpen } = props;
  const say = useSay();
  const [by, setBy] = useState<By>('till');
  return (
    <section
      className={styles.card}
      data-part={`by-${by}`}
      tabIndex={0}
      aria-label={say(`by.${by}`)}
    >
      <div className={styles.switch}>
        {(['till', 'programme'] as const).map((one) => (
          <Button
            key={one}
            part={`show-by-${one}`}
            look="quiet"
            className={cx(styles.choice, one === by && styles.chosen)}
            current={one === by}
            onPress={() => setBy(one)}
          >
            {say(`by.${one}`)}
          </Button>
        ))}
      </div>
      {by === 'till' ? (
        <Tills report={report} onOpen={onOpen} />
      ) : (
        <Programmes report={report} onOpen={onOpen} />
      )}
    </section>
  );
}

function Tills({ report, onOpen }: { report: DayReport; onOpen: OpenEntries }): ReactNode {
  const { t, format } = useSpeech();
  const say = useSay();
  const { figure } = useProgrammes();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{say('en.where')}</th>
          <th scope="col">{t('day.sales')}</th>
          <th scope="col">{t('day.total')}</th>
          <th scope="col">{t('day.earned')}</th>
          <th scope="col">{t('day.redeemed')}</th>
        </tr>
      </thead>
      <tbody>
        {report.byTill.map((till) => (
          <tr key={till.till} data-part="till-row" data-till={till.till}>
            <th scope="row" aria-label={till.name}>
              <Button
                part="till-entries"
                look="quiet"
                className={styles.name}
                onPress={() => onOpen('all', { till: till.till, name: till.name })}
              >
                <bdi>{till.name}</bdi>
              </Button>
            </th>
            <td>{format.points(till.sales)}</td>
            <td>
              <bdi>{format.amount(till.salesTotalMinor)}</bdi>
            </td>
            <td>{figure(till.earned)}</td>
            <td>{figure(Math.abs(till.redeemed))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Programmes({ report, onOpen }: { report: DayReport; onOpen: OpenEntries }): ReactNode {
  const { t } = useSpeech();
  const say = useSay();
  const { figure, named } = useProgrammes();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{say('mem.programme')}</th>
          <th scope="col">{t('day.earned')}</th>
          <th scope="col">{t('day.redeemed')}</th>
          <th scope="col">{say('sheet.closing')}</th>
        </tr>
      </thead>
      <tbody>
        {report.points.map((points) => (
          <tr key={points.programme} data-part="programme-row">
            <th scope="row" aria-label={named(points.programme)}>
              <Button
                part="programme-entries"
                look="quiet"
                className={styles.name}
                onPress={() =>
                  onOpen('points', {
                    programme: points.programme,
                    name: named(points.programme),
                  })
                }
              >
                <bdi>{named(points.programme)}</bdi>
              </Button>
            </th>
            <td>{figure(points.earned, points.programme)}</td>
            <td>{figure(Math.abs(points.redeemed), points.programme)}</td>
            <td>{figure(points.closing, points.programme)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
