import type { ReactNode } from 'react';
import styles from './icon.module.css';

/** Strokes on a 24-unit grid. */
const paths = {
  check: 'M4.500 12.500l5 5 10-11',
  cross: 'M6 6l12 12M18 6L6 18',
  warning: 'M12 4L2.800 20h18.400zM12 10v4.500M12 17.300v.2',
  refused: 'M12 3a9 9 0 100 18 9 9 0 000-18zM8.500 8.500l7 7M15.500 8.500l-7 7',
  info: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v5.500M12 7.500v.2',
  clock: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5.300l3.500 2',
  online: 'M4 9.500a12 12 0 0116 0M7 13a7.500 7.500 0 0110 0M12 17.500v.2',
  offline: 'M4 9.500a12 12 0 0116 0M7 13a7.500 7.500 0 0110 0M12 17.500v.2M4 4l16 16',
  erase: 'M9 5h12v14H9l-6.500-7zM12 9.500l5 5M17 9.500l-5 5',
  gear: 'M12 8.800a3.200 3.200 0 100 6.400 3.200 3.200 0 000-6.400zM12 2.800v3M12 18.200v3M2.800 12h3M18.200 12h3M5.500 5.500l2.100 2.100M16.400 16.400l2.100 2.100M18.500 5.500l-2.100 2.100M7.600 16.400l-2.100 2.100',
  help: 'M12 3a9 9 0 100 18 9 9 0 000-18zM9.300 9.500a2.700 2.700 0 115.200.8c-.5 1.300-2.400 1.700-2.400 3.400M12 17v.2',
  day: 'M4 20V11M10 20V5M16 20v-6M21 20H3',
  printer: 'M7 9V3.500h10V9M7 17H3.500V9h17v8H17M7 14h10v6.500H7z',
  receipt: 'M6 3.500h12v17l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
  return: 'M9 6L4.500 10.500 9 15M5 10.500h9a5 5 0 010 10h-3',
  join: 'M10 4a4 4 0 100 8 4 4 0 000-8zM3 20.500c.6-4 3.300-6 7-6 1.600 0 3 .4 4.200 1.100M18 14v7M14.500 17.500h7',
  person: 'M12 4a4 4 0 100 8 4 4 0 000-8zM4.500 20.500c.6-4 3.600-6 7.500-6s6.900 2 7.500 6',
  lock: 'M6 11h12v9.500H6zM8.500 11V8a3.500 3.500 0 017 0v3M12 14.500v2.500',
  ticket:
    'M3 8.500V6h18v2.500a3.500 3.500 0 000 7V18H3v-2.500a3.500 3.500 0 000-7zM14 6v2M14 11v2M14 16v2',
  trash: 'M4.500 7h15M9.500 7V4h5v3M6.500 7l.8 13h9.400l.8-13M10 11v5.500M14 11v5.500',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  cash: 'M3 6.500h18v11H3zM12 9.500a2.500 2.500 0 100 5 2.500 2.500 0 000-5zM6 12v.1M18 12v.1',
  card: 'M3 6h18v12.500H3zM3 10h18M6.500 15h4',
  other: 'M5.500 12v.1M12 12v.1M18.500 12v.1',
  star: 'M12 3.500l2.600 5.400 5.900.8-4.300 4.100 1 5.900L12 16.900l-5.200 2.800 1-5.900L3.500 9.700l5.900-.8z',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 9v6M12 9v6M16 9v6',
  goods: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  undo: 'M8 5L3.500 9.500 8 14M4 9.500h10.500a5.500 5.500 0 010 11H9',
  back: 'M15 5l-7 7 7 7',
} as const;
export type IconName = keyof typeof paths;

const mirrored: ReadonlySet<IconName> = new Set(['back', 'return', 'undo']);

/** A picture beside a word, never instead of one; arrows turn with the reading direction. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg
      className={mirrored.has(name) ? `${styles.icon} ${styles.mirrored}` : styles.icon}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
