import { memo, type ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components';
import type { OfferView } from '#contract/till-state.ts';
import { useSpeech, type Speech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import { useHeld } from '#renderer/ui/use-held.ts';
import { amountFigure, amountText } from '#renderer/i18n/amounts.ts';
import { show } from './member-actions.ts';
import styles from './rewards.module.css';
import { toggleReward } from './sale-actions.ts';
import { useCounter } from './use-counter.ts';
import { VoucherCard } from './vouchers.tsx';

/** What this shopper can use now, best first. A tap applies, another takes it off again. */
export function Rewards(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const offers = useTillState((state) => state.offers);
  const vouchers = useTillState((state) => state.vouchers);
  const member = useTillState((state) => state.member?.state ?? null);
  const isEmpty = offers.length + vouchers.length === 0;
  return (
    <section className={styles.rewards} aria-labelledby="rewards-title" data-part="rewards">
      <h2 className={styles.title} id="rewards-title">
        {t('reward.title')}
      </h2>
      {member === 'waiting-for-proof' || isEmpty ? (
        <div className={styles.empty}>
          <Icon name={member === 'waiting-for-proof' ? 'clock' : 'star'} />
          <p>
            {t(
              member === 'waiting-for-proof'
                ? 'code.proof-needed'
                : member === null
                  ? 'reward.empty'
                  : 'reward.none',
            )}
          </p>
          <EnterCode onPress={() => show(counter, { kind: 'code' })} />
        </div>
      ) : (
        <ul className={styles.list}>
          {vouchers.map((voucher) => (
            <li key={voucher.code}>
              <VoucherCard voucher={voucher} />
            </li>
          ))}
          {offers.map((offer) => (
            <li key={`${offer.programme}/${offer.reward}`}>
              {offer.choices.length > 1 && offer.state === 'available' ? (
                <Choices offer={offer} />
              ) : (
                <RewardCard offer={offer} />
              )}
            </li>
          ))}
          <li>
            <EnterCode onPress={() => show(counter, { kind: 'code' })} />
          </li>
        </ul>
      )}
    </section>
  );
}

function EnterCode({ onPress }: { readonly onPress: () => void }): ReactNode {
  const { t } = useSpeech();
  return (
    <Button icon="ticket" part="enter-code" className={styles.code} onPress={onPress}>
      {t('code-panel.open')}
    </Button>
  );
}

/** What a reward costs and leaves, in its programme's own unit. */
function costWords(speech: Speech, { unit, costPoints, remainingPoints }: OfferView): string {
  if (costPoints === 0) return speech.t('reward.free');
  return speech.t('reward.stays', {
    cost: amountText(speech, unit, costPoints),
    rest: amountFigure(speech, unit, remainingPoints),
  });
}

/** What is missing for it, in its programme's own unit; null where something else is in the way. */
function missingWords(speech: Speech, { unit, reason }: OfferView): string | null {
  const missing = reason?.params['missing'];
  return typeof missing === 'number'
    ? speech.t('reward.missing', { amount: amountText(speech, unit, missing) })
    : null;
}

const RewardCard = memo(function RewardCard({ offer }: { readonly offer: OfferView }): ReactNode {
  const speech = useSpeech();
  const { t, format, name } = speech;
  const words = useWords();
  const counter = useCounter();
  return (
    <ToggleButton
      className={styles.card ?? ''}
      isSelected={offer.state === 'applied'}
      isDisabled={offer.state === 'unavailable'}
      onChange={() => toggleReward(counter, offer, offer.choices[0]?.sku)}
      {...useHeld()}
      data-part="reward"
      data-reward={offer.reward}
      data-state={offer.state}
    >
      <span className={styles.facts}>
        <bdi className={styles.name}>{name(offer.name)}</bdi>
        <span className={styles.cost}>
          {offer.state === 'unavailable' && offer.reason !== null
            ? (missingWords(speech, offer) ?? words(offer.reason, 'info'))
            : offer.state === 'requesting'
              ? t('reward.requesting')
              : costWords(speech, offer)}
        </span>
      </span>
      {offer.state === 'applied' ? <Icon name="check" /> : null}
      {offer.worthMinor === 0 ? null : (
        <bdi className={styles.worth}>{format.money(-offer.worthMinor)}</bdi>
      )}
    </ToggleButton>
  );
});

/** A reward that leaves a choice: its products are the buttons. */
function Choices({ offer }: { readonly offer: OfferView }): ReactNode {
  const speech = useSpeech();
  const { t, name } = speech;
  const counter = useCounter();
  return (
    <section className={styles.choices} aria-label={name(offer.name)} data-part="reward-choices">
      <p className={styles.chooseTitle}>
        <bdi>{t('reward.choose', { name: name(offer.name) })}</bdi>
        <span className={styles.cost}>{costWords(speech, offer)}</span>
      </p>
      <div className={styles.chooseFrom}>
        {offer.choices.map((choice) => (
          <Button
            key={choice.sku}
            part="reward-choice"
            onPress={() => toggleReward(counter, offer, choice.sku)}
          >
            <bdi>{name(choice.name)}</bdi>
          </Button>
        ))}
      </div>
    </section>
  );
}
