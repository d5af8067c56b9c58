import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import type { DayReport } from '#contract/day.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { daySheets, figureText } from './day-sheets.ts';
import { useSay } from './manager-words.ts';
import styles from './print-sheet.module.css';
import { useProgrammes } from './programmes.tsx';
import { useSpanWords } from './span-picker.tsx';
import { tieOf } from './tie.ts';

/** The day on A4: not on the screen, only where it is printed or saved as PDF. */
export function PrintSheet({ report }: { readonly report: DayReport }): ReactNode {
  const say = useSay();
  const words = useWords();
  const speech = useSpeech();
  const spanWords = useSpanWords();
  const programmes = useProgrammes();
  const { format, t } = speech;
  const ties = report.points.every((points) => tieOf(points).difference === 0);
  return createPortal(
    <article className={styles.sheet} data-part="print-sheet" dir={speech.direction}>
      <header className={styles.head}>
        <h1>{say('sheet.title')}</h1>
        <p>{spanWords(report)}</p>
        <p>
          {t(report.source === 'server' ? 'day.from-server' : 'day.from-till', {
            time: `${format.date(report.asOfMs)} ${format.time(report.asOfMs)}`,
          })}
          {' · '}
          {say(ties ? 'sheet.ties' : 'sheet.differs')}
        </p>
      </header>
      {daySheets(report, say, speech, programmes).map((sheet) =>
        sheet.rows.length === 0 ? null : (
          <section key={sheet.title} className={styles.part}>
            <h2>{sheet.title}</h2>
            <table>
              <thead>
                <tr>
                  {sheet.head.map((title) => (
                    <th key={title} scope="col">
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {sheet.rows.map((row, line) => (
                  <tr key={`${line} ${figureText(row[0] ?? { kind: 'none' }, speech)}`}>
                    {row.map((figure, column) => (
                      <td key={sheet.head[column]} data-kind={figure.kind}>
                        <bdi>{figureText(figure, speech)}</bdi>
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        ),
      )}
      {report.exceptions.length === 0 ? null : (
        <section className={styles.part}>
          <h2>{say('ex.title')}</h2>
          <ul>
            {report.exceptions.map(({ id, code, params, atMs }) => (
              <li key={id}>
                {format.day(atMs)} {format.time(atMs)} ·{' '}
                {words({ code: `exception-${code}`, params }, 'warning')}
              </li>
            ))}
          </ul>
        </section>
      )}
      <footer className={styles.foot}>{t('z.not-fiscal')}</footer>
    </article>,
    document.body,
  );
}
