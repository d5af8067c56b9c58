import type { ReactNode } from 'react';
import type { OfferView } from '#contract/till-state.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import { Press } from '#renderer/ui/press.tsx';
import styles from './offered-reward.module.css';

/** A reward the shopper may use by their own hand; another tap takes it off again. */
export function OfferedReward(props: {
  readonly offer: OfferView;
  readonly onTap: () => void;
}): ReactNode {
  const { t, format, name } = useSpeech();
  const { offer } = props;
  const isApplied = offer.state === 'applied';
  return (
    <Press
      className={styles.reward ?? ''}
      onPress={props.onTap}
      aria-pressed={isApplied}
      data-part="display-reward"
      data-reward={offer.reward}
      data-state={offer.state}
    >
      <span className={styles.gives}>
        <bdi className={styles.name}>{name(offer.name)}</bdi>
        {isApplied ? <Icon name="check" /> : null}
        <bdi className={styles.worth}>{format.money(-offer.worthMinor)}</bdi>
      </span>
      <span className={styles.cost}>
        {offer.state === 'requesting'
          ? t('reward.requesting')
          : t('reward.cost-and-rest', { points: offer.costPoints, rest: offer.remainingPoints })}
      </span>
    </Press>
  );
}
