import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from './button.tsx';
import styles from './panel.module.css';

export interface PanelProps {
  readonly title: string;
  readonly part: string;
  /** Absent where there is no way back, because nothing stands in the way. */
  readonly onBack?: () => void;
  readonly children: ReactNode;
  /** Stays at the foot while the body scrolls. */
  readonly foot?: ReactNode;
}

/** A pane of the right column: a heading with the way back, a body, and the deed at its foot. */
export function Panel({ title, part, onBack, children, foot }: PanelProps): ReactNode {
  const { t } = useSpeech();
  return (
    <section className={styles.panel} data-part={part} aria-label={title}>
      <header className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {onBack === undefined ? null : (
          <Button icon="back" look="plain" onPress={onBack} part="back">
            {t('ui.back')}
          </Button>
        )}
      </header>
      <div className={styles.body}>{children}</div>
      {foot}
    </section>
  );
}
