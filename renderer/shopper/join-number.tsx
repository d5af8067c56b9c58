import type { ReactNode } from 'react';
import type { MarketId } from '#loyalty/market.ts';
import { countryCode, groupPhone } from '#renderer/format/phone.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { NumberPad } from '#renderer/ui/number-pad.tsx';
import type { Joining } from './join-answers.ts';
import styles from './join-number.module.css';

/** The number by the shopper's own hand, or none. It leaves this page only when they go on. */
export function JoinNumber(props: {
  readonly joining: Joining;
  readonly market: MarketId;
  readonly children: ReactNode;
}): ReactNode {
  const { t } = useSpeech();
  const { joining, market, children } = props;
  const { digits } = joining.answers;
  return (
    <div className={styles.columns}>
      <div className={styles.words}>
        <p className={styles.number} dir="ltr">
          <span className={styles.country}>{countryCode(market)}</span>
          <bdi className={styles.digits} data-part="join-number">
            {groupPhone(digits, market)}
          </bdi>
        </p>
        <p className={styles.note}>{t('join.number-note')}</p>
        <Button
          part="join-without-number"
          className={styles.without}
          onPress={joining.withoutNumber}
        >
          {t('join.without')}
        </Button>
        {children}
      </div>
      <div className={styles.pad}>
        <NumberPad
          onDigit={joining.type}
          onErase={() => joining.change({ digits: digits.slice(0, -1), problem: null })}
        />
      </div>
    </div>
  );
}
