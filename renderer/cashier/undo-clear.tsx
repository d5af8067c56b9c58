import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { undoClear } from './clear-actions.ts';
import styles from './undo-clear.module.css';
import { useCounter, useCounterUi } from './use-counter.ts';

/** Where the goods were: the way back after a slip, instead of a question before it. */
export function UndoClear(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const cleared = useCounterUi((ui) => ui.cleared);
  if (cleared === null) return null;
  return (
    <Button
      icon="undo"
      part="undo-clear"
      className={styles.undo}
      onPress={() => void undoClear(counter)}
    >
      {t('basket.undo-clear', { lines: cleared.lines.length })}
    </Button>
  );
}
