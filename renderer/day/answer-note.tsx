import type { ReactNode } from 'react';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { useSay } from './manager-words.ts';
import styles from './page.module.css';
import type { AnswerView } from './use-answer.ts';

/**
 * What stands where an answer is awaited: that it is on its way, why it did not come, or that there is
 * nothing in it. An older answer may stay below its problem.
 */
export function AnswerNote(props: {
  readonly view: AnswerView<unknown>;
  /** Words for an answer with nothing in it; null where there is something. */
  readonly none?: string | null;
}): ReactNode {
  const say = useSay();
  const { view, none = null } = props;
  const { answer, problem, again } = view;
  const note =
    problem === null ? null : (
      <Note tone="warning" announce>
        {problem}
      </Note>
    );
  if (answer !== null) {
    return (
      <>
        {note}
        {none === null ? null : <p className={styles.empty}>{none}</p>}
      </>
    );
  }
  if (note === null) {
    return (
      <p className={styles.empty} role="status">
        {say('ui.loading')}
      </p>
    );
  }
  return (
    <div className={styles.empty}>
      {note}
      <Button part="again" onPress={again}>
        {say('ui.again')}
      </Button>
    </div>
  );
}
