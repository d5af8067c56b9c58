import type { ReactNode } from 'react';
import type { ShopperScene } from '#contract/shopper.ts';
import { amountText } from '#renderer/i18n/amounts.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import styles from './basket-scene.module.css';
import { Greeting } from './greeting.tsx';
import { OfferedReward } from './offered-reward.tsx';
import { Standing } from './standing.tsx';

type Basket = Extract<ShopperScene, { kind: 'basket' }>;

/** The sale as it grows: goods and total on one side, what it brings on the other. */
export function BasketScene(props: {
  readonly scene: Basket;
  readonly onReward: (reward: string) => void;
}): ReactNode {
  const { t } = useSpeech();
  const { scene, onReward } = props;
  return (
    <section className={styles.basket} aria-label={t('shopper.region')}>
      <div className={styles.goods}>
        <Greeting shopper={scene.shopper} />
        <Lines scene={scene} />
        <Total scene={scene} />
      </div>
      <div className={styles.brings}>
        {scene.shopper === null ? null : <Standing shopper={scene.shopper} />}
        <Earns scene={scene} />
        {scene.rewards.length === 0 ? null : (
          <ul className={styles.rewards} aria-label={t('shopper.rewards')}>
            {scene.rewards.map((offer) => (
              <li key={offer.reward}>
                <OfferedReward offer={offer} onTap={() => onReward(offer.reward)} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function Lines({ scene }: { readonly scene: Basket }): ReactNode {
  const { t, format, name } = useSpeech();
  return (
    <div className={styles.lines}>
      {scene.linesBefore === 0 ? null : (
        <p className={styles.before}>{t('shopper.lines-before', { lines: scene.linesBefore })}</p>
      )}
      <ul>
        {scene.lines.map((line) => (
          <li key={line.id} className={styles.line} data-part="display-line">
            {line.quantityMilli === 1000 ? null : (
              <span className={styles.quantity}>
                {t('basket.times', { quantity: format.quantity(line.quantityMilli) })}
              </span>
            )}
            <bdi className={styles.what}>
              {line.name === null ? t('basket.amount') : name(line.name)}
            </bdi>
            <bdi>{format.amount(line.grossMinor)}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Total({ scene }: { readonly scene: Basket }): ReactNode {
  const { t, format } = useSpeech();
  return (
    <div className={styles.total}>
      {scene.savedMinor === 0 ? null : (
        <p className={styles.saved} data-part="display-saved">
          {t('shopper.saved', { money: format.money(scene.savedMinor) })}
        </p>
      )}
      <p className={styles.sum}>
        <span>{t('shopper.total')}</span>
        <bdi className={styles.figure} data-part="display-total" data-minor={scene.totalMinor}>
          {format.money(scene.totalMinor)}
        </bdi>
      </p>
    </div>
  );
}

/** What this sale earns, or how the shopper comes to it. */
function Earns({ scene }: { readonly scene: Basket }): ReactNode {
  const speech = useSpeech();
  const { t } = speech;
  const words =
    scene.shopper?.state === 'waiting-for-proof'
      ? t('shopper.proof')
      : scene.earns > 0
        ? t('shopper.earns', { amount: amountText(speech, scene.unit, scene.earns) })
        : scene.claimable
          ? t('shopper.claimable')
          : null;
  if (words === null) return null;
  return (
    <p className={styles.earns} data-part="display-earns" data-points={scene.earns}>
      {words}
    </p>
  );
}
