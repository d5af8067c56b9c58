import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';
import styles from './note.module.css';

export type Tone = 'info' | 'ok' | 'warning' | 'refusal';

const icons: Readonly<Record<Tone, IconName>> = {
  info: 'info',
  ok: 'check',
  warning: 'warning',
  refusal: 'refused',
};

/** One status: a picture and words, in a colour that is never alone. */
export function Note(props: {
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly icon?: IconName;
  readonly part?: string;
  /** Refusals interrupt a screen reader; everything else waits its turn. */
  readonly announce?: boolean;
  readonly className?: string | undefined;
}): ReactNode {
  const { tone, children, icon, part, announce = false, className } = props;
  const role = announce ? (tone === 'refusal' ? 'alert' : 'status') : undefined;
  return (
    <div
      className={cx(styles.note, styles[tone], className)}
      role={role}
      data-part={part}
      data-tone={tone}
    >
      <Icon name={icon ?? icons[tone]} />
      <span className={styles.words}>{children}</span>
    </div>
  );
}
