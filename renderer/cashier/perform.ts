import type { Done } from '#contract/till.ts';
import { isSilence } from '#renderer/till/core-client.ts';
import { askForWord, wordNeeded } from '#renderer/sign-in/people.ts';
import type { Counter } from './counter.ts';

/**
 * Does one thing at the till and says when it could not be done.
 *
 * A refusal is worded from its code; silence says that the sale is saved. Resolves to whether it
 * was done. Anything else that is thrown is a bug and stays one.
 */
export async function perform(counter: Counter, deed: () => Promise<Done>): Promise<boolean> {
  const { notice } = counter.ui();
  try {
    const done = await deed();
    if (done.outcome === 'done') {
      // Only what was said before: a refusal since then is another deed's, and nobody has read it yet.
      if (notice !== null && counter.ui().notice === notice) counter.change({ notice: null });
      return true;
    }
    const right = wordNeeded(done.refusal);
    // Somebody who may is asked for a PIN on the spot; then the same deed once more.
    if (right !== null) return (await askForWord(counter, right)) && perform(counter, deed);
    counter.change({ notice: { from: 'core', message: done.refusal } });
  } catch (error) {
    tellFailure(counter, error);
  }
  return false;
}

/**
 * Does what the entry line said. The line is free at once, so that an answer that comes late takes
 * no key pressed since; what was refused comes back to be corrected, unless something else was typed.
 */
export async function performTyped(
  counter: Counter,
  typed: string,
  deed: () => Promise<Done>,
): Promise<boolean> {
  counter.change({ entry: '' });
  const isDone = await perform(counter, deed);
  if (!isDone && counter.ui().entry === '') counter.change({ entry: typed });
  return isDone;
}

/** Words for a call that failed as a call. */
export function tellFailure(counter: Counter, error: unknown): void {
  const key = isSilence(error) ? 'problem.silence' : 'problem.internal';
  counter.change({ notice: { from: 'page', key, values: {} } });
}
