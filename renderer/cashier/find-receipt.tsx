import { type ReactNode, useState } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { TextLine } from '#renderer/ui/text-line.tsx';
import { back } from './member-actions.ts';
import { openReceipt } from './return-actions.ts';
import styles from './return-panel.module.css';
import { useCounter } from './use-counter.ts';

const receiptLengthMax = 16;

/** The way into a return or a claim: scan the old receipt, or type what stands under its code. */
export function FindReceipt(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const [receipt, setReceipt] = useState('');
  const open = (): void => {
    if (receipt.trim() !== '') void openReceipt(counter, receipt.trim());
  };
  return (
    <Panel
      title={t('return.title')}
      part="find-receipt"
      onBack={() => back(counter)}
      foot={
        <Button
          look="filled"
          size="key"
          part="find-receipt-open"
          className={styles.deed}
          isDisabled={receipt.trim() === ''}
          onPress={open}
        >
          {t('return.open')}
        </Button>
      }
    >
      <div className={styles.find}>
        <p className={styles.big}>
          <Icon name="scan" />
          {t('return.scan')}
        </p>
        <TextLine
          label={t('return.type')}
          value={receipt}
          maxLength={receiptLengthMax}
          onChange={setReceipt}
          onEnter={open}
          part="receipt-code"
        />
      </div>
    </Panel>
  );
}
