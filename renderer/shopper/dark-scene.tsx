import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import styles from './dark-scene.module.css';

/** Nobody stands here any more; a touch anywhere wakes the display. */
export function DarkScene(): ReactNode {
  const { t } = useSpeech();
  return (
    <main className={styles.dark} data-part="display" data-scene="dark">
      <AriaButton className={styles.wake ?? ''} aria-label={t('shopper.wake')} />
    </main>
  );
}
