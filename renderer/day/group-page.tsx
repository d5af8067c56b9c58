import { type ReactNode, useState } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { AnswerNote } from './answer-note.tsx';
import table from './entry-table.module.css';
import type { GroupView } from './loyalty-page.tsx';
import { useSay } from './manager-words.ts';
import styles from './page.module.css';
import { useProgrammes } from './programmes.tsx';
import { useAnswer } from './use-answer.ts';

/** The members behind a figure, who bought most first, a page at a time. */
export function GroupPage(props: {
  readonly view: GroupView;
  readonly onBack: () => void;
}): ReactNode {
  const { view, onBack } = props;
  const say = useSay();
  const till = useTill();
  const { format } = useSpeech();
  const { figure } = useProgrammes();
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1) ?? null;
  const title = say(`group.${view.group}`);
  const asked = useAnswer(`${JSON.stringify(view)} ${cursor ?? ''}`, () =>
    till.call['manager.group']({ ...view, cursor }),
  );
  const { answer } = asked;
  const next = answer?.next ?? null;
  return (
    <section className={styles.page} data-part="group-page" aria-label={title}>
      <header className={styles.head}>
        <Button
          icon="back"
          part="group-back"
          onPress={() => (cursors.length === 0 ? onBack() : setCursors(cursors.slice(0, -1)))}
        >
          {say('ui.back')}
        </Button>
        <h2 className={styles.title}>{title}</h2>
      </header>
      <div className={styles.card}>
        <AnswerNote view={asked} none={answer?.rows.length === 0 ? say('group.none') : null} />
        {answer === null || answer.rows.length === 0 ? null : (
          <div className={styles.scroll} tabIndex={0} role="group" aria-label={title}>
            <table className={table.table}>
              <thead>
                <tr>
                  <th scope="col">{say('en.who')}</th>
                  <th scope="col" className={table.number}>
                    {say('en.sales')}
                  </th>
                  <th scope="col" className={table.number}>
                    {say('group.spent')}
                  </th>
                  <th scope="col" className={table.number}>
                    {say('en.pts')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {answer.rows.map((row) => (
                  <tr key={row.member} data-part="group-row">
                    <th scope="row">
                      <bdi>{row.name ?? say('mem.nameless')}</bdi>{' '}
                      <bdi className={table.small}>{row.masked ?? ''}</bdi>
                    </th>
                    <td className={table.number}>{format.points(row.sales)}</td>
                    <td className={table.number}>
                      <bdi>{format.money(row.spentMinor)}</bdi>
                    </td>
                    <td className={table.number}>{figure(row.points)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {next === null ? null : (
          <Button part="group-more" onPress={() => setCursors([...cursors, next])}>
            {say('ui.more')}
          </Button>
        )}
      </div>
    </section>
  );
}
