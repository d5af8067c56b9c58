import type { ReactNode } from 'react';
import type { ShopperScene } from '#contract/shopper.ts';
import { amountText, earnedWords } from '#renderer/i18n/amounts.ts';
import type { MessageKey } from '#renderer/i18n/messages.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import { QrCode } from '#renderer/ui/qr-code.tsx';
import styles from './thanks-scene.module.css';

type Thanks = Extract<ShopperScene, { kind: 'thanks' }>;

/** After the sale: what it brought, and the receipt's code to photograph. */
export function ThanksScene({ scene }: { readonly scene: Thanks }): ReactNode {
  const speech = useSpeech();
  const { t, format } = speech;
  const name = scene.shopper?.firstName ?? null;
  return (
    <section className={styles.thanks} aria-label={t('shopper.region')}>
      <div className={styles.words} role="status">
        <span className={styles.tick}>
          <Icon name="check" />
        </span>
        <h1 className={styles.title}>
          {name === null ? t('shopper.thanks') : t('shopper.thanks-name', { name })}
        </h1>
        <p className={styles.total}>
          {t('shopper.paid', { money: format.money(scene.totalMinor) })}
        </p>
        {scene.wasAsked ? <p data-part="display-answered">{t('survey.thanks')}</p> : null}
        <Points scene={scene} />
        {scene.claimable === 0 ? null : (
          <p className={styles.earned} data-part="display-claimable" data-points={scene.claimable}>
            {t('shopper.waits', { amount: amountText(speech, scene.unit, scene.claimable) })}
          </p>
        )}
      </div>
      <div className={styles.code}>
        <QrCode text={scene.receiptCode} label={t('shopper.code')} />
        <p className={styles.note}>{t(photographWords(scene))}</p>
      </div>
    </section>
  );
}

/** What the code is for: a receipt, and what waits to be claimed, in what its programme counts. */
function photographWords({ claimable, unit }: Thanks): MessageKey {
  if (claimable === 0) return 'shopper.photograph';
  return unit.kind === 'points' ? 'shopper.photograph-claim' : 'shopper.photograph-claim-other';
}

function Points({ scene }: { readonly scene: Thanks }): ReactNode {
  const speech = useSpeech();
  const { earned, balanceAfter } = scene;
  if (earned === 0 && balanceAfter === null) return null;
  return (
    <p
      className={styles.earned}
      data-part="display-earned"
      data-points={earned}
      data-balance={balanceAfter ?? ''}
    >
      {earnedWords(speech, scene)}
    </p>
  );
}
