import { type ReactNode, useState } from 'react';
import type { DayReport } from '#contract/day.ts';
import { addDays } from '#loyalty/calendar.ts';
import type { DayFigure } from '#contract/manager.ts';
import { useCounterUi } from '#renderer/cashier/use-counter.ts';
import { CloseShift } from './close-shift.tsx';
import { DayChart } from './day-chart.tsx';
import styles from './day-screen.module.css';
import { type Drill, EntriesPage } from './entries-page.tsx';
import { FourNumbers } from './four-numbers.tsx';
import { useSay } from './manager-words.ts';
import { NeedsYou } from './needs-you.tsx';
import { PartTable } from './part-table.tsx';
import { PointsEquation } from './points-equation.tsx';

/** Before any shop of ours was open. */
const FIRST_DAY = '2000-01-01';

/** Which part of a day's figure is asked for; what is left out is not looked at. */
export interface DrillPart {
  readonly till?: string;
  readonly cashier?: string;
  readonly programme?: string;
  readonly hour?: number;
  /** Everything before the first day, instead of the days. */
  readonly before?: boolean;
  /** What it is called, beside the figure's own name. */
  readonly name?: string;
}

/** Opens the entries behind a number. */
export type OpenEntries = (figure: DayFigure, part?: DrillPart) => void;

/** The day on one page: four numbers, the equation that ties, its shape, what needs somebody. */
export function DayPage(props: {
  readonly report: DayReport;
  readonly onException: (id: string) => void;
}): ReactNode {
  const { report, onException } = props;
  const say = useSay();
  const closing = useCounterUi((ui) => ui.panel.kind === 'close-shift');
  const [drill, setDrill] = useState<Drill | null>(null);
  const open: OpenEntries = (
    figure,
    { name, till, cashier, programme, hour, before = false } = {},
  ) => {
    const title = say(`en.${figure}`);
    setDrill({
      title: name === undefined ? title : say('en.at-till', { title, till: name }),
      filter: {
        kind: 'figure',
        figure,
        from: before ? FIRST_DAY : report.day,
        through: before ? addDays(report.day, -1) : report.through,
        store: report.store,
        till: till ?? null,
        cashier: cashier ?? null,
        programme: programme ?? null,
        hour: hour ?? null,
      },
    });
  };
  if (drill !== null && !closing)
    return <EntriesPage drill={drill} onBack={() => setDrill(null)} />;
  return (
    <>
      {closing ? null : <FourNumbers report={report} onOpen={open} />}
      <PointsEquation report={report} onOpen={open} />
      <div className={styles.lower}>
        <DayChart report={report} onOpen={open} />
        <div className={styles.aside}>
          {closing ? (
            <CloseShift />
          ) : (
            <>
              <NeedsYou report={report} onException={onException} onOpen={open} />
              {report.byTill.length === 0 ? null : <PartTable report={report} onOpen={open} />}
            </>
          )}
        </div>
      </div>
    </>
  );
}
