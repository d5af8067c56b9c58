import type { ReactNode } from 'react';
import type { TillState } from '#contract/till-state.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import type { Counter } from './counter.ts';
import { perform } from './perform.ts';
import styles from './undo.module.css';
import { useClock } from './use-clock.ts';
import { useCounter } from './use-counter.ts';

/** How long the way back stands where the eye is; on its key it stays as long as the sale. */
const freshForMs = 8_000;
/** Long enough to notice a slip, too short to put one shopper's goods on the next one's sale. */
const clearedForMs = 20_000;

/** Changes that took something away: a slip among them is missed most. */
const taking: ReadonlySet<string> = new Set([
  'undo-line-removed',
  'undo-member-detached',
  'undo-code-removed',
  'undo-reward-removed',
]);

type Undoable = NonNullable<TillState['undoable']>;

/** Ctrl+Z and every Undo: takes the last change of the open sale back. */
export function undoLast(counter: Counter): void {
  if ((counter.till.snapshot().state?.undoable ?? null) === null) {
    counter.change({ notice: { from: 'page', key: 'code.nothing-to-undo', values: {} } });
    return;
  }
  counter.change({ selectedLine: null });
  void perform(counter, () => counter.till.call['basket.undo'](null));
}

function useUndoable(isShown: (undoable: Undoable, ageMs: number) => boolean): Undoable | null {
  const undoable = useTillState((state) => state.undoable);
  const isFresh = useClock(
    (nowMs) => undoable !== null && isShown(undoable, nowMs - undoable.atMs),
  );
  return isFresh ? undoable : null;
}

/** What was just taken out, for as long as somebody may still be looking at the gap. */
export function useFreshUndo(): Undoable | null {
  return useUndoable(({ change }, ageMs) => taking.has(change.code) && ageMs < freshForMs);
}

/** Where the goods were: the way back after a slip, instead of a question before it. */
export function UndoClear(): ReactNode {
  const { t } = useSpeech();
  const words = useWords();
  const counter = useCounter();
  const undoable = useUndoable(
    ({ change }, ageMs) => change.code === 'undo-cleared' && ageMs < clearedForMs,
  );
  if (undoable === null) return null;
  return (
    <Button
      icon="undo"
      part="undo-clear"
      className={styles.clear}
      onPress={() => undoLast(counter)}
    >
      {t('undo.what', { what: words(undoable.change, 'info') })}
    </Button>
  );
}
