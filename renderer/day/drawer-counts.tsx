import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Press } from '#renderer/ui/press.tsx';
import styles from './close-shift.module.css';

/** Which of the two the digits go to. */
export type DrawerCount = 'float' | 'counted';

/** What was in the drawer at the start, which may stay open, beside what is in it now. */
export function TwoCounts(props: {
  readonly typing: DrawerCount;
  /** Null = nothing was typed. */
  readonly amountsMinor: Readonly<Record<DrawerCount, number | null>>;
  readonly onTurn: (count: DrawerCount) => void;
}): ReactNode {
  const { t, format } = useSpeech();
  const { typing, amountsMinor, onTurn } = props;
  const labels = { float: t('z.float'), counted: t('close.counted') };
  return (
    <div className={styles.counts}>
      {(['float', 'counted'] as const).map((count) => {
        const amountMinor = amountsMinor[count];
        return (
          <Press
            key={count}
            className={styles.count ?? ''}
            onPress={() => onTurn(count)}
            data-part={`count-${count}`}
            data-chosen={count === typing}
            aria-pressed={count === typing}
          >
            <span className={styles.hint}>{labels[count]}</span>
            {amountMinor === null && count !== typing ? (
              <span className={styles.open}>{t('z.not-counted')}</span>
            ) : (
              <bdi data-part={count}>{format.money(amountMinor ?? 0)}</bdi>
            )}
          </Press>
        );
      })}
    </div>
  );
}
