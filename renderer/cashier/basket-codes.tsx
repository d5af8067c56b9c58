import { memo, type ReactNode } from 'react';
import type { CodeView } from '#contract/till-state.ts';
import { cx } from '#renderer/ui/cx.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import styles from './basket.module.css';
import { removeCode } from './code-actions.ts';
import { useCounter } from './use-counter.ts';

/** A code on the sale: what it is and takes off, or why it takes nothing off yet. */
export const CodeRow = memo(function CodeRow({ code }: { readonly code: CodeView }): ReactNode {
  const { t, format, name } = useSpeech();
  const words = useWords();
  const counter = useCounter();
  const { text, state, reason, valueMinor } = code;
  const isUsed = state === 'applied';
  const about =
    reason !== null && !isUsed
      ? words(reason, 'info')
      : code.name !== null
        ? name(code.name)
        : t('code-panel.does-nothing');
  return (
    <li
      className={cx(styles.row, isUsed ? styles.reward : styles.waiting)}
      data-part="code"
      data-code={text}
      data-state={state}
    >
      <span className={styles.rewardFacts}>
        <span className={styles.quantity}>
          <Icon name={isUsed ? 'ticket' : 'clock'} />
        </span>
        <span className={styles.what}>
          <bdi className={styles.codeText}>{text}</bdi>
          <span className={styles.cost}>{about}</span>
        </span>
        {valueMinor === 0 ? null : <bdi className={styles.sum}>{format.amount(-valueMinor)}</bdi>}
      </span>
      <Button
        icon="cross"
        look="quiet"
        label={t('code-panel.remove', { code: text })}
        onPress={() => removeCode(counter, text)}
        part="code-remove"
      />
    </li>
  );
});
