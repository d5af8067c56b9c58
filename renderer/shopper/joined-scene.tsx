import type { ReactNode } from 'react';
import type { ShopperScene } from '#contract/shopper.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import { QrCode } from '#renderer/ui/qr-code.tsx';
import styles from './thanks-scene.module.css';

type Joined = Extract<ShopperScene, { kind: 'joined' }>;

/** The new member's card, to photograph. */
export function JoinedScene(props: {
  readonly scene: Joined;
  readonly onDone: () => void;
}): ReactNode {
  const { t } = useSpeech();
  const { scene, onDone } = props;
  return (
    <section className={styles.thanks} aria-label={t('join.region')} data-part="joined">
      <div className={styles.words} role="status">
        <span className={styles.tick}>
          <Icon name="check" />
        </span>
        <h1 className={styles.title}>{t('join.welcome')}</h1>
        <p>{t(scene.card === null ? 'join.own-card' : 'join.photograph')}</p>
        {scene.waitsForProof ? <p className={styles.note}>{t('join.waits')}</p> : null}
        <Button size="key" part="joined-done" className={styles.done} onPress={onDone}>
          {t('join.done')}
        </Button>
      </div>
      {scene.card === null ? null : (
        <div className={styles.code}>
          <QrCode text={scene.card} label={t('join.card')} />
          <bdi className={styles.note} dir="ltr" data-part="joined-card" data-card={scene.card}>
            {scene.card.replace(/^(.)(.{6})/, '$1 $2 ')}
          </bdi>
        </div>
      )}
    </section>
  );
}
