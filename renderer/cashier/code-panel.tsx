import { type ReactNode, useEffect, useState } from 'react';
import { CODE_LENGTH_MAX } from '#contract/till.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { TextLine } from '#renderer/ui/text-line.tsx';
import { enterCode } from './code-actions.ts';
import { back } from './member-actions.ts';
import styles from './return-panel.module.css';
import { useCounter } from './use-counter.ts';

/** The way in for a promotion's code, a coupon or a gift card that no scanner can read. */
export function CodePanel(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const [code, setCode] = useState('');
  // F4 and then the code: no hand leaves the keyboard in between.
  useEffect(() => document.querySelector<HTMLInputElement>('[data-part="code-text"]')?.focus(), []);
  const use = (): void => {
    if (code.trim() !== '') void enterCode(counter, code.trim());
  };
  return (
    <Panel
      title={t('code-panel.title')}
      part="code-panel"
      onBack={() => back(counter)}
      foot={
        <Button
          look="filled"
          size="key"
          part="code-use"
          className={styles.deed}
          isDisabled={code.trim() === ''}
          onPress={use}
        >
          {t('code-panel.use')}
        </Button>
      }
    >
      <div className={styles.find}>
        <p className={styles.big}>
          <Icon name="scan" />
          {t('code-panel.scan')}
        </p>
        <TextLine
          label={t('code-panel.type')}
          value={code}
          maxLength={CODE_LENGTH_MAX}
          onChange={setCode}
          onEnter={use}
          part="code-text"
        />
      </div>
    </Panel>
  );
}
