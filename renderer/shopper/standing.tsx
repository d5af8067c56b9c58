import type { ReactNode } from 'react';
import type { ShownShopper } from '#contract/shopper.ts';
import { amountFigure } from '#renderer/i18n/amounts.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import styles from './standing.module.css';

const radius = 44;
const around = 2 * Math.PI * radius;

/** The shopper's points in a ring that closes at the next tier; nothing before proof. */
export function Standing({ shopper }: { readonly shopper: ShownShopper }): ReactNode {
  const speech = useSpeech();
  const { t, name } = speech;
  const { balance, tier } = shopper;
  if (balance === null) return null;
  const next = tier?.next ?? null;
  const share = tier === null ? 0 : (next?.reachedShare ?? 1);
  return (
    <div className={styles.standing}>
      <svg className={styles.ring} viewBox="0 0 100 100" aria-hidden="true">
        <circle className={styles.track} cx="50" cy="50" r={radius} />
        {share === 0 ? null : (
          <circle
            className={styles.way}
            cx="50"
            cy="50"
            r={radius}
            strokeDasharray={`${share * around} ${around}`}
          />
        )}
      </svg>
      <p className={styles.figures}>
        <bdi className={styles.points} data-part="display-balance" data-points={balance.points}>
          {amountFigure(speech, balance.unit, balance.points)}
        </bdi>
        <bdi className={styles.unit}>{name(balance.name)}</bdi>
        {tier === null ? null : <bdi className={styles.tier}>{name(tier.name)}</bdi>}
        {next === null ? null : (
          <span className={styles.next}>
            {t('member.to-tier', { points: next.remaining, tier: name(next.name) })}
          </span>
        )}
      </p>
    </div>
  );
}
