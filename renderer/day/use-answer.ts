import { useCallback, useEffect, useRef, useState } from 'react';
import type { Message } from '#contract/till-state.ts';
import { isSilence } from '#renderer/till/core-client.ts';
import { sayIfThere, useSay } from './manager-words.ts';

/** What the till answers a manager's question with. */
export type Told<Answer> =
  | { readonly outcome: 'answered'; readonly answer: Answer }
  | { readonly outcome: 'refused'; readonly refusal: Message };

/** An answer, or why there is none (in words), or neither yet. */
export interface AnswerView<Answer> {
  readonly answer: Answer | null;
  readonly problem: string | null;
  /** Asks once more; what is shown stays until the answer is there. */
  readonly again: () => void;
}

/** Asks once for each `key`, and again when told to. The last answer of the same key stays meanwhile. */
export function useAnswer<Answer>(
  key: string,
  ask: () => Promise<Told<Answer>>,
): AnswerView<Answer> {
  const problemOf = useProblem();
  const [round, setRound] = useState(0);
  const [view, setView] = useState<{ key: string; answer: Answer | null; problem: string | null }>({
    key,
    answer: null,
    problem: null,
  });
  // What is asked is named by its key: the functions are other ones each time.
  const latest = useRef({ ask, problemOf });
  useEffect(() => {
    latest.current = { ask, problemOf };
  });
  useEffect(() => {
    let current = true;
    void told(latest.current.ask, latest.current.problemOf).then((next) => {
      if (!current) return;
      setView((before) => {
        const kept = before.key === key ? before.answer : null;
        return 'answer' in next
          ? { key, answer: next.answer, problem: null }
          : { key, answer: kept, problem: next.problem };
      });
    });
    return () => {
      current = false;
    };
  }, [key, round]);
  const again = useCallback(() => setRound((count) => count + 1), []);
  const isShown = view.key === key;
  return { answer: isShown ? view.answer : null, problem: isShown ? view.problem : null, again };
}

async function told<Answer>(
  ask: () => Promise<Told<Answer>>,
  problemOf: (problem: Message | Error) => string,
): Promise<{ readonly answer: Answer } | { readonly problem: string }> {
  try {
    const said = await ask();
    if (said.outcome === 'answered') return { answer: said.answer };
    return { problem: problemOf(said.refusal) };
  } catch (error) {
    return { problem: problemOf(error instanceof Error ? error : new Error(String(error))) };
  }
}

/** Words for a refusal, or for a till that did not answer. */
export function useProblem(): (problem: Message | Error) => string {
  const say = useSay();
  return useCallback(
    (problem) => {
      if (problem instanceof Error) {
        return isSilence(problem)
          ? say('ui.silent')
          : say('refusal.other', { code: problem.message.slice(0, 60) });
      }
      const { code, params } = problem;
      return sayIfThere(say, `refusal.${code}`, params) || say('refusal.other', { code });
    },
    [say],
  );
}
