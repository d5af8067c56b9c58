import type { ReactNode } from 'react';
import type { MemberListRow } from '#contract/manager-members.ts';
import { useSay } from '#renderer/day/manager-words.ts';
import styles from '#renderer/day/page.module.css';
import { useProgrammes } from '#renderer/day/programmes.tsx';
import { useSpeech } from '#renderer/i18n/use-text.ts';

/** A member on two lines: who, and what is known. */
export function MemberLine({ row }: { readonly row: MemberListRow }): ReactNode {
  const say = useSay();
  const { format } = useSpeech();
  const { text } = useProgrammes();
  const { name, masked, status, provisional, visits, lastSaleAtMs, points } = row;
  const state = provisional ? 'provisional' : status;
  return (
    <>
      <span className={styles.what}>
        <bdi>{name ?? say('mem.nameless')}</bdi> <bdi className={styles.where}>{masked ?? ''}</bdi>
      </span>
      <span className={styles.where}>
        {text(points)} · {say('mem.visits', { visits })}
        {lastSaleAtMs === null ? null : ` · ${say('mem.last', { day: format.date(lastSaleAtMs) })}`}
        {state === 'active' ? null : ` · ${say(`mem.state-${state}`)}`}
      </span>
    </>
  );
}
