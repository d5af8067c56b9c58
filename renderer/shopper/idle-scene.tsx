import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import styles from './idle-scene.module.css';

/** Nothing is sold: whose shop this is and how to begin. */
export function IdleScene({ shopName }: { readonly shopName: string }): ReactNode {
  const { t } = useSpeech();
  return (
    <section className={styles.idle} aria-label={t('shopper.region')}>
      <h1 className={styles.shop}>
        <bdi>{shopName}</bdi>
      </h1>
      <p className={styles.scan}>
        <Icon name="card" />
        {t('shopper.scan')}
      </p>
      <p className={styles.note}>{t('shopper.scan-note')}</p>
    </section>
  );
}
