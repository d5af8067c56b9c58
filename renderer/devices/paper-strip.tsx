import type { ReactNode } from 'react';
import type { VirtualPaper } from '#contract/device.ts';
import styles from './parts.module.css';

/** One paper as a picture: it cannot run anything. Scrolls where it is longer than its place. */
export function PaperStrip(props: {
  readonly paper: VirtualPaper;
  readonly label: string;
}): ReactNode {
  const { paper, label } = props;
  return (
    <div className={styles.paper} tabIndex={0} role="group" aria-label={label}>
      <StripPicture paper={paper} label={label} />
    </div>
  );
}

/** The picture alone. */
export function StripPicture({
  paper,
  label,
}: {
  readonly paper: VirtualPaper;
  readonly label: string;
}): ReactNode {
  return (
    <img
      className={styles.strip}
      src={`data:image/svg+xml,${encodeURIComponent(paper.svg)}`}
      alt={label}
      data-part="paper-strip"
    />
  );
}
