import type { ReactNode } from 'react';
import type { SetupProblem } from '#contract/setup.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { Field } from './field.tsx';
import { useProblemWords } from './problem-words.ts';
import screen from './setup-screen.module.css';
import { useSay } from './setup-text.tsx';

/** How far a change is that was sent under a manager's PIN. */
export type SaveState = 'asking' | 'refused' | 'silent' | 'done';

interface Outcome {
  /** What its parts are named after: `staff-done`, `staff-problem`, `staff-silent`. */
  readonly of: string;
  readonly problem: SetupProblem | null;
  readonly state: SaveState | null;
  /** Words for a change that is done. */
  readonly done: string;
}

/** The foot of a page of settings: a manager's PIN, what came of the change, and the way to make it. */
export function SaveFooter(
  props: Outcome & {
    readonly pin: string;
    readonly pinPart: string;
    readonly onPin: (pin: string) => void;
    readonly save: string;
    readonly savePart: string;
    /** Whether there is something to save; the PIN is needed besides. */
    readonly isReady: boolean;
    readonly onSave: () => void;
  },
): ReactNode {
  const say = useSay();
  const { pin, pinPart, onPin, save, savePart, isReady, onSave } = props;
  return (
    <footer className={screen.foot}>
      <Field kind="pin" label={say('people.pin')} value={pin} onChange={onPin} part={pinPart} />
      <SaveOutcome of={props.of} problem={props.problem} state={props.state} done={props.done} />
      <Button
        look="filled"
        size="key"
        part={savePart}
        isDisabled={!isReady || pin === '' || props.state === 'asking'}
        onPress={onSave}
      >
        {save}
      </Button>
    </footer>
  );
}

/** What came of a change, beside its button: what is wrong with it, that it is done, or that nobody answered. */
function SaveOutcome(props: Outcome): ReactNode {
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
