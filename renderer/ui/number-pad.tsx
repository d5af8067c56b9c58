import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from './button.tsx';
import styles from './number-pad.module.css';

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

export interface NumberPadProps {
  readonly onDigit: (digits: string) => void;
  readonly onErase: () => void;
  /** With both, the pad has a fourth column: erase, clear, times, and a wide Add. */
  readonly sale?: {
    readonly onClear: () => void;
    readonly onMultiply: () => void;
    readonly onEnter: () => void;
    readonly enterLabel: string;
  };
}

/** Keys of 22 × 18 mm. Digits never mirror: a pad reads left to right in every language. */
export function NumberPad({ onDigit, onErase, sale }: NumberPadProps): ReactNode {
  const { t } = useSpeech();
  const digit = (text: string): ReactNode => (
    <Button
      key={text}
      size="key"
      className={styles.digit}
      onPress={() => onDigit(text)}
      part={`key-${text}`}
    >
      {text}
    </Button>
  );
  const erase = (
    <Button size="key" icon="erase" label={t('pad.erase')} onPress={onErase} part="key-erase" />
  );
  if (sale === undefined) {
    return (
      <div className={styles.phone} dir="ltr" role="group" aria-label={t('pad.name')}>
        {digits.map(digit)}
        {digit('00')}
        {digit('0')}
        {erase}
      </div>
    );
  }
  return (
    <div className={styles.sale} dir="ltr" role="group" aria-label={t('pad.name')} data-part="pad">
      {digits.slice(0, 3).map(digit)}
      {erase}
      {digits.slice(3, 6).map(digit)}
      <Button
        size="key"
        className={styles.digit}
        label={t('pad.clear')}
        onPress={sale.onClear}
        part="key-clear"
      >
        C
      </Button>
      {digits.slice(6, 9).map(digit)}
      <Button
        size="key"
        className={styles.digit}
        label={t('pad.times')}
        onPress={sale.onMultiply}
        part="key-times"
      >
        ×
      </Button>
      {digit('00')}
      {digit('0')}
      <Button size="key" className={styles.enter} onPress={sale.onEnter} part="key-enter">
        {sale.enterLabel}
      </Button>
    </div>
  );
}
