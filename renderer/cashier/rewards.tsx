import { memo, type ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components';
import type { OfferView } from '#contract/till-state.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import { useHeld } from '#renderer/ui/use-held.ts';
import styles from './rewards.module.css';
import { toggleReward } from './sale-actions.ts';
import { useCounter } from './use-counter.ts';

/** What this shopper can use now, best first. A tap applies, another takes it off again. */
export function Rewards(): ReactNode {
  const { t } = useSpeech();
  const offers = useTillState((state) => state.offers);
  const member = useTillState((state) => state.member?.state ?? null);
  return (
    <section className={styles.rewards} aria-labelledby="rewards-title" data-part="rewards">
      <h2 className={styles.title} id="rewards-title">
        {t('reward.title')}
      </h2>
      {member === 'waiting-for-proof' ? (
        <div className={styles.empty}>
          <Icon name="clock" />
          <p>{t('code.proof-needed')}</p>
        </div>
      ) : offers.length === 0 ? (
        <div className={styles.empty}>
          <Icon name="star" />
          <p>{t(member === null ? 'reward.empty' : 'reward.none')}</p>
        </div>
      ) : (
        <ul className={styles.list}>
          {offers.map((offer) => (
            <li key={offer.reward}>
              <RewardCard offer={offer} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const RewardCard = memo(function RewardCard({ offer }: { readonly offer: OfferView }): ReactNode {
  const { t, format, name } = useSpeech();
  const words = useWords();
  const counter = useCounter();
  return (
    <ToggleButton
      className={styles.card ?? ''}
      isSelected={offer.state === 'applied'}
      isDisabled={offer.state === 'unavailable'}
      onChange={() => toggleReward(counter, offer.reward)}
      {...useHeld()}
      data-part="reward"
      data-reward={offer.reward}
      data-state={offer.state}
    >
      <span className={styles.facts}>
        <bdi className={styles.name}>{name(offer.name)}</bdi>
        <span className={styles.cost}>
          {offer.state === 'unavailable' && offer.reason !== null
            ? words(offer.reason, 'info')
            : offer.state === 'requesting'
              ? t('reward.requesting')
              : t('reward.cost-and-rest', {
                  points: offer.costPoints,
                  rest: offer.remainingPoints,
                })}
        </span>
      </span>
      {offer.state === 'applied' ? <Icon name="check" /> : null}
      <bdi className={styles.worth}>{format.money(-offer.worthMinor)}</bdi>
    </ToggleButton>
  );
});
