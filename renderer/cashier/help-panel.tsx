import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import styles from './help-panel.module.css';
import { counterKeys, lockKey, undoKey } from './keys.ts';
import { back } from './member-actions.ts';
import { useCounter } from './use-counter.ts';

/** Every key of the counter, from the same list that acts on them. */
export function HelpPanel(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  return (
    <Panel title={t('help.title')} part="help" onBack={() => back(counter)}>
      <dl className={styles.keys}>
        {[...counterKeys, undoKey, lockKey].map((key) => (
          <div key={key.key} className={styles.row}>
            <dt>
              <kbd className={styles.key}>{key.shown}</kbd>
            </dt>
            <dd>{t(key.words)}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>{t('help.scan')}</p>
      <p className={styles.note}>{t('help.digits')}</p>
    </Panel>
  );
}
