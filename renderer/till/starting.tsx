import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import styles from './starting.module.css';

/** Before the till core has answered once. */
export function Starting(): ReactNode {
  const { t } = useSpeech();
  return (
    <main className={styles.starting} data-part="starting">
      <h1 className={styles.brand}>Regulars</h1>
      <p role="status">{t('core.starting')}</p>
    </main>
  );
}
