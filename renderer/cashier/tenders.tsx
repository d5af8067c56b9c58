import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { NumberPad } from '#renderer/ui/number-pad.tsx';
import { useArmed } from '#renderer/ui/use-armed.ts';
import { back } from './member-actions.ts';
import { settle } from './pay-actions.ts';
import { eraseLast, type } from './sale-actions.ts';
import styles from './tenders.module.css';
import { quickCash, receivedMinor } from './tender-amounts.ts';
import { useCounter, useCounterUi } from './use-counter.ts';

/** Pay, one step further: the ways to pay. The basket and its rewards stay as they were. */
export function Tenders(): ReactNode {
  const { t, format } = useSpeech();
  const counter = useCounter();
  const { entry, settling } = useCounterUi();
  const { basket, shop } = useTillState();
  const received = receivedMinor(entry);
  const ready = !settling && basket.lines.length > 0;
  return (
    <section className={styles.tenders} aria-label={t('pay.region')} data-part="tenders">
      <Due />
      <div className={styles.ways}>
        <Button
          size="key"
          icon="card"
          part="tender-card"
          isDisabled={!ready}
          onPress={() => void settle(counter, 'card', null)}
        >
          {t('pay.card')}
        </Button>
        <Button
          size="key"
          icon="other"
          part="tender-other"
          isDisabled={!ready}
          onPress={() => void settle(counter, 'other', null)}
        >
          {t('pay.other')}
        </Button>
      </div>
      <div className={styles.notes} role="group" aria-label={t('pay.quick')}>
        {quickCash(basket.totalMinor, shop.currency).map((amount) => (
          <Button
            key={amount}
            size="key"
            part="quick-cash"
            isDisabled={!ready}
            onPress={() => void settle(counter, 'cash', amount)}
          >
            <bdi>{format.money(amount)}</bdi>
          </Button>
        ))}
      </div>
      <p className={styles.received} data-part="received">
        <span className={styles.label}>
          {received === null ? t('pay.received-hint') : t('pay.received')}
        </span>
        {received === null ? null : <bdi className={styles.value}>{format.money(received)}</bdi>}
      </p>
      <NumberPad onDigit={(digits) => type(counter, digits)} onErase={() => eraseLast(counter)} />
      <Cash ready={ready} />
    </section>
  );
}

function Due(): ReactNode {
  const { t, format } = useSpeech();
  const counter = useCounter();
  const { basket } = useTillState();
  return (
    <header className={styles.head}>
      <p className={styles.due}>
        <span className={styles.label}>{t('pay.due')}</span>
        <bdi className={styles.amount}>{format.money(basket.totalMinor)}</bdi>
      </p>
      <Button icon="back" part="back" onPress={() => back(counter)}>
        {t('ui.back')}
      </Button>
    </header>
  );
}

/** Exact where nothing was typed, else with the change it will give. */
function Cash({ ready }: { readonly ready: boolean }): ReactNode {
  const { t, format } = useSpeech();
  const counter = useCounter();
  const { basket } = useTillState();
  const received = receivedMinor(useCounterUi().entry);
  const change = received === null ? 0 : received - basket.totalMinor;
  const isArmed = useArmed('cash');
  return (
    <Button
      look="filled"
      size="key"
      part="tender-cash"
      className={styles.cash}
      isDisabled={!ready || !isArmed || change < 0}
      onPress={() => void settle(counter, 'cash', received)}
    >
      <span>{t('pay.cash')}</span>
      <span className={styles.change}>
        {received === null
          ? t('pay.exact')
          : change < 0
            ? t('pay.too-little')
            : t('pay.change', { money: format.money(change) })}
      </span>
    </Button>
  );
}
