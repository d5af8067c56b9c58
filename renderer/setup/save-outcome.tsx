import type { ReactNode } from 'react';
import type { SetupProblem } from '#contract/setup.ts';
import { Note } from '#renderer/ui/note.tsx';
import { useProblemWords } from './problem-words.ts';
import { useSay } from './setup-text.tsx';

/** How far a change is that was sent under a manager's PIN. */
export type SaveState = 'asking' | 'refused' | 'silent' | 'done';

/** What came of a change, beside its button: what is wrong with it, that it is done, or that nobody answered. */
export function SaveOutcome(props: {
  /** What its parts are named after: `staff-done`, `staff-problem`, `staff-silent`. */
  readonly of: string;
  readonly problem: SetupProblem | null;
  readonly state: SaveState | null;
  /** Words for a change that is done. */
  readonly done: string;
}): ReactNode {
  const say = useSay();
  const words = useProblemWords();
  const { of, problem, state, done } = props;
  if (problem !== null) {
    return (
      <Note tone="refusal" part={`${of}-problem`} announce>
        {words(problem)}
      </Note>
    );
  }
  if (state === 'done') {
    return (
      <Note tone="ok" part={`${of}-done`} announce>
        {done}
      </Note>
    );
  }
  if (state === 'silent') {
    return (
      <Note tone="warning" part={`${of}-silent`} announce>
        {say('problem.no-answer')}
      </Note>
    );
  }
  return <span />;
}
