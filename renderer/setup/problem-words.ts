import type { SetupProblem } from '#contract/setup.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { sayIfThere, useSay } from './setup-text.tsx';

/** The sentence for a problem: what is wrong, and what to do about it. */
export function useProblemWords(): (problem: SetupProblem) => string {
  const say = useSay();
  const { format } = useSpeech();
  return ({ code, params }) => {
    const values = Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        name.endsWith('Minor') && typeof value === 'number' ? format.money(value) : value,
      ]),
    );
    return sayIfThere(say, `problem.${code}`, values) || say('problem.other', { code });
  };
}

/** The first problem of one place, in words; null where it has none. */
export function useProblemAt(problems: readonly SetupProblem[]): (path: string) => string | null {
  const words = useProblemWords();
  return (path) => {
    const found = problems.find((problem) => problem.path === path);
    return found === undefined ? null : words(found);
  };
}
