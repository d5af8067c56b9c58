import type { ReactNode } from 'react';
import { groupPhone } from '#renderer/format/phone.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { NumberPad } from '#renderer/ui/number-pad.tsx';
import { useArmed } from '#renderer/ui/use-armed.ts';
import { meaningOfEntry } from './entry.ts';
import { pay, settle } from './pay-actions.ts';
import { enter, eraseLast, multiply, type } from './sale-actions.ts';
import styles from './sell-panel.module.css';
import { Side } from './side.tsx';
import { useCounter, useCounterUi } from './use-counter.ts';

/** The right column while selling: what can be used, the entry line, the pad, and below it the ways to Pay. */
export function SellPanel(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  return (
    <div className={styles.sell} data-part="sell">
      <Side />
      <EntryLine />
      <NumberPad
        onDigit={(digits) => type(counter, digits)}
        onErase={() => eraseLast(counter)}
        sale={{
          onClear: () => counter.change({ entry: '', quantityMilli: null }),
          onMultiply: () => multiply(counter),
          onEnter: () => enter(counter),
          enterLabel: t('pad.enter'),
        }}
      />
      <Pay />
    </div>
  );
}

/** Pay opens the ways to pay; by card, which most sales are, it is one tap. */
function Pay(): ReactNode {
  const { t, format } = useSpeech();
  const counter = useCounter();
  const dueMinor = useTillState((state) => state.basket.dueMinor);
  const isEmpty = useTillState((state) => state.basket.lines.length === 0);
  const isLate = useCounterUi((ui) => ui.settling === 'late');
  const isArmed = useArmed('sell');
  return (
    <div className={styles.payment}>
      <Button
        size="key"
        layout="stack"
        icon="card"
        part="pay-card"
        className={styles.card}
        isDisabled={isEmpty || isLate || !isArmed}
        onPress={() => void settle(counter, 'card', null)}
      >
        {t('pay.card')}
      </Button>
      <Button
        look="filled"
        size="key"
        part="pay"
        className={styles.pay}
        isDisabled={isEmpty}
        onPress={() => pay(counter)}
      >
        <span>{t('pay.pay')}</span>
        <bdi>{format.money(dueMinor)}</bdi>
      </Button>
    </div>
  );
}

/** What was typed, and what Enter would make of it. */
function EntryLine(): ReactNode {
  const { t, format } = useSpeech();
  const entry = useCounterUi((ui) => ui.entry);
  const quantityMilli = useCounterUi((ui) => ui.quantityMilli);
  const market = useTillState((state) => state.shop.market);
  const meaning = meaningOfEntry(entry, market);
  const shown =
    meaning.kind === 'empty'
      ? format.money(0)
      : meaning.kind === 'amount'
        ? format.money(meaning.minor)
        : meaning.kind === 'phone'
          ? groupPhone(entry, market)
          : entry;
  return (
    <div className={styles.entry} data-part="entry" data-kind={meaning.kind}>
      <span className={styles.label}>
        {quantityMilli === null
          ? t(`entry.${meaning.kind}`)
          : t('entry.times', { quantity: format.quantity(quantityMilli) })}
      </span>
      <bdi
        className={meaning.kind === 'empty' ? `${styles.value} ${styles.idle}` : styles.value}
        dir={meaning.kind === 'empty' || meaning.kind === 'amount' ? 'auto' : 'ltr'}
      >
        {shown}
      </bdi>
    </div>
  );
}
