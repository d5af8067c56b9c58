import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Note } from '#renderer/ui/note.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { Press } from '#renderer/ui/press.tsx';
import { back } from './member-actions.ts';
import { recall } from './park-actions.ts';
import styles from './return-panel.module.css';
import { useCounter } from './use-counter.ts';

/** Sales that wait: whose, since when, how much. A tap goes on with one. */
export function ParkedPanel(): ReactNode {
  const { t, format } = useSpeech();
  const counter = useCounter();
  const parked = useTillState((state) => state.parked);
  return (
    <Panel title={t('parked.title')} part="parked" onBack={() => back(counter)}>
      <ul className={styles.lines}>
        {parked.map(({ sale, atMs, lines, totalMinor, displayName }) => (
          <li key={sale}>
            <Press
              className={styles.line ?? ''}
              onPress={() => void recall(counter, sale)}
              data-part="parked-sale"
            >
              <span className={styles.count}>{format.time(atMs)}</span>
              <span className={styles.what}>
                {displayName === null
                  ? t('parked.nobody', { lines })
                  : t('parked.member', { lines, name: displayName })}
              </span>
              <bdi className={styles.net}>{format.amount(totalMinor)}</bdi>
            </Press>
          </li>
        ))}
      </ul>
      <Note tone="info">{t('parked.hint')}</Note>
    </Panel>
  );
}
