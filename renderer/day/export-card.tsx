import { type ReactNode, useState } from 'react';
import type { DayReport } from '#contract/day.ts';
import type { EntryRow } from '#contract/manager.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { csvOf } from './csv.ts';
import { daySheets, sheetCells } from './day-sheets.ts';
import { downloadCsv } from './download.ts';
import { entryCells, entryHead } from './entry-cells.ts';
import { useSay } from './manager-words.ts';
import styles from './page.module.css';
import { usePeople } from './people.ts';
import { PrintSheet } from './print-sheet.tsx';
import { useProgrammes } from './programmes.tsx';
import { useProblem } from './use-answer.ts';

/** Most pages of entries one file holds: 20,000 entries. */
const pagesMax = 400;

/** The days of the page as files: figures, all entries, or a page to print or save as PDF. */
export function ExportCard({ report }: { readonly report: DayReport }): ReactNode {
  const say = useSay();
  const speech = useSpeech();
  const person = usePeople();
  const programmes = useProgrammes();
  const readAll = useAllEntries(report);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const name = (what: string): string =>
    `${what}-${report.day}${report.through === report.day ? '' : `-${report.through}`}.csv`;
  const saveFigures = (): void =>
    downloadCsv(
      name('regulars-day'),
      csvOf(sheetCells(daySheets(report, say, speech, programmes), report.currency)),
    );
  const saveEntries = async (): Promise<void> => {
    setBusy(true);
    const { rows, trouble } = await readAll();
    setBusy(false);
    setProblem(trouble);
    if (trouble !== null) return;
    const cells = rows.map((row) => entryCells(row, report.currency, person, programmes));
    downloadCsv(name('regulars-entries'), csvOf([entryHead(say), ...cells]));
  };
  return (
    <>
      <PrintSheet report={report} />
      <h2 className={styles.heading}>{say('rep.export')}</h2>
      <div className={styles.deeds}>
        <Button part="export-figures" onPress={saveFigures}>
          {say('rep.csv-day')}
        </Button>
        <Button part="export-entries" isDisabled={busy} onPress={() => void saveEntries()}>
          {say('rep.csv-entries')}
        </Button>
        <Button icon="printer" part="export-print" onPress={() => window.print()}>
          {say('rep.print')}
        </Button>
      </div>
      {problem === null ? null : (
        <Note tone="warning" announce part="export-problem">
          {problem}
        </Note>
      )}
    </>
  );
}

interface AllEntries {
  readonly rows: readonly EntryRow[];
  /** Why they are not all there; then nothing is saved: half a file looks like a whole one. */
  readonly trouble: string | null;
}

function useAllEntries(report: DayReport): () => Promise<AllEntries> {
  const say = useSay();
  const till = useTill();
  const problemOf = useProblem();
  const { day, through, store } = report;
  const none = { till: null, cashier: null, programme: null, hour: null };
  const filter = { kind: 'figure', figure: 'all', from: day, through, store, ...none } as const;
  return async () => {
    const rows: EntryRow[] = [];
    let cursor: string | null = null;
    try {
      for (let page = 0; page < pagesMax; page += 1) {
        const told: Awaited<ReturnType<(typeof till.call)['manager.entries']>> = await till.call[
          'manager.entries'
        ]({ filter, cursor });
        if (told.outcome === 'refused') return { rows, trouble: problemOf(told.refusal) };
        rows.push(...told.answer.rows);
        cursor = told.answer.next;
        if (cursor === null) return { rows, trouble: null };
      }
      return { rows, trouble: say('rep.too-many') };
    } catch (error) {
      return { rows, trouble: problemOf(error instanceof Error ? error : new Error('')) };
    }
  };
}
