import { type ReactNode, useEffect, useState } from 'react';
import type { DayReport } from '#contract/day.ts';
import type { Done, TillContract } from '#contract/till.ts';
import type { Message } from '#contract/till-state.ts';
import type { z } from 'zod';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { Press } from '#renderer/ui/press.tsx';
import { ExportCard } from './export-card.tsx';
import { useSay } from './manager-words.ts';
import styles from './page.module.css';
import { ShiftTable } from './shift-table.tsx';

type ShiftReport = z.output<TillContract['calls']['shift.reports']['output']>[number];

/** X and Z of this till on screen and on paper, and the days as a file or a printed page. */
export function ReportsPage({ report }: { readonly report: DayReport }): ReactNode {
  const say = useSay();
  const till = useTill();
  const [reports, setReports] = useState<readonly ShiftReport[] | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  useEffect(() => {
    let current = true;
    till.call['shift.reports'](null).then(
      (found) => {
        if (current) setReports(found);
      },
      () => {
        if (current) setReports([]);
      },
    );
    return () => {
      current = false;
    };
  }, [till, report.asOfMs]);
  const shown = reports?.find(({ figures }) => figures.number === chosen) ?? reports?.[0] ?? null;
  return (
    <section className={styles.columns} aria-label={say('tab.reports')} data-part="reports">
      <div className={styles.card}>
        <ExportCard report={report} />
        <h2 className={styles.heading}>{say('rep.shifts')}</h2>
        {reports !== null && reports.length === 0 ? (
          <p className={styles.empty}>{say('rep.none')}</p>
        ) : null}
        <ShiftList
          reports={reports ?? []}
          shown={shown?.figures.number ?? null}
          onChoose={setChosen}
        />
      </div>
      <div className={styles.card}>
        {shown === null ? (
          <p className={styles.empty}>{say('rep.choose')}</p>
        ) : (
          <ShiftDetail key={shown.figures.number} report={shown} />
        )}
      </div>
    </section>
  );
}

function ShiftList(props: {
  readonly reports: readonly ShiftReport[];
  readonly shown: number | null;
  readonly onChoose: (number: number) => void;
}): ReactNode {
  const say = useSay();
  const { format } = useSpeech();
  if (props.reports.length === 0) return null;
  return (
    <ul className={styles.list}>
      {props.reports.map(({ figures, openedAtMs, closedAtMs }) => (
        <li key={figures.number}>
          <Press
            className={styles.item ?? ''}
            aria-current={figures.number === props.shown}
            data-part="shift-report"
            data-number={figures.number}
            onPress={() => props.onChoose(figures.number)}
          >
            <span className={styles.what}>{nameOf(say, { figures, closedAtMs })}</span>
            <span className={styles.where}>
              {format.day(openedAtMs)} {format.time(openedAtMs)}
              {closedAtMs === null ? '' : ` – ${format.day(closedAtMs)} ${format.time(closedAtMs)}`}
              {' · '}
              {format.money(figures.totalMinor)}
            </span>
          </Press>
        </li>
      ))}
    </ul>
  );
}

function nameOf(
  say: ReturnType<typeof useSay>,
  { figures, closedAtMs }: Pick<ShiftReport, 'figures' | 'closedAtMs'>,
): string {
  return closedAtMs === null ? say('rep.x') : say('rep.z', { number: figures.number });
}

function ShiftDetail({ report }: { readonly report: ShiftReport }): ReactNode {
  const say = useSay();
  const words = useWords();
  const till = useTill();
  const { figures, tx, closedAtMs } = report;
  const [told, setTold] = useState<{ tone: 'ok' | 'refusal'; text: string } | null>(null);
  const print = (): void => {
    const deed: Promise<Done> =
      tx === null ? till.call['shift.print-x'](null) : till.call['receipt.reprint']({ saleId: tx });
    const refused = (refusal: Message): void =>
      setTold({ tone: 'refusal', text: words(refusal, 'refusal') });
    deed.then(
      (done) =>
        done.outcome === 'done'
          ? setTold({ tone: 'ok', text: say('rep.printing') })
          : refused(done.refusal),
      () => setTold({ tone: 'refusal', text: say('ui.silent') }),
    );
  };
  return (
    <>
      <h2 className={styles.name}>{nameOf(say, { figures, closedAtMs })}</h2>
      <div className={styles.scroll} tabIndex={0} role="group" aria-label={say('rep.shifts')}>
        <ShiftTable figures={figures} isClosed={closedAtMs !== null} />
      </div>
      {told === null ? null : (
        <Note tone={told.tone} announce part="report-told">
          {told.text}
        </Note>
      )}
      <Button icon="printer" look="filled" part="report-print" onPress={print}>
        {say(tx === null ? 'rep.print-x' : 'rep.print-z')}
      </Button>
    </>
  );
}
