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
  const { t } = useSpeech();
  const counter = useCounter();
  return (
    <section className={styles.tenders} aria-label={t('pay.region')} data-part="tenders">
      <Due />
      <Ways />
      <QuickCash />
      <Received />
      <NumberPad onDigit={(digits) => type(counter, digits)} onErase={() => eraseLast(counter)} />
      <Cash />
    </section>
  );
}

/** Not while an answer is late; in the usual blink between tap and answer nothing changes its look. */
function useIsReady(): boolean {
  const hasLines = useTillState((state) => state.basket.lines.length > 0);
  const isLate = useCounterUi((ui) => ui.settling === 'late');
  return hasLines && !isLate;
}

function Ways(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const ready = useIsReady();
  return (
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
  );
}

function QuickCash(): ReactNode {
  const { t, format } = useSpeech();
  const counter = useCounter();
  const ready = useIsReady();
  const dueMinor = useTillState((state) => state.basket.dueMinor);
  const currency = useTillState((state) => state.shop.currency);
  return (
    <div className={styles.notes} role="group" aria-label={t('pay.quick')}>
      {quickCash(dueMinor, currency).map((amount) => (
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
  );
}

function Received(): ReactNode {
  const { t, format } = useSpeech();
  const received = receivedMinor(useCounterUi((ui) => ui.entry));
  return (
    <p className={styles.received} data-part="received">
      <span className={styles.label}>
        {received === null ? t('pay.received-hint') : t('pay.received')}
      </span>
      {received === null ? null : <bdi className={styles.value}>{format.money(received)}</bdi>}
    </p>
  );
}

function Due(): ReactNode {
  const { t, format } = useSpeech();
  const counter = useCounter();
  const dueMinor = useTillState((state) => state.basket.dueMinor);
  return (
    <header className={styles.head}>
      <p className={styles.due}>
        <span className={styles.label}>{t('pay.due')}</span>
        <bdi className={styles.amount}>{format.money(dueMinor)}</bdi>
      </p>
      <Button icon="back" part="back" onPress={() => back(counter)}>
        {t('ui.back')}
      </Button>
    </header>
  );
}

/** Exact where nothing was typed, else with the change it will give. */
function Cash(): ReactNode {
  const { t, format } = useSpeech();
  const counter = useCounter();
  const ready = useIsReady();
  const dueMinor = useTillState((state) => state.basket.dueMinor);
  const received = receivedMinor(useCounterUi((ui) => ui.entry));
  const change = received === null ? 0 : received - dueMinor;
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
