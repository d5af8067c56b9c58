import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import styles from './live-region.module.css';

/** Says what a scan did, for those who do not see it: one polite sentence after each change. */
export function LiveRegion(): ReactNode {
  const { t, format, name } = useSpeech();
  const basket = useTillState((state) => state.basket);
  const member = useTillState((state) => state.member);
  const [words, setWords] = useState('');
  const seen = useRef({ lines: basket.lines.length, member: member?.member ?? null });
  useEffect(() => {
    const last = basket.lines.at(-1);
    const isNewMember = member !== null && member.member !== seen.current.member;
    if (isNewMember) {
      setWords(t('live.member', { name: member.displayName ?? t('member.nameless') }));
    } else if (last !== undefined && basket.lines.length > seen.current.lines) {
      const what = last.name === null ? t('basket.amount') : name(last.name);
      setWords(t('live.line', { name: what, total: format.money(basket.totalMinor) }));
    }
    seen.current = { lines: basket.lines.length, member: member?.member ?? null };
  }, [basket, member, t, format, name]);
  return (
    <p className={styles.region} role="status" aria-live="polite" data-part="live">
      {words}
    </p>
  );
}
