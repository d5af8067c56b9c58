import { useState } from 'react';
import { type Told, useProblem } from '#renderer/day/use-answer.ts';

/** One deed of a form: whether it is under way, and why it was not done. */
export interface Deed {
  readonly busy: boolean;
  readonly problem: string | null;
  readonly run: <Answer>(
    deed: () => Promise<Told<Answer>>,
    onDone: (answer: Answer) => void,
  ) => void;
}

/** Runs a form's deed, once at a time. `onRefused` clears what must be typed again. */
export function useDeed(onRefused: () => void = () => undefined): Deed {
  const problemOf = useProblem();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  return {
    busy,
    problem,
    run(deed, onDone) {
      if (busy) return;
      setBusy(true);
      deed()
        .then(
          (told) => {
            if (told.outcome === 'answered') {
              setProblem(null);
              onDone(told.answer);
              return;
            }
            onRefused();
            setProblem(problemOf(told.refusal));
          },
          (error: unknown) => setProblem(problemOf(error instanceof Error ? error : new Error(''))),
        )
        .finally(() => setBusy(false));
    },
  };
}
