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

/** A change under a manager's PIN, as it is typed and once it was sent. */
export interface Saving {
  readonly problem: SetupProblem | null;
  readonly state: SaveState | null;
  /** As typed; empty again once it was answered: whoever comes next does not find it there. */
  readonly managerPin: string;
  readonly typePin: (pin: string) => void;
}

interface Outcome {
  /** What its parts are named after: `staff-manager-pin`, `staff-save`, `staff-done`. */
  readonly of: string;
  readonly saving: Saving;
  /** Words for a change that is done. */
  readonly done: string;
}

/** The foot of a page of settings: a manager's PIN, what came of the change, and the way to make it. */
export function SaveFooter(
  props: Omit<Outcome, 'done'> & {
    /** Words for a change that is done, where the usual ones are not enough. */
    readonly done?: string;
    /** Words of its button, where “Save” is not enough. */
    readonly save?: string;
    /** Whether there is something to save; the PIN is needed besides. */
    readonly isReady: boolean;
    readonly onSave: () => void;
  },
): ReactNode {
  const say = useSay();
  const { done = say('staff.done'), save = say('staff.save') } = props;
  const { of, saving, isReady, onSave } = props;
  const { managerPin, typePin, state } = saving;
  return (
    <footer className={screen.foot}>
      <Field
        kind="pin"
        label={say('people.pin')}
        value={managerPin}
        onChange={typePin}
        part={`${of}-manager-pin`}
      />
      <SaveOutcome of={of} saving={saving} done={done} />
      <Button
        look="filled"
        size="key"
        part={`${of}-save`}
        isDisabled={!isReady || managerPin === '' || state === 'asking'}
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
  const { of, saving, done } = props;
  const { problem, state } = saving;
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
