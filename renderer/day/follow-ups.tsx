import type { ReactNode } from 'react';
import { NoteLine } from '#renderer/members/note-line.tsx';
import { useDeed } from '#renderer/members/use-deed.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Note } from '#renderer/ui/note.tsx';
import { useSay } from './manager-words.ts';
import styles from './page.module.css';
import { useAnswer } from './use-answer.ts';

/** Everything somebody means to do: notes about members, and what settled exceptions left behind. */
export function FollowUps(): ReactNode {
  const say = useSay();
  const till = useTill();
  const { answer, problem, again } = useAnswer('follow-ups', () =>
    till.call['manager.follow-ups'](null),
  );
  const deed = useDeed();
  const trouble = problem ?? deed.problem;
  const items = answer?.items ?? [];
  return (
    <>
      {trouble === null ? null : (
        <Note tone="warning" announce>
          {trouble}
        </Note>
      )}
      {answer !== null && items.length === 0 ? (
        <p className={styles.empty}>{say('ex.todo-none')}</p>
      ) : null}
      {items.length === 0 ? null : (
        <ul className={styles.list}>
          {items.map((note) => (
            <NoteLine
              key={note.id}
              note={note}
              onDone={() => deed.run(() => till.call['manager.note-done']({ id: note.id }), again)}
            />
          ))}
        </ul>
      )}
    </>
  );
}
