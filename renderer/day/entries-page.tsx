import { type ReactNode, useState } from 'react';
import type { EntriesFilter, EntryRow } from '#contract/manager.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { AnswerNote } from './answer-note.tsx';
import { EntryTable } from './entry-table.tsx';
import { useSay } from './manager-words.ts';
import styles from './page.module.css';
import { useAnswer, useProblem } from './use-answer.ts';

/** What somebody wants to see the entries of. */
export interface Drill {
  readonly title: string;
  readonly filter: EntriesFilter;
}

/** The entries behind a number, a page at a time, in place of the page it stood on. */
export function EntriesPage(props: {
  readonly drill: Drill;
  readonly onBack: () => void;
}): ReactNode {
  const { drill, onBack } = props;
  const say = useSay();
  return (
    <section className={styles.page} data-part="entries-page" aria-label={drill.title}>
      <header className={styles.head}>
        <Button icon="back" part="entries-back" onPress={onBack}>
          {say('ui.back')}
        </Button>
        <h2 className={styles.title}>{drill.title}</h2>
      </header>
      <div className={styles.card}>
        <EntryList key={JSON.stringify(drill.filter)} drill={drill} />
      </div>
    </section>
  );
}

/** The list itself; more of it when somebody asks. */
export function EntryList({ drill }: { readonly drill: Drill }): ReactNode {
  const say = useSay();
  const till = useTill();
  const problemOf = useProblem();
  const { filter } = drill;
  const first = useAnswer(JSON.stringify(filter), () =>
    till.call['manager.entries']({ filter, cursor: null }),
  );
  const [more, setMore] = useState<{ rows: readonly EntryRow[]; next: string | null } | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  if (first.answer === null) return <AnswerNote view={first} />;
  const rows = [...first.answer.rows, ...(more?.rows ?? [])];
  const next = more === null ? first.answer.next : more.next;
  const showMore = (): void => {
    till.call['manager.entries']({ filter, cursor: next }).then(
      (told) => {
        if (told.outcome === 'refused') return setTrouble(problemOf(told.refusal));
        setTrouble(null);
        setMore({ rows: [...(more?.rows ?? []), ...told.answer.rows], next: told.answer.next });
      },
      (error: unknown) => setTrouble(problemOf(error instanceof Error ? error : new Error(''))),
    );
  };
  if (rows.length === 0) return <AnswerNote view={first} none={say('en.none')} />;
  return (
    <>
      {first.answer.source === 'till' ? <Note tone="info">{say('en.own')}</Note> : null}
      <div className={styles.scroll} tabIndex={0} role="group" aria-label={drill.title}>
        <EntryTable rows={rows} withDay={isOfSeveralDays(filter)} label={drill.title} />
      </div>
      {trouble === null ? null : <Note tone="warning">{trouble}</Note>}
      {next === null ? null : (
        <Button part="entries-more" onPress={showMore}>
          {say('ui.more')}
        </Button>
      )}
    </>
  );
}

function isOfSeveralDays(filter: EntriesFilter): boolean {
  return filter.kind !== 'figure' || filter.from !== filter.through;
}
