import type { ReactNode } from 'react';
import { useCounterUi } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillSnapshot } from './till-context.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import styles from './core-lost.module.css';

/** The till core is silent: what happened, what is saved, what comes next. It closes by itself. */
export function CoreLost(): ReactNode {
  const { t } = useSpeech();
  const lines = useTillSnapshot(({ state }) => state?.basket.lines.length ?? 0);
  const isReturning = useTillSnapshot(({ state }) => (state?.returning ?? null) !== null);
  const isAsked = useTillSnapshot(({ state }) => (state?.display.joining ?? null) !== null);
  const isJoining = useCounterUi((ui) => ui.panel.kind === 'enrol') || isAsked;
  return (
    <div className={styles.veil} role="alert" data-part="core-lost">
      <div className={styles.card}>
        <Icon name="warning" />
        <div>
          <p className={styles.title}>{t('core.lost')}</p>
          <p className={styles.note}>{t('core.saved', { lines })}</p>
          {isJoining ? <p className={styles.note}>{t('core.joining')}</p> : null}
          {isReturning ? <p className={styles.note}>{t('core.returning')}</p> : null}
        </div>
      </div>
    </div>
  );
}
